"""What the guard needs of whoever brings callers to people while no gateway answers."""

from collections.abc import Sequence
from typing import Protocol

Peer = tuple[str, int]
RunningCall = str
"""One call of a gateway in JSON, as the gateway tells it: the two ends of its dialog and where the sound goes. It holds no words."""


class Rescue(Protocol):
    """Rings people without the gateway. Needs no sound: the two phones are connected with each other."""

    @property
    def running(self) -> int:
        """How many callers it has."""
        ...

    async def prepare(self) -> None:
        """Make ready what takes time, such as the addresses of host names."""
        ...

    async def open(self, calls: Sequence[RunningCall]) -> None:
        """Read the socket from now on; ring at once for each of these calls, and for each new one. Opened already, it takes these calls too."""
        ...

    def heard(self, data: bytes, peer: Peer) -> None:
        """A message that the gateway read and knows no call for."""
        ...

    def hand_over(self) -> None:
        """Read the socket no more: a gateway does. Messages of our calls come by `heard` from now on."""
        ...

    def drain(self) -> None:
        """Take no more calls."""
        ...

    async def close(self) -> None:
        """End what is left."""
        ...
