"""Runs the retention schedules: what is over is looked for, holds are respected, and the rest is erased, unlinked or deleted.

A clock that jumped would erase too much. A run therefore refuses a time before the last thing that happened, and one that is long
after the last run, until a named person says that the clock is right.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, delete, func, select, update

from guildhall.records.erasing import Erasing
from guildhall.records.erasures import Certificate
from guildhall.records.ports import Appends, Progress
from guildhall.records.retention import Action, Covers, RetentionFile, Schedule
from guildhall.records.sources import KEPT_FOR
from guildhall.storage.after_schema import safeguarding_records
from guildhall.storage.calls_schema import calls
from guildhall.storage.database import Database, in_lots
from guildhall.storage.holds import HoldStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.recordings import RecordingsFolder
from guildhall.storage.rights_schema import rights_requests
from guildhall.storage.schema import callbacks, conversations, events, handoffs, payloads
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import LIVE
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.turns import SIMULATED

JUMP = timedelta(days=7)
"""Retention runs daily; a clock that says it did not for so long is asked about."""
LOST_CALL = timedelta(days=1)
"""A call of whose end nobody heard is over by then."""
UNLINKED = ""


@dataclass(frozen=True, slots=True)
class Due:
    """What one schedule finds: ids, or paths, that are over, and how many more a hold keeps."""

    name: str
    schedule: Schedule
    over: tuple[str, ...]
    held: int


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run went. `swept` counts conversations erased before whose words came back, by a restore or a race."""

    due: tuple[Due, ...]
    swept: int
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True)
class Folders:
    """Where copies lie."""

    exports: Path
    main_backups: Path
    key_backups: Path
    recordings: RecordingsFolder


class Retention:
    """The schedules of one council over its stores."""

    def __init__(
        self,
        file: RetentionFile,
        keeps_transcripts: bool,
        database: Database,
        keys: KeyRing,
        holds: HoldStore,
        erasing: Erasing,
        record: Appends,
        folders: Folders,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str],
    ) -> None:
        self.file = file
        self._keeps_transcripts = keeps_transcripts
        self._database = database
        self._keys = keys
        self._holds = holds
        self._erasing = erasing
        self._record = record
        self._folders = folders
        self._clock = clock
        self._new_id = new_id

    def due(self) -> tuple[Due, ...]:
        """What is over now, schedule by schedule. Changes nothing."""
        now, found = self._clock(), []
        words: set[str] = set()
        for name, schedule in self.file.schedules.items():
            over = self._over(schedule, self._cutoff(schedule, now))
            if schedule.covers in (Covers.WORDS, Covers.CALL_TRANSCRIPTS):  # the words of one conversation are erased once
                over = tuple(one for one in over if one not in words)
                words |= set(over)
            free = over if schedule.covers in FILES else self._free(over, schedule.covers)
            found.append(Due(name, schedule, free, len(over) - len(free)))
        return tuple(found)

    def _cutoff(self, schedule: Schedule, now: datetime) -> datetime:
        """What is older is over. Where the council keeps no transcripts, a call's words are over with the call."""
        return now if schedule.covers == Covers.CALL_TRANSCRIPTS and not self._keeps_transcripts else schedule.cutoff(now)

    def run(self, progress: Progress = lambda _done, _all: None, clock_is_right: str = "") -> Ran:
        """Do what is due. Raises RefusedError when the clock cannot be believed."""
        self.check_clock(clock_is_right)
        swept = self.sweep()
        self._clear_sources()
        certificates = list(self._erasing.resume())
        found = self.due()
        for number, due in enumerate(found):
            progress(number, len(found))
            if due.over and due.schedule.action == Action.ERASE:
                rule = self._rule(due)
                erasure = self._erasing.decide(due.over, rule, due.schedule.authority, "the retention schedule")
                certificates.append(self._erasing.carry_out(erasure))
            elif due.over:
                self._do(due)
        progress(len(found), len(found))
        facts = {due.name: {"over": len(due.over), "held": due.held} for due in found} | {"swept": swept}
        by = clock_is_right or "the retention schedule"
        self._record.append([self._event({"schedules": facts, "by": by})])
        return Ran(found, swept, tuple(certificates))

    def _rule(self, due: Due) -> str:
        if due.schedule.covers == Covers.CALL_TRANSCRIPTS and not self._keeps_transcripts:
            return f"{due.name}: no transcripts of calls are kept"
        return f"{due.name}: {due.schedule.days} days from {due.schedule.trigger.replace('_', ' ')}"

    def _clear_sources(self) -> None:
        """Where a conversation came from is only a code, and has nothing left to do after a day: it goes whatever is held. That one was
        simulated stays said."""
        codes = conversations.c.source.not_in(("", SIMULATED))
        old = (codes, conversations.c.started_at < self._clock() - KEPT_FOR)
        with self._database.writing() as connection:
            connection.execute(update(conversations).where(*old).values(source=""))

    def last_run(self) -> datetime | None:
        """When it last ran to its end."""
        query = select(func.max(events.c.at)).where(events.c.kind == EventKind.RETENTION_RUN.value)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def check_clock(self, clock_is_right: str = "") -> None:
        """Believe the clock only near the last run, or on the first one near the last event; events may be written by the wrong clock."""
        with self._database.reading() as connection:
            latest = connection.execute(select(events.c.at).order_by(events.c.seq.desc()).limit(1)).scalar()
        if latest is None or clock_is_right:
            return
        now, known = self._clock(), self.last_run() or latest
        if now < latest - timedelta(minutes=5):
            raise RefusedError(
                f"the clock says {now:%d %B %Y %H:%M}, but the record has an event of {latest:%d %B %Y %H:%M}. Nothing was erased. "
                "Set the clock right; or, if it is right, run `guildhall retention run --clock-is-right NAME`."
            )
        if now - known > JUMP:
            raise RefusedError(
                f"the clock says {now:%d %B %Y %H:%M}, {(now - known).days} days after retention last ran or anything happened. Nothing was "
                "erased, because a clock that jumped would erase too much. If it is right, run `guildhall retention run --clock-is-right NAME`."
            )

    def _free(self, ids: Sequence[str], covers: Covers) -> tuple[str, ...]:
        if covers == Covers.RECORDINGS:
            there = {kept.head.recording: kept.head.conversation for kept in self._folders.recordings.all()}
            clear = set(self._holds.free(sorted({there[recording] for recording in ids if recording in there})))
            return tuple(recording for recording in ids if there.get(recording) in clear)
        if covers != Covers.CALLBACKS:
            return self._holds.free(ids)
        of: dict[str, str] = {}
        with self._database.reading() as connection:
            for lot in in_lots(ids):
                pairs = connection.execute(select(callbacks.c.id, callbacks.c.conversation_id).where(callbacks.c.id.in_(lot)))
                of |= {row.id: row.conversation_id for row in pairs}
        free = set(self._holds.free(sorted(set(of.values()))))
        return tuple(callback for callback in ids if of[callback] in free)

    def _over(self, schedule: Schedule, cutoff: datetime) -> tuple[str, ...]:
        if schedule.covers in FILES:
            return tuple(str(path) for path in sorted(self._folder(schedule.covers).glob("*")) if _made_at(path) < cutoff)
        if schedule.covers == Covers.RECORDINGS:
            return tuple(kept.head.recording for kept in self._folders.recordings.before(cutoff))
        if schedule.covers == Covers.STAFF_PROMPTS:
            return ()  # nothing keeps them yet
        with self._database.reading() as connection:
            return tuple(connection.scalars(QUERIES[schedule.covers](cutoff)))

    def _folder(self, covers: Covers) -> Path:
        folders = {
            Covers.EXPORTS: self._folders.exports,
            Covers.MAIN_BACKUPS: self._folders.main_backups,
            Covers.KEY_BACKUPS: self._folders.key_backups,
        }
        return folders[covers]

    def _do(self, due: Due) -> None:
        if due.schedule.covers in FILES:
            for name in due.over:
                path = Path(name)
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            return
        if due.schedule.covers == Covers.RECORDINGS:
            over = set(due.over)
            self._folders.recordings.delete([kept for kept in self._folders.recordings.all() if kept.head.recording in over])
            return
        with self._database.writing() as connection:
            for lot in in_lots(due.over):
                if due.schedule.covers == Covers.CALLBACKS:
                    connection.execute(delete(callbacks).where(callbacks.c.id.in_(lot)))
                else:  # the facts stay, under an id that neither a browser nor a reference leads to
                    there = conversations.c.id.in_(lot)
                    connection.execute(update(conversations).where(there).values(secret_digest=UNLINKED))
                    connection.execute(delete(callbacks).where(callbacks.c.conversation_id.in_(lot)))
                    connection.execute(delete(handoffs).where(handoffs.c.conversation_id.in_(lot)))
        self._database.scrub()

    def sweep(self) -> int:
        """Words of conversations erased before must stay gone, whatever brought them back; how many conversations had some."""
        self._keys.catch_up()
        erased = [stone.conversation_id for stone in self._keys.all_erased()]
        back = frozenset().union(*(store.holding(erased) for store in self._erasing.stores))
        for store in self._erasing.stores if back else ():
            store.purge(back)
        return len(back)

    def _event(self, facts: dict[str, object]) -> Event:
        return Event(EventId(self._new_id("event")), EventKind.RETENTION_RUN, self._clock(), None, None, facts)


FILES = (Covers.EXPORTS, Covers.MAIN_BACKUPS, Covers.KEY_BACKUPS)


def _made_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _words_over(cutoff: datetime) -> Select[tuple[str]]:
    """Conversations with words, none of them younger."""
    query = select(payloads.c.conversation_id).join(events, events.c.id == payloads.c.event_id)
    return query.group_by(payloads.c.conversation_id).having(func.max(events.c.at) < cutoff).order_by(payloads.c.conversation_id)


def _call_words_over(cutoff: datetime) -> Select[tuple[str]]:
    """Calls that are over, whose words nobody needs any more: no person has them to see to, and nobody at risk is on record because of them."""
    still_open = select(handoffs.c.conversation_id).where(handoffs.c.status.in_([status.value for status in LIVE]))
    at_risk = select(safeguarding_records.c.conversation_id)
    over = calls.c.ended_at.is_not(None) | (calls.c.began_at < cutoff - LOST_CALL)
    mine = select(calls.c.conversation_id).where(over, calls.c.conversation_id.not_in(still_open), calls.c.conversation_id.not_in(at_risk))
    return _words_over(cutoff).where(payloads.c.conversation_id.in_(mine))


def _facts_over(cutoff: datetime) -> Select[tuple[str]]:
    """Conversations that a browser or a reference still leads to, although their last turn is older."""
    turns = events.c.turn_id.is_not(None) | (events.c.kind == EventKind.CONVERSATION_STARTED.value)
    lately = select(events.c.conversation_id).where(turns, events.c.at >= cutoff, events.c.conversation_id.is_not(None))
    linked = (conversations.c.secret_digest != UNLINKED) | conversations.c.id.in_(select(handoffs.c.conversation_id))
    query = select(conversations.c.id).where(linked, conversations.c.started_at < cutoff, conversations.c.id.not_in(lately))
    return query.order_by(conversations.c.id)


def _callbacks_over(cutoff: datetime) -> Select[tuple[str]]:
    """Callbacks whose time has passed; those for as soon as possible count from their booking."""
    when = func.coalesce(callbacks.c.slot_ends_at, callbacks.c.booked_at)
    return select(callbacks.c.id).where(when < cutoff).order_by(callbacks.c.id)


def _requests_over(cutoff: datetime) -> Select[tuple[str]]:
    """Requests answered longer ago, whose words are there still."""
    there = func.length(rights_requests.c.sealed) > 0
    return select(rights_requests.c.id).where(rights_requests.c.closed_at < cutoff, there).order_by(rights_requests.c.id)


QUERIES: dict[Covers, Callable[[datetime], Select[tuple[str]]]] = {
    Covers.WORDS: _words_over,
    Covers.CALL_TRANSCRIPTS: _call_words_over,
    Covers.FACTS: _facts_over,
    Covers.CALLBACKS: _callbacks_over,
    Covers.REQUESTS: _requests_over,
}
