"""Rendered speech that is kept: the council's own wording on disk from one start to the next, everything else for a while in memory.

What a resident is told is theirs: it is never written to disk, and goes when the memory's bound is reached or the gateway ends.
"""

import hashlib
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from guildhall.channels.phone.speech import Speaking, SpeechError, TextToSpeech
from guildhall.providers.speech.prompt_voice import pieces

FORM: Final = "1"
"""Raise it when the same text must be rendered afresh, such as after a change of the filter."""
SUFFIX: Final = ".s16"


@dataclass
class RenderedVoice:
    """A voice that says the same thing again without making it again. `voice_key` names what it sounds like."""

    voice: TextToSpeech
    folder: Path | None = None
    voice_key: str = ""
    most_memory_bytes: int = 32_000_000
    most_disk_bytes: int = 100_000_000
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _size: int = 0

    @property
    def name(self) -> str:
        """As the voice is called."""
        return self.voice.name

    @property
    def speaking(self) -> Speaking:
        """What the voice can say."""
        return self.voice.speaking

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound, piece by piece. Raises SpeechError."""
        key = self._key(text, language, rate)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            for piece in pieces(kept):
                yield piece
            return
        made = bytearray()
        async for piece in self.voice.speak(text, language, rate):
            made += piece
            yield piece
        self._keep(key, bytes(made))  # only what was made to its end: a caller may have cut it off

    async def prepare(self, sentences: Iterable[tuple[str, str]]) -> int:
        """Have wording of the council ready, as text and language; how many sentences no voice can say."""
        unsaid = 0
        for text, language in sentences:
            key = self._key(text, language, 1.0)
            if key in self._kept:
                continue
            sound = self._stored(key)
            if sound is None:
                try:
                    sound = b"".join([piece async for piece in self.voice.speak(text, language)])
                except SpeechError:
                    unsaid += 1
                    continue
                self._store(key, sound)
            self._keep(key, sound)
        self._tidy()
        return unsaid

    def _key(self, text: str, language: str, rate: float) -> str:
        named = "\n".join((FORM, self.voice.name, self.voice_key, language, f"{rate:.2f}", text))
        return hashlib.sha256(named.encode()).hexdigest()

    def _keep(self, key: str, sound: bytes) -> None:
        self._size += len(sound) - len(self._kept.pop(key, b""))
        self._kept[key] = sound
        while self._size > self.most_memory_bytes and self._kept:
            self._size -= len(self._kept.popitem(last=False)[1])

    def _stored(self, key: str) -> bytes | None:
        path = self.folder / f"{key}{SUFFIX}" if self.folder else None
        if path is None or not path.is_file():
            return None
        sound = path.read_bytes()
        os.utime(path)
        return sound if sound and len(sound) % 2 == 0 else None

    def _store(self, key: str, sound: bytes) -> None:
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{key}.{os.getpid()}.part"
        part.write_bytes(sound)
        part.replace(self.folder / f"{key}{SUFFIX}")

    def _tidy(self) -> None:
        """Old wording makes room."""
        if self.folder is None or not self.folder.is_dir():
            return
        files = sorted(((path.stat().st_mtime, path.stat().st_size, path) for path in self.folder.glob(f"*{SUFFIX}")), reverse=True)
        total = 0
        for _, size, path in files:
            total += size
            if total > self.most_disk_bytes:
                path.unlink(missing_ok=True)
