"""The table of calls. Who rings is sealed with the conversation's key; everything else is facts."""

from sqlalchemy import Column, LargeBinary, String, Table

from guildhall.storage.database import UtcDateTime, metadata

calls = Table(
    "calls",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("known_as", String(64), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False, default=b""),
    Column("hearing", String(8), nullable=False),
    Column("state", String(16), nullable=False, default=""),
    Column("reference", String(16), nullable=False, default=""),
    Column("began_at", UtcDateTime, nullable=False, index=True),
    Column("asked_at", UtcDateTime),
    Column("danger_at", UtcDateTime),
    Column("rings", String(40), nullable=False, default=""),
    Column("line", String(80), nullable=False, default=""),
    Column("rung_at", UtcDateTime),
    Column("bridged_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)
"""`known_as` is a digest of the gateway's name for the call, so that a call that is told of twice is one conversation."""
