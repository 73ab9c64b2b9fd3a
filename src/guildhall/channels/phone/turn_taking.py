"""Whose turn it is to speak: when the caller begins, when they have finished, and what to do when nobody says anything.

It knows no clock: a frame is 20 ms, so a simulated call goes through it exactly as a real one does.
"""

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from guildhall.channels.phone.ports import FRAME_SECONDS


class Patience(StrEnum):
    """How long a pause ends what the caller says."""

    SHORT = "short"
    """Yes, no and choices."""
    OPEN = "open"
    NUMBERS = "numbers"
    """Numbers and addresses, which people look up while they speak."""
    PATIENT = "patient"
    """Somebody who needs time: Relay UK, a stammer, slow speech."""


PAUSE_SECONDS: Final = {Patience.SHORT: 0.5, Patience.OPEN: 0.7, Patience.NUMBERS: 1.2, Patience.PATIENT: 2.5}
BEGINS_FRAMES: Final = 6
BEGINS_OF: Final = 8
"""Six voiced frames of eight, 120 ms of voice, begin an utterance."""
BEFORE_FRAMES: Final = 20
"""So much from before the beginning belongs to it: first sounds are quiet."""
LONGEST_SECONDS: Final = 60.0
SILENCE_SECONDS: Final = (8.0, 16.0, 24.0)
PATIENT_SILENCE_SECONDS: Final = (25.0, 55.0, 90.0)


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The caller began to speak."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The caller has finished. `sound` is all of it; `voiced_seconds` how much of it was voice."""

    at: float
    sound: bytes
    voiced_seconds: float


@dataclass(frozen=True, slots=True)
class StillSilent:
    """Nobody has said anything for so long: the first, second or third time."""

    at: float
    times: int


Taken = SpeechBegan | SpeechEnded | StillSilent


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for."""

    patience: Patience = Patience.OPEN
    counts_silence: bool = True


class TurnTaking:
    """One call's turns."""

    def __init__(self) -> None:
        self._waiting = Waiting()
        self._patient = False
        self._before: deque[tuple[bytes, bool]] = deque(maxlen=BEFORE_FRAMES)
        self._speaking: list[bytes] | None = None
        self._voiced = self._pause = self._silent = self._asked = 0
        self._frames = 0

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""
        return self._speaking is not None

    @property
    def patience(self) -> Patience:
        """How long a pause ends what is said now."""
        return Patience.PATIENT if self._patient else self._waiting.patience

    def be_patient(self) -> None:
        """From now on the caller gets all the time they need."""
        self._patient = True

    def wait_for(self, waiting: Waiting) -> None:
        """Another question was put, or none: silence counts afresh."""
        self._waiting, self._silent, self._asked = waiting, 0, 0

    def pause(self) -> None:
        """Somebody else speaks: silence does not count until `wait_for`."""
        self._waiting = replace(self._waiting, counts_silence=False)

    def acted(self) -> None:
        """The caller did something else, such as pressing a key."""
        self._silent = self._asked = 0

    def forget(self) -> None:
        """Drop what is being said: a key answered already."""
        self._speaking = None
        self._before.clear()

    def frame(self, sound: bytes, voiced: bool) -> list[Taken]:
        """One frame of the caller, and what it means."""
        self._frames += 1
        if self._speaking is None:
            self._before.append((sound, voiced))
            recent = list(self._before)[-BEGINS_OF:]
            if sum(was for _, was in recent) >= BEGINS_FRAMES:
                self._speaking = [heard for heard, _ in self._before]
                self._voiced, self._pause = sum(was for _, was in self._before), 0
                self._before.clear()
                self.acted()
                return [SpeechBegan(self._at)]
            return self._silence()
        self._speaking.append(sound)
        self._voiced += voiced
        self._pause = 0 if voiced else self._pause + 1
        too_long = len(self._speaking) * FRAME_SECONDS >= LONGEST_SECONDS
        if self._pause * FRAME_SECONDS < PAUSE_SECONDS[self.patience] and not too_long:
            return []
        said, self._speaking = b"".join(self._speaking), None
        return [SpeechEnded(self._at, said, self._voiced * FRAME_SECONDS)]

    def _silence(self) -> list[Taken]:
        if not self._waiting.counts_silence:
            return []
        self._silent += 1
        ladder = PATIENT_SILENCE_SECONDS if self._patient else SILENCE_SECONDS
        if self._asked < len(ladder) and self._silent * FRAME_SECONDS >= ladder[self._asked]:
            self._asked += 1
            return [StillSilent(self._at, self._asked)]
        return []

    @property
    def _at(self) -> float:
        return self._frames * FRAME_SECONDS
