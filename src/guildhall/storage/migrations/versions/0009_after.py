"""after the conversation: outbox, safeguarding records, who came back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from guildhall.storage.database import UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_handoffs_requested_at"), "handoffs", ["requested_at"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trying_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("reference", name=op.f("uq_notifications_reference")),
    )
    op.create_index(op.f("ix_notifications_conversation_id"), "notifications", ["conversation_id"], unique=False)
    op.create_index("ix_notifications_due", "notifications", ["status", "next_at"], unique=False)
    _safeguarding()
    op.create_table(
        "contacts_known",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("digest", "conversation_id", name=op.f("pk_contacts_known")),
    )
    op.create_index(op.f("ix_contacts_known_at"), "contacts_known", ["at"], unique=False)
    op.create_table(
        "comments_read",
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("read_by", sa.String(length=40), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_comments_read")),
    )
    op.create_index(op.f("ix_comments_read_conversation_id"), "comments_read", ["conversation_id"], unique=False)


def _safeguarding() -> None:
    op.create_table(
        "safeguarding_records",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("out_of_hours", sa.Boolean(), nullable=False),
        sa.Column("found_later", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=False),
        sa.Column("met_at", UtcDateTime(), nullable=True),
        sa.Column("first_reply_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_records")),
        sa.UniqueConstraint("handoff_id", "category", name=op.f("uq_safeguarding_records_handoff_id")),
    )
    for column in ("conversation_id", "next_at", "raised_at", "reference"):
        op.create_index(op.f(f"ix_safeguarding_records_{column}"), "safeguarding_records", [column], unique=False)
    op.create_table(
        "safeguarding_steps",
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("told", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "number", name=op.f("pk_safeguarding_steps")),
    )
    op.create_index(op.f("ix_safeguarding_steps_conversation_id"), "safeguarding_steps", ["conversation_id"], unique=False)


def downgrade() -> None:
    for name in ("comments_read", "contacts_known", "safeguarding_steps", "safeguarding_records", "notifications"):
        op.drop_table(name)
    op.drop_index(op.f("ix_handoffs_requested_at"), "handoffs")
