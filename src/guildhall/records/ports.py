"""What keeping and forgetting need from the rest of the house."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from guildhall.records.erasures import Concern, Erasure
from guildhall.records.holding import Hold
from guildhall.vocabulary.events import Event

Progress = Callable[[int, int], None]


class Appends(Protocol):
    """The append-only record."""

    def append(self, events: Sequence[Event]) -> None:
        """Return once the events are durable, all of them or none."""
        ...


class HoldsWords(Protocol):
    """One place that can hold what people said. Every such place is in the registry, or erasure does not reach it."""

    @property
    def name(self) -> str:
        """What it is, for the certificate."""
        ...

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Take away whatever it holds of these conversations; how many things. Safe to do again."""
        ...

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those of these conversations of which it holds words, as far as it knows whose words are whose."""
        ...

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Where in it any of these bytes stand, as places fit for a certificate; none when it is clean."""
        ...


class DestroysKeys(Protocol):
    """The key store."""

    def destroy(self, conversation_ids: Collection[str], erasure: str, at: datetime) -> int:
        """Destroy the keys of conversations for good; how many there were. Safe to do again."""
        ...

    def erased_among(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those whose keys were destroyed before."""
        ...


class KnowsHolds(Protocol):
    """Holds in force."""

    def on(self, conversation_ids: Collection[str]) -> tuple[Hold, ...]:
        """The holds that keep any of these conversations."""
        ...


class Journal(Protocol):
    """What was decided and how far it has come, so that an erasure cut short is finished."""

    def decided(self, erasure: Erasure) -> None:
        """Remember a decision before anything is done about it."""
        ...

    def refused(self, erasure: Erasure) -> None:
        """Remember that it was decided not to erase."""
        ...

    def unfinished(self) -> tuple[Erasure, ...]:
        """Decisions that are not carried out yet, the oldest first."""
        ...

    def finished(self, erasure_id: str, certificate: str) -> None:
        """Remember that all is done, with the certificate."""
        ...

    def shut(self, conversation_ids: Collection[str]) -> None:
        """Nobody can go on with these conversations: no browser opens them, and nobody waits in a queue for them."""
        ...

    def concerns(self, conversation_ids: Collection[str]) -> tuple[Concern, ...]:
        """What an officer should weigh before deciding."""
        ...

    def samples(self, conversation_ids: Collection[str], most: int) -> tuple[bytes, ...]:
        """Some of the words themselves, long enough to be found again, which stand in no public page."""
        ...


class Scrubs(Protocol):
    """Makes sure that deleted rows are in no file any more."""

    def scrub(self) -> bool:
        """False when somebody kept reading the old state for too long."""
        ...
