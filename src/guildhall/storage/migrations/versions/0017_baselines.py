"""baselines and their drafts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0017_baselines"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def contents() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "baseline_drafts",
        sa.Column("id", sa.String(length=40), nullable=False),
        *contents(),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_drafts")),
    )
    op.create_index("ix_baseline_drafts_council_made_at", "baseline_drafts", ["council", "made_at"], unique=False)
    op.create_table(
        "baselines",
        sa.Column("id", sa.String(length=40), nullable=False),
        *contents(),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("supersedes", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baselines")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_baselines_supersedes")),
    )
    op.create_index("ix_baselines_council_frozen_at", "baselines", ["council", "frozen_at"], unique=False)
    op.create_table(
        "baseline_rows",
        sa.Column("baseline_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("baseline_id", "number", name=op.f("pk_baseline_rows")),
    )


def downgrade() -> None:
    op.drop_table("baseline_rows")
    op.drop_index("ix_baselines_council_frozen_at", table_name="baselines")
    op.drop_table("baselines")
    op.drop_index("ix_baseline_drafts_council_made_at", table_name="baseline_drafts")
    op.drop_table("baseline_drafts")
