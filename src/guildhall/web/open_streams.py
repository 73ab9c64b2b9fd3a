"""Streams that are open, and the small signs that go the other way. For the page and the API."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from guildhall.storage.read_marks import RESIDENT

if TYPE_CHECKING:
    from guildhall.web.front_door import FrontDoor

OF_ONE: Final = 8
"""Open pages of one conversation."""
OF_ALL: Final = 5000
"""Open pages of one process."""


@dataclass
class OpenStreams:
    """How many pages are open, so that nobody can hold them all. Used on the event loop only."""

    of: Counter[str] = field(default_factory=Counter)
    _open: int = 0

    @property
    def open(self) -> int:
        """How many are open."""
        return self._open

    def full(self, conversation_id: str) -> bool:
        """Whether one more is too many."""
        return self.of[conversation_id] >= OF_ONE or self._open >= OF_ALL

    async def counted(self, conversation_id: str, events: AsyncIterator[str]) -> AsyncIterator[str]:
        """The events, counted as open while they last."""
        self.of[conversation_id] += 1
        self._open += 1
        try:
            async for event in events:
                yield event
        finally:
            self.of[conversation_id] -= 1
            self._open -= 1
            if not self.of[conversation_id]:
                del self.of[conversation_id]


def give_signs(door: "FrontDoor", conversation_id: str, writing: bool, seen: int) -> None:
    """Tell the other side. Too many at once are dropped: the next one says the same."""
    if door.limits.signs.take(conversation_id):
        return
    desk, now = door.guildhall.desk, door.guildhall.house.clock()
    if writing:
        desk.say_typing(conversation_id, RESIDENT, now)
    if seen:
        desk.marks.mark(conversation_id, RESIDENT, min(seen, desk.threads.last(conversation_id)), now)
