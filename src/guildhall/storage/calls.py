"""Calls as they stand: begun once however often they are told of, put through, and over. Each change and its event are one transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from guildhall.storage.calls_schema import calls
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock, own
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import write_events
from guildhall.storage.schema import events, handoffs
from guildhall.vocabulary.calls import DUTY, Call, CallStanding, Hearing
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import LIVE, HandoffStatus
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel, Owner


@dataclass(frozen=True, slots=True)
class Rang:
    """A call that comes in. The numbers are sealed; `source` stands for where it comes from, and says nothing of who it is."""

    call_id: str
    caller: str
    dialled: str
    language: str
    hearing: Hearing
    source: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that happened in a call. `words` are kept sealed; `id` makes it one event however often it is told of."""

    kind: EventKind
    facts: Mapping[str, Any]
    words: Mapping[str, Any]
    turn_id: str = ""
    id: str = ""


class CallStore:
    """Repository of calls for one council."""

    def __init__(
        self, database: Database, keys: KeyRing, council: str, conversations: ConversationStore, new_id: Callable[[str], str]
    ) -> None:
        self._database = database
        self._keys = keys
        self._council = council
        self._conversations = conversations
        self._writer = EventWriter(keys, new_id)

    # reading

    def get(self, conversation_id: str) -> Call | None:
        """The call of a conversation; None when it is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(calls).where(calls.c.conversation_id == conversation_id)).one_or_none()
        return _call(row) if row else None

    def numbers(self, conversation_id: str) -> tuple[str, str]:
        """Who rang, and what they dialled; both empty once that was erased. Staff see it after `StaffViews` has noted that they look."""
        with self._database.reading() as connection:
            sealed = connection.execute(select(calls.c.sealed).where(calls.c.conversation_id == conversation_id)).scalar()
        try:
            words = self._keys.sealer.open(self._keys.get(conversation_id), sealed, conversation_id) if sealed else {}
        except NotFoundError:
            return "", ""
        return str(words.get("caller", "")), str(words.get("dialled", ""))

    def language_of(self, conversation_id: str) -> str:
        """The language the call began in."""
        conversation = self._conversations.load(ConversationId(conversation_id))
        return conversation.language if conversation else ""

    def noted(self, conversation_id: str) -> tuple[Mapping[str, Any], ...]:
        """What was noted of the call, the oldest first; facts without words."""
        query = select(events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.CALL_NOTED.value)
        with self._database.reading() as connection:
            return tuple(json.loads(facts) for facts in connection.execute(query.order_by(events.c.seq)).scalars())

    def tried(self, conversation_id: str) -> Mapping[str, int]:
        """How often nobody answered in this call, by adviser or by line."""
        query = select(events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.CALL_NOT_BRIDGED.value)
        with self._database.reading() as connection:
            found = [json.loads(facts) for facts in connection.execute(query).scalars()]
        return Counter(str(facts.get("had") or (DUTY if facts.get("duty") else "") + facts["queue"]) for facts in found)

    # changing

    def begin(self, rang: Rang, at: datetime) -> str:
        """The conversation of a call, begun now unless it was told of before."""
        known_as = hashlib.sha256(f"{self._council}\n{rang.call_id}".encode()).hexdigest()
        if known := self._known(known_as):
            return known

        def beside(connection: Connection, conversation_id: str) -> None:
            numbers = {"caller": rang.caller, "dialled": rang.dialled}
            sealed = self._keys.sealer.seal(self._keys.get(conversation_id), numbers, conversation_id)
            row = {
                "conversation_id": conversation_id,
                "known_as": known_as,
                "sealed": sealed,
                "hearing": rang.hearing.value,
                "began_at": at,
            }
            connection.execute(insert(calls).values(**row))
            facts = {"hearing": rang.hearing.value, "withheld": not rang.caller, "language": rang.language}
            self._writer.note(connection, EventKind.CALL_BEGAN, at, conversation_id, facts)

        try:
            return self._conversations.start(Channel.PHONE, rang.language, at, rang.source, beside)[0].id
        except IntegrityError:
            if known := self._known(known_as):  # told of twice in the same moment
                return known
            raise

    def note(self, conversation_id: str, noted: Noted, at: datetime) -> bool:
        """Put something into the record; false when that very thing is there already. A new state is the call's from then on."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            if noted.id and connection.execute(select(events.c.id).where(events.c.id == noted.id)).scalar():
                return False
            if noted.facts.get("what") == "state":
                self._change(connection, conversation_id, state=str(noted.facts.get("after", ""))[:16])
            event_id = EventId(noted.id or self._writer.new_id("event"))
            turn = TurnId(noted.turn_id) if noted.turn_id else None
            write_events(
                connection,
                self._keys,
                [Event(event_id, noted.kind, at, ConversationId(conversation_id), turn, noted.facts, noted.words)],
            )
        return True

    def in_danger(self, conversation_id: str, at: datetime) -> None:
        """Danger was heard; the first time counts."""
        self._once(conversation_id, "danger_at", at)

    def asked(self, conversation_id: str, reference: str, at: datetime) -> None:
        """A person was asked for; the first time counts."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            since = func.coalesce(calls.c.asked_at, at)
            self._change(connection, conversation_id, reference=reference, asked_at=since)
            self._stand(connection, conversation_id, CallStanding.WAITING, unless=CallStanding.TALKING)

    def ringing(self, conversation_id: str, reference: str, at: datetime, *, adviser: str = "", line: str = "") -> None:
        """A phone rings: an adviser's own, or that of a queue. Told again while the same one rings, nothing is written."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            now = self._row(connection, conversation_id)
            if now is None or now.bridged_at or (now.rung_at and (now.rings, now.line) == (adviser, line)):
                return
            self._change(connection, conversation_id, reference=reference, rings=adviser, line=line, rung_at=at)
            self._stand(connection, conversation_id, CallStanding.RINGING)
            facts = {"reference": reference, **_line(line)} | ({"to": adviser} if adviser else {})
            self._writer.note(connection, EventKind.CALL_RUNG, at, conversation_id, facts)

    def bridged(self, conversation_id: str, reference: str, at: datetime) -> Call | None:
        """A person answered: from now on they talk. How long the caller waited for a human voice goes into the record. Once only."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            now = self._row(connection, conversation_id)
            if now is None or now.bridged_at:
                return _call(now) if now else None
            self._change(connection, conversation_id, bridged_at=at, asked_at=func.coalesce(calls.c.asked_at, at), reference=reference)
            self._stand(connection, conversation_id, CallStanding.TALKING)
            answered = {"met_at": func.coalesce(handoffs.c.met_at, at), "first_reply_at": func.coalesce(handoffs.c.first_reply_at, at)}
            told = {"last_adviser_at": at, "owed_since": None}  # what is said now is said aloud: no written word is owed
            here = (handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
            connection.execute(update(handoffs).where(*here).values(**answered, **told))
            if lock(connection, conversation_id).owner != Owner.ADVISER.value:  # whoever answers the queue's own line: nobody else is asked
                waits = (*here, handoffs.c.status == HandoffStatus.REQUESTED.value)
                connection.execute(update(handoffs).where(*waits).values(live=False))
                own(connection, self._writer, conversation_id, Owner.QUEUE, "", at)
            call = _call(self._row(connection, conversation_id))
            facts: dict[str, Any] = {"reference": reference, **_line(call.line), "waited_seconds": call.waited_seconds}
            facts |= {"danger": call.danger_at is not None} | ({"to": call.rings} if call.rings else {})
            self._writer.note(connection, EventKind.CALL_BRIDGED, at, conversation_id, facts)
        return call

    def not_bridged(self, conversation_id: str, reference: str, why: str, at: datetime) -> Call | None:
        """Nobody answered: the caller waits again. The call as it was while the phone rang; None when none rang."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            now = self._row(connection, conversation_id)
            if now is None or now.bridged_at or not now.rung_at:
                return None
            self._change(connection, conversation_id, rings="", line="", rung_at=None)
            self._stand(connection, conversation_id, CallStanding.WAITING)
            facts = {"reference": reference, **_line(now.line), "outcome": why} | ({"had": now.rings} if now.rings else {})
            self._writer.note(connection, EventKind.CALL_NOT_BRIDGED, at, conversation_id, facts)
            return _call(now)

    def ended(self, conversation_id: str, cause: str, at: datetime) -> bool:
        """The call is over; false when it was so already."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            now = self._row(connection, conversation_id)
            if now is None or now.ended_at:
                return False
            self._change(connection, conversation_id, ended_at=at)
            self._stand(connection, conversation_id, CallStanding.OVER)
            seconds = max(0, int((at - now.began_at).total_seconds()))
            facts = {"cause": cause[:40], "seconds": seconds, "hearing": now.hearing, "talked": now.bridged_at is not None}
            self._writer.note(connection, EventKind.CALL_ENDED, at, conversation_id, facts)
        return True

    # the rest

    def _known(self, known_as: str) -> str:
        with self._database.reading() as connection:
            return str(connection.execute(select(calls.c.conversation_id).where(calls.c.known_as == known_as)).scalar() or "")

    def _once(self, conversation_id: str, column: str, at: datetime) -> None:
        with self._database.writing() as connection:
            self._change(connection, conversation_id, **{column: func.coalesce(calls.c[column], at)})

    def _row(self, connection: Connection, conversation_id: str) -> Row[Any] | None:
        return connection.execute(select(calls).where(calls.c.conversation_id == conversation_id)).one_or_none()

    def _change(self, connection: Connection, conversation_id: str, **values: Any) -> None:
        connection.execute(update(calls).where(calls.c.conversation_id == conversation_id).values(**values))

    def _stand(self, connection: Connection, conversation_id: str, standing: CallStanding, unless: CallStanding | None = None) -> None:
        """Where the caller is, on every request of theirs that is not over."""
        here = [handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE)]
        if unless:
            here.append(handoffs.c.call != unless.value)
        connection.execute(update(handoffs).where(*here).values(call=standing.value))


def _line(line: str) -> dict[str, Any]:
    """A line as facts: the queue, and whether its duty line was meant."""
    return {"queue": line.removeprefix(DUTY)} | ({"duty": True} if line.startswith(DUTY) else {})


def _call(row: Row[Any] | None) -> Call:
    assert row is not None
    return Call(
        row.conversation_id, row.began_at, Hearing(row.hearing), row.state, row.reference, row.asked_at, row.danger_at,
        row.rings, row.line, row.rung_at, row.bridged_at, row.ended_at,
    )  # fmt: skip
