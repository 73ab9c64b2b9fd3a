"""What comes after a conversation, over a test's memory: two leads and a duty line, a sender that remembers, and ways to get somebody there."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guildhall.aftercare.outbox import Outbox
from guildhall.safeguarding.config import SafeguardingFile
from guildhall.storage.comments import CommentStore
from guildhall.storage.contacts_known import ContactStore
from guildhall.storage.follow_up_sending import FollowUpSender, FollowUpTerms
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.notifications import OutboxStore
from guildhall.storage.people import CallbackDetails
from guildhall.storage.safeguarding import AlertTerms, SafeguardingStore
from guildhall.testing.notifies import FakeNotifies
from guildhall.vocabulary.aftercare import FollowUpKind
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import Lane, Request, WrapUp
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.safeguarding import Evidence
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory

FILE = SafeguardingFile.model_validate_json(
    """{"routes": {"lead": {"role": "adult lead", "email": "lead@example.org", "mobile": "07700 900301"},
                   "deputy": {"role": "deputy lead", "mobile": "07700 900302"},
                   "duty": {"role": "duty team", "phone": "01632 960999"},
                   "on-call": {"role": "on-call worker", "mobile": "07700 900391"}},
        "everyone": {"routes": ["lead", "deputy", "duty"], "out_of_hours": ["on-call", "duty"], "acknowledge_within_minutes": 10},
        "last_route_again": 2, "no_messages_from_queues": ["domestic-abuse"]}"""
)
WORDS = "he hits me every night and I am frightened"
EVIDENCE = Evidence(
    "domestic_abuse", "turn-1", "confirm", ("phrases.explicit@3",), "pack-1", ("safeguarding.domestic-abuse@2#0",), WORDS, ((0, 7),)
)
PLACE = {"council": "Testshire Council", "phone": "01632 960100", "link": "https://help.example.org"}


class AfterMemory:
    """Every repository of what comes after, and the clock by hand."""

    def __init__(self, memory: Memory, file: SafeguardingFile = FILE) -> None:
        self.memory, self.now = memory, NOW
        database, keys, new_id = memory.database, memory.keys, memory.new_id
        self.notifies = FakeNotifies()
        self.messages = OutboxStore(database, keys, new_id, file.contact, frozenset(file.no_messages_from_queues))
        self.outbox = Outbox(self.messages, self.notifies, "worker-1", stopwatch=lambda: 0.0)
        self.open = True
        terms = AlertTerms(file, lambda _queue, _at: self.open, "https://help.example.org", ZoneInfo("Europe/London"))
        self.safeguarding = SafeguardingStore(database, keys, new_id, terms)
        said = FollowUpTerms(self._say, lambda at, _language: f"{at:%H:%M}", PLACE, "https://testshire.example", self.messages._protected)
        self.follow_ups = FollowUpSender(database, keys, new_id, memory.conversations, said)
        self.asked = FollowUpStore(database, keys, new_id)
        self.contacts = ContactStore(database, keys, new_id)
        self.comments = CommentStore(database, keys, new_id)
        self.handoffs = HandoffStore(database, keys, new_id)

    def _say(self, wording: str, language: str, **values: str) -> str:
        if wording.startswith("follow_up.step."):
            return f"[{language} {wording} {values.get('when', '')}]".replace(" ]", "]")
        return f"{language} {wording} {values.get('reference', '')} {values.get('step', '')}{values.get('words', '')}"

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now

    def start(self) -> ConversationId:
        return self.memory.conversations.start(Channel.WEB, "en", self.now)[0].id

    def escalate(self, conversation: ConversationId, evidence: Evidence | None = EVIDENCE, out_of_hours: bool = False) -> str:
        more = Request(Lane.DANGER, "en", "", False, (evidence,) if evidence else (), out_of_hours)
        return self.memory.people.request(conversation, "duty", "distress", "domestic_abuse", True, self.now, more)

    def ask(self, conversation: ConversationId, queue: str = "front-desk", service: str = "") -> str:
        return self.memory.people.request(conversation, queue, "person_requested", "", False, self.now, Request(service=service))

    def consent(self, conversation: ConversationId, contact: str = "07700 900123", kind: FollowUpKind = FollowUpKind.TEXT) -> None:
        self.asked.ask(conversation, kind, contact, "pl", self.now)

    def wrap_up(self, reference: str, how: WrapUp = WrapUp.RESOLVED) -> None:
        self.handoffs.accept(reference, "pat", self.now)
        self.handoffs.close(reference, "pat", how, True, self.now)

    def book(self, conversation: ConversationId, reference: str, safe: bool = True) -> None:
        details = CallbackDetails("Sam", "07700 900123", safe)
        self.memory.people.book(conversation, reference, details, (self.now + timedelta(hours=2), self.now + timedelta(hours=3)), self.now)

    def turn(self, conversation: ConversationId, **facts: object) -> None:
        event = Event(EventId(self.memory.new_id("event")), EventKind.TURN_COMPLETED, self.now, conversation, TurnId("turn-9"), facts)
        self.memory.record.append([event])

    def kinds(self, conversation: str) -> list[str]:
        from sqlalchemy import select

        from guildhall.storage.schema import events

        with self.memory.database.reading() as connection:
            return list(connection.scalars(select(events.c.kind).where(events.c.conversation_id == conversation).order_by(events.c.seq)))
