"""Tables of what comes after a conversation: messages on their way, safeguarding records, and who came back."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from guildhall.storage.database import UtcDateTime, metadata

notifications = Table(
    "notifications",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reference", String(80), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("conversation_id", String(40), nullable=False, default="", index=True),
    Column("about", String(40), nullable=False, default=""),
    Column("route", String(64), nullable=False, default=""),
    Column("wording", String(80), nullable=False),
    Column("language", String(8), nullable=False, default=""),
    Column("sealed", LargeBinary, nullable=False, default=b""),
    Column("facts", Text, nullable=False, default="{}"),
    Column("status", String(16), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, default=0),
    Column("trying_at", UtcDateTime),
    Column("claimed_by", String(40), nullable=False, default=""),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("provider", String(40), nullable=False, default=""),
    Column("provider_id", String(80), nullable=False, default=""),
    Column("why", String(200), nullable=False, default=""),
    Index("ix_notifications_due", "status", "next_at"),
)
"""The outbox. A resident's contact and text are sealed with the conversation's key; an alert to staff has `facts` without personal data."""

safeguarding_records = Table(
    "safeguarding_records",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("handoff_id", String(40), nullable=False),
    Column("reference", String(16), nullable=False, index=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("turn_id", String(40), nullable=False, default=""),
    Column("category", String(40), nullable=False),
    Column("grade", String(16), nullable=False, default=""),
    Column("pack", String(80), nullable=False, default=""),
    Column("rules", Text, nullable=False, default="[]"),
    Column("queue", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False, default=b""),
    Column("raised_at", UtcDateTime, nullable=False, index=True),
    Column("out_of_hours", Boolean, nullable=False, default=False),
    Column("found_later", Boolean, nullable=False, default=False),
    Column("step", Integer, nullable=False, default=0),
    Column("next_at", UtcDateTime, index=True),
    Column("told_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", String(80), nullable=False, default=""),
    Column("met_at", UtcDateTime),
    Column("first_reply_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("outcome", String(40), nullable=False, default=""),
    UniqueConstraint("handoff_id", "category"),
)

safeguarding_steps = Table(
    "safeguarding_steps",
    metadata,
    Column("record_id", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("route", String(64), nullable=False, default=""),
    Column("told", String(40), nullable=False, default=""),
    Column("by", String(80), nullable=False, default=""),
    Column("sealed", LargeBinary, nullable=False, default=b""),
)

contacts_known = Table(
    "contacts_known",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("conversation_id", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("service", String(80), nullable=False, default=""),
    Column("queue", String(64), nullable=False, default=""),
)
"""Who agreed to be recognised, by a keyed digest of what they gave. Without the key nobody can try numbers against it."""

comments_read = Table(
    "comments_read",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("read_by", String(40), nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("sealed", LargeBinary, nullable=False, default=b""),
)
"""Which comments somebody read, and what they did about it."""
