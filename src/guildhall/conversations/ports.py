"""What a turn needs from the rest of the house, as small protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guildhall.knowledge.standalone import Standalone
from guildhall.policy.judging import Judging
from guildhall.vocabulary.events import Event
from guildhall.vocabulary.handoffs import Request, Standing
from guildhall.vocabulary.ids import ConversationId, ServiceKey, TurnId
from guildhall.vocabulary.languages import LanguageGuess
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.questions import Redacted, Understanding
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.supervision import Modes, Topic
from guildhall.vocabulary.switches import Switches
from guildhall.vocabulary.turns import Conversation, Owner, PastTurn, ReplyPart


class Understands(Protocol):
    """What was meant, as evidence only."""

    @property
    def answer_at(self) -> float:
        """Service confidence from which an answer keeps the council's bound on misdirection."""
        ...

    @property
    def versions(self) -> tuple[str, ...]:
        """Detector and model versions, for the record."""
        ...

    def language(self, text: str, hint: str, history: Sequence[str]) -> LanguageGuess:
        """The language of an utterance."""
        ...

    def detect(self, text: str, language: str, recent: Sequence[str]) -> Detection:
        """Signals in an utterance; `recent` are the resident's earlier utterances, oldest first."""
        ...

    def redact(self, text: str) -> Redacted:
        """The utterance as it may leave the house."""
        ...

    def understand(self, text: str, language: str, past: Sequence[PastTurn]) -> Understanding:
        """The questions asked, each with the services that may be meant."""
        ...


class Searches(Protocol):
    """What the council knows."""

    def search(self, query: str | Standalone, *, services: Mapping[ServiceKey, float] | None = None, limit: int = 10) -> tuple[Found, ...]:
        """Passages for a query, best first, with evidence scores from 0 to 1."""
        ...

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, while the council says it."""
        ...


class ChoosesPacks(Protocol):
    """Which policy packs judge a conversation."""

    def for_conversation(self, conversation: Conversation) -> Judging:
        """The pack of its first turn, or the one that a new conversation gets now; and what judges beside it."""
        ...


class Records(Protocol):
    """The append-only record."""

    def append(self, events: Sequence[Event]) -> None:
        """Return once the events are durable, all of them or none."""
        ...


class KeepsForLater(Protocol):
    """Where facts wait that the record could not take."""

    def keep(self, event: Event) -> None:
        """Keep an event's facts, without its words, until the record works again. Never fails."""
        ...


class Remembers(Protocol):
    """Conversations as the next turn finds them."""

    def load(self, conversation_id: ConversationId) -> Conversation | None:
        """The conversation, or None when there is none of that id."""
        ...

    def owner_of(self, conversation_id: ConversationId) -> Owner | None:
        """Who owns it now, or None when there is none of that id."""
        ...

    def reopen(self, conversation_id: ConversationId, at: datetime) -> Conversation | None:
        """A closed conversation given back to the assistant, with nothing of before as context."""
        ...


class AsksForPerson(Protocol):
    """Where requests for a person are kept."""

    def request(
        self, conversation_id: ConversationId, queue: str, reason: str, category: str, urgent: bool, at: datetime, more: Request = ...
    ) -> str:
        """The reference of the request; the same one when the conversation already has an open request for the queue, or a live one."""
        ...


class KnowsDesk(Protocol):
    """Who is at the advisers' desk now."""

    def present(self, queue: str, at: datetime) -> int:
        """How many advisers are here for a queue; none when it is closed."""
        ...

    def standing(self, reference: str, at: datetime) -> Standing | None:
        """The place of a request in its queue; None when it does not wait there."""
        ...

    def resident_wrote(self, conversation_id: ConversationId, at: datetime) -> None:
        """The resident said something to the person who has, or will have, the conversation."""
        ...


class KnowsSwitches(Protocol):
    """Kill switches."""

    def __call__(self) -> Switches:
        """What is off now, never longer ago than a moment. Never fails: what was known last stays."""
        ...


@dataclass(frozen=True, slots=True)
class ToCheck:
    """An answer that was composed and verified, for an adviser to check. `parts` is what the resident would have read."""

    conversation_id: ConversationId
    turn_id: TurnId
    topic: Topic
    service: str
    queue: str
    language: str
    composer: str
    question: str
    parts: tuple[ReplyPart, ...]
    found: tuple[Found, ...]
    at: datetime


class Supervises(Protocol):
    """How freely each topic may be answered, and the drafts that wait for an adviser."""

    def modes(self) -> Modes:
        """What holds now, never longer ago than a moment. Never fails: what was known last stays."""
        ...

    def queue(self, answer: ToCheck) -> tuple[str, datetime]:
        """Put an answer before an adviser: the draft, and when it falls to a person. The same question that waits already is not put twice."""
        ...
