"""workshops, opportunities, their scores, and portfolios"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0030_opportunities"
down_revision: str | None = "0017_baselines"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "workshops",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.String(length=10), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("directorate", sa.String(length=80), nullable=False),
        sa.Column("facilitator", sa.String(length=120), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshops")),
    )
    op.create_index(op.f("ix_workshops_council"), "workshops", ["council"], unique=False)
    op.create_table(
        "opportunities",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("directorate", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("merged_into", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("revealed", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
    )
    op.create_index(op.f("ix_opportunities_council"), "opportunities", ["council"], unique=False)
    op.create_table(
        "opportunity_quotes",
        sa.Column("opportunity", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workshop", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("opportunity", "number", name=op.f("pk_opportunity_quotes")),
    )
    op.create_index(op.f("ix_opportunity_quotes_workshop"), "opportunity_quotes", ["workshop"], unique=False)
    op.create_table(
        "opportunity_changes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("opportunity", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_changes")),
    )
    op.create_index(op.f("ix_opportunity_changes_of"), "opportunity_changes", ["opportunity", "at"], unique=False)
    op.create_table(
        "opportunity_gates",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("opportunity", sa.String(length=40), nullable=False),
        sa.Column("gate", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_gates")),
    )
    op.create_index(op.f("ix_opportunity_gates_council"), "opportunity_gates", ["council"], unique=False)
    op.create_table(
        "opportunity_merges",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("kept", sa.String(length=40), nullable=False),
        sa.Column("gone", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_merges")),
    )
    op.create_index(op.f("ix_opportunity_merges_council"), "opportunity_merges", ["council"], unique=False)
    op.create_table(
        "opportunity_scores",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("opportunity", sa.String(length=40), nullable=False),
        sa.Column("criterion", sa.String(length=24), nullable=False),
        sa.Column("scorer", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_scores")),
    )
    op.create_index(op.f("ix_opportunity_scores_of"), "opportunity_scores", ["council", "opportunity"], unique=False)
    op.create_table(
        "portfolio_runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("council", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("judged", sa.Text(), nullable=False),
        sa.Column("solved", sa.String(length=16), nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_runs")),
    )
    op.create_index(op.f("ix_portfolio_runs_council"), "portfolio_runs", ["council"], unique=False)
    op.create_table(
        "portfolio_choices",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("opportunity", sa.String(length=40), nullable=False),
        sa.Column("benefit", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_choices")),
    )
    op.create_index(op.f("ix_portfolio_choices_run"), "portfolio_choices", ["run"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_portfolio_choices_run"), table_name="portfolio_choices")
    op.drop_table("portfolio_choices")
    op.drop_index(op.f("ix_portfolio_runs_council"), table_name="portfolio_runs")
    op.drop_table("portfolio_runs")
    op.drop_index(op.f("ix_opportunity_scores_of"), table_name="opportunity_scores")
    op.drop_table("opportunity_scores")
    op.drop_index(op.f("ix_opportunity_merges_council"), table_name="opportunity_merges")
    op.drop_table("opportunity_merges")
    op.drop_index(op.f("ix_opportunity_gates_council"), table_name="opportunity_gates")
    op.drop_table("opportunity_gates")
    op.drop_index(op.f("ix_opportunity_changes_of"), table_name="opportunity_changes")
    op.drop_table("opportunity_changes")
    op.drop_index(op.f("ix_opportunity_quotes_workshop"), table_name="opportunity_quotes")
    op.drop_table("opportunity_quotes")
    op.drop_index(op.f("ix_opportunities_council"), table_name="opportunities")
    op.drop_table("opportunities")
    op.drop_index(op.f("ix_workshops_council"), table_name="workshops")
    op.drop_table("workshops")
