"""kept evaluations that the record no longer bears out"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0037_superseded_evaluations"
down_revision: str | None = "0036_closed_audits"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("kept_evaluations") as table:
        table.add_column(sa.Column("superseded_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("superseded_why", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("kept_evaluations") as table:
        table.drop_column("superseded_why")
        table.drop_column("superseded_at")
