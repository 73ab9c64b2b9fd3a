"""Whose turn it is to speak: when the caller begins, when they have finished, and what to do when nobody says anything.

It knows no clock: a frame is 20 ms, so a simulated call goes through it exactly as a real one does.
"""

from collections import deque
from dataclasses import dataclass
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
    URGENT = "urgent"
    """In danger, where a person comes when nobody speaks: silence is never long, however much time the caller takes to speak."""


PAUSE_SECONDS: Final = {Patience.SHORT: 0.5, Patience.URGENT: 0.5, Patience.OPEN: 0.7, Patience.NUMBERS: 1.2, Patience.PATIENT: 2.5}
BLIP_SECONDS: Final = 0.5
"""Less voice than this over our own words is a noise, or a word of assent, until its meaning says otherwise: it is looked at sooner."""
BEGINS_FRAMES: Final = 6
BEGINS_OF: Final = 8
"""Six voiced frames of eight, 120 ms of voice, begin an utterance."""
BEFORE_FRAMES: Final = 20
"""So much from before the beginning belongs to it: first sounds are quiet."""
LONGEST_SECONDS: Final = 60.0
LONGEST_OVER_US_SECONDS: Final = 12.0
"""Then it is looked at what cut us off: a television talks without an end. A caller who goes on is heard as one with what follows."""
SILENCE_SECONDS: Final = (8.0, 16.0, 24.0)
PATIENT_SILENCE_SECONDS: Final = (60.0, 150.0, 300.0)
"""A relay assistant types at forty words a minute and the caller types back: a pause is no silence. Only a line left open for minutes is asked about."""


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The caller began to speak. `sound` is what has been said so far, with the quiet first sounds before it."""

    at: float
    sound: bytes = b""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The caller has finished. `voiced_seconds` is how much of it was voice, `pause_seconds` the quiet that ended it."""

    at: float
    voiced_seconds: float
    pause_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class StillSilent:
    """Nobody has said anything for so long: the first, second or third time."""

    at: float
    times: int


Taken = SpeechBegan | SpeechEnded | StillSilent


class TurnTaking:
    """One call's turns."""

    def __init__(self) -> None:
        self._patience = Patience.OPEN
        self._patient = False
        self._before: deque[tuple[bytes, bool]] = deque(maxlen=BEFORE_FRAMES)
        self._said = 0
        self._voiced = self._pause = self._silent = self._asked = 0
        self._frames = 0

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""
        return self._said > 0

    @property
    def patient(self) -> bool:
        """Whether the caller gets all the time they need."""
        return self._patient

    @property
    def patience(self) -> Patience:
        """How long a pause ends what is said now."""
        return Patience.PATIENT if self._patient else self._patience

    def be_patient(self) -> None:
        """From now on the caller gets all the time they need."""
        self._patient = True

    def patience_for(self, patience: Patience) -> None:
        """Another question was put."""
        self._patience = patience

    def acted(self) -> None:
        """The caller said or did something, or it is their turn anew: silence counts afresh."""
        self._silent = self._asked = 0

    def forget(self) -> None:
        """Drop what is being said: a key answered already."""
        self._said = 0
        self._before.clear()

    def frame(self, sound: bytes, voiced: bool, quiet: bool = True, over_us: bool = False) -> list[Taken]:
        """One frame of the caller, and what it means.

        `quiet`: nobody else makes a sound and nothing is being worked out, so silence counts. `over_us`: the caller's voice cut off ours.
        """
        self._frames += 1
        if not self._said:
            return self._before_speech(sound, voiced, quiet)
        self._said += 1
        self._voiced += voiced
        self._pause = 0 if voiced else self._pause + 1
        longest = LONGEST_OVER_US_SECONDS if over_us else LONGEST_SECONDS
        if self._pause * FRAME_SECONDS < self._enough(over_us) and self._said * FRAME_SECONDS < longest:
            return []
        self._said = 0
        return [SpeechEnded(self._at, self._voiced * FRAME_SECONDS, self._pause * FRAME_SECONDS)]

    def _before_speech(self, sound: bytes, voiced: bool, quiet: bool) -> list[Taken]:
        self._before.append((sound, voiced))
        recent = list(self._before)[-BEGINS_OF:]
        if sum(was for _, was in recent) < BEGINS_FRAMES:
            return self._silence() if quiet else []
        self._said = len(self._before)
        self._voiced, self._pause = sum(was for _, was in self._before), 0
        said = b"".join(heard for heard, _ in self._before)
        self._before.clear()
        return [SpeechBegan(self._at, said)]

    def _enough(self, over_us: bool) -> float:
        """The pause that ends what is said now."""
        pause = PAUSE_SECONDS[self.patience]
        blip = over_us and not self._patient and self._voiced * FRAME_SECONDS < BLIP_SECONDS
        return min(pause, PAUSE_SECONDS[Patience.SHORT]) if blip else pause

    def _silence(self) -> list[Taken]:
        self._silent += 1
        ladder = PATIENT_SILENCE_SECONDS if self._patient and self._patience != Patience.URGENT else SILENCE_SECONDS
        if self._asked < len(ladder) and self._silent * FRAME_SECONDS >= ladder[self._asked]:
            self._asked += 1
            return [StillSilent(self._at, self._asked)]
        return []

    @property
    def _at(self) -> float:
        return self._frames * FRAME_SECONDS
