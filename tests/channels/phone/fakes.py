"""A house, a voice, an ear and a dialogue for tests of calls: nothing is heard but loudness, nothing is said but a hum."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from guildhall.channels.phone.house import CallFacts, HouseGoneError, PersonAnswer, PersonRoute, Replied, TurnDone
from guildhall.channels.phone.moves import NOTHING, Expect, Move, Spoken
from guildhall.channels.phone.ports import RATE, TransferOutcome
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, Speaking
from guildhall.channels.phone.states import CallState
from guildhall.vocabulary.turns import PartKind, ReplyPart

SECONDS_A_WORD = 0.2


def hum(seconds: float, loud: int = 6000, pitch: int = 300) -> bytes:
    """Sound that is loud enough to be a voice."""
    return (loud * np.sin(np.arange(int(seconds * RATE)) * 2 * np.pi * pitch / RATE)).astype(np.int16).tobytes()


@dataclass
class FakeVoice:
    """Hums a fifth of a second a word."""

    name: str = "fake"
    said: list[str] = field(default_factory=list)

    @property
    def speaking(self) -> Speaking:
        return Speaking(frozenset({"en"}), True)

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        self.said.append(text)
        yield hum(SECONDS_A_WORD * len(text.split()), loud=4000)


@dataclass
class FakeEar:
    """Hears what it was told it would hear, one after another."""

    hears: list[str]
    name: str = "fake"

    @property
    def hearing(self) -> Hearing:
        return Hearing(frozenset({"en"}), True)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        return _Listening(self)


@dataclass
class _Listening:
    ear: FakeEar

    async def feed(self, sound: bytes) -> None:
        pass

    async def finish(self) -> Heard:
        return Heard(self.ear.hears.pop(0) if self.ear.hears else "")

    async def cancel(self) -> None:
        pass


@dataclass
class FakeHouse:
    """Answers everything with one sentence."""

    asked: list[str] = field(default_factory=list)
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    gone: bool = False

    async def begin(self, facts: CallFacts) -> str:
        return "conv_1"

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        if self.gone:
            raise HouseGoneError
        self.asked.append(text)
        yield Replied(attempt, ReplyPart(PartKind.ANSWER, "It is emptied on Tuesday.", "en"))
        yield TurnDone(attempt, "answered", "evidence_found", "none", "", "en")

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        self.persons.append(words)
        return PersonRoute(PersonAnswer.RING, "ABCD-2345", "front-desk", "01632960100")

    async def route(self, conversation_id: str, reference: str) -> PersonRoute:
        return PersonRoute(PersonAnswer.RING, reference, "front-desk", "01632960100")

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        return None

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        return True

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        return "tomorrow"

    async def note(self, conversation_id: str, what: str, facts: dict[str, object]) -> None:
        self.notes.append((what, facts))

    async def over(self, conversation_id: str, cause: str) -> None:
        self.ended.append(cause)


class PlainDialogue:
    """Asks the house whatever is heard; 0 is a person, * repeats."""

    def opening(self) -> Move:
        return Move((Spoken("What can I do for you?"),), CallState.OPEN, Expect())

    def heard(self, heard: Heard) -> Move:
        return Move(ask=heard.text)

    def pressed(self, keys: str) -> Move:
        return Move(person="0") if keys == "0" else Move(repeat=True) if keys == "*" else NOTHING

    def silent(self, times: int) -> Move:
        return Move((Spoken("Are you still there?"),)) if times < 3 else Move(person="silence")

    def unheard(self) -> Move:
        return Move((Spoken("I did not catch that."),))

    def deaf(self) -> Move:
        return Move((Spoken("Please use the keys."),))

    def filler(self) -> Spoken:
        return Spoken("One moment.")

    def slow(self) -> Move:
        return Move((Spoken("This takes longer than it should. Press 0 for a person."),))

    def spoken(self, replied: Replied) -> tuple[Spoken, ...]:
        return (Spoken(replied.part.text, replied.part.language, replied.part.wording, turn_id=replied.turn_id, part=replied.number),)

    def replied(self, done: TurnDone) -> Move:
        return Move(state=CallState.OPEN, expect=Expect())

    def person(self, route: PersonRoute) -> Move:
        return Move((Spoken("I am putting you through."),))

    def waiting(self, route: PersonRoute, times: int) -> Move:
        return Move((Spoken(f"You are number {route.position}."),))

    def back(self, why: str, route: PersonRoute | None = None) -> Move:
        return Move((Spoken("Nobody could answer."),), CallState.OPEN, Expect())

    def booked(self, when: str) -> Move:
        return Move((Spoken(f"We ring you {when}."),), hang_up=True)

    def texted(self, sent: bool) -> Move:
        return Move((Spoken("It is on its way." if sent else "It could not be sent."),))
