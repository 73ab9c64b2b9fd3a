"""Tables of audited samples: codes and numbers only. A mark is written once: the database itself refuses to change it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from guildhall.storage.database import UtcDateTime, metadata
from guildhall.storage.written_once import written_once

audit_draws = Table(
    "audit_draws",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("size", Integer, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("double_percent", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String(40), nullable=False),
    Column("withdrawn_why", Text, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", String(40), nullable=False, server_default=""),
    Column("closed_why", Text, nullable=False, server_default=""),
)

audit_strata = Table(
    "audit_strata",
    metadata,
    Column("draw_id", String(40), ForeignKey("audit_draws.id"), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
)

audit_items = Table(
    "audit_items",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("draw_id", String(40), ForeignKey("audit_draws.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("turn_id", String(40), nullable=False),
    Column("conversation_id", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("group", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("service", String(80), nullable=False),
    Column("ward", String(80), nullable=False),
    Column("arm", String(40), nullable=False),
    Column("gone_at", UtcDateTime),
    Column("counted_mark", String(24), nullable=False),
    Column("counted_fault", String(24), nullable=False),
    Column("counted_weight", Float(53), nullable=False),
    UniqueConstraint("draw_id", "turn_id", name="uq_audit_items_turn"),
    Index("ix_audit_items_turn", "turn_id"),
)

audit_marks = Table(
    "audit_marks",
    metadata,
    Column("item_id", String(40), ForeignKey("audit_items.id"), primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("mark", String(24), nullable=False),
    Column("fault", String(24), nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`slot` is 1, 2 or 3 in the order in which people marked a turn; a correction is the next `revision` of its slot."""

written_once(audit_marks, "marks of an audit are written once: correct them by another mark", function="audit_written_once")
