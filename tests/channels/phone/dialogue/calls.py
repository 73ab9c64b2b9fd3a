"""Calls by text with the demonstration council and a house of fakes that says what a test wants."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guildhall.channels.phone.dialogue.dialogue import CallDialogue
from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.open import OpenDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.questions import Question
from guildhall.channels.phone.dialogue.text_mode import TextCall
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.house import CallFacts, PersonAnswer, PersonRoute, Replied, TurnDone
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.councils.loading import load_council
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.turns import PartKind, ReplyPart
from tests.channels.phone.fakes import FakeHouse

PROFILE = load_council(Path("councils"), "avonmere", Path("var/cache/yaml"))
SPOKEN = tuple(code.value for code in Language if code is not Language.ENGLISH)
BASIC = CallCouncil(PROFILE, SPOKEN)
OPEN = CallCouncil(PROFILE, SPOKEN, lambda: frozenset({"en", "pl"}))
WORDS = Vocabulary(BASIC)
MOBILE = "07700900123"


@dataclass
class Scripted(FakeHouse):
    """Answers with the parts and the end that it is given, and reaches people the way it is told."""

    parts: tuple[ReplyPart, ...] = (ReplyPart(PartKind.ANSWER, "It is emptied on Tuesday.", "en"),)
    done: dict[str, Any] = field(default_factory=dict)
    route_to: PersonRoute = PersonRoute(PersonAnswer.RING, "ABCD-2345", "front-desk", "01632 960100")
    then: PersonRoute | None = None
    said: list[tuple[str, float]] = field(default_factory=list)
    dangers: list[bool] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    books: list[tuple[str, str]] = field(default_factory=list)
    text_goes: bool = True
    when: str = "tomorrow at 10:00"

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        self.asked.append(text)
        self.said.append((text, confidence))
        for part in self.parts:
            yield Replied(attempt, part)
        end: dict[str, Any] = {"outcome": "answered", "reason": "evidence_found", "person": "none", "reference": "", "language": "en"}
        yield TurnDone(attempt, **(end | self.done))

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        self.persons.append(words)
        self.dangers.append(danger)
        return self.route_to

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        return self.then

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        self.texts.append((turn_id, number))
        return self.text_goes

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        self.books.append((starts_at, number))
        return self.when


class Caller:
    """A call that is played step by step, each step to its end."""

    def __init__(self, call: TextCall, house: Scripted) -> None:
        self.call, self.house = call, house

    def begin(self) -> tuple[Spoken, ...]:
        """The notice is over."""
        return asyncio.run(self.call.begin())

    def say(self, text: str, means: str = "", confidence: float = 1.0) -> tuple[Spoken, ...]:
        """Say something."""
        return asyncio.run(self.call.say(text, means, confidence))

    def press(self, keys: str) -> tuple[Spoken, ...]:
        """Press keys."""
        return asyncio.run(self.call.press(keys))

    def silence(self) -> tuple[Spoken, ...]:
        """Say nothing."""
        return asyncio.run(self.call.silence())

    def noise(self) -> tuple[Spoken, ...]:
        """Say something that cannot be made out."""
        return asyncio.run(self.call.noise())

    @property
    def dialogue(self) -> CallDialogue:
        """What decides."""
        assert isinstance(self.call.dialogue, CallDialogue)
        return self.call.dialogue

    @property
    def state(self) -> str:
        """Where the call is."""
        return self.call.state.value

    @property
    def asked(self) -> list[str]:
        """What the house was asked."""
        return self.call.asked

    @property
    def question(self) -> Question:
        """What is open."""
        return self.dialogue.talk.question


def directed(house: Scripted | None = None, number: str = MOBILE, council: CallCouncil = BASIC, **more: Any) -> Caller:
    """A call by menus."""
    house = house or Scripted()
    return Caller(TextCall(DirectedDialogue(council, WORDS, number), house, CallFacts("c", number, "01632960100"), **more), house)


def opened(house: Scripted | None = None, number: str = MOBILE, council: CallCouncil = OPEN, **more: Any) -> Caller:
    """A call in free words."""
    house = house or Scripted()
    return Caller(TextCall(OpenDialogue(council, WORDS, number), house, CallFacts("c", number, "01632960100"), **more), house)


def text_of(said: "tuple[Spoken, ...] | list[Spoken]") -> str:
    """What was said as one text."""
    return " ".join(spoken.text for spoken in said)
