"""rule changes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "policy_packs",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("council", "id", name=op.f("pk_policy_packs")),
    )
    op.create_table(
        "policy_state",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("active", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("council", name=op.f("pk_policy_state")),
    )
    op.create_table(
        "policy_activations",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposal", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("council", "number", name=op.f("pk_policy_activations")),
    )
    op.create_table(
        "board_members",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("council", "name", name=op.f("pk_board_members")),
    )
    op.create_table(
        "rule_changes",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("loosens", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("phase_since", UtcDateTime(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("lapses_at", UtcDateTime(), nullable=True),
        sa.Column("observed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("council", "id", name=op.f("pk_rule_changes")),
    )
    op.create_table(
        "rule_change_reports",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("proposal", sa.String(length=40), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("council", "proposal", "gate", name=op.f("pk_rule_change_reports")),
    )
    op.create_table(
        "rule_change_signatures",
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("proposal", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("council", "proposal", "name", name=op.f("pk_rule_change_signatures")),
    )


def downgrade() -> None:
    for table in (
        "rule_change_signatures", "rule_change_reports", "rule_changes", "board_members", "policy_activations", "policy_state", "policy_packs",
    ):  # fmt: skip
        op.drop_table(table)
