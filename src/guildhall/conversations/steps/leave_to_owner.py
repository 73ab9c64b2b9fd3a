"""Leave to the owner: while a person has the conversation, or will have it, the assistant does not answer.

What the resident says was looked at for distress all the same: it makes the request more urgent, and safety words are said. Somebody
who waits gets them for every distress; while an adviser talks with them, only for danger, and not for a short reply that only a
classifier takes for it. Each is said once.
"""

from collections.abc import Generator

from guildhall.conversations.house import House
from guildhall.conversations.people import request_person
from guildhall.conversations.state import TurnState
from guildhall.conversations.steps.safeguard import reason_of, said_first
from guildhall.handoffs.ordering import DANGER
from guildhall.vocabulary.decisions import Act, Effect
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade, counts_beside_a_person
from guildhall.vocabulary.turns import Owner, ReplyPart


def leave_to_owner(turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    """End the turn when the conversation belongs to a queue or an adviser."""
    owner = turn.conversation.owner
    if owner not in (Owner.QUEUE, Owner.ADVISER):
        return turn
    protective = [act for act in turn.acts if _speaks(act, owner) and _is_sure(act, owner, turn)]
    escalation = next((act for act in turn.acts if _escalates(act) and _is_sure(act, owner, turn)), None)
    if escalation:
        request_person(turn, house, escalation, reason_of(escalation))
    house.desk.resident_wrote(turn.conversation.id, turn.utterance.received_at)
    before = {wording for past in turn.conversation.turns for wording in past.wordings}
    if protective:
        for part in said_first(turn, house, protective):
            if part.wording in before:
                continue
            turn = turn.but(said=(*turn.said, part))
            yield part
    return turn.end(Outcome.HANDED_OVER, Reason.NOT_THE_OWNER)


def _category(act: Act) -> Category | None:
    return Category(act.category) if act.category else None


def _escalates(act: Act) -> bool:
    return act.effect == Effect.ESCALATE and _category(act) in DISTRESS | HAZARDS


def _is_sure(act: Act, owner: Owner, turn: TurnState) -> bool:
    category = _category(act)
    if owner != Owner.ADVISER or category is None:
        return True
    detectors = [signal.detector for signal in turn.detection.of(category, Grade.CONFIRM)]
    return not detectors or counts_beside_a_person(detectors, len(turn.text.split()))


def _speaks(act: Act, owner: Owner) -> bool:
    category = _category(act)
    if owner == Owner.ADVISER:
        return act.effect == Effect.ESCALATE and category in DANGER
    return act.effect in (Effect.ESCALATE, Effect.STOP, Effect.OFFER) and category in DISTRESS | HAZARDS
