"""fairness runs and waivers"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "fairness_runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_runs")),
    )
    with op.batch_alter_table("fairness_runs", schema=None) as batch_op:
        batch_op.create_index("ix_fairness_runs_council_at", ["council", "at"], unique=False)
    op.create_table(
        "fairness_waivers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("slice", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minute", sa.String(length=200), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_waivers")),
    )
    with op.batch_alter_table("fairness_waivers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fairness_waivers_council"), ["council"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fairness_waivers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fairness_waivers_council"))
    op.drop_table("fairness_waivers")
    with op.batch_alter_table("fairness_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_fairness_runs_council_at")
    op.drop_table("fairness_runs")
