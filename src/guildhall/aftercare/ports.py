"""What comes after a conversation needs from the rest of the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.notifications import Delivery, MessageChannel, MessageKind, Outgoing


class NotSentError(ProviderError):
    """The provider surely did not take the message. `wait_seconds` is how long to leave it alone, 0 when it does not say."""

    def __init__(self, message: str, *, retry: bool, wait_seconds: float = 0) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(message, retry=retry)


class UnsureIfSentError(ProviderError):
    """The provider may have taken the message: ask for it by its reference before it is sent again."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry=True)


class Notifies(Protocol):
    """Sends messages to people outside the conversation."""

    @property
    def name(self) -> str:
        """Which provider it is, for the record."""
        ...

    def send(self, message: Outgoing) -> Delivery:
        """Hand a message over. Raises NotSentError, UnsureIfSentError."""
        ...

    def find(self, reference: str, channel: MessageChannel) -> Delivery | None:
        """The message of that reference, if it was ever taken. Raises UnsureIfSentError when that cannot be told."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that one worker has for a while. `uncertain`: an earlier attempt began and nobody knows how it ended."""

    id: str
    kind: MessageKind
    outgoing: Outgoing
    attempts: int
    uncertain: bool


class KeepsMessages(Protocol):
    """The outbox's memory. A change by a worker that has lost its claim changes nothing."""

    def claim(self, now: datetime, worker: str, lease: timedelta) -> Claimed | None:
        """The next message that is due, for this worker alone until the lease ends; None when nothing is."""
        ...

    def sent(self, claimed: Claimed, worker: str, provider: str, delivery: Delivery, at: datetime) -> None:
        """The provider took it."""
        ...

    def again(self, claimed: Claimed, worker: str, at: datetime, uncertain: bool, why: str) -> None:
        """Try it again at a time."""
        ...

    def failed(self, claimed: Claimed, worker: str, at: datetime, why: str) -> None:
        """Give it up until a person tries it again."""
        ...
