"""The table of figures said in public. A row is written once; only when it was last checked and that it was superseded are added."""

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata

published_figures = Table(
    "published_figures",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("measure", String(60), nullable=False),
    Column("label", String(80), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("caution", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("narrowed", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("low", Float(53)),
    Column("high", Float(53)),
    Column("n", Integer, nullable=False),
    Column("query_hash", String(64), nullable=False),
    Column("definition_hash", String(64), nullable=False),
    Column("definition", Text, nullable=False),
    Column("beside", Text, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("as_at", UtcDateTime, nullable=False),
    Column("approver", String(120), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("checked_at", UtcDateTime),
    Column("superseded_at", UtcDateTime),
    Column("superseded_why", Text, nullable=False, default=""),
    Index("ix_published_figures_council", "council", "published_at"),
)
"""`narrowed`, `definition` and `beside` are JSON."""
