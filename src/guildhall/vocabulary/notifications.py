"""Messages that leave the house: who gets one, by which channel, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class MessageChannel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"


class MessageKind(StrEnum):
    """What a message is for."""

    FOLLOW_UP = "follow_up"
    """To a resident who agreed to it."""
    ALERT = "alert"
    """To staff who must act. Holds no personal data."""


class MessageStatus(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    """Not sent yet, or it is not known whether it was."""
    SENT = "sent"
    """The provider took it."""
    FAILED = "failed"
    """Given up; a person can try it again."""
    WITHHELD = "withheld"
    """Not sent, because it might not be safe for the resident."""


MESSAGE_STATUS_LABELS: Final[dict[MessageStatus, tuple[str, str]]] = {
    MessageStatus.WAITING: ("Waiting", "It will be sent, or looked for at the provider when it is not known whether it was."),
    MessageStatus.SENT: ("Sent", "The provider took it."),
    MessageStatus.FAILED: ("Failed", "It was given up. Put right what is wrong and try it again."),
    MessageStatus.WITHHELD: ("Withheld", "It was not sent, because it might not have been safe for the resident."),
}
MESSAGE_KIND_LABELS: Final[dict[MessageKind, tuple[str, str]]] = {
    MessageKind.FOLLOW_UP: ("Follow-up", "To a resident who agreed to it."),
    MessageKind.ALERT: ("Alert", "To staff who must act. Holds no personal data."),
}


class Occasion(StrEnum):
    """What a follow-up is sent after."""

    WRAP_UP = "wrap_up"
    """An adviser wrapped the conversation up."""
    CALLBACK = "callback"
    """A callback was booked."""
    SEND_ME_THIS = "send_me_this"
    """The resident asked for what is on the page."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way. `reference` is ours and is never used for another; `values` fill in a provider's own template."""

    reference: str
    channel: MessageChannel
    to: str
    wording: str
    text: str
    subject: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a provider says of a message that it took: its own id for it."""

    id: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """A message as the outbox keeps it, without its words and without whom it goes to. `about` is a handoff's or a record's reference."""

    id: str
    reference: str
    kind: MessageKind
    channel: MessageChannel
    conversation_id: str
    about: str
    wording: str
    language: str
    status: MessageStatus
    made_at: datetime
    next_at: datetime | None
    attempts: int
    uncertain: bool
    """Whether an attempt began of which nobody knows how it ended: the provider is asked before it is sent again."""
    sent_at: datetime | None = None
    provider_id: str = ""
    why: str = ""
    route: str = ""
