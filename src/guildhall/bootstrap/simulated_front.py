"""The residents' side of a simulation over the real house: the same turn, calls, callbacks and answers as on the page and the phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from guildhall.bootstrap.callback_slots import offered_slots
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.phone import noted
from guildhall.bootstrap.phone_people import PhonePeople, QueueNumbers
from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.conversations.runner import run_turn
from guildhall.simulation.people import Person
from guildhall.simulation.ports import Route, Slots
from guildhall.storage.calls import Rang
from guildhall.storage.people import CallbackDetails
from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.calls import Hearing
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.turns import SIMULATED, Channel, Owner, Turn, Utterance

ROUTES = {
    PersonAnswer.RING: Route.RINGS,
    PersonAnswer.DUTY: Route.RINGS,
    PersonAnswer.WAIT: Route.WAITS,
    PersonAnswer.CALLBACK: Route.CALLBACK,
}


@dataclass(frozen=True)
class SimulatedFront:
    """Residents at the page and on the phone. Every conversation it begins says that it is simulated."""

    guildhall: Guildhall
    calls: PhonePeople

    @classmethod
    def of(cls, guildhall: Guildhall) -> "SimulatedFront":
        """Over an open house."""
        return cls(guildhall, PhonePeople(guildhall, QueueNumbers.of(guildhall.profile)))

    @property
    def _now(self) -> datetime:
        return self.guildhall.house.clock()

    def write(self, person: Person, agrees: bool) -> str:
        """Somebody opens the page and begins."""
        joins = self.guildhall.trials.joining(agrees)
        return str(self.guildhall.conversations.start(Channel.WEB, person.language, self._now, SIMULATED, joins)[0].id)

    def ring(self, person: Person, call: str) -> str:
        """Somebody rings. The call's own name has a random end: a call of that name is begun once only."""
        dialled = self.guildhall.profile.council.contact.phone
        rang = Rang(f"{call}-{secrets.token_hex(6)}", person.phone, dialled, person.language, Hearing.OPEN, SIMULATED)
        return self.guildhall.desk.calls.begin(rang, self._now)

    def say(self, conversation_id: str, person: Person, text: str) -> Turn:
        """One turn, as the page and the phone run it."""
        house = self.guildhall.house
        conversation = house.conversations.load(ConversationId(conversation_id))
        if conversation is None:
            raise NotFoundError("there is no such conversation")
        utterance = Utterance(text, conversation.channel, self._now, person.language)
        return next(item for item in run_turn(house, conversation, utterance) if isinstance(item, Turn))

    def hear(self, conversation_id: str, turn: Turn, parts: int) -> None:
        """The caller heard so many parts to their end."""
        for number, part in enumerate(turn.reply.parts[:parts]):
            facts: dict[str, object] = {"part": number, "ends": True, "text": part.text, "turn_id": turn.id}
            self.guildhall.desk.calls.note(conversation_id, noted("heard", facts), self._now)

    def hang_up(self, conversation_id: str) -> None:
        """The caller puts the phone down."""
        self.calls.over(conversation_id, "caller")

    def want_person(self, conversation_id: str, words: str, danger: bool) -> tuple[Route, str]:
        """How the caller gets a person."""
        return _way(self.calls.want(conversation_id, words, danger))

    def rung(self, conversation_id: str, reference: str, answered: bool) -> Route | None:
        """The phone rang: answered, or how else."""
        outcome = TransferOutcome.CONNECTED if answered else TransferOutcome.NO_ANSWER
        route = self.calls.transferred(conversation_id, reference, outcome)
        return _way(route)[0] if route else None

    def slots(self, conversation_id: str) -> Slots | None:
        """The times of the newest open request's team."""
        rows = self.guildhall.people.open_requests(conversation_id)
        if not rows:
            return None
        return Slots(rows[0].reference, tuple(slot.starts_at for slot in offered_slots(self.guildhall, rows[0].queue, self._now)))

    def book(self, conversation_id: str, reference: str, person: Person, starts_at: datetime | None) -> bool:
        """Book a callback, as the page does."""
        rows = [row for row in self.guildhall.people.open_requests(conversation_id) if row.reference == reference]
        if not rows:
            return False
        offered = offered_slots(self.guildhall, rows[0].queue, self._now)
        slot = next(((one.starts_at, one.ends_at) for one in offered if one.starts_at == starts_at), None)
        details = CallbackDetails(person.name, person.phone, person.number % 3 > 0)
        try:
            self.guildhall.people.book(conversation_id, reference, details, slot, self._now)
        except NotFoundError:
            return False
        return True

    def agree(self, conversation_id: str, person: Person) -> None:
        """They agree to be recognised."""
        self.guildhall.after.contacts.recognise(conversation_id, person.phone, self._now)

    def tell_needs(self, conversation_id: str, person: Person) -> None:
        """What staff may know of how to talk with them."""
        self.guildhall.desk.needs.give(conversation_id, person.needs, "", self._now)

    def judge(self, conversation_id: str, turn: Turn, helped: bool) -> None:
        """Yes or no under a reply."""
        house = self.guildhall.house
        facts = {"helpful": helped}
        event = Event(EventId(house.new_id("event")), EventKind.FEEDBACK_GIVEN, self._now, ConversationId(conversation_id), turn.id, facts)
        house.records.append([event])

    def score(self, conversation_id: str, score: Score) -> None:
        """How satisfied they were."""
        self.guildhall.desk.satisfaction.give(conversation_id, score, "", self._now)

    def leave(self, conversation_id: str) -> None:
        """They go."""
        if self.guildhall.conversations.owner_of(ConversationId(conversation_id)) in (Owner.QUEUE, Owner.ADVISER):
            self.guildhall.desk.handoffs.withdraw(conversation_id, Owner.CLOSED, self._now)

    def write_back(self, conversation_id: str, person: Person, text: str) -> None:
        """They write to the adviser: a turn that the assistant leaves to them."""
        self.say(conversation_id, person, text)


def _way(route: PersonRoute) -> tuple[Route, str]:
    return ROUTES[route.answer], route.reference
