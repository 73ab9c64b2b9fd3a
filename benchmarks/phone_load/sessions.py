"""What answers the calls of a load: `media` hears with voice detection and speaks; `session` is the whole call session, its speech far away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from guildhall.channels.phone.house import Replied, TurnDone
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import RATE, CallLeg, KeyPressed, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening
from guildhall.channels.phone.voice_activity import VoiceActivity
from guildhall.providers.speech.detector import detectors
from tests.channels.phone.fakes import FakeHouse, FakeVoice, PlainDialogue

GREETING_SECONDS = 8
REMOTE_SECONDS = 0.15
"""A supplier of speech takes so long, and none of our processor."""


@dataclass
class Seen:
    """What came of all calls. `gaps` are frames that never came between the first and the last of a call."""

    calls: int = 0
    over: int = 0
    keys: int = 0
    frames: int = 0
    gaps: int = 0
    voiced: int = 0
    asked: int = 0


def greeting() -> bytes:
    """Sound of the loudness of speech."""
    at = np.arange(GREETING_SECONDS * RATE) / RATE
    return (5000 * np.sin(2 * np.pi * 300 * at) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * at))).astype(np.int16).tobytes()


class MediaOnly:
    """Answers, greets, hears every frame with the detector that calls are heard with, notices keys."""

    def __init__(self, seen: Seen) -> None:
        self.seen, self._greeting = seen, greeting()

    async def __call__(self, leg: CallLeg) -> None:
        """One call."""
        self.seen.calls += 1
        await leg.answer()
        leg.play(self._greeting, "greeted")
        hearing = asyncio.create_task(self._hear(leg))
        async for event in leg.events():
            self.seen.keys += isinstance(event, KeyPressed)
        await hearing
        self.seen.over += 1

    async def _hear(self, leg: CallLeg) -> None:
        activity = VoiceActivity(detectors()())
        missing = began = 0
        async for frame in leg.frames():
            self.seen.voiced += activity.hear(frame.sound, frame.said or None)
            self.seen.frames += 1
            if frame.lost:
                missing += bool(began)
            else:
                self.seen.gaps += missing  # what is missing after the last frame is the caller's silence
                began, missing = 1, 0


@dataclass
class RemoteEar:
    """Understands after a while, and costs nothing: a supplier's."""

    seen: Seen
    name: str = "remote"

    @property
    def hearing(self) -> Hearing:
        """As a cloud's."""
        return Hearing(frozenset({"en"}), True)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """One utterance."""
        return _Utterance(self.seen)


@dataclass
class _Utterance:
    seen: Seen

    async def feed(self, sound: bytes) -> None:
        """Nothing of it is kept."""

    async def finish(self) -> Heard:
        """The same words each time."""
        await asyncio.sleep(REMOTE_SECONDS)
        self.seen.asked += 1
        return Heard("When is my bin emptied?")

    async def cancel(self) -> None:
        """It was none."""


class _Counted:
    """A leg whose keys and frames are counted as they pass."""

    def __init__(self, leg: CallLeg, seen: Seen) -> None:
        self._leg, self._seen = leg, seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._leg, name)

    async def events(self) -> AsyncIterator[Any]:
        """What happens."""
        async for event in self._leg.events():
            self._seen.keys += isinstance(event, KeyPressed)
            yield event

    async def frames(self) -> AsyncIterator[Any]:
        """What the caller says."""
        missing = began = 0
        async for frame in self._leg.frames():
            self._seen.frames += 1
            if frame.lost:
                missing += bool(began)
            else:
                self._seen.gaps += missing
                began, missing = 1, 0
            yield frame


class FarHouse(FakeHouse):
    """Answers at once and keeps nothing, as a house at the other end of a line: what is told of a call is none of the gateway's memory."""

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        """One sentence."""
        async for item in super().say(conversation_id, text, attempt, confidence):
            yield item
        self.asked.clear()

    async def note(self, conversation_id: str, what: str, facts: dict[str, object]) -> None:
        """Gone with the answer."""


class FarVoice(FakeVoice):
    """Hums, and keeps no list of what it said."""

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """One hum."""
        async for piece in super().speak(text, language, rate):
            yield piece
        self.said.clear()


@dataclass
class WholeSession:
    """The call session that serves residents, with a house that answers at once and a voice that costs nothing."""

    seen: Seen
    voice: FakeVoice = field(default_factory=FarVoice)

    async def __call__(self, leg: CallLeg) -> None:
        """One call."""
        self.seen.calls += 1
        nobody = Spoken("Ring 01632 960000.")
        phone = Phone(
            house=FarHouse(),
            hearing=RemoteEar(self.seen),
            voice=self.voice,
            detector=detectors(),
            dialogue=lambda _: PlainDialogue(),
            notice=(Spoken("I am a machine."),),
            failover=Failover(TransferTarget("sip:none@127.0.0.1"), {"en": nobody}, {"en": nobody}),
            transfer_to=lambda _: TransferTarget("sip:none@127.0.0.1"),
            new_id=lambda what: what,
        )
        await CallSession(_Counted(leg, self.seen), phone).run()
        self.seen.over += 1
