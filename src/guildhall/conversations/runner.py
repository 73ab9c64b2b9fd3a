"""Runs the pipeline: keeps the turn, times each step, records before anything is shown, and never leaves a resident in silence."""

import traceback
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import structlog

from guildhall.conversations.house import House
from guildhall.conversations.people import bring_person
from guildhall.conversations.pipeline import PIPELINE, Step
from guildhall.conversations.recording import completed, part_as_json
from guildhall.conversations.state import TurnState
from guildhall.conversations.steps.check_ownership import was_taken
from guildhall.conversations.steps.safeguard import said_first
from guildhall.conversations.voice import wording_part
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId, TurnId
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.turns import Conversation, PartKind, Reply, ReplyPart, StepTiming, Turn, Utterance

log = structlog.get_logger("guildhall.turn")
T = TypeVar("T")

ALWAYS_SPEAK = ("safeguard", "leave_to_owner")
"""Steps whose words are for safety: they are said whoever has the conversation."""
LAST_RESORT = "Sorry, something has gone wrong on our side. You can speak to a person now: phone {phone}. If you or someone else is in danger, phone 999."


def where(error: BaseException) -> dict[str, str]:
    """An error's kind and place for the log, never its message: it may hold a resident's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": type(error).__name__, "at": f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""}


@dataclass
class Stage:
    """Part of a turn, and whether it failed."""

    failed: bool = False


@contextmanager
def _going_on(turn: TurnState, failing: str) -> Iterator[Stage]:
    """The one catch-all of the turn: what fails within is logged as `failing`, and the turn goes on to what still brings a person.

    It catches everything, because a resident must never be left in silence, whatever broke: a detector, the store, even the wording.
    """
    stage = Stage()
    try:
        yield stage
    except Exception as error:  # noqa: BLE001  # boundary: the turn runner
        stage.failed = True
        log.error(failing, turn=turn.id, **where(error))


def run_turn(house: House, conversation: Conversation, utterance: Utterance, turn_id: str = "") -> Iterator[ReplyPart | Turn]:
    """Yield each part of the reply once it is recorded, then the finished turn.

    Whatever goes wrong inside, the resident gets wording with a human route, and the turn ends as `fail_safe`.
    """
    turn = TurnState(TurnId(turn_id or house.new_id("turn")), conversation, utterance)
    shown: list[ReplyPart] = []
    _note_received(house, turn)
    with _going_on(turn, "turn_failed") as whole:
        for step in PIPELINE:
            running = _run_step(step, turn, house)
            while True:
                try:
                    part = next(running)
                except StopIteration as end:
                    turn = end.value
                    break
                if step.name not in ALWAYS_SPEAK and was_taken(turn, house):
                    turn = turn.but(said=tuple(shown)).end(Outcome.HANDED_OVER, Reason.NOT_THE_OWNER)
                    break
                house.records.append([_prepared(house, turn, part)])
                shown.append(part)
                yield part
        finished = _finished(house, turn)
        house.records.append([completed(finished, house.new_id("event"))])
    if whole.failed:
        finished = yield from _fail_safe(house, turn, utterance, shown)
    yield finished


def collect_turn(house: House, conversation: Conversation, utterance: Utterance, turn_id: str = "") -> Turn:
    """The stream collected: the finished turn, recorded once, as nothing is shown before the end."""
    turn = TurnState(TurnId(turn_id or house.new_id("turn")), conversation, utterance)
    with _going_on(turn, "turn_failed") as whole:
        for step in PIPELINE:
            turn = _collected(_run_step(step, turn, house))
        finished = _finished(house, turn)
        house.records.append([completed(finished, house.new_id("event"))])
    if whole.failed:
        finished = _collected(_fail_safe(house, turn, utterance, turn.said))
    return finished


def _run_step(step: Step, turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    if turn.ended and not step.always:
        return turn
    started = house.stopwatch()
    result = step.run(turn, house)
    after = result if isinstance(result, TurnState) else (yield from result)
    timing = StepTiming(step.name, (house.stopwatch() - started) * 1000)
    return after.but(timings=(*after.timings, timing))


def _collected(running: Generator[ReplyPart, None, T]) -> T:
    while True:
        try:
            next(running)
        except StopIteration as end:
            value: T = end.value
            return value


def _finished(house: House, turn: TurnState) -> Turn:
    reply = Reply(turn.said, turn.person, turn.reference, turn.sensitive)
    return Turn(
        id=turn.id,
        conversation_id=turn.conversation.id,
        number=len(turn.conversation.turns) + 1,
        utterance=turn.utterance,
        language=turn.language,
        detection=turn.detection,
        decisions=turn.decisions,
        questions=turn.understanding.questions,
        found=tuple(found for part in turn.parts for found in part.found),
        reply=reply,
        outcome=turn.outcome or Outcome.FAIL_SAFE,
        reason=turn.reason or Reason.UNEXPECTED_FAILURE,
        timings=turn.timings,
        composer=turn.composer,
        versions=house.understanding.versions,
        finished_at=house.clock(),
        shadow=turn.shadow,
        switched_off=turn.switched_off,
        supervised=turn.supervised,
        parts_asked=len(turn.parts),
        parts_answered=sum(part.answered and not part.draft and not part.place_needed for part in turn.parts),
        quoted=bool(turn.composers) and set(turn.composers) <= {composer.name for composer in house.composers[-1:]},
        wards=tuple(dict.fromkeys(part.ward for part in turn.parts if part.ward)),
        arm=turn.arm,
    )


def _fail_safe(house: House, turn: TurnState, utterance: Utterance, shown: Sequence[ReplyPart] = ()) -> Generator[ReplyPart, None, Turn]:
    """Wording with a human route, a request for a person and a record, each as far as it still works.

    What was found, decided and `shown` before the failure stays; an escalation that a rule asked for keeps its queue.
    """
    said = _safety_words(house, turn, shown)
    turn, route = _human_route(house, turn, {part.wording for part in said})
    said += route
    turn = turn.but(said=(*shown, *said), outcome=Outcome.FAIL_SAFE, reason=Reason.UNEXPECTED_FAILURE, utterance=utterance)
    finished = _finished(house, turn.but(person=turn.person if turn.person != Person.NONE else Person.OFFERED))
    event = completed(finished, house.new_id("event"))
    with _going_on(turn, "record_failed") as recording:
        house.records.append([event])
    if recording.failed:
        house.spool.keep(event)
    yield from said
    return finished


def _safety_words(house: House, turn: TurnState, shown: Sequence[ReplyPart]) -> list[ReplyPart]:
    """What the rules want said first, where that was not said before the failure. Unlike all else it is said even if it cannot be recorded."""
    with _going_on(turn, "fail_safe_degraded"):
        return list(said_first(turn.but(said=tuple(shown)), house))
    return []


def _human_route(house: House, turn: TurnState, said: Collection[str]) -> tuple[TurnState, list[ReplyPart]]:
    """A stored request for a person; where nothing can be stored, the number to phone, in words of our own if the wording is gone."""
    with _going_on(turn, "fail_safe_degraded") as promising:
        escalation = next((act for act in turn.acts if act.effect == Effect.ESCALATE), None)
        sorry = [] if "fail_safe" in said else [wording_part("fail_safe", turn, house)]
        turn, promise = bring_person(turn, house, escalation, Reason.UNEXPECTED_FAILURE)
        route = [*sorry, promise]
    if promising.failed:
        with _going_on(turn, "fail_safe_degraded") as wording:
            route = [wording_part("fail_safe.unkept", turn, house, person=True)]
        if wording.failed:
            text = LAST_RESORT.format(phone=house.profile.council.contact.phone or "the council")
            route = [ReplyPart(PartKind.PERSON, text, "en")]
    return turn, route


def _note_received(house: House, turn: TurnState) -> None:
    words = {"utterance": turn.utterance.text}
    facts = {"channel": turn.utterance.channel.value, "characters": len(turn.utterance.text)}
    event = Event(
        EventId(house.new_id("event")),
        EventKind.UTTERANCE_RECEIVED,
        turn.utterance.received_at,
        turn.conversation.id,
        turn.id,
        facts,
        words,
    )
    with _going_on(turn, "record_failed"):  # the turn's own record, at its end, is kept for later if that fails too
        house.records.append([event])


def _prepared(house: House, turn: TurnState, part: ReplyPart) -> Event:
    facts = {"kind": part.kind.value, "wording": part.wording, "citations": [citation.passage_id for citation in part.citations]}
    words = {"part": part_as_json(part)}
    return Event(EventId(house.new_id("event")), EventKind.REPLY_PART_PREPARED, house.clock(), turn.conversation.id, turn.id, facts, words)
