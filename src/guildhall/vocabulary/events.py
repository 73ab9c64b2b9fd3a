"""What happened, in the past tense: the append-only record is a sequence of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from guildhall.vocabulary.ids import ConversationId, EventId, TurnId


class EventKind(StrEnum):
    """The codes of the record."""

    CONVERSATION_STARTED = "ConversationStarted"
    UTTERANCE_RECEIVED = "UtteranceReceived"
    REPLY_PART_PREPARED = "ReplyPartPrepared"
    TURN_COMPLETED = "TurnCompleted"
    HANDOFF_REQUESTED = "HandoffRequested"
    CALLBACK_BOOKED = "CallbackBooked"
    FEEDBACK_GIVEN = "FeedbackGiven"
    OWNER_CHANGED = "OwnerChanged"
    KNOWLEDGE_CHANGED = "KnowledgeChanged"


EVENT_LABELS: Final[dict[EventKind, tuple[str, str]]] = {
    EventKind.CONVERSATION_STARTED: ("Conversation started", "A resident opened a conversation."),
    EventKind.UTTERANCE_RECEIVED: ("Utterance received", "The resident's words arrived."),
    EventKind.REPLY_PART_PREPARED: ("Reply part prepared", "A checked part of the reply was ready to show."),
    EventKind.TURN_COMPLETED: ("Turn completed", "The turn ended with an outcome."),
    EventKind.HANDOFF_REQUESTED: ("Handoff requested", "A person was asked to take over."),
    EventKind.CALLBACK_BOOKED: ("Callback booked", "The resident booked a callback."),
    EventKind.FEEDBACK_GIVEN: ("Feedback given", "The resident said whether the reply helped."),
    EventKind.OWNER_CHANGED: ("Owner changed", "The conversation passed to another party."),
    EventKind.KNOWLEDGE_CHANGED: ("Knowledge changed", "Council content was added, changed or removed."),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `facts` is plain JSON and holds no words of the resident and no personal data. `words` is what was said, which is
    stored encrypted and apart, so that it can be erased while the record stays.
    """

    id: EventId
    kind: EventKind
    at: datetime
    conversation_id: ConversationId | None = None
    turn_id: TurnId | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)
