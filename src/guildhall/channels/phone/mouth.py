"""Says things sentence by sentence, and knows what the caller has really heard of them.

Each sentence ends with a mark that the gateway gives back when it was sent. After an interruption the sentences that were not finished
can be said again from the start of the one that was cut: nobody has to guess the end of a sentence.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.ports import CallLeg
from guildhall.channels.phone.speech import SpeechError, TextToSpeech

SENTENCE: Final = re.compile(r"(?<=[.!?؟۔])\s+|\n+")
Heard = Callable[[Spoken], None]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence on its way. `number` names its mark."""

    number: int
    spoken: Spoken

    @property
    def mark(self) -> str:
        """What the gateway gives back when it was sent."""
        return f"s{self.number}"


def sentences_of(spoken: Spoken) -> list[Spoken]:
    """The sentences of something to say."""
    pieces = [piece.strip() for piece in SENTENCE.split(spoken.text) if piece.strip()]
    last = len(pieces) - 1
    return [replace(spoken, text=piece, ends=spoken.ends and number == last) for number, piece in enumerate(pieces)]


class Mouth:
    """One call's voice."""

    def __init__(self, leg: CallLeg, voice: TextToSpeech, heard: Heard) -> None:
        self._leg, self._voice, self._heard = leg, voice, heard
        self._waiting: deque[Sentence] = deque()
        self._cut: list[Spoken] = []
        self._last: list[Spoken] = []
        self._number = 0
        self.rate = 1.0
        self.gain = 1.0

    @property
    def speaking(self) -> bool:
        """Whether something is still to be heard."""
        return bool(self._waiting)

    @property
    def interruptible(self) -> bool:
        """Whether the caller may cut off what is being said."""
        return all(sentence.spoken.interruptible for sentence in self._waiting)

    async def say(self, spoken: Spoken) -> None:
        """Render and queue something. Raises SpeechError when no voice can say it."""
        for sentence in sentences_of(spoken):
            self._last.append(sentence)
            await self._queue(sentence)

    def begin(self) -> None:
        """What is said from now on is what `repeat` says again."""
        self._last = []
        self._cut = []

    async def repeat(self) -> None:
        """Say the last thing again."""
        for sentence in list(self._last):
            await self._queue(sentence)

    async def _queue(self, spoken: Spoken) -> None:
        self._number += 1
        sentence = Sentence(self._number, spoken)
        self._waiting.append(sentence)
        try:
            async for piece in self._voice.speak(spoken.text, spoken.language, self.rate):
                if sentence not in self._waiting:  # cut off meanwhile
                    return
                self._leg.play(_louder(piece, self.gain))
        except SpeechError:
            self._waiting.remove(sentence)
            raise
        self._leg.play(b"", sentence.mark)

    def played(self, mark: str) -> None:
        """A mark came back: everything up to it was heard."""
        while self._waiting and int(mark[1:]) >= self._waiting[0].number:
            self._heard(self._waiting.popleft().spoken)

    def interrupt(self) -> float:
        """Stop now; how many seconds were not heard. The cut sentence and those after it can be resumed."""
        unheard = self._leg.flush()
        self._cut = [sentence.spoken for sentence in self._waiting]
        self._waiting.clear()
        return unheard

    async def resume(self) -> None:
        """Go on from the start of the sentence that was cut: it was no interruption after all."""
        cut, self._cut = self._cut, []
        for spoken in cut:
            await self._queue(spoken)

    @property
    def cut(self) -> bool:
        """Whether something was cut off and not resumed."""
        return bool(self._cut)


def _louder(sound: bytes, gain: float) -> bytes:
    if gain == 1.0:
        return sound
    samples = np.frombuffer(sound, np.int16).astype(np.float32) * gain
    return bytes(np.clip(samples, -32768, 32767).astype(np.int16).tobytes())
