"""Bringing in a person: a stored request with a reference, and a true word about when somebody answers."""

from dataclasses import dataclass
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
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.outcomes import Person, Reason
from guildhall.vocabulary.safeguarding import Evidence
from guildhall.vocabulary.signals import Grade
from guildhall.vocabulary.turns import Channel, ReplyPart


def bring_person(turn: TurnState, house: House, act: Act | None, reason: Reason, queue: str = "") -> tuple[TurnState, ReplyPart]:
    """Store the request before promising anything, then say the reference, who answers and when. `queue` names the team that is meant."""
    queue, reference = request_person(turn, house, act, reason, queue)
    turn = turn.but(person=Person.BROUGHT, reference=reference)
    part = _promise(turn, house, queue, reference)
    return turn.but(said=(*turn.said, part)), part


def request_person(turn: TurnState, house: House, act: Act | None, reason: Reason, queue: str = "") -> tuple[str, str]:
    """Store the request; its queue and reference."""
    best = turn.understanding.questions[0].best if turn.understanding.questions else None
    wanted = Wanted(
        queue=queue or _queue(turn, house, act),
        reason=reason,
        category=act.category if act else "",
        escalated=act is not None and act.effect == Effect.ESCALATE,
        language=turn.speaks,
        service=best.key if best and best.confidence >= house.understanding.answer_at else "",
        channel=turn.utterance.channel,
        evidence=_evidence(turn, house, act),
    )
    return wanted.queue, ask_for_person(house, turn.conversation.id, wanted, turn.utterance.received_at)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which team is wanted and why. `escalated`: a rule said that a person is needed."""

    queue: str
    reason: Reason
    category: str = ""
    escalated: bool = False
    language: str = ""
    service: str = ""
    channel: Channel = Channel.WEB
    evidence: tuple[Evidence, ...] = ()


def ask_for_person(house: House, conversation_id: ConversationId, wanted: Wanted, at: datetime) -> str:
    """Store a request and give its reference. When somebody is at the desk the resident waits in the conversation, which the queue then owns."""
    urgent = house.profile.handoffs.queues[wanted.queue].urgent
    more = Request(
        lane=lane_of(wanted.category, wanted.escalated, urgent),
        language=wanted.language,
        service=wanted.service,
        live=wanted.channel == Channel.WEB and house.desk.present(wanted.queue, at) > 0,
        evidence=wanted.evidence,
        out_of_hours=not house.profile.calendar.is_open(house.profile.handoffs.queues[wanted.queue].hours, at),
    )
    return house.people.request(conversation_id, wanted.queue, wanted.reason.value, wanted.category, urgent, at, more)


def _evidence(turn: TurnState, house: House, act: Act | None) -> tuple[Evidence, ...]:
    """What every escalation of the turn rests on, for its safeguarding record: somebody may tell of two dangers in one breath."""
    if act is None or act.effect != Effect.ESCALATE:
        return ()
    escalations = (act, *(other for other in turn.acts if other.effect == Effect.ESCALATE))
    recorded = dict.fromkeys(other.category for other in escalations if house.profile.safeguarding.records(other.category))
    return tuple(_evidence_of(turn, category) for category in recorded)


def _evidence_of(turn: TurnState, category: str) -> Evidence:
    signals = [signal for signal in turn.detection.signals if signal.category == category]
    spoke = [decision for decision in turn.decisions if any(act.category == category for act in decision.acts)]
    rules = [act.rule for decision in spoke for act in decision.acts if act.category == category and act.effect == Effect.ESCALATE]
    return Evidence(
        category=category,
        turn_id=turn.id,
        grade=next((grade.value for grade in (Grade.CONFIRM, Grade.SCREEN) if any(s.grade == grade for s in signals)), ""),
        detectors=tuple(dict.fromkeys(signal.detector for signal in signals)),
        pack=spoke[0].pack if spoke else "",
        rules=tuple(dict.fromkeys(f"{rule.id}@{rule.version}#{rule.case}" for rule in rules)),
        words=turn.utterance.text,
        spans=tuple(dict.fromkeys(signal.span for signal in signals if signal.span)),
    )


def _queue(turn: TurnState, house: House, act: Act | None) -> str:
    """The rule's queue; where the rule names only the front desk, the queue of the service that is meant."""
    default = house.profile.handoffs.default_queue
    named = act.queue if act and act.queue else default
    best = turn.understanding.questions[0].best if turn.understanding.questions else None
    if named == default and best and best.confidence >= house.understanding.answer_at:
        return house.profile.queue_for(best.key)
    return named


def minutes_in_words(seconds: int) -> int:
    """Whole minutes to tell somebody who waits, rounded up; two at least, as nobody is taken from a queue in no time."""
    return max(2, ceil(seconds / 60))


def _place(turn: TurnState, house: House, standing: Standing) -> ReplyPart:
    """The place in the queue, and how long it takes where that is known."""
    queue = house.profile.handoffs.queues[standing.queue]
    values = {"reference": standing.reference, "queue": queue.named(turn.speaks), "position": str(standing.position)}
    if standing.expected_seconds is None:
        return wording_part("person.in_queue", turn, house, values, person=True)
    values["minutes"] = str(minutes_in_words(standing.expected_seconds))
    return wording_part("person.in_queue_wait", turn, house, values, person=True)


def _promise(turn: TurnState, house: House, queue_name: str, reference: str) -> ReplyPart:
    if turn.utterance.channel == Channel.PHONE:  # how and when is said by the call itself: there is no page to look at
        return wording_part("call.person", turn, house, {"reference": reference}, person=True)
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
