"""the advisers' desk"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIMES = ("offered", "taken", "met", "first_reply", "last_adviser", "last_resident", "breached", "closed")


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("adviser_id", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("context_from", BIG, nullable=False, server_default="0"))
        table.add_column(sa.Column("source", sa.String(length=32), nullable=False, server_default=""))
    with op.batch_alter_table("handoffs") as table:
        table.add_column(sa.Column("lane", sa.String(length=16), nullable=False, server_default="ordinary"))
        table.add_column(sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("language", sa.String(length=8), nullable=False, server_default=""))
        table.add_column(sa.Column("service", sa.String(length=80), nullable=False, server_default=""))
        table.add_column(sa.Column("adviser_id", sa.String(length=40), nullable=False, server_default=""))
        for name in TIMES:
            table.add_column(sa.Column(f"{name}_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("snoozed_until", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("overflowed_from", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("returned", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("wrap_up", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("right_team", sa.Boolean(), nullable=True))
        table.create_index(op.f("ix_handoffs_status"), ["status"], unique=False)
    _tables()


def _tables() -> None:
    op.create_table(
        "advisers",
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("queues", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("safeguarding", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_advisers_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_advisers")),
    )
    op.create_table(
        "typing",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "side", name=op.f("pk_typing")),
    )
    op.create_index(op.f("ix_typing_at"), "typing", ["at"], unique=False)
    op.create_table(
        "read_marks",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "side", name=op.f("pk_read_marks")),
    )
    op.create_table(
        "unsent_messages",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name=op.f("pk_unsent_messages")),
    )
    op.create_table(
        "conversation_labels",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "label", name=op.f("pk_conversation_labels")),
    )
    op.create_table(
        "mentions",
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", "staff_id", name=op.f("pk_mentions")),
    )
    op.create_index(op.f("ix_mentions_conversation_id"), "mentions", ["conversation_id"], unique=False)
    op.create_index("ix_mentions_staff", "mentions", ["staff_id", "read_at"], unique=False)


def downgrade() -> None:
    for name in ("mentions", "conversation_labels", "unsent_messages", "read_marks", "typing", "advisers"):
        op.drop_table(name)
    with op.batch_alter_table("handoffs") as table:
        table.drop_index(op.f("ix_handoffs_status"))
        for column in (
            "right_team",
            "wrap_up",
            "returned",
            "overflowed_from",
            "snoozed_until",
            *(f"{time}_at" for time in reversed(TIMES)),
        ):
            table.drop_column(column)
        for column in ("adviser_id", "service", "language", "live", "lane"):
            table.drop_column(column)
    with op.batch_alter_table("conversations") as table:
        for column in ("source", "context_from", "adviser_id"):
            table.drop_column(column)
