"""Tables of what next: workshops, opportunities and their quotes, and all that is only ever added to: changes, gates, merges, scores, runs, choices."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata

workshops = Table(
    "workshops",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("held_on", String(10), nullable=False),
    Column("service", String(80), nullable=False),
    Column("directorate", String(80), nullable=False),
    Column("facilitator", String(120), nullable=False),
    Column("people", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

opportunities = Table(
    "opportunities",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("service", String(80), nullable=False),
    Column("directorate", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("merged_into", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("revealed", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`details` is JSON of everything that is known; what lists are filtered by stands beside it."""

opportunity_quotes = Table(
    "opportunity_quotes",
    metadata,
    Column("opportunity", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("workshop", String(40), nullable=False, index=True),
    Column("role", String(80), nullable=False),
    Column("words", Text, nullable=False),
)
"""Where it was first said. A merge moves no quote: whoever reads the one that stayed reads the quotes of all merged into it."""

opportunity_changes = Table(
    "opportunity_changes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("opportunity", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
    Column("what", String(24), nullable=False),
    Column("changed", Text, nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_opportunity_changes_of", "opportunity", "at"),
)

opportunity_gates = Table(
    "opportunity_gates",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("opportunity", String(40), nullable=False),
    Column("gate", String(16), nullable=False),
    Column("state", String(8), nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

opportunity_merges = Table(
    "opportunity_merges",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("what", String(8), nullable=False),
    Column("kept", String(40), nullable=False),
    Column("gone", String(40), nullable=False),
    Column("before", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`what` is `merge`, `part` or `apart` (looked at and not the same). `before` holds what was known of the kept one, to part them again."""

opportunity_scores = Table(
    "opportunity_scores",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("opportunity", String(40), nullable=False),
    Column("criterion", String(24), nullable=False),
    Column("scorer", String(120), nullable=False),
    Column("value", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_opportunity_scores_of", "council", "opportunity"),
)

portfolio_runs = Table(
    "portfolio_runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("asked", Text, nullable=False),
    Column("judged", Text, nullable=False),
    Column("solved", String(16), nullable=False),
    Column("gap", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("result", Text, nullable=False),
)
"""`asked` (rules, weights, seed) and `judged` (every candidate as it was then) reproduce a run; `result` is what came of it."""

portfolio_choices = Table(
    "portfolio_choices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("run", String(40), nullable=False, index=True),
    Column("what", String(8), nullable=False),
    Column("opportunity", String(40), nullable=False),
    Column("benefit", String(40), nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What people did with a run: `add` and `remove` overrule it, `benefit` opened a row of the ledger. The newest of each opportunity counts."""
