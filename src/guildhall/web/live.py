"""Live updates: one listener a process hears every change of the database and wakes the streams that care, on their own event loops.

Only ids travel; whoever wakes re-reads its rows. A stream that is slow loses nothing by it: changes to the same conversation are told
together, and when too many wait it hears `EVERYTHING`, which says: read all that you show again.
"""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from guildhall.storage.changes import EVERYTHING, Change, Changes

PENDING_AT_MOST: Final = 256
"""Changes that wait for a stream before they become one `EVERYTHING`."""
HEARTBEAT_SECONDS: Final = 15.0
"""How long a stream is silent at most, so that both ends notice a dead connection."""

ADVISER_SIDE: Final = "adviser"
"""The side under which an adviser's typing is told; the resident's is `resident`."""


class Subscription:
    """What one stream listens to. Made by `LiveHub.subscribe`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ready = asyncio.Event()
        self._lock = threading.Lock()
        self._pending: dict[Change, None] = {}

    async def heard(self, timeout: float = HEARTBEAT_SECONDS) -> tuple[Change, ...]:
        """What happened since the last call, in its order, as soon as there is anything; empty after so many seconds of silence."""
        try:
            async with asyncio.timeout(timeout):
                await self._ready.wait()
        except TimeoutError:
            return ()
        with self._lock:
            self._ready.clear()
            taken, self._pending = tuple(self._pending), {}
        return taken

    def tell(self, change: Change) -> None:
        """Called from any thread."""
        with self._lock:
            if len(self._pending) >= PENDING_AT_MOST or EVERYTHING in self._pending:
                self._pending = {EVERYTHING: None}
            else:
                self._pending[change] = None
            waking = len(self._pending) == 1
        if waking:
            with contextlib.suppress(RuntimeError):  # its loop was closed a moment ago
                self._loop.call_soon_threadsafe(self._ready.set)


class LiveHub:
    """One a process. It starts to listen with the first subscription."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._lock = threading.Lock()
        self._by_conversation: dict[str, set[Subscription]] = {}
        self._by_kind: dict[str, set[Subscription]] = {}
        self._all: set[Subscription] = set()
        self._told: Counter[str] = Counter()
        self._listening = False

    @contextmanager
    def subscribe(
        self, conversation_ids: Collection[str] = (), *, kinds: Collection[str] = (), everything: bool = False
    ) -> Iterator[Subscription]:
        """Listen to conversations, and to events of some kinds wherever they happen, or to everything. To be called on an event loop.

        Subscribe first and read the rows after, so that nothing falls between the two.
        """
        subscription = Subscription(asyncio.get_running_loop())
        places = [(self._by_conversation, key) for key in conversation_ids] + [(self._by_kind, key) for key in kinds]
        with self._lock:
            for registry, key in places:
                registry.setdefault(key, set()).add(subscription)
            if everything:
                self._all.add(subscription)
            starts, self._listening = not self._listening, True
        if starts:
            self._changes.listen(self._tell)
        try:
            yield subscription
        finally:
            with self._lock:
                self._all.discard(subscription)
                for registry, key in places:
                    registry[key].discard(subscription)
                    if not registry[key]:
                        del registry[key]

    @property
    def watching(self) -> int:
        """How many listen to everything now: the pages of the desk."""
        with self._lock:
            return len(self._all)

    def told(self, kinds: Collection[str]) -> int:
        """How often anything of these kinds has happened: a number that stays the same has nothing to tell.

        A page that only has to know now and then looks here, and is not woken each time.
        """
        return self._told["everything"] + sum(self._told[kind] for kind in kinds)

    @property
    def open(self) -> int:
        """How many listen to conversations now."""
        with self._lock:
            return len(set().union(*self._by_conversation.values())) if self._by_conversation else 0

    def _tell(self, change: Change) -> None:
        """In the thread of `Changes`."""
        with self._lock:
            self._told[change.kind] += 1
            told = set(self._all)
            if change == EVERYTHING:
                told.update(*self._by_conversation.values(), *self._by_kind.values())
            else:
                told |= self._by_conversation.get(change.conversation_id, set()) | self._by_kind.get(change.kind, set())
        for subscription in told:
            subscription.tell(change)
