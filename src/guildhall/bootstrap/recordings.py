"""Recordings of calls on the house's side: begun for a conversation, listed, and heard only by who says what for, which is recorded first."""

from dataclasses import dataclass
from pathlib import Path

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.rights import Memory, open_memory
from guildhall.records.recordings import Head, two_track_wav
from guildhall.settings import Settings
from guildhall.storage.keys import KeyRing
from guildhall.storage.recordings import Kept, NewRecordings, RecordingsFolder
from guildhall.storage.staff_views import StaffViews
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.rights import Looker


@dataclass(frozen=True)
class RecordingOffice:
    """The recordings of one deployment."""

    folder: RecordingsFolder
    keys: KeyRing
    views: StaffViews
    new: NewRecordings

    def begin(self, conversation_id: str) -> tuple[Head, bytes]:
        """Head and key of a new recording. Raises NotFoundError when the conversation's words were erased."""
        return self.new.begin(conversation_id)

    def all(self, conversation_id: str = "") -> tuple[Kept, ...]:
        """What is kept, the newest first. No sound, no words and no numbers."""
        return self.folder.all(conversation_id)

    def listen(self, looker: Looker, recording: str, takes_away: bool = False) -> bytes:
        """A recording as a wav file, the caller on the left. Raises NotFoundError, or RefusedError without a name and a purpose."""
        kept = self.folder.find(recording)
        self.views.note(looker, f"recording {recording} of a call", [kept.head.conversation], exported=takes_away)
        try:
            key = self.keys.get(kept.head.conversation)
        except NotFoundError:
            raise NotFoundError(f"recording {recording} cannot be heard any more: the words of its conversation were erased") from None
        return two_track_wav(*self.folder.tracks(kept, self.keys.sealer, key))


def wire_recordings(memory: Memory, folder: Path) -> RecordingOffice:
    """The office over open stores."""
    views = StaffViews(memory.database, memory.conversations, memory.people, memory.record, memory.clock, new_id)
    new = NewRecordings(memory.keys.sealer, memory.keys.get, memory.clock, new_id)
    return RecordingOffice(RecordingsFolder(folder), memory.keys, views, new)


def open_recordings(settings: Settings, council: str = "") -> RecordingOffice:
    """The deployment's recordings, for commands that need no models."""
    return wire_recordings(open_memory(settings, council or settings.council), settings.folders["recordings"])
