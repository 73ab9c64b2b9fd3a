"""Drafted answers that wait for an adviser: each is decided once, and its row, its events and what comes of it are one transaction.

Two advisers may press at once, an adviser may press as the time runs out, and any process may die between two lines: the first decision
that is committed holds, and whoever comes later is told so. The conversation's row is locked first, as everywhere.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from guildhall.conversations.ports import ToCheck
from guildhall.conversations.recording import part_as_json, part_from_json
from guildhall.storage.database import Database
from guildhall.storage.handoffs import lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.knowledge import passages
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import write_events
from guildhall.storage.schema import conversations, payloads
from guildhall.storage.supervision_schema import draft_openings, drafts
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import Request
from guildhall.vocabulary.ids import ConversationId, EventId, PassageId, ServiceKey, SourceId, TurnId
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.passages import Passage
from guildhall.vocabulary.supervision import DRAFT_LABELS, EVERYTHING, DraftAnswer, DraftStatus, Topic
from guildhall.vocabulary.turns import Owner, ReplyPart


class DecidedAlreadyError(RefusedError):
    """It is not waiting any more; nothing was done. `draft` is how it stands."""

    def __init__(self, draft: DraftAnswer) -> None:
        self.draft = draft
        super().__init__(f"This draft is not waiting any more: {DRAFT_LABELS[draft.status][1]} Nothing was sent by you.")


class TooLateError(RefusedError):
    """The time that the resident was told ran out before it was decided; nothing was done."""


@dataclass(frozen=True, slots=True)
class DraftWords:
    """What a draft says, to what question, on which passages as they were then."""

    question: str
    parts: tuple[ReplyPart, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a draft ends. `parts` are what the resident reads; `note` is for colleagues alone."""

    status: DraftStatus
    by: str = ""
    parts: tuple[ReplyPart, ...] = ()
    reason: str = ""
    safety: bool = False
    edit_distance: int = 0
    warnings: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class PassOn:
    """The person that is asked for with the same stroke. `tell` says to the resident what became of it, given the reference."""

    reason: Reason
    queue: str
    more: Request
    urgent: bool
    tell: Callable[[str], Sequence[ReplyPart]]


class DraftStore:
    """Repository of the drafts of one council."""

    def __init__(self, database: Database, keys: KeyRing, people: PeopleStore, council: str, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._people = people
        self._council = council
        self._new_id = new_id

    def queue(self, answer: ToCheck, seconds: int) -> tuple[str, datetime]:
        """Keep a draft until somebody decides it; its id and when it falls to a person. The same question is not put twice."""
        with self._database.writing() as connection:
            lock(connection, answer.conversation_id)
            for row in connection.execute(self._waiting_here(answer)).all():
                if self._words(connection, row.conversation_id, row.id).question == answer.question:
                    return str(row.id), row.until
            draft_id, until = self._new_id("event"), answer.at + timedelta(seconds=seconds)
            facts = {
                "turn": answer.turn_id, "topic": answer.topic.name, "service": answer.service, "queue": answer.queue,
                "language": answer.language, "composer": answer.composer, "words": sum(len(part.text.split()) for part in answer.parts),
            }  # fmt: skip
            row_values = {key: value for key, value in facts.items() if key != "turn"}
            connection.execute(
                insert(drafts).values(
                    id=draft_id,
                    council=self._council,
                    conversation_id=answer.conversation_id,
                    turn_id=answer.turn_id,
                    status=DraftStatus.WAITING.value,
                    queued_at=answer.at,
                    until=until,
                    **row_values,
                )
            )
            self._note(
                connection, draft_id, EventKind.DRAFT_QUEUED, answer.at, answer.conversation_id, None,
                facts | {"until": until.isoformat()}, _as_words(answer),
            )  # fmt: skip
        return draft_id, until

    def _waiting_here(self, answer: ToCheck) -> Any:
        here = (drafts.c.conversation_id == answer.conversation_id, drafts.c.status == DraftStatus.WAITING.value)
        return select(drafts.c.id, drafts.c.conversation_id, drafts.c.until).where(*here, drafts.c.until > answer.at)

    # reading

    def get(self, draft_id: str) -> DraftAnswer:
        """The draft of that id. Raises NotFoundError."""
        found = self.find(drafts.c.id == draft_id)
        if not found:
            raise NotFoundError(f"there is no draft {draft_id}")
        return found[0]

    def find(self, *where: ColumnElement[bool]) -> tuple[DraftAnswer, ...]:
        """Drafts, the oldest first."""
        query = select(drafts).where(drafts.c.council == self._council, *where).order_by(drafts.c.queued_at, drafts.c.id)
        with self._database.reading() as connection:
            return tuple(draft_of(row) for row in connection.execute(query))

    def waiting(self) -> tuple[DraftAnswer, ...]:
        """What waits, the oldest first."""
        return self.find(drafts.c.status == DraftStatus.WAITING.value)

    def waits_in(self, conversation_id: str) -> bool:
        """Whether a resident waits for an answer of this conversation to be checked."""
        return bool(self.find(drafts.c.conversation_id == conversation_id, drafts.c.status == DraftStatus.WAITING.value))

    def ended_since(self, since: datetime, topic: Topic | None = None) -> tuple[DraftAnswer, ...]:
        """What ended since then, one way or another; of one topic, if one is named."""
        return self.find(drafts.c.decided_at >= since, *([drafts.c.topic == topic.name] if topic else []))

    def safety_since(self, since: datetime) -> dict[str, int]:
        """By topic: how many were edited or rejected since then for a reason that concerns safety."""
        query = select(drafts.c.topic, func.sum(drafts.c.safety)).where(drafts.c.council == self._council, drafts.c.decided_at >= since)
        with self._database.reading() as connection:
            return {row[0]: int(row[1] or 0) for row in connection.execute(query.group_by(drafts.c.topic))}

    def due(self, now: datetime) -> tuple[DraftAnswer, ...]:
        """What waits and may not any more: its time ran out, or a person has the conversation."""
        theirs = select(conversations.c.id).where(
            conversations.c.id == drafts.c.conversation_id, conversations.c.owner != Owner.ASSISTANT.value
        )
        return self.find(drafts.c.status == DraftStatus.WAITING.value, or_(drafts.c.until <= now, theirs.exists()))

    def words(self, draft: DraftAnswer) -> DraftWords:
        """What it says. Whoever shows it to staff has recorded first that they look. Raises NotFoundError once it was erased."""
        with self._database.reading() as connection:
            return self._words(connection, draft.conversation_id, draft.id)

    def now_on_pages(self, ids: Sequence[str]) -> dict[str, str]:
        """The text of these passages as it is now; what was taken out is not among them."""
        query = select(passages.c.id, passages.c.text).where(passages.c.council == self._council, passages.c.id.in_(list(ids)))
        with self._database.reading() as connection:
            return {row.id: row.text for row in connection.execute(query)}

    def opened_by(self, draft_id: str) -> dict[str, datetime]:
        """Who has opened it, and when first."""
        query = select(draft_openings).where(draft_openings.c.draft_id == draft_id).order_by(draft_openings.c.at)
        with self._database.reading() as connection:
            return {row.staff_id: row.at for row in connection.execute(query)}

    # changing

    def opened(self, draft_id: str, staff_id: str, at: datetime) -> None:
        """Somebody opened it; only the first time counts."""
        mine = and_(draft_openings.c.draft_id == draft_id, draft_openings.c.staff_id == staff_id)
        with self._database.writing() as connection:
            self._locked(connection, draft_id)
            if connection.execute(select(draft_openings.c.at).where(mine)).scalar() is None:
                connection.execute(insert(draft_openings).values(draft_id=draft_id, staff_id=staff_id, at=at))

    def end(self, draft_id: str, verdict: Verdict, at: datetime, pass_on: PassOn | None = None) -> DraftAnswer:
        """Decide it, tell the resident, and ask for the person that `pass_on` names: all of it, once, or nothing.

        When a person has the conversation meanwhile it ends as overtaken and the resident is told nothing. Raises DecidedAlreadyError,
        and TooLateError for an adviser whose time ran out.
        """
        with self._database.writing() as connection:
            found = self._locked(connection, draft_id)
            if found.status != DraftStatus.WAITING:
                raise DecidedAlreadyError(found)
            if lock(connection, found.conversation_id).owner != Owner.ASSISTANT.value:
                verdict, pass_on = Verdict(DraftStatus.OVERTAKEN), None
            elif verdict.status == DraftStatus.TIMED_OUT and at < found.until:
                return found  # whoever had the conversation gave it back meanwhile: it goes on waiting
            elif verdict.by and at >= found.until:
                raise TooLateError("The time that the resident was told has run out, so a person answers them. Nothing was sent by you.")
            reference = self._person(connection, found, pass_on, at) if pass_on else ""
            parts = tuple(pass_on.tell(reference)) if pass_on else verdict.parts
            seconds = self._seconds(connection, found, verdict.by, at)
            facts: dict[str, Any] = {
                "reason": verdict.reason, "seconds": seconds, "edit_distance": verdict.edit_distance, "warnings": verdict.warnings,
                "reference": reference,
            }  # fmt: skip
            ended = {"status": verdict.status.value, "decided_by": verdict.by, "decided_at": at, "safety": int(verdict.safety)}
            connection.execute(update(drafts).where(drafts.c.id == draft_id).values(**ended, **facts))
            told = {"draft": draft_id, "status": verdict.status.value, "by": verdict.by, "topic": found.topic.name, **facts}
            if verdict.note:
                note = (
                    EventKind.NOTE_WRITTEN,
                    at,
                    found.conversation_id,
                    None,
                    {"by": verdict.by, "mentioned": []},
                    {"text": verdict.note},
                )
                self._note(connection, self._new_id("event"), *note)
            words = {"parts": [part_as_json(part) for part in parts]} if parts else {}
            self._note(
                connection, self._new_id("event"), EventKind.DRAFT_DECIDED, at, found.conversation_id, found.turn_id, told, words
            )  # fmt: skip
        return self.get(draft_id)

    def _person(self, connection: Connection, found: DraftAnswer, pass_on: PassOn, at: datetime) -> str:
        asked = (found.conversation_id, pass_on.queue, pass_on.reason.value, "", pass_on.urgent, at, pass_on.more)
        return self._people.request_within(connection, *asked)

    def _seconds(self, connection: Connection, found: DraftAnswer, by: str, at: datetime) -> float | None:
        mine = and_(draft_openings.c.draft_id == found.id, draft_openings.c.staff_id == by)
        opened_at = connection.execute(select(draft_openings.c.at).where(mine)).scalar() if by else None
        return round((at - opened_at).total_seconds(), 3) if opened_at else None

    def _locked(self, connection: Connection, draft_id: str) -> DraftAnswer:
        of = connection.execute(select(drafts.c.conversation_id).where(drafts.c.id == draft_id, drafts.c.council == self._council)).scalar()
        if of is None:
            raise NotFoundError(f"there is no draft {draft_id}")
        lock(connection, of)
        return draft_of(connection.execute(select(drafts).where(drafts.c.id == draft_id)).one())

    def _words(self, connection: Connection, conversation_id: str, draft_id: str) -> DraftWords:
        sealed = connection.execute(select(payloads.c.sealed).where(payloads.c.event_id == draft_id)).scalar()
        if sealed is None:
            raise NotFoundError("the words of this draft were erased")
        return _from_words(self._keys.sealer.open(self._keys.get(conversation_id), sealed, draft_id))

    def _note(
        self,
        connection: Connection,
        event_id: str,
        kind: EventKind,
        at: datetime,
        conversation_id: str,
        turn_id: str | None,
        facts: Mapping[str, Any],
        words: Mapping[str, Any],
    ) -> None:
        turn = TurnId(turn_id) if turn_id else None
        write_events(connection, self._keys, [Event(EventId(event_id), kind, at, ConversationId(conversation_id), turn, facts, words)])


def draft_of(row: Row[Any]) -> DraftAnswer:
    """A row as a value."""
    return DraftAnswer(
        row.id, row.conversation_id, row.turn_id, Topic.parse(row.topic) or EVERYTHING, row.service, row.queue, row.language, row.composer,
        row.words, DraftStatus(row.status), row.queued_at, row.until, row.decided_at, row.decided_by, row.reason, row.seconds,
        row.edit_distance, row.warnings, row.reference,
    )  # fmt: skip


def _as_words(answer: ToCheck) -> dict[str, Any]:
    found = [json.loads(json.dumps(asdict(item.passage))) for item in answer.found]
    return {"question": answer.question, "draft": [part_as_json(part) for part in answer.parts], "passages": found}


def _from_words(words: Mapping[str, Any]) -> DraftWords:
    pages = tuple(
        Passage(
            PassageId(p["id"]), SourceId(p["source_id"]), p["title"], p["section"], p["text"], p["url"], p["updated"],
            tuple(ServiceKey(key) for key in p["services"]), p["position"],
        )
        for p in words["passages"]
    )  # fmt: skip
    return DraftWords(words["question"], tuple(part_from_json(part) for part in words["draft"]), pages)
