"""What happened in a tried call, in the order in which it happened: who said what, which keys were pressed, what became of it."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from guildhall.channels.phone.house import CallFacts, PersonRoute, Replied, TalksToHouse, TurnDone
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, Speaking, SpeechToText, TextToSpeech


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `who` is caller, assistant, or call for what was done."""

    at: float
    who: str
    text: str
    kind: str = "words"


@dataclass
class Transcript:
    """A call's lines. `clock` is the time in the call, `show` is told each line as it comes."""

    clock: Callable[[], float]
    show: Callable[[Line], None] = lambda _: None
    lines: list[Line] = field(default_factory=list)

    def add(self, who: str, text: str, kind: str = "words") -> None:
        """Something happened."""
        line = Line(round(self.clock(), 2), who, text, kind)
        self.lines.append(line)
        self.show(line)

    def said(self, who: str) -> list[str]:
        """What one of them said."""
        return [line.text for line in self.lines if line.who == who and line.kind == "words"]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """As JSON and as text to read."""
        plain, readable = folder / "transcript.json", folder / "transcript.txt"
        plain.write_text(json.dumps([asdict(line) for line in self.lines], ensure_ascii=False, indent=2) + "\n", "utf-8")
        readable.write_text("".join(f"{line.at:7.2f}  {line.who:10} {line.text}\n" for line in self.lines), "utf-8")
        return plain, readable


@dataclass(frozen=True)
class WrittenVoice:
    """A voice whose words are written down."""

    voice: TextToSpeech
    transcript: Transcript

    @property
    def name(self) -> str:
        """As the voice's own."""
        return self.voice.name

    @property
    def speaking(self) -> Speaking:
        """As the voice's own."""
        return self.voice.speaking

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Say it, and write it down."""
        self.transcript.add("assistant", text)
        async for piece in self.voice.speak(text, language, rate):
            yield piece


@dataclass(frozen=True)
class WrittenEar:
    """An ear whose understanding is written down."""

    ear: SpeechToText
    transcript: Transcript

    @property
    def name(self) -> str:
        """As the ear's own."""
        return self.ear.name

    @property
    def hearing(self) -> Hearing:
        """As the ear's own."""
        return self.ear.hearing

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """Listen, and write down what was understood."""
        return _WrittenListening(await self.ear.open(language, grammar, hints), self.transcript)


@dataclass(frozen=True)
class _WrittenListening:
    listening: Listening
    transcript: Transcript

    async def feed(self, sound: bytes) -> None:
        await self.listening.feed(sound)

    async def finish(self) -> Heard:
        heard = await self.listening.finish()
        means = f" ({heard.means})" if heard.means else ""
        self.transcript.add("caller", f"{heard.text}{means}" if heard.text else "(nothing that was understood)")
        return heard

    async def cancel(self) -> None:
        await self.listening.cancel()


@dataclass(frozen=True)
class WrittenHouse:
    """A house whose acts are written down."""

    house: TalksToHouse
    transcript: Transcript

    async def begin(self, facts: CallFacts) -> str:
        """A new conversation."""
        return await self.house.begin(facts)

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        """One turn; how it ended is written down."""
        async for item in self.house.say(conversation_id, text, attempt, confidence):
            if isinstance(item, TurnDone):
                self.transcript.add("call", f"turn ended: {item.outcome}, {item.reason}", "turn")
            yield item

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        """A person is wanted."""
        route = await self.house.person(conversation_id, words, danger)
        self.transcript.add("call", f"a person is wanted: {route.answer.value}, queue {route.queue}, reference {route.reference}", "person")
        return route

    async def route(self, conversation_id: str, reference: str) -> PersonRoute:
        """How the caller reaches a person by now."""
        return await self.house.route(conversation_id, reference)

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        """How the transfer ended."""
        self.transcript.add("call", f"transfer: {outcome.value}", "transfer")
        return await self.house.transferred(conversation_id, reference, outcome)

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        """A text message."""
        sent = await self.house.text(conversation_id, turn_id, number)
        self.transcript.add("call", "text message on its way" if sent else "no text message could be sent", "text")
        return sent

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        """A callback."""
        when = await self.house.book(conversation_id, reference, number, starts_at)
        self.transcript.add("call", f"callback booked: {when}" if when else "no callback could be booked", "callback")
        return when

    async def note(self, conversation_id: str, what: str, facts: dict[str, Any]) -> None:
        """What is noted of the call; changes of state are written down too."""
        if what == "state":
            self.transcript.add("call", f"{facts.get('before', '')} → {facts.get('after', '')}", "state")
        await self.house.note(conversation_id, what, facts)

    async def over(self, conversation_id: str, cause: str) -> None:
        """The end."""
        await self.house.over(conversation_id, cause)
