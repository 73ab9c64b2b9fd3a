"""Makes the copy for a person: only once every check stands, recorded before it is written, into a folder that its owner alone can read."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from guildhall.records.requests import RightsRequest, Step, check_export
from guildhall.records.subject_access import HeldOf, as_json, as_text, copy_for
from guildhall.storage.held import HeldReader
from guildhall.storage.rights_requests import RightsStore
from guildhall.storage.staff_views import StaffViews
from guildhall.vocabulary.rights import Answer, Looker, RightsStep


class SubjectAccess:
    """Exports of one council."""

    def __init__(
        self,
        held: HeldReader,
        requests: RightsStore,
        views: StaffViews,
        folder: Path,
        council: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._held = held
        self._requests = requests
        self._views = views
        self._folder = folder
        self._council = council
        self._clock = clock

    def review(self, looker: Looker, conversation_id: str) -> HeldOf:
        """All that a copy could hold of a conversation, for whoever makes the checks. That they look is recorded first."""
        self._views.note(looker, "everything held, for the checks before a copy", [conversation_id])
        return self._held.read(conversation_id, self._views.looked_at(conversation_id))

    def unknown(self, ids: Collection[str], conversation_ids: Collection[str]) -> tuple[str, ...]:
        """Those of these ids that name nothing in these conversations. `ID:3` is the third line of what ID names. Shows no words."""
        known = {one for conversation_id in conversation_ids for one in self._held.read(conversation_id, ()).ids}
        return tuple(one for one in ids if one not in known and _named(one) not in known)

    def export(self, reference: str, looker: Looker) -> Path:
        """The folder with the copy. Raises RefusedError while a check is missing or says that it is not safe."""
        request = self._requests.get(reference)
        checks = check_export(request)
        self._views.note(looker, f"copy for {request.reference}", request.conversations, exported=True)
        until = min(check.at for check in checks)
        held = [self._held.read(each, self._views.looked_at(each), until) for each in request.conversations]
        copy = copy_for(request, checks, held, self._council, self._clock())
        folder = self._folder / request.reference
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(folder, request, as_json(copy), as_text(copy))
        for line in (line for conversation in copy["conversations"] for line in conversation["also_held"]):
            if line["text"] == f"{line['id']}.wav" and (sound := self._held.sound(line["id"])):
                path = folder / line["text"]
                path.touch(mode=0o600)
                path.write_bytes(sound)
        self._requests.add(request, Step(RightsStep.EXPORTED, Answer.DONE, looker.name, self._clock()))
        return folder

    def _write(self, folder: Path, request: RightsRequest, data: str, text: str) -> None:
        # Which conversations it holds comes first: erasure finds the copy by it.
        for name, content in (("conversations.txt", "\n".join(request.conversations) + "\n"), ("copy.json", data), ("copy.txt", text)):
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(content, "utf-8")


def _named(line_id: str) -> str:
    """The id without the number of a line."""
    before, _, number = line_id.rpartition(":")
    return before if number.isdecimal() else line_id
