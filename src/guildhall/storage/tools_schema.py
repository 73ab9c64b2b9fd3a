"""Tables of the advisers' tools: who is asked to take a conversation over, and what a supervisor should look at. They hold no words."""

from sqlalchemy import Column, Index, String, Table

from guildhall.storage.database import UtcDateTime, metadata

transfer_offers = Table(
    "transfer_offers",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("conversation_id", String(40), nullable=False),
    Column("from_id", String(40), nullable=False),
    Column("to_id", String(40), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Index("ix_transfer_offers_to", "to_id"),
)
"""One conversation, one colleague asked. Whoever asks keeps the conversation until the colleague takes it."""

looks = Table(
    "supervisor_looks",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("conversation_id", String(40), nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("looked_by", String(40), nullable=False, default=""),
    Column("looked_at", UtcDateTime, index=True),
)
"""What an adviser asked a supervisor to look at when they wrapped it up."""
