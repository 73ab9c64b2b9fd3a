"""How a caller reaches a person: the same request, queue and order as for who writes, then whose phone rings, who waits, and for how long.

Who is in danger is rung for at once, on every line there is, in turn, until somebody answers. Everybody else is put through by the team's
own line, or waits for an adviser who takes them at the desk and is then rung. Only configured numbers are ever rung.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from guildhall.bootstrap.callback_slots import chosen_slot, offered_slots
from guildhall.bootstrap.house import Guildhall
from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.conversations.dates import when_in_words
from guildhall.conversations.people import Wanted, ask_for_person, request_person
from guildhall.conversations.steps.safeguard import reason_of
from guildhall.conversations.unkept import hear_unkept
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.assigning import Seat, assign
from guildhall.handoffs.floor import waits_here
from guildhall.handoffs.phone_numbers import uk_mobile, uk_phone
from guildhall.storage.handoffs import NotTheOwnerError
from guildhall.storage.people import CallbackDetails
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.aftercare import FollowUpKind
from guildhall.vocabulary.calls import DUTY
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import HELD, LANE_RANK, LIVE, Adviser, GivenUp, Handoff, HandoffStatus, Lane, PassedBack, Request
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.safeguarding import Evidence
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category
from guildhall.vocabulary.turns import Channel, Owner

LONGEST: Final = 20_000
SLOTS_TOLD: Final = 12
UNANSWERED: Final = frozenset({TransferOutcome.BUSY, TransferOutcome.NO_ANSWER, TransferOutcome.REFUSED})
"""Outcomes that say something about whoever was rung; a failure says something about our side."""


@dataclass(frozen=True)
class QueueNumbers:
    """The numbers of the queues, by key: `lines` in opening hours, `duty` outside them. `never` are not rung, such as the assistant's own."""

    lines: Mapping[str, str]
    duty: Mapping[str, str]
    never: frozenset[str] = field(default_factory=frozenset)
    inside: bool = True
    """Whether they are numbers inside the council's exchange. A public number that the caller dialled would ring ourselves."""

    @classmethod
    def of(cls, profile: CouncilProfile) -> "QueueNumbers":
        """A council's lines of `phone.yaml`, the only ones that are dialled; the numbers that residents dial while it names none."""
        queues, phone = profile.handoffs.queues, profile.phone
        if not phone.lines:
            public = {key: queue.phone for key, queue in queues.items() if queue.phone}
            return cls(public, {key: queue.out_of_hours_phone for key, queue in queues.items() if queue.out_of_hours_phone}, inside=False)
        lines = {key: line.number for key in queues if (line := phone.line_of_queue(key))}
        duty = phone.line(phone.duty)
        return cls(lines, dict.fromkeys(queues, duty.number) if duty else {})


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that may ring now: a queue's line, a duty line, or an adviser's own."""

    number: str
    line: str = ""
    adviser: str = ""

    @property
    def key(self) -> str:
        """What it is counted by."""
        return self.adviser or self.line


class PhonePeople:
    """People for callers."""

    def __init__(self, guildhall: Guildhall, numbers: QueueNumbers) -> None:
        self._guildhall, self._desk, self._house = guildhall, guildhall.desk, guildhall.house
        self._profile, self._numbers = guildhall.profile, numbers

    # what a session asks

    def want(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        """A person is needed: stored first, then how one is reached. Asked again, it is the same request, more urgent if need be."""
        now = self._house.clock()
        handoff = self._current(conversation_id)
        if handoff is None or words.strip():
            self._request(conversation_id, words, handoff, now)
        if danger:
            self._raise(conversation_id, words, now)
        handoff = self._current(conversation_id)
        if handoff is None:
            raise NotFoundError("the request for a person is gone")
        self._desk.calls.asked(conversation_id, handoff.reference, now)
        if handoff.lane == Lane.DANGER:
            self._desk.calls.in_danger(conversation_id, now)
        elif handoff.status == HandoffStatus.REQUESTED and not handoff.live and self._advisers(handoff, now):
            self._wait_at_desk(handoff, now)
        return self._way(self._desk.handoffs.get(handoff.reference), now)

    def route(self, conversation_id: str, reference: str) -> PersonRoute:
        """How the caller who waits reaches a person by now. Raises NotFoundError for a request of somebody else's."""
        return self._way(self._theirs(conversation_id, reference), self._house.clock())

    def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        """How it was answered. Told again, nothing is done twice."""
        now, handoff = self._house.clock(), self._theirs(conversation_id, reference)
        call = self._desk.calls.get(conversation_id)
        if outcome == TransferOutcome.CONNECTED:
            self._answered(handoff, call.rings if call else "", now)
            self._desk.calls.bridged(conversation_id, reference, now)
            return None
        rang = self._desk.calls.not_bridged(conversation_id, reference, outcome.value, now)
        if rang and rang.rings:
            self._missed(handoff, rang.rings, outcome, now)
        return self.route(conversation_id, reference)

    def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        """When it is, in words; empty when it cannot be booked. The same again changes nothing that was promised."""
        now, handoff = self._house.clock(), self._theirs(conversation_id, reference)
        phone = uk_phone(number or self._desk.calls.numbers(conversation_id)[0])
        slot = chosen_slot(_time(starts_at), offered_slots(self._guildhall, handoff.queue, now)) if starts_at else None
        known = self._booked(conversation_id, reference)
        again = known is not None and known[0] == phone and known[1] == (slot.starts_at if slot else None)
        if not phone or (starts_at and slot is None):
            return ""
        times = (slot.starts_at, slot.ends_at) if slot else None
        try:
            if not again:
                self._guildhall.people.book(conversation_id, reference, CallbackDetails("", phone, False), times, now)
        except NotFoundError:  # an adviser has it by now, and rings them
            return ""
        language, wordings = handoff.language or "en", self._profile.wordings
        if slot is None:
            return wordings.say("call.soon", language)
        return when_in_words(slot.starts_at, now.astimezone(self._profile.calendar.zone), wordings, language)

    def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        """Whether the answer is on its way: the number takes texts, and nothing was said after which nothing is sent."""
        mobile = uk_mobile(number or self._desk.calls.numbers(conversation_id)[0])
        if not mobile or not self._guildhall.after.messages.may_offer(conversation_id):
            return False
        if self._desk.handoffs.live_of(conversation_id) is not None:
            return False  # a person settles it, and sends what was agreed
        asked = self._desk.follow_ups.asked(conversation_id)
        if asked is None or (asked.contact, asked.turn_id) != (mobile, turn_id):
            language = self._desk.calls.language_of(conversation_id) or "en"
            self._desk.follow_ups.ask(conversation_id, FollowUpKind.TEXT, mobile, language, self._house.clock(), turn_id)
        return True

    def stop_waiting(self, conversation_id: str) -> None:
        """The caller chose something else: the request stays, and nobody is rung for it."""
        handoff = self._current(conversation_id)
        if handoff and handoff.live and handoff.status in (HandoffStatus.REQUESTED, HandoffStatus.OFFERED):
            self._desk.handoffs.withdraw(conversation_id, Owner.ASSISTANT, self._house.clock())

    def over(self, conversation_id: str, cause: str) -> None:
        """The caller has gone: whoever waited waits no more, and an adviser whose phone rang is told so."""
        now = self._house.clock()
        handoff = self._current(conversation_id)
        if not self._desk.calls.ended(conversation_id, cause, now) or handoff is None:
            return
        if handoff.status == HandoffStatus.OFFERED:
            handoff = self._desk.handoffs.pass_back(handoff.reference, PassedBack.CALLER_GONE, now)
        if handoff.live and handoff.status == HandoffStatus.REQUESTED:
            self._desk.promises.give_up(handoff.reference, GivenUp.HUNG_UP, now, ())

    # the request

    def _request(self, conversation_id: str, words: str, known: Handoff | None, now: datetime) -> None:
        """What the words call for is heard in them, as in any others: the queue, how urgent it is, the record of somebody at risk."""
        conversation = self._guildhall.conversations.load(ConversationId(conversation_id))
        if conversation is None:
            raise NotFoundError("there is no such conversation")
        turn, _ = hear_unkept(words[:LONGEST], conversation.language, self._house, Channel.PHONE)
        turn = turn.but(conversation=conversation)
        act = next((act for act in turn.acts if act.effect == Effect.ESCALATE and act.category in RISKS), None)
        if known is not None and act is None:
            return
        last = conversation.turns[-1].services if conversation.turns else ()
        queue = "" if act else self._profile.queue_for(last[0] if last else None)
        request_person(turn, self._house, act, reason_of(act) if act else Reason.PERSON_REQUESTED, queue)

    def _raise(self, conversation_id: str, words: str, now: datetime) -> None:
        """The caller said, or pressed, that there is danger; what kind it is nobody has to know first."""
        handoff = self._current(conversation_id)
        if handoff is not None and handoff.lane == Lane.DANGER:
            return
        category = Category.DANGER_TO_LIFE.value
        evidence = (Evidence(category, "", "", ("call.danger",), "", (), words),) if self._profile.safeguarding.records(category) else ()
        wanted = Wanted(self._danger_queue(now), Reason.DISTRESS, category, True, "", "", Channel.PHONE, evidence)
        ask_for_person(self._house, ConversationId(conversation_id), wanted, now)

    def _danger_queue(self, now: datetime) -> str:
        """An urgent queue that others overflow into, as a duty team is; else any urgent one; else the front desk."""
        queues = self._profile.handoffs.queues
        urgent = [key for key, queue in queues.items() if queue.urgent]
        helping = [key for key in urgent if any(queue.overflow == key for queue in queues.values())]
        return next(iter([*helping, *urgent]), self._profile.handoffs.default_queue)

    def _wait_at_desk(self, handoff: Handoff, now: datetime) -> None:
        """The caller stands in line, and an adviser is asked to take them."""
        more = Request(handoff.lane, handoff.language, handoff.service, live=True)
        urgent = self._profile.handoffs.queues[handoff.queue].urgent
        self._guildhall.people.request(
            ConversationId(handoff.conversation_id), handoff.queue, handoff.reason, handoff.category, urgent, now, more
        )

    def _current(self, conversation_id: str) -> Handoff | None:
        """The request that counts: the one that somebody has, else the most urgent."""
        found = self._desk.handoffs.find(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
        return min(found, key=lambda h: (h.status not in HELD, LANE_RANK[h.lane], not h.live, h.requested_at), default=None)

    def _booked(self, conversation_id: str, reference: str) -> tuple[str, datetime | None] | None:
        rows = (row for row in self._guildhall.people.open_requests(conversation_id) if row.reference == reference)
        return next(((row.details.phone, row.slot_starts_at) for row in rows if row.details), None)

    def _theirs(self, conversation_id: str, reference: str) -> Handoff:
        handoff = self._desk.handoffs.get(reference)
        if handoff.conversation_id != conversation_id:
            raise NotFoundError(f"this call has no request with the reference {reference}")
        return handoff

    # the way to a person

    def _way(self, handoff: Handoff, now: datetime) -> PersonRoute:
        danger, phone = handoff.lane == Lane.DANGER, self._taken_by(handoff)
        if phone is None and handoff.status != HandoffStatus.BOOKED and (danger or not waits_here(handoff)):
            phone = self._next_phone(handoff, now)
        if phone:
            return self._ring(handoff, phone, now)
        if waits_here(handoff) or (danger and self._advisers(handoff, now)):
            return self._wait(handoff, now)
        slots = offered_slots(self._guildhall, handoff.queue, now)[:SLOTS_TOLD]
        times = tuple(slot.starts_at.isoformat() for slot in slots)
        return PersonRoute(PersonAnswer.CALLBACK, handoff.reference, handoff.queue, slots=times)

    def _wait(self, handoff: Handoff, now: datetime) -> PersonRoute:
        standing = self._desk.standing(handoff.reference, now)
        position, wait = (standing.position, standing.expected_seconds) if standing else (1, None)
        return PersonRoute(PersonAnswer.WAIT, handoff.reference, handoff.queue, position=position, wait_seconds=wait)

    def _ring(self, handoff: Handoff, phone: Phone, now: datetime) -> PersonRoute:
        if phone.adviser and handoff.status == HandoffStatus.REQUESTED:
            try:  # the brief lies open on their desk while their phone rings
                self._desk.handoffs.offer(handoff.reference, phone.adviser, now)
            except RefusedError:
                handoff = self._desk.handoffs.get(handoff.reference)
        self._desk.calls.ringing(handoff.conversation_id, handoff.reference, now, adviser=phone.adviser, line=phone.line)
        answer = PersonAnswer.DUTY if phone.line.startswith(DUTY) else PersonAnswer.RING
        return PersonRoute(answer, handoff.reference, phone.line.removeprefix(DUTY) or handoff.queue, phone.number)

    def _taken_by(self, handoff: Handoff) -> Phone | None:
        """The adviser who has it, if they take calls. Who is in danger does not wait until an offer is taken."""
        theirs = (*HELD, HandoffStatus.OFFERED) if handoff.lane == Lane.DANGER else HELD
        adviser = self._desk.advisers.get(handoff.adviser_id) if handoff.status in theirs and handoff.adviser_id else None
        return Phone(adviser.phone, adviser=adviser.staff_id) if adviser and self._takes_calls(adviser) else None

    def _next_phone(self, handoff: Handoff, now: datetime) -> Phone | None:
        """The phone that was tried least in this call, the first of those. Who is not in danger hears each of them once at most."""
        tried = self._desk.calls.tried(handoff.conversation_id)
        dialled = self._desk.calls.numbers(handoff.conversation_id)[1]
        never = {_plain(number) for number in (*self._numbers.never, *(() if self._numbers.inside else (dialled,))) if number}
        each: dict[str, Phone] = {}
        for phone in self._phones(handoff, now):
            each.setdefault(_plain(phone.number), phone)  # teams share lines: each is rung once in a round
        phones = [phone for number, phone in each.items() if number and number not in never]
        fresh = phones if handoff.lane == Lane.DANGER else [phone for phone in phones if not tried.get(phone.key)]
        return min(fresh, key=lambda phone: tried.get(phone.key, 0), default=None)

    def _phones(self, handoff: Handoff, now: datetime) -> Iterator[Phone]:
        """Every phone that may ring for it now: the team's own, an adviser's, those of teams that help out, the duty lines."""
        helping = (handoff.queue, *self._profile.handoffs.helping(handoff.queue))
        danger = handoff.lane == Lane.DANGER
        is_open = {queue: self._profile.queue_is_open(queue, now) for queue in helping}
        if is_open[handoff.queue] and handoff.queue in self._numbers.lines:
            yield Phone(self._numbers.lines[handoff.queue], line=handoff.queue)
        if danger and handoff.status == HandoffStatus.REQUESTED:
            yield from self._nearest(handoff, now)
        if danger or is_open[handoff.queue]:
            yield from (Phone(self._numbers.lines[q], line=q) for q in helping[1:] if is_open[q] and q in self._numbers.lines)
        if danger or handoff.category in SAFEGUARDED:
            yield from (Phone(number, line=f"{DUTY}{q}") for q in (*helping, *self._numbers.duty) if (number := self._numbers.duty.get(q)))

    def _nearest(self, handoff: Handoff, now: datetime) -> Iterator[Phone]:
        """The adviser at the desk who fits best and takes calls: their phone rings before they have taken anything."""
        look = self._desk.line.look(now)
        seats = [seat for seat in look.seats() if self._takes_calls(seat.adviser)]
        for offer in assign([handoff], [Seat(seat.adviser, min(seat.holds, seat.adviser.capacity - 1)) for seat in seats], look.rules):
            adviser = next(seat.adviser for seat in seats if seat.adviser.staff_id == offer.staff_id)
            yield Phone(adviser.phone, adviser=adviser.staff_id)

    def _advisers(self, handoff: Handoff, now: datetime) -> bool:
        """Whether somebody is at the desk who serves the queue and takes calls."""
        if not self._profile.queue_is_open(handoff.queue, now):
            return False
        return any(self._takes_calls(adviser) for adviser in self._desk.advisers.present(now, self._desk.serving(handoff.queue)))

    def _takes_calls(self, adviser: Adviser) -> bool:
        """Whether they have a phone, and it is still one of the council's lines."""
        return bool(adviser.phone) and self._profile.may_ring(adviser.phone)

    # how it ended

    def _answered(self, handoff: Handoff, adviser: str, now: datetime) -> None:
        """The adviser whose phone was answered has the conversation, whether or not they had taken it at the desk."""
        if adviser and not (handoff.status in HELD and handoff.adviser_id == adviser):
            try:
                self._desk.handoffs.accept(handoff.reference, adviser, now)
            except NotTheOwnerError:
                return  # a colleague took it at the desk meanwhile: the record says who talks and who has it

    def _missed(self, handoff: Handoff, adviser: str, outcome: TransferOutcome, now: datetime) -> None:
        """Back in the queue, with the reason; nothing new goes to a phone that nobody answers."""
        try:
            self._desk.handoffs.pass_back(handoff.reference, PassedBack.MISSED_CALL, now, staff_id=adviser)
        except NotTheOwnerError:
            return
        if outcome in UNANSWERED:
            self._desk.advisers.stand_down(adviser, PassedBack.MISSED_CALL, now)


RISKS: Final = frozenset(category.value for category in DISTRESS | HAZARDS)
SAFEGUARDED: Final = frozenset(category.value for category in DISTRESS)


def _time(text: str) -> datetime:
    """A slot's start as it was told; a text that is no time becomes one that is never offered."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)


def _plain(number: str) -> str:
    """The digits of a UK number, however it is written."""
    digits = "".join(character for character in number if character.isdigit())
    return f"0{digits.removeprefix('44')}" if digits.startswith("44") else digits
