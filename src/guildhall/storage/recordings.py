"""Recordings of calls as files: written piece by piece beside the call, listed, opened, deleted. Nothing in them can be read without keys."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.records.recordings import MAGIC, MOST_HEAD, RATE, Head, Piece, open_pieces, read_head, seal_piece, two_tracks
from guildhall.records.sealing import Sealer, SealError
from guildhall.vocabulary.errors import NotFoundError

ENDING: Final = ".ghrec"
NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


class RecordingFile:
    """One recording that is being written. Each piece is on disk when `add` returns."""

    def __init__(self, folder: Path, head: Head, key: bytes) -> None:
        where = folder / f"{head.began_at:%Y-%m-%d}"
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._head, self._key, self._number = head, key, 0
        self._path = where / f"{head.recording}{ENDING}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._file = os.open(self._path, flags, 0o600)
        os.write(self._file, head.as_bytes)

    def add(self, piece: Piece) -> None:
        """One more piece. Raises OSError when it cannot be written, or when the recording was deleted meanwhile."""
        if not os.fstat(self._file).st_nlink:
            raise FileNotFoundError("the recording was deleted")
        os.write(self._file, seal_piece(self._key, self._head.recording, self._number, piece))
        os.fdatasync(self._file)
        self._number += 1

    def close(self) -> None:
        """No more pieces; an empty recording is none."""
        os.close(self._file)
        if not self._number:
            self._path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """One recording in the folder, as far as it can be told without keys."""

    path: Path
    head: Head
    bytes: int

    @property
    def seconds(self) -> float:
        """How much sound it holds, near enough: pauses are not in it."""
        return max(0.0, (self.bytes - len(self.head.as_bytes)) / (2 * RATE))


@dataclass(frozen=True)
class RecordingsFolder:
    """Every recording of a deployment. As a store of words it is reached by erasure."""

    folder: Path
    name: str = "Recordings of calls, sealed"

    def all(self, conversation_id: str = "") -> tuple[Kept, ...]:
        """The recordings, the newest first; of one conversation, or of all."""
        found = [kept for kept in self._kept() if not conversation_id or kept.head.conversation == conversation_id]
        return tuple(sorted(found, key=lambda kept: (kept.head.began_at, kept.head.recording), reverse=True))

    def find(self, recording: str) -> Kept:
        """One of them. Raises NotFoundError."""
        for kept in self._kept(recording if NAME.fullmatch(recording) else "-"):
            return kept
        raise NotFoundError(f"there is no recording {recording}: it was never made, or its time is over")

    def before(self, cutoff: datetime) -> tuple[Kept, ...]:
        """Those that began before a moment."""
        return tuple(kept for kept in self.all() if kept.head.began_at < cutoff)

    def tracks(self, kept: Kept, sealer: Sealer, conversation_key: AESGCM) -> tuple[bytes, bytes]:
        """What the caller said and what was said to them, in A-law. Raises SealError."""
        key = bytes.fromhex(sealer.open(conversation_key, kept.head.sealed_key, kept.head.recording)["key"])
        text = kept.path.read_bytes()
        _, begins = read_head(text)
        return two_tracks(open_pieces(key, kept.head.recording, text[begins:]))

    def delete(self, kept: Sequence[Kept]) -> int:
        """Delete files; how many there were."""
        gone = 0
        for one in kept:
            try:
                one.path.unlink()
                gone += 1
            except FileNotFoundError:
                continue
        return gone

    # as a store of words

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Delete every recording of these conversations."""
        return self.delete([kept for kept in self._kept() if kept.head.conversation in set(conversation_ids)])

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those of which there is a recording."""
        return frozenset(conversation_ids) & {kept.head.conversation for kept in self._kept()}

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Nothing: each piece is sealed before it is written, and a head holds random ids only."""
        return ()

    def _kept(self, name: str = "*") -> Iterator[Kept]:
        for path in sorted(self.folder.glob(f"*/{name}{ENDING}")):
            try:
                with path.open("rb") as file:
                    text = file.read(len(MAGIC) + MOST_HEAD)
                head, _ = read_head(text)
                yield Kept(path, head, path.stat().st_size)
            except (FileNotFoundError, SealError):  # deleted meanwhile, or its very beginning was cut by a crash
                continue


@dataclass(frozen=True)
class NewRecordings:
    """Begins recordings: makes the key of each, and seals it under the conversation's."""

    sealer: Sealer
    key_of: Callable[[str], AESGCM]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    random_bytes: Callable[[int], bytes] = os.urandom

    def begin(self, conversation_id: str) -> tuple[Head, bytes]:
        """Head and key of a new recording of a conversation. Raises NotFoundError when its words were erased."""
        recording, key = self.new_id("recording"), self.random_bytes(32)
        sealed = self.sealer.seal(self.key_of(conversation_id), {"key": key.hex()}, recording)
        return Head(recording, conversation_id, self.clock(), sealed), key
