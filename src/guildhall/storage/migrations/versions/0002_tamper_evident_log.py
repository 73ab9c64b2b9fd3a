"""the tamper-evident log; events that are older than it are taken in"""

import os
import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from guildhall.records.commitments import SALT_BYTES, commitment
from guildhall.records.log_record import FIRST, NO_WORDS, SEALED, SHAPES, LogRecord, log_time, packs_of_stored
from guildhall.records.merkle import leaf_hash
from guildhall.storage.database import UtcDateTime

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT_ONCE = 2_000

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
events = sa.table(
    "events",
    *(sa.column(name) for name in ("seq", "id", "kind", "conversation_id", "turn_id", "facts", "facts_salt", "log_seq", "log_number")),
    sa.column("at", UtcDateTime()),
)
payloads = sa.table("payloads", sa.column("event_id"), sa.column("sealed"), sa.column("words_salt"))


def upgrade() -> None:
    records = _create_tables()
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facts_salt", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("log_seq", number, nullable=True))
        batch_op.add_column(sa.Column("log_number", sa.Integer(), nullable=True))
    with op.batch_alter_table("payloads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words_salt", sa.LargeBinary(), nullable=True))
    take_in(op.get_bind(), records)


def _create_tables() -> sa.Table:
    records = op.create_table(
        "log_records",
        sa.Column("seq", number, autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_records")),
    )
    op.create_table(
        "log_tiles",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_tiles")),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", number, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    op.create_table(
        "log_cosignatures",
        sa.Column("size", number, autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_log_cosignatures")),
    )
    op.create_table(
        "log_witnesses",
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("size", number, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("witness", name=op.f("pk_log_witnesses")),
    )
    return records


def take_in(connection: sa.Connection, records: sa.Table) -> None:
    """Every event that is there goes into the log in its order, a few thousand at a time."""
    log = OldEvents()
    after = -1
    while rows := connection.execute(_events_after(after)).all():
        placed = [log.place(row) for row in rows]
        connection.execute(sa.insert(records), [{"seq": p["log_seq"], "leaf": p["leaf"], "record": p["record"]} for p in placed])
        connection.execute(_NOTED, [{name: p[name] for name in ("its_id", "salt", "at_seq", "at_number")} for p in placed])
        if sealed := [{"its_id": p["its_id"], "salt": p["words_salt"]} for p in placed if p["words_salt"]]:
            connection.execute(_SALTED, sealed)
        after = rows[-1].seq


def _events_after(seq: int) -> sa.Select[Any]:
    joined = events.outerjoin(payloads, payloads.c.event_id == events.c.id)
    return sa.select(events, payloads.c.sealed).select_from(joined).where(events.c.seq > seq).order_by(events.c.seq).limit(AT_ONCE)


_NOTED = (
    events.update()
    .where(events.c.id == sa.bindparam("its_id"))
    .values(facts_salt=sa.bindparam("salt"), log_seq=sa.bindparam("at_seq"), log_number=sa.bindparam("at_number"))
)
_SALTED = payloads.update().where(payloads.c.event_id == sa.bindparam("its_id")).values(words_salt=sa.bindparam("salt"))


class OldEvents:
    """Gives one event after the other its place. Words are sealed and no key is at hand, so the sealed bytes are committed to."""

    def __init__(self) -> None:
        self._seq, self._previous, self._numbers = 0, FIRST, dict[str, int]()

    def place(self, row: Any) -> dict[str, Any]:
        """What is stored about one event."""
        facts_salt, words_salt = os.urandom(SALT_BYTES), os.urandom(SALT_BYTES) if row.sealed is not None else b""
        conversation, number_in = row.conversation_id or "", 0
        if conversation:
            number_in = self._numbers[conversation] = self._numbers.get(conversation, 0) + 1
        data = LogRecord(
            at=log_time(row.at),
            conversation=conversation,
            facts_commit=commitment(facts_salt, row.facts.encode()),
            id=row.id,
            kind=row.kind,
            number=number_in,
            pack=packs_of_stored(row.facts),
            payload=SEALED if words_salt else NO_WORDS,
            previous=self._previous,
            seq=self._seq,
            turn=row.turn_id if row.turn_id and re.fullmatch(SHAPES["turn"], row.turn_id) else "",
            words_commit=commitment(words_salt, row.sealed) if words_salt else "",
        ).encoded()
        leaf = leaf_hash(data)
        found = {"its_id": row.id, "salt": facts_salt, "at_seq": self._seq, "at_number": number_in, "words_salt": words_salt}
        self._seq, self._previous = self._seq + 1, leaf.hex()
        return found | {"log_seq": found["at_seq"], "leaf": leaf, "record": data}


def downgrade() -> None:
    with op.batch_alter_table("payloads", schema=None) as batch_op:
        batch_op.drop_column("words_salt")
    with op.batch_alter_table("events", schema=None) as batch_op:
        for name in ("log_number", "log_seq", "facts_salt"):
            batch_op.drop_column(name)
    for table in ("log_witnesses", "log_cosignatures", "log_checkpoints", "log_tiles", "log_records"):
        op.drop_table(table)
