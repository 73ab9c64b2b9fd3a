"""Rights requests: registered with a reference, their words sealed under a key of their own, their steps in the record."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select, update

from guildhall.records.ports import Appends
from guildhall.records.requests import Asked, RightsRequest, Step, check_step
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.rights_schema import rights_requests, rights_steps
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.rights import Answer, RightsKind, RightsStep


class RightsStore:
    """Repository of rights requests of one council."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        record: Appends,
        council: str,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str],
        new_reference: Callable[[], str],
    ) -> None:
        self._database = database
        self._keys = keys
        self._record = record
        self._council = council
        self._clock = clock
        self._new_id = new_id
        self._new_reference = new_reference

    def register(
        self, kind: RightsKind, asked: Asked, conversations: Sequence[str] = (), received_at: datetime | None = None, by: str = "resident"
    ) -> RightsRequest:
        """Store a request and give it a reference. Raises RefusedError for one that came in the future."""
        now = self._clock()
        received = received_at or now
        if received > now:
            raise RefusedError(f"a request cannot have come on {received:%d %B %Y %H:%M}, which is in the future.")
        made = RightsRequest(self._new_id("request"), f"R-{self._new_reference()}", kind, received, tuple(dict.fromkeys(conversations)))
        self._keys.create(made.id)
        words = {"text": asked.text, "name": asked.name, "contact": asked.contact, "via": asked.via}
        sealed = self._keys.sealer.seal(self._keys.get(made.id), words, made.id)
        self._note(EventKind.RIGHTS_REQUEST_RECEIVED, made, by=by, received_at=received.isoformat(), via=asked.via)
        with self._database.writing() as connection:
            connection.execute(
                insert(rights_requests).values(
                    id=made.id,
                    reference=made.reference,
                    council=self._council,
                    kind=kind.value,
                    conversations=json.dumps(made.conversations),
                    sealed=sealed,
                    received_at=received,
                )
            )
        return made

    def get(self, reference: str) -> RightsRequest:
        """The request, without its words. Raises NotFoundError."""
        found = self._read(rights_requests.c.reference == reference.strip().upper())
        if not found:
            raise NotFoundError(f"there is no request {reference}; `guildhall rights list` shows those there are")
        return found[0]

    def all(self, closed: bool = False) -> tuple[RightsRequest, ...]:
        """Open requests, the oldest first; with `closed` the answered ones too."""
        return self._read(*([] if closed else [rights_requests.c.closed_at.is_(None)]))

    def words_of(self, request: RightsRequest) -> Asked:
        """What was asked. Raises NotFoundError once it was erased. Staff see it through a view that records it."""
        key = self._keys.get(request.id)
        with self._database.reading() as connection:
            sealed = connection.execute(select(rights_requests.c.sealed).where(rights_requests.c.id == request.id)).scalar()
        if not sealed:
            raise NotFoundError(f"the words of {request.reference} were erased")
        return Asked(**self._keys.sealer.open(key, sealed, request.id))

    def take(self, reference: str, step: Step) -> RightsRequest:
        """Record a step. Raises NotFoundError or RefusedError."""
        request = self.get(reference)
        check_step(request, step)
        return self.add(request, step)

    def link(self, reference: str, conversation_ids: Sequence[str], by: str) -> RightsRequest:
        """Link conversations to a request and, through it, to one person; checks made before count no longer."""
        request = self.get(reference)
        step = Step(RightsStep.LINKED, Answer.DONE, by, self._clock(), note=" ".join(conversation_ids))
        check_step(request, step)
        together = tuple(dict.fromkeys([*request.conversations, *conversation_ids]))
        self._keys.link(together)
        with self._database.writing() as connection:
            where = rights_requests.c.id == request.id
            connection.execute(update(rights_requests).where(where).values(conversations=json.dumps(together)))
        return self.add(request, step)

    def add(self, request: RightsRequest, step: Step) -> RightsRequest:
        """Record a step without asking whether it may be taken; callers have asked."""
        sealed = b""
        if step.note or step.withheld or step.released:
            words = {"note": step.note, "withheld": list(step.withheld), "released": list(step.released)}
            sealed = self._keys.sealer.seal(self._keys.get(request.id), words, request.id)
        self._note(EventKind.RIGHTS_REQUEST_STEPPED, request, by=step.by, step=step.step.value, answer=step.answer.value)
        with self._database.writing() as connection:
            values = {"step": step.step.value, "answer": step.answer.value, "by": step.by.strip(), "at": step.at}
            connection.execute(insert(rights_steps).values(request_id=request.id, sealed=sealed, **values))
            if step.step == RightsStep.ANSWERED:
                connection.execute(update(rights_requests).where(rights_requests.c.id == request.id).values(closed_at=step.at))
        return self.get(request.reference)

    def _read(self, *conditions: Any) -> tuple[RightsRequest, ...]:
        query = select(rights_requests).where(rights_requests.c.council == self._council, *conditions)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(rights_requests.c.received_at, rights_requests.c.reference)).all()
            return tuple(
                RightsRequest(
                    row.id, row.reference, RightsKind(row.kind), row.received_at, tuple(json.loads(row.conversations)),
                    self._steps(connection, row.id), row.closed_at,
                )
                for row in rows
            )  # fmt: skip

    def _steps(self, connection: Connection, request_id: str) -> tuple[Step, ...]:
        rows = connection.execute(select(rights_steps).where(rights_steps.c.request_id == request_id).order_by(rights_steps.c.seq)).all()
        key = self._key(request_id) if any(row.sealed for row in rows) else None
        found = []
        for row in rows:
            words = self._keys.sealer.open(key, row.sealed, request_id) if row.sealed and key else {}
            named = (tuple(words.get("withheld", ())), tuple(words.get("released", ())))
            found.append(Step(RightsStep(row.step), Answer(row.answer), row.by, row.at, words.get("note", ""), *named))
        return tuple(found)

    def _key(self, request_id: str) -> AESGCM | None:
        try:
            return self._keys.get(request_id)
        except NotFoundError:
            return None

    def _note(self, kind: EventKind, request: RightsRequest, **facts: object) -> None:
        known = {"reference": request.reference, "kind": request.kind.value}
        self._record.append([Event(EventId(self._new_id("event")), kind, self._clock(), None, None, known | facts)])
