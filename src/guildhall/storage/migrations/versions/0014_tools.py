"""transfers that are offered, what supervisors should look at, which team was right"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0014"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("handoffs") as table:
        table.add_column(sa.Column("right_queue", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "transfer_offers",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("from_id", sa.String(length=40), nullable=False),
        sa.Column("to_id", sa.String(length=40), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_transfer_offers")),
    )
    op.create_index("ix_transfer_offers_to", "transfer_offers", ["to_id"], unique=False)
    op.create_table(
        "supervisor_looks",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("looked_by", sa.String(length=40), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_supervisor_looks")),
    )
    op.create_index(op.f("ix_supervisor_looks_looked_at"), "supervisor_looks", ["looked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("supervisor_looks")
    op.drop_table("transfer_offers")
    with op.batch_alter_table("handoffs") as table:
        table.drop_column("right_queue")
