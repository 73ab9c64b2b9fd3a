"""the benefits ledger"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0031_ledger"
down_revision: str | None = "0030_opportunities"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CELL = ("council", "budget_code", "cash_action", "month")
WRITTEN_ONCE = ("benefit_entries", "benefit_claims", "benefit_claim_reversals", "benefit_claim_months", "benefit_signatures")
SAID = "rows of the ledger are written once: reverse them instead"


def upgrade() -> None:
    _benefits()
    _claims()
    _months()
    op.create_table(
        "benefit_signatures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("benefit_id", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefits.id"], name=op.f("fk_benefit_signatures_benefit_id_benefits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_signatures")),
        sa.UniqueConstraint("about", "about_id", name="uq_benefit_signatures_about"),
    )
    op.create_index(op.f("ix_benefit_signatures_benefit_id"), "benefit_signatures", ["benefit_id"], unique=False)
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _benefits() -> None:
    op.create_table(
        "benefits",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefits")),
    )
    op.create_index(op.f("ix_benefits_council"), "benefits", ["council"], unique=False)
    op.create_table(
        "benefit_entries",
        sa.Column("benefit_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("was", sa.String(length=24), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefits.id"], name=op.f("fk_benefit_entries_benefit_id_benefits")),
        sa.PrimaryKeyConstraint("benefit_id", "number", name=op.f("pk_benefit_entries")),
    )


def _claims() -> None:
    op.create_table(
        "benefit_claims",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("benefit_id", sa.String(length=40), nullable=False),
        sa.Column("budget_code", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("act_reference", sa.String(length=80), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("evidence_ref", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount_pence > 0", name=op.f("ck_benefit_claims_above_nothing")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefits.id"], name=op.f("fk_benefit_claims_benefit_id_benefits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_claims")),
    )
    op.create_index(op.f("ix_benefit_claims_benefit_id"), "benefit_claims", ["benefit_id"], unique=False)
    op.create_table(
        "benefit_claim_reversals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["benefit_claims.id"], name=op.f("fk_benefit_claim_reversals_claim_id_benefit_claims")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_claim_reversals")),
        sa.UniqueConstraint("claim_id", name="uq_benefit_claim_reversals_claim_id"),
    )


def _months() -> None:
    op.create_table(
        "benefit_claim_months",
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("budget_code", sa.String(length=40), nullable=False),
        sa.Column("cash_action", sa.String(length=121), nullable=False),
        sa.Column("replaces", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["benefit_claims.id"], name=op.f("fk_benefit_claim_months_claim_id_benefit_claims")),
        sa.ForeignKeyConstraint(["replaces"], ["benefit_claim_reversals.claim_id"], name="fk_benefit_claim_months_reversed"),
        sa.ForeignKeyConstraint(
            [*CELL, "replaces"], [f"benefit_claim_months.{name}" for name in (*CELL, "claim_id")], name="fk_benefit_claim_months_same_cell"
        ),
        sa.PrimaryKeyConstraint("claim_id", "month", name=op.f("pk_benefit_claim_months")),
        sa.UniqueConstraint(*CELL, "claim_id", name="uq_benefit_claim_months_cell"),
        sa.UniqueConstraint(*CELL, "replaces", name="uq_benefit_claim_months_replaces"),
    )
    first = sa.text("replaces IS NULL")
    op.create_index(
        "uq_benefit_claim_months_first", "benefit_claim_months", list(CELL), unique=True, sqlite_where=first, postgresql_where=first
    )


def _guards(dialect: str) -> list[str]:
    acts = [(table, act) for table in WRITTEN_ONCE for act in ("UPDATE", "DELETE")] + [("benefits", "DELETE")]
    if dialect == "sqlite":
        return [f"CREATE TRIGGER {t}_no_{a.lower()} BEFORE {a} ON {t} BEGIN SELECT RAISE(ABORT, '{SAID}'); END" for t, a in acts]
    function = (
        f"CREATE OR REPLACE FUNCTION ledger_written_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
    )
    guard = "CREATE TRIGGER {t}_no_{a} BEFORE {act} ON {t} FOR EACH ROW EXECUTE FUNCTION ledger_written_once()"
    return [function, *(guard.format(t=table, a=act.lower(), act=act) for table, act in acts)]


def downgrade() -> None:
    for table in ("benefit_signatures", "benefit_claim_months", "benefit_claim_reversals", "benefit_claims", "benefit_entries", "benefits"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS ledger_written_once()")
