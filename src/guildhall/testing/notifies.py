"""A sender for tests: remembers what arrived, and fails as it is told."""

from collections import Counter
from dataclasses import dataclass, field

from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.notifications import Delivery, MessageChannel, Outgoing


@dataclass
class FakeNotifies:
    """`fails` are raised one after the other, each once; with `takes_it` set the message arrives all the same."""

    name: str = "fake"
    arrived: list[Outgoing] = field(default_factory=list)
    fails: list[ProviderError] = field(default_factory=list)
    takes_it: bool = False
    looked_for: list[str] = field(default_factory=list)

    def send(self, message: Outgoing) -> Delivery:
        """Take it, or fail."""
        error = self.fails.pop(0) if self.fails else None
        if error is None or self.takes_it:
            self.arrived.append(message)
        if error is not None:
            raise error
        return Delivery(f"delivery-{len(self.arrived)}", "created")

    def find(self, reference: str, channel: MessageChannel) -> Delivery | None:
        """Whether it arrived."""
        self.looked_for.append(reference)
        return next((Delivery(reference, "created") for one in self.arrived if one.reference == reference), None)

    def close(self) -> None:
        """Nothing is held."""

    @property
    def times(self) -> Counter[str]:
        """How often each message arrived."""
        return Counter(message.reference for message in self.arrived)
