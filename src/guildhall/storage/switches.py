"""Kill switches: every turn of one is kept for ever, what is off is read from the newest turn of each, and a process reads it once a second."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Index, String, Table, Text, func, insert, select

from guildhall.storage.database import Database, UtcDateTime, metadata
from guildhall.storage.record import write_events
from guildhall.storage.schema import Sequence
from guildhall.storage.watching import Watched
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.switches import LEAST_REASON, Switch, Switches, SwitchKind, SwitchTurn

NAMED_IN_AN_ERROR = 12

Known = Callable[[SwitchKind], Collection[str]]
"""The targets there are of a kind."""

switch_turns = Table(
    "switch_turns",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("council", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(200), nullable=False),
    Column("off", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("turned_by", String(200), nullable=False),
    Column("turned_at", UtcDateTime, nullable=False),
    Column("lapses_at", UtcDateTime),
    Index("ix_switch_turns_target", "council", "kind", "target", "seq"),
)


class SwitchStore:
    """The switches of one council. `clock` is the real one: a switch keeps no demonstration's day. `known` are the targets there are."""

    def __init__(self, database: Database, council: str, known: Known, new_id: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self._database = database
        self.council = council
        self._known = known
        self._new_id = new_id
        self.clock = clock

    def turn_off(
        self, kind: SwitchKind, target: str, reason: str, by: str, *, lapses_after: timedelta | None = None, lone: bool = False
    ) -> SwitchTurn:
        """Turn something off, whether or not it is off already; a `lone` turn is refused then. Raises RefusedError."""
        reason, by = _checked(reason, by)
        self._check_target(kind, target)
        at = self.clock()
        with self._database.writing() as connection:
            before = self._newest(connection, kind, target)
            if lone and before and _is_off(before, at):
                raise RefusedError(
                    f"{kind.value} {target} is off already, since {before.switch.at:%d %b %Y %H:%M} UTC: {before.switch.reason}"
                )
            return self._append(connection, True, Switch(kind, target, reason, by, at, at + lapses_after if lapses_after else None))

    def turn_on(self, kind: SwitchKind, target: str, reason: str, by: str, *, only: SwitchTurn | None = None) -> SwitchTurn | None:
        """Turn something on again; with `only`, no more than when that turn is still the newest. Raises RefusedError when it is not off."""
        reason, by = _checked(reason, by)
        at = self.clock()
        with self._database.writing() as connection:
            before = self._newest(connection, kind, target)
            is_off = before is not None and _is_off(before, at)
            if only is not None and not (is_off and before and before.number == only.number):
                return None
            if not is_off:
                self._check_target(kind, target)
                raise RefusedError(f"{kind.value} {target} is not off. `guildhall switch list` shows what is.")
            return self._append(connection, False, Switch(kind, target, reason, by, at))

    def off(self) -> Switches:
        """What is off now: one small query."""
        with self._database.reading() as connection:
            newest = select(func.max(switch_turns.c.seq)).where(switch_turns.c.council == self.council)
            newest = newest.group_by(switch_turns.c.kind, switch_turns.c.target)
            rows = connection.execute(select(switch_turns).where(switch_turns.c.seq.in_(newest), switch_turns.c.off)).all()
        turns, now = [_turn(row) for row in rows], self.clock()
        return Switches.of(sorted((turn.switch for turn in turns if _is_off(turn, now)), key=lambda switch: switch.at))

    def history(self, limit: int = 1000) -> tuple[SwitchTurn, ...]:
        """Every turn of every switch, newest first."""
        query = select(switch_turns).where(switch_turns.c.council == self.council).order_by(switch_turns.c.seq.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(_turn(row) for row in connection.execute(query).all())

    def note_drill(self, facts: Mapping[str, Any]) -> None:
        """Record that a switch was tried out, and how fast it took effect."""
        with self._database.writing() as connection:
            self._note(connection, EventKind.SWITCH_DRILLED, self.clock(), facts)

    def targets(self, kind: SwitchKind) -> tuple[str, ...]:
        """What can be switched of a kind."""
        return tuple(self._known(kind))

    def _check_target(self, kind: SwitchKind, target: str) -> None:
        known = list(self._known(kind))
        if target in known:
            return
        if not known:
            raise RefusedError(f"there is no {kind.value} to switch: this deployment has none beside what is built in.")
        near = get_close_matches(target, known, NAMED_IN_AN_ERROR, 0.5) if len(known) > NAMED_IN_AN_ERROR else known
        named = ", ".join(near or known[:NAMED_IN_AN_ERROR])
        count = f" (of {len(known)})" if len(near or known[:NAMED_IN_AN_ERROR]) < len(known) else ""
        raise RefusedError(f"`{target}` is no {kind.value} of this council. Use one of: {named}{count}.")

    def _newest(self, connection: Connection, kind: SwitchKind, target: str) -> SwitchTurn | None:
        same = (switch_turns.c.council == self.council, switch_turns.c.kind == kind.value, switch_turns.c.target == target)
        row = connection.execute(select(switch_turns).where(*same).order_by(switch_turns.c.seq.desc()).limit(1)).one_or_none()
        return _turn(row) if row else None

    def _append(self, connection: Connection, off: bool, switch: Switch) -> SwitchTurn:
        row = {"kind": switch.kind.value, "target": switch.target, "off": off, "reason": switch.reason, "turned_by": switch.by}
        done = connection.execute(insert(switch_turns).values(council=self.council, turned_at=switch.at, lapses_at=switch.lapses_at, **row))
        number = done.inserted_primary_key[0] if done.inserted_primary_key else 0
        lapses = switch.lapses_at.isoformat() if switch.lapses_at else None
        facts = {"number": number, "kind": switch.kind.value, "target": switch.target, "off": off, "reason": switch.reason, "by": switch.by}
        self._note(connection, EventKind.SWITCH_TURNED, switch.at, facts | {"lapses_at": lapses})
        return SwitchTurn(number, off, switch)

    def _note(self, connection: Connection, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        write_events(connection, None, [Event(EventId(self._new_id("event")), kind, at, facts={"council": self.council, **facts})])


class WatchedSwitches(Watched[Switches]):
    """What is off, as this process last read it. A reading that fails keeps what was known: nothing that is off comes on because something broke."""

    name = "switches"


def _checked(reason: str, by: str) -> tuple[str, str]:
    reason, by = " ".join(reason.split()), " ".join(by.split())
    if len(reason) < LEAST_REASON:
        raise RefusedError(f"a switch needs a reason of at least {LEAST_REASON} characters, so that others understand it later.")
    if not by:
        raise RefusedError("a switch needs the name of who turns it.")
    return reason, by[:200]


def _is_off(turn: SwitchTurn, now: datetime) -> bool:
    lapses_at = turn.switch.lapses_at
    return turn.off and (lapses_at is None or lapses_at > now)


def _turn(row: Any) -> SwitchTurn:
    switch = Switch(SwitchKind(row.kind), row.target, row.reason, row.turned_by, row.turned_at, row.lapses_at)
    return SwitchTurn(row.seq, row.off, switch)
