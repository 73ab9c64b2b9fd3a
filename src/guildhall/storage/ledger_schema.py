"""Tables of the benefits ledger. A benefit's row moves; everything else is written once: the database itself refuses to change it.

A pound is a cell of budget line, month and act. `benefit_claim_months` has one row for each month that a claim covers, so that a quarter
and one of its months cannot both be claimed. The first claim of a cell has `replaces` empty; a later one names the claim before it, which
has to have been reversed. Indexes and foreign keys say all of this, so no two writers can get round it.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from guildhall.storage.database import UtcDateTime, metadata
from guildhall.storage.written_once import written_once

benefits = Table(
    "benefits",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("stage", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

benefit_entries = Table(
    "benefit_entries",
    metadata,
    Column("benefit_id", String(40), ForeignKey("benefits.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("was", String(24), nullable=False),
    Column("stage", String(24), nullable=False),
    Column("moved", Boolean, nullable=False),
    Column("by", String(40), nullable=False),
    Column("role", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)

benefit_claims = Table(
    "benefit_claims",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("benefit_id", String(40), ForeignKey("benefits.id"), nullable=False, index=True),
    Column("budget_code", String(40), nullable=False),
    Column("period", String(10), nullable=False),
    Column("act", String(40), nullable=False),
    Column("act_reference", String(80), nullable=False),
    Column("amount_pence", BigInteger, nullable=False),
    Column("evidence_ref", String(200), nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    CheckConstraint("amount_pence > 0", name="above_nothing"),
)

benefit_claim_reversals = Table(
    "benefit_claim_reversals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("claim_id", String(40), ForeignKey("benefit_claims.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(40), nullable=False),
    Column("role", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("claim_id", name="uq_benefit_claim_reversals_claim_id"),
)

CELL: Final = ("council", "budget_code", "cash_action", "month")
benefit_claim_months = Table(
    "benefit_claim_months",
    metadata,
    Column("claim_id", String(40), ForeignKey("benefit_claims.id"), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("budget_code", String(40), nullable=False),
    Column("cash_action", String(121), nullable=False),
    Column("replaces", String(40), ForeignKey("benefit_claim_reversals.claim_id", name="fk_benefit_claim_months_reversed")),
    UniqueConstraint(*CELL, "claim_id", name="uq_benefit_claim_months_cell"),
    UniqueConstraint(*CELL, "replaces", name="uq_benefit_claim_months_replaces"),
    ForeignKeyConstraint(
        [*CELL, "replaces"],
        [f"benefit_claim_months.{name}" for name in (*CELL, "claim_id")],
        name="fk_benefit_claim_months_same_cell",
    ),
    Index(
        "uq_benefit_claim_months_first",
        *CELL,
        unique=True,
        sqlite_where=text("replaces IS NULL"),
        postgresql_where=text("replaces IS NULL"),
    ),
)

benefit_signatures = Table(
    "benefit_signatures",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("benefit_id", String(40), ForeignKey("benefits.id"), nullable=False, index=True),
    Column("about", String(16), nullable=False),
    Column("about_id", String(60), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("by", String(40), nullable=False),
    Column("role", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("about", "about_id", name="uq_benefit_signatures_about"),
)

WRITTEN_ONCE: Final = (benefit_entries, benefit_claims, benefit_claim_reversals, benefit_claim_months, benefit_signatures)
SAID: Final = "rows of the ledger are written once: reverse them instead"

for _table in WRITTEN_ONCE:
    written_once(_table, SAID, function="ledger_written_once")
written_once(benefits, SAID, function="ledger_written_once", acts=("DELETE",))
