"""Tables of supervised answers. None holds words: what was drafted and sent is sealed beside its event, as everything said is."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata
from guildhall.storage.schema import Sequence

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("turn_id", String(40), nullable=False),
    Column("topic", String(120), nullable=False),
    Column("service", String(80), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("composer", String(120), nullable=False),
    Column("words", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(40), nullable=False, default=""),
    Column("reason", String(40), nullable=False, default=""),
    Column("safety", Integer, nullable=False, default=0),
    Column("seconds", Float),
    Column("edit_distance", Integer, nullable=False, default=0),
    Column("warnings", Integer, nullable=False, default=0),
    Column("reference", String(16), nullable=False, default=""),
    Index("ix_drafts_waiting", "council", "status", "until"),
    Index("ix_drafts_topic", "council", "topic", "decided_at"),
)
"""Drafted answers. The id is that of the event `DraftQueued`, whose sealed words are the draft."""

draft_openings = Table(
    "draft_openings",
    metadata,
    Column("draft_id", String(40), primary_key=True),
    Column("staff_id", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
"""Who opened a draft, and when first: the time somebody took to decide counts from there."""

supervision_settings = Table(
    "supervision_settings",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("council", String(64), nullable=False),
    Column("topic", String(120), nullable=False),
    Column("action", String(16), nullable=False),
    Column("mode", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", String(200), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Column("evidence", Text, nullable=False, default="{}"),
    Column("proposal", Sequence, nullable=False, default=0),
    Index("ix_supervision_settings_topic", "council", "topic", "seq"),
)
"""Every change of a topic's mode, for ever; nothing is updated."""
