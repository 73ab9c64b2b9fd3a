"""The house's side of a call, in this process: the same turn, record, policy and desk as for who writes.

What a call session is told here was recorded before; what the caller really heard comes back by `note`, and only that counts as said.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import structlog
from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.phone_people import PhonePeople, QueueNumbers
from guildhall.bootstrap.turns import Asked, Ended, Turns
from guildhall.channels.phone.house import NOT_SURE, CallFacts, HouseGoneError, PersonRoute, Replied, TurnDone
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.conversations.state import TurnState
from guildhall.conversations.unkept import hear_unkept
from guildhall.handoffs.ordering import DANGER
from guildhall.policy.stored import signal_as_json
from guildhall.storage.calls import Noted, Rang
from guildhall.vocabulary.calls import Hearing
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade
from guildhall.vocabulary.turns import Channel, Owner, PartKind, ReplyPart, Utterance

log = structlog.get_logger("guildhall.phone")
FAILURES: Final = (GuildhallError, SQLAlchemyError, OSError)
SURE: Final = 0.5
"""Words that were heard with less confidence are said back before anything is done about them."""
LONGEST: Final = 20_000
SAID_BACK: Final = 200
NEVER_WAITS: Final = DISTRESS | HAZARDS | {Category.PERSON_REQUEST}
"""Whoever may mean this is not asked again first."""
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class PhoneHouse:
    """One council's house, as its phone talks to it. `numbers` gives the phone of each queue."""

    guildhall: Guildhall
    turns: Turns
    people: PhonePeople

    async def begin(self, facts: CallFacts) -> str:
        """A new conversation on the phone; a call that is told of again is the one that it was."""
        hearing = Hearing.OPEN if facts.hearing == Hearing.OPEN.value else Hearing.GRAMMAR
        return await _kept(self._begin, facts, hearing)

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        """One turn, part by part. Whatever fails, the caller hears what their words call for, and that a person must come."""
        try:
            if confidence < SURE and (unsure := await run_sync(self._unsure, conversation_id, text, attempt, confidence)):
                for back in unsure:
                    yield back
                return
        except FAILURES as error:
            log.error("phone_unsure_failed", error=type(error).__name__)
        number, turn_id = 0, [attempt]
        try:
            speaks = await run_sync(self.guildhall.desk.calls.language_of, conversation_id)
            utterance = Utterance(text, Channel.PHONE, self.guildhall.house.clock(), speaks)
            asked = Asked(ConversationId(conversation_id), utterance, attempt, began=lambda new: turn_id.__setitem__(0, new))
            async for item in self.turns.stream(asked):
                if isinstance(item, ReplyPart):
                    yield Replied(turn_id[0], item, number)
                    number += 1
                else:
                    yield await run_sync(self._done, conversation_id, item)
        except FAILURES as error:
            log.error("phone_turn_failed", error=type(error).__name__)
            for said in await run_sync(self._fail_safe, text, attempt, number, error):
                yield said

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        """A person is needed: how one is reached now."""
        return await _kept(self.people.want, conversation_id, words, danger)

    async def route(self, conversation_id: str, reference: str) -> PersonRoute:
        """How the caller who waits reaches a person by now."""
        return await _kept(self.people.route, conversation_id, reference)

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        """How the phone that rang was answered; what can be done next, unless it was."""
        return await _kept(self.people.transferred, conversation_id, reference, outcome)

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        """Send what was answered to a mobile number, if it is safe to write there."""
        return await _kept(self.people.text, conversation_id, turn_id, number)

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        """Book a callback; when it is, in words."""
        return await _kept(self.people.book, conversation_id, reference, number, starts_at)

    async def note(self, conversation_id: str, what: str, facts: dict[str, object], event_id: str = "") -> None:
        """Put into the record what happened in the call. With an id it is there once, however often it is told of."""
        await _kept(self._note, conversation_id, what, facts, event_id)

    async def over(self, conversation_id: str, cause: str) -> None:
        """The call is over: nobody is rung for it any more."""
        await _kept(self.people.over, conversation_id, cause)

    # in a thread

    def _begin(self, facts: CallFacts, hearing: Hearing) -> str:
        desk, now = self.guildhall.desk, self.guildhall.house.clock()
        source = desk.sources.code(facts.caller_number, now)
        return desk.calls.begin(Rang(facts.call_id, facts.caller_number, facts.dialled_number, facts.language, hearing, source), now)

    def _done(self, conversation_id: str, ended: Ended) -> TurnDone:
        facts, danger = ended.facts, is_danger(ended.facts)
        if danger:
            self.guildhall.desk.calls.in_danger(conversation_id, self.guildhall.house.clock())
        return TurnDone(ended.id, facts["outcome"], facts["reason"], facts["person"], facts["reference"], facts["language"], danger)

    def _unsure(self, conversation_id: str, text: str, attempt: str, confidence: float) -> tuple[Replied | TurnDone, ...]:
        """What is said back of faint words; nothing where they must not wait, or are for a person."""
        calls, house = self.guildhall.desk.calls, self.guildhall.house
        owner = self.guildhall.conversations.owner_of(ConversationId(conversation_id))
        turn, _ = hear_unkept(text[:LONGEST], calls.language_of(conversation_id), house, Channel.PHONE)
        urgent = turn.detection.failed or any(signal.category in NEVER_WAITS for signal in turn.detection.signals)
        if owner != Owner.ASSISTANT or urgent or not text.strip():
            return ()
        facts = {"what": "unsure", "confidence": round(confidence, 2), "characters": len(text)}
        noted = Noted(EventKind.CALL_NOTED, facts, {"utterance": text}, id=f"even_{attempt.partition('_')[2]}")
        calls.note(conversation_id, noted, house.clock())
        wordings = self.guildhall.profile.wordings
        words = wordings.say("call.heard", turn.speaks, words=text.strip()[:SAID_BACK])
        part = ReplyPart(PartKind.CLARIFICATION, words, wordings.language_of("call.heard", turn.speaks), wording="call.heard")
        return Replied(attempt, part), TurnDone(attempt, Outcome.ASKED_BACK.value, NOT_SURE, Person.NONE.value, "", turn.speaks)

    def _fail_safe(self, text: str, attempt: str, number: int, error: Exception) -> list[Replied | TurnDone]:
        """What the rules want said about the words, without a record if need be. The failure is in the record as soon as it can be."""
        house = self.guildhall.house
        turn, first = hear_unkept(text[:LONGEST], "", house, Channel.PHONE)
        facts = {
            "path": "call", "begun": True, "error": type(error).__name__, "wording": [part.wording for part in first],
            "signals": [signal_as_json(signal) for signal in turn.detection.signals], "detectors_failed": list(turn.detection.failed),
        }  # fmt: skip
        event = Event(EventId(house.new_id("event")), EventKind.REQUEST_FAILED, house.clock(), facts=facts)
        try:
            house.records.append([event])
        except FAILURES as failure:
            log.error("record_failed", error=type(failure).__name__)
            house.spool.keep(event)
        said: list[Replied | TurnDone] = [Replied(attempt, part, number + place) for place, part in enumerate(first)]
        why = Reason.UNEXPECTED_FAILURE.value
        return [*said, TurnDone(attempt, Outcome.FAIL_SAFE.value, why, Person.OFFERED.value, "", turn.speaks, _heard_danger(turn))]

    def _note(self, conversation_id: str, what: str, facts: dict[str, object], event_id: str) -> None:
        guildhall, now = self.guildhall, self.guildhall.house.clock()
        if what == "language" and facts.get("language") in set(guildhall.profile.council.languages):
            guildhall.conversations.set_language(conversation_id, str(facts["language"]))
        if what == "stop_waiting":
            self.people.stop_waiting(conversation_id)
        guildhall.desk.calls.note(conversation_id, noted(what, facts, event_id), now)


def noted(what: str, facts: dict[str, object], event_id: str = "") -> Noted:
    """What a session tells, as the record keeps it: words sealed and apart, and never a digit that was pressed in secret."""
    plain = {name: value for name, value in facts.items() if name not in SPOKEN and _is_plain(value)}
    if what == "heard":
        text = str(facts.get("text", ""))
        heard = {"part": _whole(facts.get("part")), "ends": facts.get("ends") is True, "characters": len(text)}
        return Noted(EventKind.REPLY_HEARD, heard, {"text": text}, str(facts.get("turn_id", "")), event_id)
    if facts.get("secret") is True:
        return Noted(EventKind.CALL_NOTED, plain | {"what": what}, {}, id=event_id)
    words = {name: str(facts[name]) for name in SPOKEN if facts.get(name)}
    return Noted(EventKind.CALL_NOTED, plain | {"what": what}, words, id=event_id)


CODE_AT_MOST: Final = 64
SPOKEN: Final = ("text", "words", "heard", "keys", "digits", "number")
"""Names under which a session tells what was said or pressed: sealed, and in no fact."""


def is_danger(facts: dict[str, Any]) -> bool:
    """Whether a recorded turn heard a sure sign of danger, and the rules acted upon it."""
    acted = any(decision["effect"] in (Effect.ESCALATE.value, Effect.STOP.value) for decision in facts["decisions"])
    return acted and any(signal["category"] in DANGER and signal["grade"] == Grade.CONFIRM.value for signal in facts["signals"])


def _heard_danger(turn: TurnState) -> bool:
    return any(signal.category in DANGER and signal.grade == Grade.CONFIRM for signal in turn.detection.signals)


def _is_plain(value: object) -> bool:
    """Whether it may stand in the open: a number, a yes or no, or a code. Nothing of a sentence's length can be one."""
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= CODE_AT_MOST)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1000 else 0


async def _kept(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it off the event loop. What fails is the house that does not answer: the caller gets a person."""
    try:
        return await run_sync(lambda: work(*args, **kwargs))
    except FAILURES as error:
        log.error("phone_house_failed", error=type(error).__name__, work=getattr(work, "__name__", "?"))
        raise HouseGoneError from error


def open_phone_house(guildhall: Guildhall, turns: Turns | None = None, numbers: QueueNumbers | None = None) -> PhoneHouse:
    """The house for a phone in this process; `turns` are shared with the web where there is one."""
    return PhoneHouse(guildhall, turns or Turns(guildhall), PhonePeople(guildhall, numbers or QueueNumbers.of(guildhall.profile)))
