"""What a witness remembers of each log, on disk: written whole beside the old file, flushed, then put in its place."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from guildhall.records.checkpoints import NoteError, parse_checkpoint, parse_note
from guildhall.witness.judging import Seen


@dataclass(frozen=True)
class Memory:
    """One folder, one file a log: the last checkpoint with our cosignature on it, which anybody may read."""

    folder: Path

    def path(self, origin: str) -> Path:
        """The file of a log."""
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"

    def note(self, origin: str) -> str:
        """The last cosigned checkpoint, or empty."""
        path = self.path(origin)
        return path.read_text("utf-8") if path.exists() else ""

    def seen(self, origin: str) -> Seen:
        """The last tree cosigned. Raises NoteError when the file is damaged: then nothing may be signed until a person has looked."""
        text = self.note(origin)
        if not text:
            return Seen()
        try:
            checkpoint = parse_checkpoint(parse_note(text).body)
        except NoteError as error:
            raise NoteError(f"{self.path(origin)}: {error} Nothing is cosigned until this file is put right from a copy.") from None
        return Seen(checkpoint.size, checkpoint.root)

    def keep(self, origin: str, note: str) -> None:
        """Make the cosigned checkpoint durable; only then may the cosignature leave the house."""
        path = self.path(origin)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.draft")
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
