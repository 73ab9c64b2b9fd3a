"""The tamper-evident log as it is stored: records appended with their events, hashes of whole subtrees, checkpoints and cosignatures.

Appends are serialised: on SQLite by its one writer, on PostgreSQL by an advisory lock held until the transaction ends.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, String, Table, Text, func, insert, select

from guildhall.records.log_record import FIRST, Committed
from guildhall.records.merkle import leaf_hash, root_of
from guildhall.storage.database import UtcDateTime, metadata
from guildhall.vocabulary.errors import GuildhallError

APPEND_LOCK = 0x6C6F67  # any number, the same in every process: PostgreSQL knows advisory locks by number
TILE_LEVELS = (8, 16, 24)
READ_AT_ONCE = 5_000
TILES_AT_ONCE = 64

log_records = Table(
    "log_records",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
)

log_tiles = Table(
    "log_tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

log_checkpoints = Table(
    "log_checkpoints",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
)

log_cosignatures = Table(
    "log_cosignatures",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("witness", String(200), primary_key=True),
    Column("line", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

log_witnesses = Table(
    "log_witnesses",
    metadata,
    Column("witness", String(200), primary_key=True),
    Column("size", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("tried_at", UtcDateTime, nullable=False),
)

# Said in the drivers' own words: these run with every event, and building them anew would cost as much as running them.
_LOCK = f"select pg_advisory_xact_lock({APPEND_LOCK})"
_LAST_NUMBER = "select log_number from events where conversation_id = ? order by seq desc limit 1"
_TAIL_AND_LAST_NUMBER = f"select seq, leaf, ({_LAST_NUMBER}) from log_records order by seq desc limit 1"
_APPEND = "insert into log_records (seq, leaf, record) values (?, ?, ?)"


def append_to_log(connection: Connection, committed: Sequence[Committed]) -> list[tuple[int, int]]:
    """Give each event its place in the log, in the caller's transaction: its number in the log, and in its conversation."""
    postgresql = connection.dialect.name == "postgresql"
    both, last_number, append = (s.replace("?", "%s") if postgresql else s for s in (_TAIL_AND_LAST_NUMBER, _LAST_NUMBER, _APPEND))
    if postgresql:
        connection.exec_driver_sql(_LOCK)
    first = committed[0].event.conversation_id or ""
    tail = connection.exec_driver_sql(both, (first,)).first()
    seq, previous = (tail[0] + 1, tail[1].hex()) if tail else (0, FIRST)
    numbers: dict[str, int] = {first: tail[2] or 0} if tail else {}
    rows: list[tuple[int, bytes, bytes]] = []
    places: list[tuple[int, int]] = []
    for item in committed:
        conversation, number = item.event.conversation_id, 0
        if conversation is not None:
            before = numbers.get(conversation)
            if before is None:
                before = connection.exec_driver_sql(last_number, (conversation,)).scalar() or 0
            number = numbers[conversation] = before + 1
        record = item.placed(seq, number, previous).encoded()
        leaf = leaf_hash(record)
        rows.append((seq, leaf, record))
        places.append((seq, number))
        seq, previous = seq + 1, leaf.hex()
    connection.exec_driver_sql(append, rows)
    return places


class LogHashes:
    """The hashes of the log's subtrees, for proofs over checkpointed sizes. Whole subtrees of 256 and more leaves are kept."""

    levels = (0, *TILE_LEVELS)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        """The hashes asked for. Raises GuildhallError when some are missing."""
        if level == 0:
            leaves, column, where = log_records.c.leaf, log_records.c.seq, []
        else:
            leaves, column, where = log_tiles.c.hash, log_tiles.c.number, [log_tiles.c.level == level]
        query = select(leaves).where(column >= start, column < end, *where).order_by(column)
        found = [row[0] for row in self._connection.execute(query)]
        if len(found) != end - start:
            raise GuildhallError(f"the log lacks {end - start - len(found)} of its hashes from {start} to {end} at level {level}")
        return found


def size_of(connection: Connection) -> int:
    """How many records the log holds."""
    last = connection.execute(select(func.max(log_records.c.seq))).scalar()
    return 0 if last is None else int(last) + 1


def keep_tiles(connection: Connection, size: int, at_most: int = TILES_AT_ONCE) -> bool:
    """Store hashes of whole subtrees among the first `size` leaves that are not stored yet; whether all are stored now."""
    hashes = LogHashes(connection)
    for below, level in zip(hashes.levels, TILE_LEVELS, strict=False):
        last = connection.execute(select(func.max(log_tiles.c.number)).where(log_tiles.c.level == level)).scalar()
        first, end = (0 if last is None else last + 1), size >> level
        width = 1 << (level - below)
        rows = [
            {"level": level, "number": number, "hash": root_of(hashes.read(below, number * width, (number + 1) * width))}
            for number in range(first, min(end, first + at_most))
        ]
        if rows:
            connection.execute(insert(log_tiles), rows)
        if end - first > at_most:
            return False
    return True


def records_of(connection: Connection, start: int, end: int) -> Iterator[bytes]:
    """The canonical bytes of records `start` up to, not including, `end`, in order and a few thousand at a time."""
    for first in range(start, end, READ_AT_ONCE):
        column = log_records.c.seq
        query = select(log_records.c.record).where(column >= first, column < min(end, first + READ_AT_ONCE)).order_by(column)
        for row in connection.execute(query).all():
            yield row[0]
