"""Tables of what benefits rest on: evaluations that were kept, and documents by their digest. Rows are written once; an evaluation may be superseded, and a document withdrawn."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata

kept_evaluations = Table(
    "kept_evaluations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("asked", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("evidence", String(4), nullable=False),
    Column("found", Boolean, nullable=False),
    Column("result", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("superseded_at", UtcDateTime),
    Column("superseded_why", Text, nullable=False, server_default=""),
    Index("ix_kept_evaluations_council", "council", "kept_at"),
)
"""`asked`, `inputs` and `result` are JSON."""

evidence_documents = Table(
    "evidence_documents",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger),
    Column("link", String(500), nullable=False),
    Column("dated", Date),
    Column("by", String(120), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_why", Text, nullable=False),
)
