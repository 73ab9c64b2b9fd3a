"""Says things sentence by sentence, and knows what the caller has really heard of them.

Each sentence ends with a mark that the gateway gives back when it was sent. After an interruption the sentences that were not finished
can be said again from the start of the one that was cut: nobody has to guess the end of a sentence. Sentences are rendered one after
another while earlier ones are heard, so the first sound never waits for the last words.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.channels.phone.caught import caught
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.ports import RATE, CallLeg
from guildhall.channels.phone.sentences import sentences_of, typing_seconds
from guildhall.channels.phone.speech import TextToSpeech

SILENT_PEAK: Final = 100
LEAD_SAMPLES: Final = RATE // 100
AHEAD: Final = 2
"""So many sentences are rendered while another is heard; more would be waste when the caller cuts in."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence on its way. `number` names its mark; `kept`: it is part of what `repeat` says again."""

    number: int
    spoken: Spoken
    kept: bool = True

    @property
    def mark(self) -> str:
        """What the gateway gives back when it was sent."""
        return f"s{self.number}"


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the mouth tells: that a sentence was heard to its end, and that no voice can say one. `working` surrounds the rendering of one."""

    heard: Callable[[Spoken], None]
    failed: Callable[[Spoken, Exception], None]
    working: Callable[[], AbstractContextManager[None]] = nullcontext


class Mouth:
    """One call's voice."""

    def __init__(self, leg: CallLeg, voice: TextToSpeech, told: Told) -> None:
        self._leg, self._voice, self._told = leg, voice, told
        self._waiting: deque[Sentence] = deque()
        self._unrendered: deque[Sentence] = deque()
        self._cut: list[Sentence] = []
        self._last: list[Spoken] = []
        self._number = 0
        self._rendering: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._held = False
        self._before: Spoken | None = None
        self.rate = 1.0
        self.gain = 1.0
        self.patient = False

    @property
    def speaking(self) -> bool:
        """Whether something is still to be heard."""
        return bool(self._waiting)

    @property
    def answering(self) -> bool:
        """Whether what is heard now is no filler."""
        return bool(self._waiting) and self._waiting[0].kept

    @property
    def cut_turn(self) -> str:
        """The turn whose words were cut off."""
        return self._cut[0].spoken.turn_id if self._cut else ""

    @property
    def interruptible(self) -> bool:
        """Whether the caller may cut off what is being said."""
        return all(sentence.spoken.interruptible for sentence in self._waiting)

    @property
    def held(self) -> bool:
        """Whether we hold our tongue because the caller speaks; what was cut, and what comes meanwhile, waits for `resume` or `begin`."""
        return self._held

    @property
    def cut(self) -> bool:
        """Whether something waits for `resume`."""
        return bool(self._cut)

    def begin(self) -> None:
        """What is said from now on is what `repeat` says again; what was cut off is not said any more."""
        self._last, self._cut, self._held = [], [], False

    def say(self, spoken: Spoken, kept: bool = True) -> None:
        """Render and queue something."""
        for sentence in sentences_of(spoken):
            if kept:
                self._last.append(sentence)
            self._queue(sentence, kept)

    def repeat(self) -> None:
        """Say the last thing again, from its beginning, after what is being said."""
        for spoken in self._last:
            self._queue(spoken, True)

    def played(self, mark: str) -> None:
        """A mark came back: everything up to it was heard."""
        number = int(mark[1:])
        while self._waiting and self._waiting[0].number <= number:
            self._told.heard(self._waiting.popleft().spoken)
        self._room.set()

    def interrupt(self) -> float:
        """Stop now, and hold; how many seconds that were ready were not heard. The cut sentence and those after it can be resumed."""
        self._held = True
        cut = list(self._waiting)
        unheard = self._stop()
        self._cut += cut
        return unheard

    def interject(self, spoken: Spoken) -> None:
        """Say something now, and then what was being said, from the start of the sentence that it cut. What nobody may cut is said first."""
        cut = [] if not self.interruptible else [*self._cut, *self._waiting]
        if cut:
            self.drop()
        self.say(spoken, kept=False)
        for sentence in cut:
            self._queue(sentence.spoken, sentence.kept)

    def hold(self) -> None:
        """Say nothing until `resume` or `begin`: the caller speaks."""
        self._held = True

    def drop(self) -> None:
        """Stop now; none of it will be said."""
        self._stop()
        self._cut, self._held = [], False

    def resume(self) -> None:
        """Go on from the start of the sentence that was cut: it was no interruption after all."""
        cut, self._cut, self._held = self._cut, [], False
        for sentence in cut:
            self._queue(sentence.spoken, sentence.kept)

    async def close(self) -> None:
        """The call is over."""
        self.drop()
        if (task := self._rendering) is not None:
            with suppress(asyncio.CancelledError):
                await task

    def _stop(self) -> float:
        self._waiting.clear()
        self._unrendered.clear()
        if self._rendering is not None:
            self._rendering.cancel()
        return self._leg.flush()

    def _queue(self, spoken: Spoken, kept: bool) -> None:
        self._number += 1
        sentence = Sentence(self._number, spoken, kept)
        if self._held:
            self._cut.append(sentence)
            return
        if not self._waiting:
            self._before = None
        self._waiting.append(sentence)
        self._unrendered.append(sentence)
        if self._rendering is None or self._rendering.done() or self._rendering.cancelling():
            self._rendering = asyncio.get_running_loop().create_task(self._render(self._rendering))

    async def _render(self, before: asyncio.Task[None] | None) -> None:
        """Render what is queued, one sentence after another."""
        if before is not None:  # one that was cut off lets go of its voice first
            await asyncio.wait([before])
        while self._unrendered:
            sentence = self._unrendered.popleft()
            while self._ahead(sentence) > AHEAD:
                self._room.clear()
                await self._room.wait()
            if self.patient and self._before is not None and not sentence.spoken.at_once:  # whoever types or reads it needs the time
                self._leg.play(bytes(2 * round(typing_seconds(self._before) * RATE)))
            self._before = sentence.spoken
            await self._speak(sentence)

    async def _speak(self, sentence: Sentence) -> None:
        failed = await caught(lambda: self._render_one(sentence))
        if failed is None:
            self._leg.play(b"", sentence.mark)
        elif sentence in self._waiting:
            self._waiting.remove(sentence)
            self._told.failed(sentence.spoken, failed.error)

    async def _render_one(self, sentence: Sentence) -> None:
        with self._told.working():
            quiet_so_far = self._ahead(sentence) == 0  # the caller waits for this one: its first silence is no part of it
            async for piece in self._voice.speak(sentence.spoken.text, sentence.spoken.language, self.rate):
                sound = _from_first_sound(piece) if quiet_so_far else piece
                quiet_so_far &= not sound
                self._leg.play(_louder(sound, self.gain))

    def _ahead(self, sentence: Sentence) -> int:
        """How many sentences before this one are not heard yet."""
        return sum(other.number < sentence.number for other in self._waiting)


def _from_first_sound(sound: bytes) -> bytes:
    """The same without the silence that voices begin with; empty when there is nothing else in it."""
    samples = np.abs(np.frombuffer(sound[: len(sound) // 2 * 2], np.int16).astype(np.int32))
    loud = np.flatnonzero(samples > SILENT_PEAK)
    return sound[max(0, int(loud[0]) - LEAD_SAMPLES) * 2 :] if loud.size else b""


def _louder(sound: bytes, gain: float) -> bytes:
    if gain == 1.0:
        return sound
    samples = np.frombuffer(sound, np.int16).astype(np.float32) * gain
    return bytes(np.clip(samples, -32768, 32767).astype(np.int16).tobytes())
