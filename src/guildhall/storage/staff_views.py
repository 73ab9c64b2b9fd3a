"""What staff see of residents, through the one door that records it: who looked, at what, and what for, before anything is shown."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from guildhall.records.ports import Appends
from guildhall.records.requests import Asked, RightsRequest
from guildhall.records.subject_access import Looked
from guildhall.storage.conversations import ConversationStore, TranscriptTurn
from guildhall.storage.database import Database
from guildhall.storage.people import CallbackRow, PeopleStore
from guildhall.storage.rights_requests import RightsStore
from guildhall.storage.schema import events
from guildhall.storage.unhelped import UnhelpedReader
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.rights import Looker


class StaffViews:
    """Personal data for staff. Nothing is returned that the record does not know of: when it cannot be written, nothing is shown."""

    def __init__(
        self,
        database: Database,
        conversations: ConversationStore,
        people: PeopleStore,
        record: Appends,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str],
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._people = people
        self._record = record
        self._clock = clock
        self._new_id = new_id

    def note(self, looker: Looker, what: str, conversation_ids: Collection[str], exported: bool = False) -> None:
        """Record that somebody looks, or takes a copy, for each conversation. Raises RefusedError without a name and a purpose."""
        if not looker.name.strip() or not looker.purpose.strip():
            raise RefusedError("looking at personal data needs a name and a purpose; give --as NAME and --purpose TEXT.")
        kind = EventKind.PERSONAL_DATA_EXPORTED if exported else EventKind.PERSONAL_DATA_READ
        facts = {"by": looker.name.strip(), "what": what, "purpose": looker.purpose.strip(), "account": looker.account}
        self._record.append([self._event(kind, conversation_id, facts) for conversation_id in sorted(set(conversation_ids))])

    def _event(self, kind: EventKind, conversation_id: str, facts: dict[str, object]) -> Event:
        return Event(EventId(self._new_id("event")), kind, self._clock(), ConversationId(conversation_id), None, facts)

    def waiting(self, looker: Looker) -> tuple[CallbackRow, ...]:
        """Who waits for a person, urgent first. Rows with a name or a number are reads."""
        rows = self._people.waiting()
        if seen := [row.conversation_id for row in rows if row.details]:
            self.note(looker, "list of callbacks", seen)
        return rows

    def transcript(self, looker: Looker, conversation_id: str) -> tuple[TranscriptTurn, ...]:
        """What was said. Raises NotFoundError."""
        if self._conversations.owner_of(ConversationId(conversation_id)) is None:
            raise NotFoundError(f"there is no conversation {conversation_id}")
        self.note(looker, "transcript", [conversation_id])
        return self._conversations.transcript(conversation_id)

    def questions(self, looker: Looker, what: str, asked: Mapping[str, str], reader: UnhelpedReader) -> dict[str, Mapping[str, Any]]:
        """The words of turns, by the id of the event that holds them, given with the conversation of each. What was erased is left out."""
        self.note(looker, what, set(asked.values()))
        return reader.words(asked)

    def request_words(self, looker: Looker, request: RightsRequest, requests: RightsStore) -> Asked:
        """What a rights request says; empty words once they were erased."""
        self.note(looker, f"the words of {request.reference}", request.conversations or [request.id])
        try:
            return requests.words_of(request)
        except NotFoundError:
            return Asked("")

    def opens(self, looker: Looker, what: str, conversation_id: str, since: datetime) -> None:
        """Record that somebody opens a conversation; what they opened after `since`, and only read on in, is not recorded again."""
        kind = EventKind.PERSONAL_DATA_READ.value
        query = select(events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind == kind, events.c.at >= since)
        with self._database.reading() as connection:
            facts = [json.loads(row) for row in connection.execute(query).scalars()]
        if not any((each["by"], each["what"], each["purpose"]) == (looker.name, what, looker.purpose) for each in facts):
            self.note(looker, what, [conversation_id])

    def looked_at(self, conversation_id: str) -> tuple[Looked, ...]:
        """Who looked at a conversation, the oldest first."""
        kinds = (EventKind.PERSONAL_DATA_READ.value, EventKind.PERSONAL_DATA_EXPORTED.value)
        query = select(events.c.at, events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind.in_(kinds))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(events.c.seq)).all()
        found = [(row.at, json.loads(row.facts)) for row in rows]
        return tuple(Looked(at, facts["by"], facts["what"], facts["purpose"]) for at, facts in found)
