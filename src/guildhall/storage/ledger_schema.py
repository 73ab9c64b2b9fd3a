"""Tables of the benefits ledger. A benefit's row moves; everything else is written once: the database itself refuses to change it.

A pound is a cell of budget line, month and act. `benefit_claim_months` has one row for each month that a claim covers, so that a quarter
and one of its months cannot both be claimed. The first claim of a cell has `replaces` empty; a later one names the claim before it, which
has to have been reversed. Indexes and foreign keys say all of this, so no two writers can get round it.
"""

from typing import Final

from sqlalchemy import (
    DDL,
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
    event,
    text,
)

from guildhall.storage.database import UtcDateTime, metadata

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


def guards(dialect: str) -> dict[Table, tuple[str, ...]]:
    """The statements by which a database refuses to change or delete what is written once, and to delete a benefit; by table."""
    acts = dict.fromkeys(WRITTEN_ONCE, ("UPDATE", "DELETE")) | {benefits: ("DELETE",)}
    return {table: tuple(statement for act in some for statement in _guard(dialect, table.name, act)) for table, some in acts.items()}


def _guard(dialect: str, table: str, act: str) -> tuple[str, ...]:
    said = "rows of the ledger are written once: reverse them instead"
    name = f"{table}_no_{act.lower()}"
    if dialect == "sqlite":
        return (f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END",)
    function = (
        f"CREATE OR REPLACE FUNCTION ledger_written_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    return function, f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_written_once()"


for _dialect in ("sqlite", "postgresql"):  # a schema that is made without migrations, as in tests, is guarded too
    for _table, _statements in guards(_dialect).items():
        for _statement in _statements:
            event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
