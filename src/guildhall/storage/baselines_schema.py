"""Tables of baselines: imports that wait to be confirmed, frozen ones, and their rows, packed, with no column that tells who somebody is."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from guildhall.storage.database import UtcDateTime, metadata


def _contents() -> tuple[Column[object], ...]:
    return (
        Column("council", String(64), nullable=False),
        Column("name", String(200), nullable=False),
        Column("source", String(200), nullable=False),
        Column("owner", String(200), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("mapping", Text, nullable=False),
        Column("first", Date, nullable=True),
        Column("last", Date, nullable=True),
        Column("rows", Integer, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("series", Text, nullable=False),
        Column("report", Text, nullable=False),
    )


baseline_drafts = Table(
    "baseline_drafts",
    metadata,
    Column("id", String(40), primary_key=True),
    *_contents(),
    Column("by", String(120), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_baseline_drafts_council_made_at", "council", "made_at"),
)
"""An import before it is confirmed; its digest is empty while it is still being read."""

baselines = Table(
    "baselines",
    metadata,
    Column("id", String(40), primary_key=True),
    *_contents(),
    Column("by", String(120), nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("supersedes", String(40), nullable=True),
    Column("reason", Text, nullable=False),
    UniqueConstraint("supersedes"),
    Index("ix_baselines_council_frozen_at", "council", "frozen_at"),
)
"""One row a frozen baseline, written once."""

baseline_rows = Table(
    "baseline_rows",
    metadata,
    Column("baseline_id", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
"""Rows of a draft or of a baseline, some thousand at a time: lines of JSON, compressed."""
