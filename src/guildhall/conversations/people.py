"""Bringing in a person: a stored request with a reference, and a true word about when somebody answers."""

from guildhall.conversations.dates import when_in_words
from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.conversations.voice import wording_part
from guildhall.vocabulary.decisions import Act
from guildhall.vocabulary.outcomes import Person, Reason
from guildhall.vocabulary.turns import ReplyPart


def bring_person(turn: TurnState, house: House, act: Act | None, reason: Reason, queue: str = "") -> tuple[TurnState, ReplyPart]:
    """Store the request before promising anything, then say the reference, who answers and when. `queue` names the team that is meant."""
    queue = queue or _queue(turn, house, act)
    now = turn.utterance.received_at
    category = act.category if act else ""
    urgent = house.profile.handoffs.queues[queue].urgent
    reference = house.people.request(turn.conversation.id, queue, reason.value, category, urgent, now)
    turn = turn.but(person=Person.BROUGHT, reference=reference)
    part = _promise(turn, house, queue, reference)
    return turn.but(said=(*turn.said, part)), part


def _queue(turn: TurnState, house: House, act: Act | None) -> str:
    """The rule's queue; where the rule names only the front desk, the queue of the service that is meant."""
    default = house.profile.handoffs.default_queue
    named = act.queue if act and act.queue else default
    best = turn.understanding.questions[0].best if turn.understanding.questions else None
    if named == default and best and best.confidence >= house.understanding.answer_at:
        return house.profile.queue_for(best.key)
    return named


def _promise(turn: TurnState, house: House, queue_name: str, reference: str) -> ReplyPart:
    queue = house.profile.handoffs.queues[queue_name]
    calendar, now = house.profile.calendar, turn.utterance.received_at
    local = now.astimezone(calendar.zone)
    phone = queue.phone or house.profile.reached_by
    values = {"reference": reference, "queue": queue.named(turn.speaks), "phone": phone}
    if calendar.is_open(queue.hours, now):
        return wording_part("person.brought_open", turn, house, values, person=True)
    opens = calendar.next_opening(queue.hours, now)
    values["opens"] = when_in_words(opens, local, house.profile.wordings, turn.speaks) if opens else ""
    values["duty_phone"] = duty = queue.out_of_hours_phone
    if duty:
        return wording_part("person.brought_closed_duty" if opens else "person.brought_duty_only", turn, house, values, person=True)
    if opens is None:
        return wording_part("person.brought_no_hours", turn, house, values, person=True)
    return wording_part("person.brought_closed", turn, house, values, person=True)
