"""Submit drafts: put the answers that an adviser must see first before one, and tell the resident at once, and truthfully.

The draft is stored before anything is said of it. The conversation stays the assistant's: whatever else the resident asks is answered.
"""

from collections.abc import Generator
from dataclasses import replace
from math import ceil

from guildhall.conversations.house import House
from guildhall.conversations.ports import ToCheck
from guildhall.conversations.state import TurnState
from guildhall.conversations.steps.supervise import queue_of, shown
from guildhall.conversations.voice import wording_part
from guildhall.vocabulary.outcomes import Person
from guildhall.vocabulary.turns import ReplyPart

BEING_CHECKED = "supervised.being_checked"


def submit_drafts(turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    """Queue each held answer; say how long it takes at most, and that a person can be asked for."""
    for number, part in enumerate(turn.parts):
        if not (part.held and part.answered):
            continue
        now = house.clock()
        answer = ToCheck(
            conversation_id=turn.conversation.id,
            turn_id=turn.id,
            topic=part.topic,
            service=part.service.key if part.service else "",
            queue=queue_of(part, house),
            language=turn.speaks,
            composer=turn.composer,
            question=part.question.text,
            parts=part.held,
            found=part.found,
            at=now,
        )
        draft, until = house.supervision.queue(answer)
        minutes = max(1, ceil((until - now).total_seconds() / 60))
        values = {"question": shown(turn.label(part)), "minutes": str(minutes)}
        said = wording_part(BEING_CHECKED, turn, house, values, person=True)
        parts = tuple(replace(other, draft=draft) if place == number else other for place, other in enumerate(turn.parts))
        turn = turn.but(said=(*turn.said, said), parts=parts, person=Person.OFFERED if turn.person == Person.NONE else turn.person)
        yield said
    return turn
