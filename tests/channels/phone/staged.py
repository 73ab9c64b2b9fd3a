"""A house and a dialogue whose every answer a test sets, and calls played with them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from guildhall.channels.phone.house import CallFacts, HouseGoneError, PersonAnswer, PersonRoute, Replied, TurnDone
from guildhall.channels.phone.moves import Dialogue, Move, Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import AudioFrame, CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.channels.phone.speech import Grammar, Heard, Listening, SpeechError, SpeechToText, TextToSpeech
from guildhall.providers.telephony.simulator import Call, CallerStep, Says, Script, SimulatedGateway, Waits
from guildhall.vocabulary.turns import PartKind, ReplyPart
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue, hum

RING = PersonRoute(PersonAnswer.RING, "ABCD-2345", "front-desk", "01632960100")
WAIT = PersonRoute(PersonAnswer.WAIT, "ABCD-2345", "front-desk", position=2, wait_seconds=240)
DUTY = PersonRoute(PersonAnswer.DUTY, "ABCD-2345", "duty", "01632960199")
CALLBACK = PersonRoute(PersonAnswer.CALLBACK, "ABCD-2345", "front-desk", slots=("2026-11-27T09:00:00+00:00",))
REPLY: CallerStep = Waits(0.6, for_reply=True)
SPEAKS: CallerStep = Says(hum(1.0))
CONNECTED = TransferOutcome.CONNECTED
NO_ANSWER = TransferOutcome.NO_ANSWER


@dataclass
class StagedHouse(FakeHouse):
    """Answers with what it was given; the last answer is given again."""

    persons_reached: list[PersonRoute] = field(default_factory=lambda: [RING])
    routes: list[PersonRoute] = field(default_factory=lambda: [RING])
    after_transfers: list[PersonRoute | None] = field(default_factory=lambda: [None])
    sentences: list[str] = field(default_factory=lambda: ["It is emptied on Tuesday."])
    dangers: list[bool] = field(default_factory=list)
    ended_transfers: list[TransferOutcome] = field(default_factory=list)
    booked: list[tuple[str, str, str]] = field(default_factory=list)
    texted: list[tuple[str, str]] = field(default_factory=list)
    polls: int = 0
    language: str = "en"
    gone_for: frozenset[str] = frozenset()
    before_reply: asyncio.Event | None = None
    """The reply waits for it."""

    def _gone(self, what: str) -> None:
        if what in self.gone_for:
            raise HouseGoneError(what)

    async def begin(self, facts: CallFacts) -> str:
        self._gone("begin")
        return "conv_1"

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        self._gone("say")
        self.asked.append(text)
        if self.before_reply is not None:
            await self.before_reply.wait()
        for number, sentence in enumerate(self.sentences):
            yield Replied(attempt, ReplyPart(PartKind.ANSWER, sentence, self.language), number)
        yield TurnDone(attempt, "answered", "evidence_found", "none", "", self.language)

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        self._gone("person")
        self.persons.append(words)
        self.dangers.append(danger)
        return self.persons_reached.pop(0) if len(self.persons_reached) > 1 else self.persons_reached[0]

    async def route(self, conversation_id: str, reference: str) -> PersonRoute:
        self._gone("route")
        self.polls += 1
        return self.routes.pop(0) if len(self.routes) > 1 else self.routes[0]

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        self._gone("transferred")
        self.ended_transfers.append(outcome)
        return self.after_transfers.pop(0) if len(self.after_transfers) > 1 else self.after_transfers[0]

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        self.booked.append((reference, number, starts_at))
        return "tomorrow at nine"

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        self.texted.append((turn_id, number))
        return True

    def noted(self, what: str) -> list[dict[str, Any]]:
        return [dict(facts) for noted, facts in self.notes if noted == what]

    @property
    def states(self) -> list[str]:
        return [str(facts["after"]) for facts in self.noted("state")]


@dataclass
class StagedDialogue(PlainDialogue):
    """Does as a test has it; else as the plain one."""

    says: dict[str, Move] = field(default_factory=dict)
    keys: dict[str, Move] = field(default_factory=dict)
    begins: Move | None = None
    on_silence: Callable[[int], Move] | None = None
    on_back: Move | None = None
    on_callback: Move | None = None
    after_reply: Move | None = None
    backs: list[tuple[str, PersonRoute | None]] = field(default_factory=list)
    collected: list[str] = field(default_factory=list)
    unheard_times: int = 0

    def opening(self) -> Move:
        return self.begins or super().opening()

    def heard(self, heard: Heard) -> Move:
        return self.says.get(heard.text) or super().heard(heard)

    def pressed(self, keys: str) -> Move:
        self.collected.append(keys)
        return self.keys.get(keys) or super().pressed(keys)

    def silent(self, times: int) -> Move:
        return self.on_silence(times) if self.on_silence else super().silent(times)

    def unheard(self) -> Move:
        self.unheard_times += 1
        return super().unheard()

    def replied(self, done: TurnDone) -> Move:
        return self.after_reply or super().replied(done)

    def person(self, route: PersonRoute) -> Move:
        words = {PersonAnswer.WAIT: "You are number 2 in the queue.", PersonAnswer.CALLBACK: "Nobody is here. Shall we ring you back?"}
        if route.answer == PersonAnswer.CALLBACK and self.on_callback:
            return self.on_callback
        return Move((Spoken(words.get(route.answer, "I am putting you through.")),))

    def back(self, why: str, route: PersonRoute | None = None) -> Move:
        self.backs.append((why, route))
        return self.on_back or super().back(why, route)


@dataclass
class DeafEar(FakeEar):
    """No provider can hear."""

    hears: list[str] = field(default_factory=list)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        raise SpeechError("no provider of hearing works")


@dataclass
class DumbVoice(FakeVoice):
    """No provider can speak, but for the sentences that were rendered beforehand."""

    rendered: tuple[str, ...] = ()

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        if text not in self.rendered:
            raise SpeechError("no provider of speech works")
        async for piece in super().speak(text, language, rate):
            yield piece


class QuietLeg:
    """A telephone that sends nothing while nobody speaks."""

    def __init__(self, leg: CallLeg) -> None:
        self._leg = leg

    def __getattr__(self, name: str) -> Any:
        return getattr(self._leg, name)

    async def frames(self) -> AsyncIterator[AudioFrame]:
        async for frame in self._leg.frames():
            yield replace(frame, lost=not any(frame.sound))


@dataclass
class Stage:
    """One call on its stage."""

    steps: Sequence[CallerStep]
    hears: list[str] = field(default_factory=list)
    house: StagedHouse = field(default_factory=StagedHouse)
    dialogue: Dialogue = field(default_factory=StagedDialogue)
    voice: FakeVoice = field(default_factory=FakeVoice)
    ear: SpeechToText | None = None
    transfers: Sequence[TransferOutcome] = ()
    ring_seconds: float = 2.0
    payment: TransferTarget | None = None
    watch: Callable[[CallSession, "Stage"], Any] | None = None
    quiet_line: bool = False
    call: Call = field(default_factory=Call)
    left_tasks: int = 0

    def phone(self) -> Phone:
        voice: TextToSpeech = self.voice
        return Phone(
            house=self.house, hearing=self.ear or FakeEar(self.hears), voice=voice, detector=lambda: lambda _: True,
            dialogue=lambda _: self.dialogue, notice=(Spoken("I am a computer."),), payment=self.payment, version="v1",
            failover=Failover(
                TransferTarget("sip:duty@127.0.0.1"), {"en": Spoken("One moment, please.")}, {"en": Spoken("Please ring 01632 960100.")}
            ),
            transfer_to=lambda route: TransferTarget(f"sip:{route.number}@127.0.0.1", context={"x-case-ref": route.reference}),
            new_id=lambda kind: f"{kind}_1",
        )  # fmt: skip

    def play(self) -> "Stage":
        """The whole call."""

        async def on_call(leg: CallLeg) -> None:
            before = asyncio.all_tasks()
            session = CallSession(cast(CallLeg, QuietLeg(leg)) if self.quiet_line else leg, self.phone())
            watching = asyncio.create_task(self.watch(session, self)) if self.watch else None
            await session.run()
            if watching:
                watching.cancel()
                await asyncio.wait([watching])
            self.left_tasks = len([task for task in asyncio.all_tasks() - before if not task.done()])

        gateway = SimulatedGateway([Script(self.steps, transfers=self.transfers, ring_seconds=self.ring_seconds)])
        asyncio.run(asyncio.wait_for(gateway.serve(on_call), 30))
        self.call = gateway.calls[0]
        return self

    @property
    def rung(self) -> list[str]:
        return [target.address for target in self.call.transfers]
