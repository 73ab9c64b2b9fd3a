"""Whole calls with real speech, faster than real time: flite speaks for the caller and for us, the room adds what it likes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from guildhall.channels.phone.moves import Dialogue, Expect, Move, Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import FRAME_BYTES, RATE, CallLeg, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.channels.phone.speech import Speaking, SpeechToText
from guildhall.channels.phone.states import CallState
from guildhall.providers.speech.detector import detectors
from guildhall.providers.telephony.simulator import Call, Script, SimulatedGateway
from tests.channels.phone.fakes import FakeEar, FakeHouse, PlainDialogue
from tests.phone import sounds

OURS_DB = -20.0


@dataclass
class FliteVoice:
    """Our words in a caller's voice, which is all a test of loudness needs."""

    name: str = "flite"
    said: list[str] = field(default_factory=list)

    @property
    def speaking(self) -> Speaking:
        return Speaking(frozenset({"en"}), True)

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        self.said.append(text)
        yield sounds.linear(sounds.level(sounds.says(text, "awb"), OURS_DB))


@dataclass
class Reads(PlainDialogue):
    """Says something long before it asks."""

    text: str
    interruptible: bool = True

    def opening(self) -> Move:
        return Move((Spoken(self.text, turn_id="turn_1", interruptible=self.interruptible),), CallState.OPEN, Expect())


@dataclass
class Played:
    """What is left of a call."""

    call: Call
    house: FakeHouse
    voice: FliteVoice

    def noted(self, what: str) -> list[dict[str, Any]]:
        return [dict(facts) for noted, facts in self.house.notes if noted == what]

    @property
    def heard(self) -> list[str]:
        """The sentences of a turn that the caller heard to the end."""
        return [str(facts["text"]) for facts in self.noted("heard")]


def phone_of(
    dialogue: Dialogue,
    ear: SpeechToText,
    house: FakeHouse,
    voice: FliteVoice | None = None,
    notice: str = "I am a computer.",
    steady: bool = False,
) -> Phone:
    """What a call session is given in a test."""
    return Phone(
        house=house, hearing=ear, voice=voice or FliteVoice(), detector=detectors(), dialogue=lambda _: dialogue,
        notice=(Spoken(notice),), new_id=lambda kind: f"{kind}_1", steady=steady,
        failover=Failover(TransferTarget("sip:duty@127.0.0.1"), {"en": Spoken("One moment.")}, {"en": Spoken("Please ring 01632 960100.")}),
        transfer_to=lambda route: TransferTarget(f"sip:{route.number}@127.0.0.1"),
    )  # fmt: skip


def play(script: Script, dialogue: Dialogue, ear: SpeechToText | None = None, notice: str = "I am a computer of the council.") -> Played:
    """A whole call; time stands still while we work something out."""
    house, voice = FakeHouse(), FliteVoice()
    phone = phone_of(dialogue, ear or FakeEar([]), house, voice, notice, steady=True)

    async def on_call(leg: CallLeg) -> None:
        await CallSession(leg, phone).run()

    gateway = SimulatedGateway([script])
    asyncio.run(asyncio.wait_for(gateway.serve(on_call), 60))
    return Played(gateway.calls[0], house, voice)


def room(around: sounds.Sound | None = None, echo_db: float | None = None, delay_seconds: float = 0.15) -> Callable[[bytes, bytes], bytes]:
    """A caller's microphone: what is around them, and our own voice coming back."""
    ambient = np.zeros(RATE) if around is None else around
    said: list[sounds.Sound] = [np.zeros(FRAME_BYTES // 2)] * round(delay_seconds * 50)
    heard = 0

    def mix(sound: bytes, ours: bytes) -> bytes:
        nonlocal heard
        mixed = np.frombuffer(sound, np.int16) / 32768 + np.take(ambient, range(heard, heard + 160), mode="wrap")
        heard += 160
        said.append(np.frombuffer(ours or bytes(FRAME_BYTES), np.int16) / 32768)
        if echo_db is not None:
            mixed = mixed + said[0] * 10 ** (echo_db / 20)
        said.pop(0)
        return sounds.linear(mixed)

    return mix
