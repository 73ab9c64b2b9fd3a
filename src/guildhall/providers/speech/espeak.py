"""The embedded voice: espeak-ng, a program of its own (GPL, never linked), one short-lived process a sentence.

The words go in by standard input, never in the list of arguments: every account of a machine can read those. Its sound goes out piece by
piece as it is made. A process that stalls, or whose sentence nobody wants any more, is killed.
"""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from guildhall.channels.phone.speech import Speaking, SpeechError
from guildhall.providers.speech.phone_band import PhoneBand

PROGRAM: Final = "espeak-ng"
WHAT_TO_INSTALL: Final = "espeak-ng is not installed, so there is no embedded voice: `apt-get install espeak-ng`, then start again."
WAV_HEADER_BYTES: Final = 44
PIECE_BYTES: Final = 8820
"""A fifth of a second: small enough that filtering one piece never holds up the sound of other calls."""
LONGEST_CHARACTERS: Final = 2000
WORDS_A_MINUTE: Final = (80, 350)
UNSPEAKABLE: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]")
"""Marks of writing direction and control characters: they have no sound, and some voices read out their names."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How one language is spoken: the program's name for the voice, its pace, and what makes it as loud as the others."""

    name: str
    words_a_minute: int = 150
    gain_db: float = 0.0


VOICES: Final = {
    "en": Voice("en-gb", 150, -0.6),
    "cs": Voice("cs", 145, 0.3),
    "pa": Voice("pa", 140, -0.6),
    "pl": Voice("pl", 145, -0.1),
    "ro": Voice("ro", 145, 1.4),
    "sk": Voice("sk", 145, 1.0),
    "ur": Voice("ur", 140, -0.2),
}
"""What it really speaks. Arabic is left out though it has a voice: written Arabic has no short vowels, and the voice drops them. Pashto
and Somali have no voice, and another language's voice would be a fake."""


@dataclass(frozen=True)
class EspeakVoice:
    """Speaks. Make it with `installed`, which says nothing when the program is not there."""

    program: str
    voices: dict[str, Voice] = field(default_factory=lambda: dict(VOICES))
    at_once: int = 4
    first_sound_seconds: float = 2.0
    whole_seconds: float = 20.0
    name: str = "espeak-ng"
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", asyncio.Semaphore(self.at_once))

    @property
    def speaking(self) -> Speaking:
        """What it can say."""
        return Speaking(frozenset(self.voices), on_premises=True)

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound, piece by piece. Raises SpeechError."""
        voice = self.voices.get(language)
        if voice is None:
            raise SpeechError(f"espeak-ng: no voice for {language!r}; it speaks {', '.join(sorted(self.voices))}")
        words = speakable(text)
        if not words:
            return
        pieces: asyncio.Queue[bytes | SpeechError] = asyncio.Queue()
        making = asyncio.create_task(self._make(words, voice, rate, pieces))
        try:
            while piece := await pieces.get():
                if isinstance(piece, SpeechError):
                    raise piece
                yield piece
        finally:
            making.cancel()
            await asyncio.wait([making])

    async def _make(self, words: bytes, voice: Voice, rate: float, pieces: asyncio.Queue[bytes | SpeechError]) -> None:
        """Fill the queue; an empty piece is the end. It takes no heed of how fast they are fetched, so a slow call holds no place."""
        try:
            async with asyncio.timeout(self.whole_seconds), self._places:
                async for piece in self._sound(words, voice, rate):
                    pieces.put_nowait(piece)
            pieces.put_nowait(b"")
        except TimeoutError:
            pieces.put_nowait(SpeechError("espeak-ng: stalled, and was ended"))
        except SpeechError as error:
            pieces.put_nowait(error)

    async def _sound(self, words: bytes, voice: Voice, rate: float) -> AsyncIterator[bytes]:
        process = await self._start(voice, rate)
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(words)
            process.stdin.close()
            async with asyncio.timeout(self.first_sound_seconds):
                header = await process.stdout.readexactly(WAV_HEADER_BYTES)
            band = PhoneBand(sample_rate(header), 10 ** (voice.gain_db / 20))
            while piece := await _piece(process.stdout):
                if sound := band.feed(piece):
                    yield sound
                await asyncio.sleep(0)  # all of it may lie ready: let the other calls have their turn
            yield band.finish()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise SpeechError("espeak-ng: ended without sound") from error
        finally:
            if process.returncode is None and not process.stdout.at_eof():
                with suppress(ProcessLookupError):
                    # not `process.kill`, which may take the end of the process away from the event loop that waits for it
                    os.kill(process.pid, signal.SIGKILL)
            await process.wait()

    async def _start(self, voice: Voice, rate: float) -> asyncio.subprocess.Process:
        slowest, fastest = WORDS_A_MINUTE
        pace = max(slowest, min(fastest, round(voice.words_a_minute * rate)))
        try:
            return await asyncio.create_subprocess_exec(
                *(self.program, "-v", voice.name, "-s", str(pace), "-b", "1", "-z", "--stdin", "--stdout"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            )
        except OSError as error:
            raise SpeechError(f"espeak-ng: {self.program} does not start ({error.strerror})") from error


def installed(program: str = PROGRAM, at_once: int = 4) -> EspeakVoice | None:
    """The voice, or None where the program is not installed."""
    found = shutil.which(program)
    return EspeakVoice(found, at_once=at_once) if found else None


def speakable(text: str) -> bytes:
    """The words as they are handed over. Two square brackets would begin phoneme codes, so a page cannot speak in those."""
    words = UNSPEAKABLE.sub("", text).replace("[", "(").replace("]", ")").strip()
    if len(words) > LONGEST_CHARACTERS:
        raise SpeechError(f"espeak-ng: {len(words)} characters at once; at most {LONGEST_CHARACTERS}")
    return words.encode()


def sample_rate(header: bytes) -> int:
    """The rate that a wav header tells. Raises SpeechError."""
    if header[:4] != b"RIFF" or header[8:12] != b"WAVE":
        raise SpeechError("espeak-ng: what it sends is no wav sound")
    return int.from_bytes(header[24:28], "little")


async def _piece(stream: asyncio.StreamReader) -> bytes:
    """The next fifth of a second, or what is left; an even number of bytes."""
    try:
        return await stream.readexactly(PIECE_BYTES)
    except asyncio.IncompleteReadError as error:
        return error.partial[: len(error.partial) // 2 * 2]
