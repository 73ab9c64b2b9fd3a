"""Tables of conversations, the record and requests for a person. Knowledge has its own in `knowledge.py`, the desk in `desk_schema.py`."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata

Sequence = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows itself only for INTEGER

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("language", String(8), nullable=False, default=""),
    Column("owner", String(16), nullable=False),
    Column("secret_digest", String(64), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("adviser_id", String(40), nullable=False, default=""),
    Column("context_from", Sequence, nullable=False, default=0),
    Column("source", String(32), nullable=False, default=""),
)

conversation_keys = Table(
    "conversation_keys",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("conversation_id", String(40)),
    Column("turn_id", String(40)),
    Column("facts", Text, nullable=False),
    Column("facts_salt", LargeBinary),
    Column("log_seq", BigInteger().with_variant(Integer, "sqlite")),
    Column("log_number", Integer),
    Index("ix_events_conversation", "conversation_id", "seq"),
    Index("ix_events_kind_at", "kind", "at"),
)

payloads = Table(
    "payloads",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("words_salt", LargeBinary),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False, index=True),
    Column("queue", String(64), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("category", String(40), nullable=False, default=""),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("status", String(16), nullable=False, index=True),
    Column("requested_at", UtcDateTime, nullable=False, index=True),
    Column("lane", String(16), nullable=False, default="ordinary"),
    Column("live", Boolean, nullable=False, default=False),
    Column("language", String(8), nullable=False, default=""),
    Column("service", String(80), nullable=False, default=""),
    Column("adviser_id", String(40), nullable=False, default=""),
    Column("offered_at", UtcDateTime),
    Column("taken_at", UtcDateTime),
    Column("met_at", UtcDateTime),
    Column("first_reply_at", UtcDateTime),
    Column("last_adviser_at", UtcDateTime),
    Column("last_resident_at", UtcDateTime),
    Column("snoozed_until", UtcDateTime),
    Column("breached_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("overflowed_from", String(64), nullable=False, default=""),
    Column("returned", Integer, nullable=False, default=0),
    Column("wrap_up", String(40), nullable=False, default=""),
    Column("right_team", Boolean),
    Column("right_queue", String(64), nullable=False, default=""),
    Column("queued_at", UtcDateTime),
    Column("owed_since", UtcDateTime),
    Column("reply_breached_at", UtcDateTime),
    Column("alerted_at", UtcDateTime),
    Column("call", String(16), nullable=False, default=""),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("handoff_id", String(40), ForeignKey("handoffs.id"), nullable=False, unique=True),
    Column("conversation_id", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("slot_starts_at", UtcDateTime),
    Column("slot_ends_at", UtcDateTime),
    Column("status", String(16), nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
)
