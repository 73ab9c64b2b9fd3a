"""Tables of the desk: who sits at it, what they are typing, what was read, and how conversations are labelled."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata
from guildhall.storage.schema import Sequence
from guildhall.storage.staff import staff

advisers = Table(
    "advisers",
    metadata,
    Column("staff_id", String(40), ForeignKey(staff.c.id), primary_key=True),
    Column("queues", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("safeguarding", Boolean, nullable=False, default=False),
    Column("capacity", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("status_since", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("given_at", UtcDateTime),
    Column("why", String(16), nullable=False, default=""),
    Column("since_share", Integer, nullable=False, default=0),
    Column("phone", String(40), nullable=False, default=""),
)

typing = Table(
    "typing",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("side", String(16), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("number", Sequence, nullable=False, default=0),
)
"""Who is writing now, or has just looked. Holds no words."""

read_marks = Table(
    "read_marks",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("side", String(40), primary_key=True),
    Column("seq", Sequence, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""How far each side has read: `resident`, or the id of a member of staff."""

unsent = Table(
    "unsent_messages",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("staff_id", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What an adviser has typed and not sent, so that no reload loses it."""

labels = Table(
    "conversation_labels",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("label", String(64), primary_key=True),
)

mentions = Table(
    "mentions",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("staff_id", String(40), primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index("ix_mentions_staff", "staff_id", "read_at"),
)

translations = Table(
    "translations",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("status", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What a machine made of what was said, so that nothing is translated twice."""
