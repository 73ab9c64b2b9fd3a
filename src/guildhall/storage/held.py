"""Reads everything that is held of a conversation, for the person it is about: the record's events, and the rows of every table that has their words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, Table, select

from guildhall.aftercare.safe_contact import NEVER_WRITTEN_ABOUT, WHY_NOT_LABELS, WhyNot
from guildhall.records.held_lines import SOMEBODY, TOLD_AS_TURNS, Line, Recorded, dangerous_references, lines_of
from guildhall.records.recordings import two_track_wav
from guildhall.records.sealing import SealError
from guildhall.records.subject_access import HeldOf, Looked, SaidTurn
from guildhall.storage.after_schema import comments_read, notifications, safeguarding_records, safeguarding_steps
from guildhall.storage.calls_schema import calls
from guildhall.storage.database import Database
from guildhall.storage.desk_schema import labels, translations, unsent
from guildhall.storage.keys import KeyRing
from guildhall.storage.learning_schema import gap_questions, phrases
from guildhall.storage.people import CallbackRow, PeopleStore
from guildhall.storage.recordings import RecordingsFolder
from guildhall.storage.schema import conversations, events, payloads
from guildhall.storage.staff import staff
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.notifications import MESSAGE_STATUS_LABELS, MessageStatus
from guildhall.vocabulary.safeguarding import OUTCOME_OF_RECORD_LABELS, STEP_LABELS, SafeguardingOutcome, StepKind

TELLING: Final = (WhyNot.SENSITIVE, WhyNot.AT_RISK, WhyNot.NO_MESSAGE, WhyNot.PROTECTED_TEAM)
"""Reasons for not sending a message that tell whoever reads them that somebody feared for the resident."""
DELETED_WHEN_SENT: Final = "The words and the address were deleted when it was sent."


class HeldReader:
    """Reads what is held. Whoever shows it has recorded first that somebody looks."""

    def __init__(self, database: Database, keys: KeyRing, people: PeopleStore, recordings: RecordingsFolder | None = None) -> None:
        self._database = database
        self._keys = keys
        self._people = people
        self._recordings = recordings

    def read(self, conversation_id: str, looked: Sequence[Looked], until: datetime | None = None) -> HeldOf:
        """Everything, or what was there at a time. Words that were erased are empty."""
        with self._database.reading() as connection:
            house = _House(connection, self._keys, self._key(conversation_id), conversation_id, dict(_names(connection)))
            row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one()
            recorded = tuple(event for event in house.events() if until is None or event.at <= until)
            raised = connection.scalars(
                select(safeguarding_records.c.reference).where(safeguarding_records.c.conversation_id == conversation_id)
            )
            dangerous = dangerous_references(recorded, NEVER_WRITTEN_ABOUT) | frozenset(raised)
            lines = [*lines_of(recorded, house.names, dangerous), *house.lines(), *self._recorded(conversation_id, bool(dangerous))]
            labelled = connection.scalars(
                select(labels.c.label).where(labels.c.conversation_id == conversation_id).order_by(labels.c.label)
            )
            marked = tuple(labelled)
        seen = tuple(replace(look, by=house.names.get(look.by, look.by)) for look in looked)  # signed-in staff look under their ids
        callbacks = tuple(_callback(asked, recorded) for asked in self._people.all_requests(conversation_id))
        known = tuple(sorted((line for line in lines if until is None or line.at <= until), key=lambda line: line.at))
        turns = tuple(_turns(recorded))
        return HeldOf(conversation_id, row.channel, row.started_at, turns, callbacks, seen, known, marked, dangerous)

    def _recorded(self, conversation_id: str, in_danger: bool) -> Iterator[Line]:
        """Recordings of calls; what may tell of danger stays out until it is let through."""
        for kept in self._recordings.all(conversation_id) if self._recordings else ():
            what = f"A recording of the call, {kept.seconds:.0f} seconds"
            yield Line(kept.head.recording, kept.head.began_at, what, f"{kept.head.recording}.wav", held_back=in_danger)

    def sound(self, recording: str) -> bytes:
        """A recording as a wav file; nothing when it is gone. Whoever hands it over has recorded it first."""
        try:
            kept = self._recordings.find(recording) if self._recordings else None
            return (
                two_track_wav(*self._recordings.tracks(kept, self._keys.sealer, self._keys.get(kept.head.conversation)))
                if kept and self._recordings
                else b""
            )
        except (NotFoundError, SealError):
            return b""

    def _key(self, conversation_id: str) -> AESGCM | None:
        try:
            return self._keys.get(conversation_id)
        except NotFoundError:
            return None  # erased: the facts stay


@dataclass(frozen=True)
class _House:
    """The tables, read for one conversation."""

    connection: Connection
    keys: KeyRing
    key: AESGCM | None
    conversation_id: str
    names: Mapping[str, str]

    def events(self) -> Iterator[Recorded]:
        """The record, the oldest first."""
        query = select(events, payloads.c.sealed).outerjoin(payloads, payloads.c.event_id == events.c.id)
        for row in self.connection.execute(query.where(events.c.conversation_id == self.conversation_id).order_by(events.c.seq)):
            words = self._opened(row.sealed, row.id)
            yield Recorded(row.id, EventKind(row.kind), row.at, row.turn_id or "", json.loads(row.facts), words)

    def lines(self) -> Iterator[Line]:
        """What stands in tables of their own."""
        yield from self._call()
        yield from self._translations()
        yield from self._unsent()
        yield from self._messages()
        yield from self._comments()
        yield from self._learned()
        yield from self._safeguarding()

    def _call(self) -> Iterator[Line]:
        for row in self._rows(calls):
            words = self._opened(row.sealed, row.conversation_id)
            told = [f"Your number: {words['caller'] or 'withheld'}", f"You dialled: {words['dialled']}"] if words else []
            yield Line(f"call:{row.conversation_id}", row.began_at, "You rang", "\n".join(told))

    def _translations(self) -> Iterator[Line]:
        where = select(events.c.id, events.c.turn_id).where(events.c.conversation_id == self.conversation_id)
        turn_of = {row.id: row.turn_id or "" for row in self.connection.execute(where)}
        for row in self._rows(translations):
            words = self._opened(row.sealed, f"{row.event_id}:{row.language}")
            what = f"A machine translated it into {row.language}; what it made is {row.status}"
            of = tuple(filter(None, (row.event_id, turn_of.get(row.event_id, ""))))
            draft = row.event_id not in turn_of
            yield Line(f"{row.event_id}:{row.language}", row.at, what, words.get("text", ""), words.get("by", ""), draft, of=of)

    def _unsent(self) -> Iterator[Line]:
        for row in self._rows(unsent):
            words = self._opened(row.sealed, row.staff_id)
            what = "Typed for a private note and not kept yet" if words.get("note") else "Typed by an adviser and not sent"
            yield Line(f"unsent:{row.staff_id}", row.at, what, words.get("text", ""), self._name(row.staff_id), True)

    def _messages(self) -> Iterator[Line]:
        for row in self._rows(notifications):
            status, words = MessageStatus(row.status), self._opened(row.sealed, row.reference)
            text = "\n".join(filter(None, [f"To: {words['to']}" if words else "", words.get("subject", ""), words.get("text", "")]))
            if status == MessageStatus.SENT:
                text = DELETED_WHEN_SENT
            why = WhyNot(row.why) if status == MessageStatus.WITHHELD and row.why in set(WhyNot) else None
            told = WHY_NOT_LABELS[why][1] if why else MESSAGE_STATUS_LABELS[status][1]
            what = f"A message to you by {row.channel}: {MESSAGE_STATUS_LABELS[status][0].lower()}. {told}"
            if row.sent_at:
                what += f" Sent {row.sent_at:%d %B %Y %H:%M} UTC."
            yield Line(row.id, row.made_at, what, text, row.provider, held_back=why in TELLING)

    def _comments(self) -> Iterator[Line]:
        for row in self._rows(comments_read):
            action = self._opened(row.sealed, f"read.{row.event_id}").get("action", "")
            yield Line(
                f"read.{row.event_id}", row.read_at, "Your comment was read", action, self._name(row.read_by), True, of=(row.event_id,)
            )

    def _learned(self) -> Iterator[Line]:
        for row in self._rows(gap_questions):
            what = f"Your question was counted as one that was not helped ({row.why.replace('_', ' ')}), with a code of what it means"
            yield Line(f"{row.turn_id}#{row.part}", row.at, what, of=(row.turn_id,))
        for row in self._rows(phrases):
            words = {"said": row.said, "means": row.means} if row.said else self._opened(row.sealed, row.id)
            what = f"Staff proposed words of yours for testing the assistant; the proposal is {row.state}"
            text = "\n".join(filter(None, [words.get("said", ""), words.get("means", ""), row.why]))
            yield Line(row.id, row.proposed_at, what, text, self._name(row.proposed_by), True, of=(row.turn_id,) if row.turn_id else ())

    def _safeguarding(self) -> Iterator[Line]:
        for row in self._rows(safeguarding_records):
            words = self._opened(row.sealed, row.id).get("words", "")
            what = f"A safeguarding record was opened: {row.category.replace('_', ' ')} (request {row.reference}, team {row.queue})"
            yield Line(row.id, row.raised_at, what, words, "", True, True, (row.turn_id,) if row.turn_id else ())
            if row.closed_at:
                outcome = OUTCOME_OF_RECORD_LABELS[SafeguardingOutcome(row.outcome)][0]
                yield Line(f"{row.id}.closed", row.closed_at, f"The safeguarding record was closed: {outcome}", staff=True, held_back=True)
        for row in self._rows(safeguarding_steps):
            note = self._opened(row.sealed, f"{row.record_id}.{row.number}").get("note", "")
            what = f"Safeguarding record, step {row.number}: {STEP_LABELS[StepKind(row.kind)][1]}"
            who = self._name(row.by) if row.by else row.route
            yield Line(f"{row.record_id}.{row.number}", row.at, what, note, who, True, True)

    def _rows(self, table: Table) -> Sequence[Any]:
        mine: ColumnElement[bool] = table.c.conversation_id == self.conversation_id
        return self.connection.execute(select(table).where(mine)).all()

    def _name(self, staff_id: str) -> str:
        """A name of staff; commands write names rather than ids, which stand as they are."""
        return self.names.get(staff_id, SOMEBODY if "_" in staff_id else staff_id)

    def _opened(self, sealed: bytes | None, bound_to: str) -> Mapping[str, Any]:
        if not sealed or self.key is None:
            return {}
        try:
            return self.keys.sealer.open(self.key, sealed, bound_to)
        except SealError:
            return {}


def _names(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.execute(select(staff.c.id, staff.c.name)):
        yield row.id, row.name


def _turns(recorded: Sequence[Recorded]) -> Iterator[SaidTurn]:
    """Each turn from the events that are told as turns; one cut short has the parts that were shown."""
    grouped: dict[str, list[Recorded]] = {}
    for event in recorded:
        if event.turn_id and event.kind in TOLD_AS_TURNS:
            grouped.setdefault(event.turn_id, []).append(event)
    for turn_id, of_turn in grouped.items():
        said = next((str(event.words["utterance"]) for event in of_turn if event.words.get("utterance")), "")
        shown = [event.words["part"] for event in of_turn if event.kind == EventKind.REPLY_PART_PREPARED and "part" in event.words]
        done = next((event for event in of_turn if event.kind == EventKind.TURN_COMPLETED), None)
        parts = done.words.get("parts", shown) if done else shown
        yield SaidTurn(turn_id, of_turn[0].at, said, "\n\n".join(part["text"] for part in parts), done.facts if done else {})


def _callback(row: CallbackRow, recorded: Sequence[Recorded]) -> dict[str, object]:
    booked = [e.at for e in recorded if e.kind == EventKind.CALLBACK_BOOKED and e.facts.get("reference") == row.reference]
    details = asdict(row.details) if row.details else {}
    at = {"booked_at": booked[-1].isoformat()} if booked and details else {}
    return {
        "reference": row.reference,
        "queue": row.queue,
        "status": row.status,
        "requested_at": row.requested_at.isoformat(),
        **at,
        **details,
    }
