"""Tables of what is learned: content gaps and their questions, phrases, and long pieces of work with how far they are."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata
from guildhall.storage.schema import Sequence

content_gaps = Table(
    "content_gaps",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("found_at", UtcDateTime, nullable=False),
    Column("service", String(80), nullable=False, default=""),
    Column("words", LargeBinary, nullable=False, default=b""),
    Column("status", String(16), nullable=False),
    Column("owner", String(40), nullable=False, default=""),
    Column("due_on", String(10), nullable=False, default=""),
    Column("page", String(500), nullable=False, default=""),
    Column("page_digest", String(64), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("changed_at", UtcDateTime, nullable=False),
)
"""`words` are of at least three conversations; they are emptied when one of these is erased, and found anew at the next look."""

gap_questions = Table(
    "gap_questions",
    metadata,
    Column("turn_id", String(40), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("council", String(64), nullable=False),
    Column("gap_id", String(40), nullable=False, default=""),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("event_id", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("why", String(24), nullable=False),
    Column("service", String(80), nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("channel", String(16), nullable=False, default=""),
    Column("person", String(16), nullable=False, default=""),
    Column("page", String(500), nullable=False, default=""),
    Column("encoder", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_gap_questions_gap", "council", "gap_id", "at"),
)
"""Questions that were not answered, without their words: `sealed` is what they mean to `encoder`, under the conversation's key."""

learning_marks = Table(
    "learning_marks",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("seq", Sequence, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""How far the record was read for gaps."""

learning_jobs = Table(
    "learning_jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("about", String(40), nullable=False),
    Column("by", String(40), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("state", String(16), nullable=False),
    Column("result", Text, nullable=False, default=""),
    Index("ix_learning_jobs_about", "kind", "about", "started_at"),
)
"""Work that takes a while, and its result without anybody's words."""

phrases = Table(
    "phrases",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("conversation_id", String(40), nullable=False, default="", index=True),
    Column("turn_id", String(40), nullable=False, default=""),
    Column("gap_id", String(40), nullable=False, default=""),
    Column("sealed", LargeBinary, nullable=False, default=b""),
    Column("said", Text, nullable=False, default=""),
    Column("means", Text, nullable=False, default=""),
    Column("expected", Text, nullable=False, default="{}"),
    Column("proposed_by", String(40), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_by", String(40), nullable=False, default=""),
    Column("decided_at", UtcDateTime),
    Column("why", Text, nullable=False, default=""),
)
"""What comes from a conversation is `sealed` under its key. A released word is the council's own vocabulary, and stands open in `said`."""
