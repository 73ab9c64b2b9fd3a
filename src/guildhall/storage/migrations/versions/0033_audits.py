"""audited samples"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0033_audits"
down_revision: str | None = "0032_published_figures"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAID = "marks of an audit are written once: correct them by another mark"


def upgrade() -> None:
    op.create_table(
        "audit_draws",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("double_percent", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_draws")),
    )
    op.create_index(op.f("ix_audit_draws_council"), "audit_draws", ["council"], unique=False)
    op.create_table(
        "audit_strata",
        sa.Column("draw_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["audit_draws.id"], name=op.f("fk_audit_strata_draw_id_audit_draws")),
        sa.PrimaryKeyConstraint("draw_id", "key", name=op.f("pk_audit_strata")),
    )
    _items()
    op.create_table(
        "audit_marks",
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("fault", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["audit_items.id"], name=op.f("fk_audit_marks_item_id_audit_items")),
        sa.PrimaryKeyConstraint("item_id", "slot", "revision", name=op.f("pk_audit_marks")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_marks_id")),
    )
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _items() -> None:
    op.create_table(
        "audit_items",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("draw_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("group", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("ward", sa.String(length=80), nullable=False),
        sa.Column("arm", sa.String(length=40), nullable=False),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("counted_mark", sa.String(length=24), nullable=False),
        sa.Column("counted_fault", sa.String(length=24), nullable=False),
        sa.Column("counted_weight", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["audit_draws.id"], name=op.f("fk_audit_items_draw_id_audit_draws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_items")),
        sa.UniqueConstraint("draw_id", "turn_id", name="uq_audit_items_turn"),
    )
    op.create_index("ix_audit_items_turn", "audit_items", ["turn_id"], unique=False)


def _guards(dialect: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER audit_marks_no_{act.lower()} BEFORE {act} ON audit_marks BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            for act in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE OR REPLACE FUNCTION audit_written_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$",
        "CREATE TRIGGER audit_marks_written_once BEFORE UPDATE OR DELETE ON audit_marks FOR EACH ROW EXECUTE FUNCTION audit_written_once()",
    )


def downgrade() -> None:
    for table in ("audit_marks", "audit_items", "audit_strata", "audit_draws"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS audit_written_once()")
