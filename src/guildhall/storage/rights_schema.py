"""Tables of people's rights: holds, erasures, and requests with their steps."""

from sqlalchemy import Column, Index, LargeBinary, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata
from guildhall.storage.schema import Sequence

holds = Table(
    "holds",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("target", String(40), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("placed_by", String(200), nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("lifted_by", String(200), nullable=False, default=""),
    Column("lifted_at", UtcDateTime),
    Column("lift_reason", Text, nullable=False, default=""),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("status", String(16), nullable=False, index=True),
    Column("conversations", Text, nullable=False),
    Column("rule", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("certificate", Text, nullable=False, default=""),
)

rights_requests = Table(
    "rights_requests",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("council", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("conversations", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Index("ix_rights_requests_open", "council", "closed_at"),
)

rights_steps = Table(
    "rights_steps",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("request_id", String(40), nullable=False, index=True),
    Column("step", String(24), nullable=False),
    Column("answer", String(16), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
