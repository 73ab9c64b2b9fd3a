"""Content gaps and the questions in them. What a question means is sealed under its conversation's key, so that erasure takes it along."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, insert, select, update

from guildhall.records.sealing import SealError
from guildhall.storage.database import Database, in_lots
from guildhall.storage.keys import KeyRing
from guildhall.storage.learning_schema import content_gaps, gap_questions, learning_marks
from guildhall.storage.record import write_events
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.gaps import Gap, GapStatus, Missed, Unhelped
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId

Vector = NDArray[np.float32]
CHANGEABLE: Final = frozenset({"status", "owner", "due_on", "page", "page_digest", "reason", "service"})


@dataclass(frozen=True, slots=True)
class NewQuestions:
    """What one look found: questions with what they mean to `encoder`, gaps that are new, and older questions that now have a gap.

    `before` is the mark that the look began from and `upto` the one it ends at.
    """

    encoder: str
    before: int
    upto: int
    found: Sequence[tuple[Missed, Vector]] = ()
    gaps: Sequence[Gap] = ()
    moved: Mapping[tuple[str, int], str] = field(default_factory=dict)


class GapStore:
    """Repository of one council's gaps."""

    def __init__(self, database: Database, keys: KeyRing, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._keys, self._council, self._new_id = database, keys, council, new_id

    def mark(self) -> int:
        """How far the record was read; 0 before the first look."""
        with self._database.reading() as connection:
            return int(connection.execute(select(learning_marks.c.seq).where(self._here(learning_marks))).scalar() or 0)

    def gaps(self) -> tuple[Gap, ...]:
        """Every gap, the oldest first."""
        with self._database.reading() as connection:
            query = select(content_gaps).where(self._here(content_gaps)).order_by(content_gaps.c.found_at, content_gaps.c.id)
            return tuple(_gap(row) for row in connection.execute(query))

    def get(self, gap_id: str) -> Gap:
        """The gap of that id. Raises NotFoundError."""
        query = select(content_gaps).where(self._here(content_gaps), content_gaps.c.id == gap_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no content gap {gap_id}; `guildhall gaps list` shows which there are.")
        return _gap(row)

    def questions(self, gap_id: str | None = None, since: datetime | None = None) -> tuple[Missed, ...]:
        """The questions of a gap, or of all; the newest first."""
        query = select(gap_questions).where(self._here(gap_questions)).order_by(gap_questions.c.at.desc(), gap_questions.c.turn_id)
        if gap_id is not None:
            query = query.where(gap_questions.c.gap_id == gap_id)
        if since is not None:
            query = query.where(gap_questions.c.at >= since)
        with self._database.reading() as connection:
            return tuple(_missed(row) for row in connection.execute(query))

    def of_turn(self, turn_id: str) -> tuple[Missed, ...]:
        """What was left open in a turn."""
        with self._database.reading() as connection:
            query = select(gap_questions).where(self._here(gap_questions), gap_questions.c.turn_id == turn_id)
            return tuple(_missed(row) for row in connection.execute(query))

    def known(self, turn_ids: Iterable[str]) -> frozenset[str]:
        """Which of these turns are here already."""
        found: set[str] = set()
        with self._database.reading() as connection:
            for lot in in_lots(sorted(set(turn_ids))):
                found.update(connection.scalars(select(gap_questions.c.turn_id).where(gap_questions.c.turn_id.in_(lot))))
        return frozenset(found)

    def meanings(self, encoder: str, gap_id: str | None = None, most: int = 0) -> list[tuple[Missed, Vector]]:
        """Questions with what they mean to an encoder, the newest first: of a gap, or of all; without those whose words were erased."""
        query = select(gap_questions).where(self._here(gap_questions)).order_by(gap_questions.c.at.desc(), gap_questions.c.turn_id)
        if gap_id is not None:
            query = query.where(gap_questions.c.gap_id == gap_id)
        with self._database.reading() as connection:
            rows = connection.execute((query.limit(most) if most else query).where(gap_questions.c.encoder == encoder)).all()
        opened = ((_missed(row), self._opened(row)) for row in rows)
        return [(missed, vector) for missed, vector in opened if vector is not None]

    def read_by_others(self, encoder: str) -> tuple[Missed, ...]:
        """Questions whose meaning was kept as another encoder had it."""
        other = (self._here(gap_questions), gap_questions.c.encoder != encoder)
        with self._database.reading() as connection:
            return tuple(_missed(row) for row in connection.execute(select(gap_questions).where(*other)))

    def read_again(self, encoder: str, found: Sequence[tuple[Missed, Vector]]) -> None:
        """Keep what questions mean to this encoder in place of what they meant to another."""
        with self._database.writing() as connection:
            for missed, vector in found:
                if (row := self._row(encoder, missed, vector)) is not None:
                    here = (gap_questions.c.turn_id == missed.turn_id, gap_questions.c.part == missed.part)
                    connection.execute(update(gap_questions).where(*here).values(encoder=encoder, sealed=row["sealed"]))

    def _opened(self, row: Row[Any]) -> Vector | None:
        if not row.sealed:
            return None
        try:
            words = self._keys.sealer.open(self._keys.get(row.conversation_id), row.sealed, _bound(row.turn_id, row.part))
        except (NotFoundError, SealError):
            return None  # erased a moment ago, or not what was stored
        return np.frombuffer(base64.b64decode(words["means"]), np.float16).astype(np.float32)

    def keep(self, new: NewQuestions, at: datetime) -> bool:
        """Put in what a look has found; false, and nothing done, when another process was quicker."""
        rows = [row for missed, vector in new.found if (row := self._row(new.encoder, missed, vector)) is not None]
        with self._database.writing() as connection:
            if not self._move_mark(connection, new.before, new.upto, at):
                return False
            if new.gaps:
                connection.execute(insert(content_gaps), [self._gap_row(gap) for gap in new.gaps])
            if rows:
                connection.execute(insert(gap_questions), rows)
            for (turn_id, part), gap_id in new.moved.items():
                here = (gap_questions.c.turn_id == turn_id, gap_questions.c.part == part)
                connection.execute(update(gap_questions).where(*here).values(gap_id=gap_id))
            told = ({"gap": gap.id, "council": self._council, "service": gap.service} for gap in new.gaps)
            write_events(connection, None, [self._event(EventKind.GAP_FOUND, at, facts) for facts in told])
        return True

    def _move_mark(self, connection: Connection, before: int, upto: int, at: datetime) -> bool:
        here = self._here(learning_marks)
        if before:
            moved = update(learning_marks).where(here, learning_marks.c.seq == before).values(seq=upto, at=at)
            return connection.execute(moved).rowcount == 1
        if connection.execute(select(learning_marks.c.seq).where(here)).first():
            return False
        connection.execute(insert(learning_marks).values(council=self._council, seq=upto, at=at))
        return True

    def name(self, gap_id: str, words: Sequence[str], service: str, said_in: Iterable[str] = ()) -> None:
        """Give a gap its title. `said_in` are the conversations it is taken from: it gets none when one was erased since they were read.

        The next look names it by what is left.
        """
        with self._database.writing() as connection:
            gone = any(self._is_erased(conversation_id) for conversation_id in said_in)
            values = {"words": b"" if gone else " ".join(words).encode(), "service": service}
            connection.execute(update(content_gaps).where(content_gaps.c.id == gap_id).values(**values))

    def _is_erased(self, conversation_id: str) -> bool:
        try:
            self._keys.get(conversation_id)
        except NotFoundError:
            return True
        return False

    def change(self, gap_id: str, by: str, at: datetime, **values: Any) -> Gap:
        """Change a gap and say so in the record, in one transaction. Raises NotFoundError, and RefusedError for a field that is not changed so."""
        if unknown := values.keys() - CHANGEABLE:
            raise RefusedError(f"a gap's {', '.join(sorted(unknown))} cannot be changed; these can: {', '.join(sorted(CHANGEABLE))}.")
        before = self.get(gap_id)
        plain = {name: _plain(value) for name, value in values.items()}
        old = {name: _plain(getattr(before, name)) for name in plain}
        told = {name: [old[name], value] for name, value in plain.items() if old[name] != value and name not in ("reason", "page_digest")}
        with self._database.writing() as connection:
            changed = plain | ({"changed_at": at} if told else {})
            connection.execute(update(content_gaps).where(content_gaps.c.id == gap_id).values(**changed))
            if told:
                facts = {"gap": gap_id, "council": self._council, "by": by, "changed": told}
                write_events(connection, None, [self._event(EventKind.GAP_CHANGED, at, facts)])
        return self.get(gap_id)

    def _row(self, encoder: str, missed: Missed, vector: Vector) -> dict[str, Any] | None:
        try:
            key = self._keys.get(missed.conversation_id)
        except NotFoundError:
            return None  # erased while it was being read
        means = {"means": base64.b64encode(vector.astype(np.float16).tobytes()).decode()}
        row = {name: getattr(missed, name) for name in Missed.__slots__ if name not in ("gap", "why")}
        sealed = self._keys.sealer.seal(key, means, _bound(missed.turn_id, missed.part))
        mine = {"council": self._council, "gap_id": missed.gap, "why": missed.why.value, "encoder": encoder, "sealed": sealed}
        return row | mine

    def _gap_row(self, gap: Gap) -> dict[str, Any]:
        row: dict[str, Any] = {
            name: _plain(getattr(gap, name)) for name in Gap.__slots__ if name not in ("found_at", "changed_at", "words")
        }
        return row | {"council": self._council, "found_at": gap.found_at, "changed_at": gap.found_at, "words": " ".join(gap.words).encode()}

    def _event(self, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> Event:
        return Event(EventId(self._new_id("event")), kind, at, facts=facts)

    def _here(self, table: Any) -> Any:
        return table.c.council == self._council


def _bound(turn_id: str, part: int) -> str:
    return f"{turn_id}#{part}"


def _plain(value: Any) -> Any:
    if isinstance(value, GapStatus):
        return value.value
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def _gap(row: Row[Any]) -> Gap:
    return Gap(
        id=row.id,
        found_at=row.found_at,
        service=row.service,
        words=tuple(row.words.decode().split()),
        status=GapStatus(row.status),
        owner=row.owner,
        due_on=date.fromisoformat(row.due_on) if row.due_on else None,
        page=row.page,
        page_digest=row.page_digest,
        reason=row.reason,
        changed_at=row.changed_at,
    )


def _missed(row: Row[Any]) -> Missed:
    return Missed(
        TurnId(row.turn_id), ConversationId(row.conversation_id), row.event_id, row.at, Unhelped(row.why), row.part, row.service,
        row.language, row.channel, row.person, row.page, row.gap_id,
    )  # fmt: skip
