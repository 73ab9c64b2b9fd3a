"""A call without sound: words and keys in, what would be said out. For `guildhall phone try` by text, and for tests of a dialogue."""

import itertools
from dataclasses import dataclass, field

from guildhall.channels.phone.house import CallFacts, PersonAnswer, PersonRoute, Replied, TalksToHouse
from guildhall.channels.phone.moves import Collect, Dialogue, Move, Spoken
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.states import CallState

RINGS = (PersonAnswer.RING, PersonAnswer.DUTY)


@dataclass
class TextCall:
    """One call by text. `answers` says how each transfer ends, the last for all that follow; `transferred` holds where callers went."""

    dialogue: Dialogue
    house: TalksToHouse
    facts: CallFacts = CallFacts("text", "", "")
    answers: tuple[TransferOutcome, ...] = (TransferOutcome.CONNECTED,)
    state: CallState = CallState.NOTICE
    said: list[Spoken] = field(default_factory=list)
    """Everything that was said so far."""
    asked: list[str] = field(default_factory=list)
    transferred: list[str] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    over: bool = False
    _conversation: str = ""
    _turn: str = ""
    _reference: str = ""
    _collect: Collect | None = None
    _heard: tuple[Spoken, ...] = ()
    _silences: int = 0
    _attempts: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _transfers: int = 0

    async def begin(self) -> tuple[Spoken, ...]:
        """The call is answered, the notice is over."""
        self._conversation = await self.house.begin(self.facts)
        return await self._do(self.dialogue.opening())

    async def say(self, text: str, means: str = "", confidence: float = 1.0) -> tuple[Spoken, ...]:
        """The caller says something."""
        self._silences = 0
        return await self._do(self.dialogue.heard(Heard(text, confidence, means)))

    async def press(self, keys: str) -> tuple[Spoken, ...]:
        """The caller presses keys: all that are collected at once, or one after another."""
        self._silences = 0
        if self._collect is not None and not (keys in ("0", "*") and not (keys == "0" and self._collect.may_begin_with_nought)):
            return await self._do(self.dialogue.pressed(keys.removesuffix(self._collect.ends_with)))
        found: list[Spoken] = []
        for key in keys:
            found += await self._do(self.dialogue.pressed(key))
        return tuple(found)

    async def silence(self) -> tuple[Spoken, ...]:
        """The caller says nothing, once more."""
        self._silences = self._silences % 3 + 1
        return await self._do(self.dialogue.silent(self._silences))

    async def noise(self) -> tuple[Spoken, ...]:
        """The caller says something that nobody could make out."""
        return await self._do(self.dialogue.unheard())

    async def _do(self, move: Move) -> tuple[Spoken, ...]:
        self.moves.append(move)
        said = self._heard if move.repeat else move.say
        if move.say:
            self._heard = move.say
        self.said += said
        self.state = move.state or self.state
        if move.expect is not None:
            self._collect = move.expect.collect
        return (*said, *await self._act(move))

    async def _act(self, move: Move) -> tuple[Spoken, ...]:
        if move.stop_waiting:
            await self.house.note(self._conversation, "stop_waiting", {})
        if move.ask:
            return await self._ask(move)
        if move.person or move.danger:
            return await self._person(await self.house.person(self._conversation, move.person, move.danger))
        if move.pay:
            self.transferred.append("payment")
        if move.book:
            return await self._do(
                self.dialogue.booked(await self.house.book(self._conversation, self._reference, move.book_number, move.book))
            )
        if move.text_to:
            return await self._do(self.dialogue.texted(await self.house.text(self._conversation, self._turn, move.text_to)))
        self.over |= move.hang_up or move.pay
        return ()

    async def _ask(self, move: Move) -> tuple[Spoken, ...]:
        self.state = CallState.ANSWERING
        said: list[Spoken] = []
        self.asked.append(move.ask)
        async for item in self.house.say(self._conversation, move.ask, f"turn_{next(self._attempts)}", move.confidence):
            self._turn = item.turn_id
            if isinstance(item, Replied):
                spoken = self.dialogue.spoken(item)
                self.said += spoken
                said += spoken
            else:
                after = await self._do(self.dialogue.replied(item))
                return (*said, *after)
        return tuple(said)

    async def _person(self, route: PersonRoute) -> tuple[Spoken, ...]:
        self._reference = route.reference
        said = await self._do(self.dialogue.person(route))
        return (*said, *(await self._ring(route) if route.answer in RINGS else ()))

    async def _ring(self, route: PersonRoute) -> tuple[Spoken, ...]:
        self.state = CallState.TRANSFERRING
        self.transferred.append(route.number)
        outcome = self.answers[min(self._transfers, len(self.answers) - 1)]
        self._transfers += 1
        following = await self.house.transferred(self._conversation, route.reference, outcome)
        if outcome == TransferOutcome.CONNECTED:
            self.state, self.over = CallState.BRIDGED, True
            return ()
        return await self._do(self.dialogue.back(outcome.value, following))
