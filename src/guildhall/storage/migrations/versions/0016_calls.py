"""calls, and where advisers are rung"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("handoffs") as table:
        table.add_column(sa.Column("call", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("advisers") as table:
        table.add_column(sa.Column("phone", sa.String(length=40), nullable=False, server_default=""))
    op.create_table(
        "calls",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("known_as", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hearing", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("danger_at", UtcDateTime(), nullable=True),
        sa.Column("rings", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("rung_at", UtcDateTime(), nullable=True),
        sa.Column("bridged_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_calls")),
        sa.UniqueConstraint("known_as", name=op.f("uq_calls_known_as")),
    )
    op.create_index(op.f("ix_calls_began_at"), "calls", ["began_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_calls_began_at"), table_name="calls")
    op.drop_table("calls")
    with op.batch_alter_table("advisers") as table:
        table.drop_column("phone")
    with op.batch_alter_table("handoffs") as table:
        table.drop_column("call")
