"""audited samples that were closed before all their marks were in"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0036_closed_audits"
down_revision: str | None = "0035_evidence"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("audit_draws") as table:
        table.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("closed_by", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("closed_why", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("audit_draws") as table:
        for name in ("closed_why", "closed_by", "closed_at"):
            table.drop_column(name)
