"""Bringing in a person: a stored request with a reference, and a true word about when somebody answers."""

from datetime import datetime
from math import ceil

from guildhall.conversations.dates import when_in_words
from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.conversations.voice import approved_part, wording_part
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.ordering import lane_of
from guildhall.vocabulary.decisions import Act, Effect
from guildhall.vocabulary.handoffs import Request, Standing
from guildhall.vocabulary.outcomes import Person, Reason
from guildhall.vocabulary.turns import Channel, ReplyPart


def bring_person(turn: TurnState, house: House, act: Act | None, reason: Reason, queue: str = "") -> tuple[TurnState, ReplyPart]:
    """Store the request before promising anything, then say the reference, who answers and when. `queue` names the team that is meant."""
    queue, reference = request_person(turn, house, act, reason, queue)
    turn = turn.but(person=Person.BROUGHT, reference=reference)
    part = _promise(turn, house, queue, reference)
    return turn.but(said=(*turn.said, part)), part


def request_person(turn: TurnState, house: House, act: Act | None, reason: Reason, queue: str = "") -> tuple[str, str]:
    """Store the request; its queue and reference. When somebody is at the desk the resident waits in the conversation, which the queue then owns."""
    queue = queue or _queue(turn, house, act)
    now = turn.utterance.received_at
    category = act.category if act else ""
    urgent = house.profile.handoffs.queues[queue].urgent
    best = turn.understanding.questions[0].best if turn.understanding.questions else None
    more = Request(
        lane=lane_of(category, act is not None and act.effect == Effect.ESCALATE, urgent),
        language=turn.speaks,
        service=best.key if best and best.confidence >= house.understanding.answer_at else "",
        live=turn.utterance.channel == Channel.WEB and house.desk.present(queue, now) > 0,
    )
    return queue, house.people.request(turn.conversation.id, queue, reason.value, category, urgent, now, more)


def _queue(turn: TurnState, house: House, act: Act | None) -> str:
    """The rule's queue; where the rule names only the front desk, the queue of the service that is meant."""
    default = house.profile.handoffs.default_queue
    named = act.queue if act and act.queue else default
    best = turn.understanding.questions[0].best if turn.understanding.questions else None
    if named == default and best and best.confidence >= house.understanding.answer_at:
        return house.profile.queue_for(best.key)
    return named


def _place(turn: TurnState, house: House, standing: Standing) -> ReplyPart:
    """The place in the queue, and how long it takes where that is known."""
    queue = house.profile.handoffs.queues[standing.queue]
    values = {"reference": standing.reference, "queue": queue.named(turn.speaks), "position": str(standing.position)}
    if standing.expected_seconds is None:
        return wording_part("person.in_queue", turn, house, values, person=True)
    values["minutes"] = str(max(1, ceil(standing.expected_seconds / 60)))
    return wording_part("person.in_queue_wait", turn, house, values, person=True)


def _promise(turn: TurnState, house: House, queue_name: str, reference: str) -> ReplyPart:
    standing = house.desk.standing(reference, turn.utterance.received_at)
    if standing is not None:
        return _place(turn, house, standing)
    return promise_by_hours(house.profile, queue_name, reference, turn.speaks, turn.utterance.received_at)


def promise_by_hours(profile: CouncilProfile, queue_name: str, reference: str, language: str, now: datetime) -> ReplyPart:
    """Who answers and when, by the queue's opening hours."""
    queue, calendar = profile.handoffs.queues[queue_name], profile.calendar
    values = {"reference": reference, "queue": queue.named(language), "phone": queue.phone or profile.reached_by}
    if calendar.is_open(queue.hours, now):
        return approved_part("person.brought_open", language, profile, values, person=True)
    opens = calendar.next_opening(queue.hours, now)
    values["opens"] = when_in_words(opens, now.astimezone(calendar.zone), profile.wordings, language) if opens else ""
    values["duty_phone"] = duty = queue.out_of_hours_phone
    if duty:
        return approved_part("person.brought_closed_duty" if opens else "person.brought_duty_only", language, profile, values, person=True)
    return approved_part("person.brought_closed" if opens else "person.brought_no_hours", language, profile, values, person=True)
