"""Makes the copy for a person: only once every check stands, recorded before it is written, into a folder that its owner alone can read."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from guildhall.records.requests import RightsRequest, Step, check_export
from guildhall.records.subject_access import HeldOf, SaidTurn, as_json, as_text, copy_for
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.people import CallbackRow, PeopleStore
from guildhall.storage.rights_requests import RightsStore
from guildhall.storage.schema import conversations
from guildhall.storage.staff_views import StaffViews
from guildhall.vocabulary.rights import Answer, Looker, RightsStep


class SubjectAccess:
    """Exports of one council."""

    def __init__(
        self,
        database: Database,
        spoken: ConversationStore,
        people: PeopleStore,
        requests: RightsStore,
        views: StaffViews,
        folder: Path,
        council: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._spoken = spoken
        self._people = people
        self._requests = requests
        self._views = views
        self._folder = folder
        self._council = council
        self._clock = clock

    def export(self, reference: str, looker: Looker) -> Path:
        """The folder with the copy. Raises RefusedError while a check is missing or says that it is not safe."""
        request = self._requests.get(reference)
        checks = check_export(request)
        self._views.note(looker, f"copy for {request.reference}", request.conversations, exported=True)
        held = [self._held(conversation_id) for conversation_id in request.conversations]
        copy = copy_for(request, checks, held, self._council, self._clock())
        folder = self._folder / request.reference
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(folder, request, as_json(copy), as_text(copy))
        self._requests.add(request, Step(RightsStep.EXPORTED, Answer.DONE, looker.name, self._clock()))
        return folder

    def _write(self, folder: Path, request: RightsRequest, data: str, text: str) -> None:
        # Which conversations it holds comes first: erasure finds the copy by it.
        for name, content in (("conversations.txt", "\n".join(request.conversations) + "\n"), ("copy.json", data), ("copy.txt", text)):
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(content, "utf-8")

    def _held(self, conversation_id: str) -> HeldOf:
        with self._database.reading() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one()
        turns = tuple(
            SaidTurn(turn.id, turn.at, turn.utterance, "\n\n".join(part.text for part in turn.parts), turn.facts)
            for turn in self._spoken.transcript(conversation_id)
        )
        callbacks = tuple(_callback(asked) for asked in self._people.all_requests(conversation_id))
        return HeldOf(conversation_id, row.channel, row.started_at, turns, callbacks, self._views.looked_at(conversation_id))


def _callback(row: CallbackRow) -> dict[str, object]:
    details = asdict(row.details) if row.details else {}
    return {"reference": row.reference, "queue": row.queue, "status": row.status, "requested_at": row.requested_at.isoformat(), **details}
