"""queues: since when somebody waits and what is owed to them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIMES = ("queued_at", "owed_since", "reply_breached_at", "alerted_at")


def upgrade() -> None:
    with op.batch_alter_table("handoffs") as table:
        for name in TIMES:
            table.add_column(sa.Column(name, UtcDateTime(), nullable=True))
    with op.batch_alter_table("advisers") as table:
        table.add_column(sa.Column("why", sa.String(length=16), nullable=False, server_default=""))
        table.add_column(sa.Column("since_share", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("advisers") as table:
        for name in ("since_share", "why"):
            table.drop_column(name)
    with op.batch_alter_table("handoffs") as table:
        for name in reversed(TIMES):
            table.drop_column(name)
