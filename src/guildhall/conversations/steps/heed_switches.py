"""Heed switches: mark what somebody has switched off, so that nothing is looked up or composed for it, and hand it to a person.

It comes after safeguard: whatever is off, distress is heard, safety words are said and a person can be reached. Answering asks again
before each block, so that a switch stops a reply in the middle.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

from guildhall.conversations.house import House
from guildhall.conversations.people import bring_person
from guildhall.conversations.state import Part, TurnState
from guildhall.conversations.voice import wording_part
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.switches import Switch, SwitchKind
from guildhall.vocabulary.turns import ReplyPart

Speaking = Generator[ReplyPart, None, TurnState]


def heed_switches(turn: TurnState, house: House) -> TurnState:
    """What is off now, and which questions it keeps from an automatic answer."""
    turn = turn.but(switches=house.switches())
    silenced = turn.silenced
    parts = tuple(replace(part, off=silenced or _service_off(part, turn, house)) for part in turn.parts)
    turn = turn.but(parts=parts).noting(silenced)
    for part in parts:
        turn = turn.noting(part.off)
    return turn


def _service_off(part: Part, turn: TurnState, house: House) -> Switch | None:
    best = part.question.best
    sure = best is not None and best.confidence >= house.understanding.answer_at
    return turn.switches.find(SwitchKind.SERVICE, part.service.key) if part.service and sure else None


def say_silenced(turn: TurnState, house: House) -> Speaking:
    """Automatic answers are off, and nothing was asked that a team could be given: offer a person."""
    part = _silence(turn, house)
    yield part
    turn = turn.but(said=(*turn.said, part))
    if turn.person == Person.NONE:
        offer = wording_part("person.offered", turn, house, person=True)
        yield offer
        turn = turn.but(said=(*turn.said, offer), person=Person.OFFERED)
    return turn.end(Outcome.DECLINED, Reason.SWITCHED_OFF)


def hand_over_switched_off(turn: TurnState, house: House, others: Sequence[ReplyPart]) -> Speaking:
    """Say what is off, own up with `others` for what else has no answer, and bring in a person: its own team for each service."""
    off = [part for part in turn.parts if part.off and not part.answered]
    for said in (*_explained(off, turn, house), *others):
        yield said
        turn = turn.but(said=(*turn.said, said))
    queues = [""] if turn.silenced else [house.profile.queue_for(part.service.key) for part in off if part.service]
    for queue in dict.fromkeys(queues):
        turn, promise = bring_person(turn, house, None, Reason.SWITCHED_OFF, queue)
        yield promise
    return turn.end(Outcome.HANDED_OVER, Reason.SWITCHED_OFF)


def _explained(off: Sequence[Part], turn: TurnState, house: House) -> list[ReplyPart]:
    if turn.silenced:
        return [_silence(turn, house)]
    return [wording_part("switched_off.service", turn, house, {"question": turn.label(part)}) for part in off]


def _silence(turn: TurnState, house: House) -> ReplyPart:
    language = turn.silenced is not None and turn.silenced.kind == SwitchKind.LANGUAGE
    return wording_part("switched_off.language" if language else "switched_off.answers", turn, house)
