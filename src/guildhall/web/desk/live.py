"""The desk's live stream: says that something changed, with ids only; the page then reads what it shows again.

As long as it runs, the adviser is here: closing the page or the laptop ends it, and a minute later they count as away. It keeps the
session from going idle, for an adviser who waits for the next resident does work; the session's whole length still holds.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from guildhall.storage.changes import EVERYTHING, TYPING, Change
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.messages import MessageStore
from guildhall.storage.read_marks import RESIDENT
from guildhall.vocabulary.events import EventKind
from guildhall.web.desk.access import place_of
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit
from guildhall.web.event_stream import EVENT_STREAM, STREAM_HEADERS, sse
from guildhall.web.live import LiveHub, Subscription

BEAT_SECONDS: Final = 15.0
LIST_SECONDS: Final = 2.0
"""What only moves the queue of others is told at most so often: a hundred pages must not read it again for each of a thousand residents."""
LISTS_A_SECOND: Final = 10
"""So many pages of a process are told of it in one second: the more that are open, the less often each, so that actions stay quick."""
LISTED_TOO: Final = (EventKind.OWNER_CHANGED, EventKind.NOTE_WRITTEN, EventKind.DRAFT_QUEUED, EventKind.DRAFT_DECIDED)
LISTS: Final = frozenset(kind.value for kind in EventKind if kind.name.startswith(("HANDOFF_", "ADVISER_")) or kind in LISTED_TOO)
"""What may change the list."""
KNOWN_AT_MOST: Final = 500


class Concerns:
    """Whom an event concerns, read once for all the streams of a process: advisers who have or are offered it, and who is mentioned."""

    def __init__(self, handoffs: HandoffStore, messages: MessageStore) -> None:
        self._handoffs = handoffs
        self._messages = messages
        self._lock = threading.Lock()
        self._known: dict[int, frozenset[str]] = {}
        self._asked: dict[tuple[int, int], asyncio.Task[frozenset[str]]] = {}

    def known(self, change: Change) -> frozenset[str] | None:
        """What was read already."""
        return self._known.get(change.seq)

    def of(self, change: Change) -> frozenset[str]:
        """Their ids."""
        with self._lock:
            found = self._known.get(change.seq)
            if found is None:
                found = self._read(change)
                self._known[change.seq] = found
                while len(self._known) > KNOWN_AT_MOST:
                    del self._known[next(iter(self._known))]
        return found

    async def told(self, change: Change) -> frozenset[str]:
        """The same on an event loop: a hundred streams that ask in one moment take one thread, not all that there are."""
        if (found := self.known(change)) is not None:
            return found
        loop = asyncio.get_running_loop()
        key = (id(loop), change.seq)
        if key not in self._asked:
            self._asked[key] = loop.create_task(run_in_threadpool(self.of, change))
            self._asked[key].add_done_callback(lambda _task: self._asked.pop(key, None))
        return await asyncio.shield(self._asked[key])

    def _read(self, change: Change) -> frozenset[str]:
        if change.kind == EventKind.NOTE_WRITTEN:
            return self._messages.mentioned_in(change.conversation_id)
        return self._handoffs.advisers_of(change.conversation_id)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one page shows: the conversations that are its adviser's, and what they are offered."""

    conversations: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()


def live_routes(routes: DeskRoutes) -> None:
    """`/desk/live`."""
    desk = routes.routes.console.guildhall.desk
    concerns = Concerns(desk.handoffs, desk.messages)

    @routes.reads("/desk/live")
    def live(visit: DeskVisit) -> Response:
        stream = _stream(routes, concerns, visit, visit.query.get("open", ""), _last_heard(visit))
        return StreamingResponse(stream, media_type=EVENT_STREAM, headers=STREAM_HEADERS)


def _last_heard(visit: DeskVisit) -> int:
    text = visit.visit.request.headers.get("last-event-id") or visit.query.get("after", "")
    return int(text) if text.isascii() and text.isdigit() else 0


async def _stream(routes: DeskRoutes, concerns: Concerns, visit: DeskVisit, open_here: str, last: int) -> AsyncIterator[str]:
    hub: LiveHub = visit.visit.front.live
    with hub.subscribe(everything=True) as subscription:
        await run_in_threadpool(visit.desk.advisers.seen, visit.me, visit.now())
        watched = await run_in_threadpool(_watch, visit, open_here)
        yield "retry: 1000\n\n" + sse("everything" if last else "hello", {})
        async for text in _told(routes, concerns, visit, open_here, watched, subscription):
            yield text


async def _told(
    routes: DeskRoutes, concerns: Concerns, visit: DeskVisit, open_here: str, watched: Watched, subscription: Subscription
) -> AsyncIterator[str]:
    hub: LiveHub = visit.visit.front.live
    heard_from = listed_at = time.monotonic() - BEAT_SECONDS
    stale = False
    while True:
        changes = await subscription.heard(LIST_SECONDS if stale else BEAT_SECONDS)
        if time.monotonic() - heard_from >= BEAT_SECONDS:
            heard_from = time.monotonic()
            if not await run_in_threadpool(_is_here, routes, visit):
                yield sse("ended", {})
                return
            yield sse("beat", {})
        told = watched
        own = [change for change in changes if await _concerns(concerns, change, visit.me, watched)]
        if any(change.kind in LISTS or change == EVERYTHING for change in own):
            watched = await run_in_threadpool(_watch, visit, open_here)
            if watched.offers - told.offers:
                yield sse("offered", {})
            # whoever lost a conversation hears that, and then no more of it
            told = Watched(told.conversations | watched.conversations, watched.offers)
        for text in tellings(own, told, open_here):
            yield text
        listed = any(changes_list(change) for change in own)
        stale = not listed and (stale or any(change.kind in LISTS for change in changes))
        if listed:
            listed_at = time.monotonic()
        elif stale and time.monotonic() - listed_at >= max(LIST_SECONDS, hub.watching / LISTS_A_SECOND):
            stale, listed_at = False, time.monotonic()
            yield sse("list", {})


async def _concerns(concerns: Concerns, change: Change, me: str, watched: Watched) -> bool:
    """Whether a change is of a conversation that this adviser has open, has, or is asked about."""
    if change == EVERYTHING or change.conversation_id in watched.conversations:
        return True
    if change.kind not in LISTS or not change.conversation_id:
        return False
    return me in await concerns.told(change)


def changes_list(change: Change) -> bool:
    """Whether a change of one's own may change the list."""
    return change.kind in LISTS or change.kind == EventKind.UTTERANCE_RECEIVED


def tellings(changes: Collection[Change], watched: Watched, open_here: str) -> list[str]:
    """What one page is told of what happened to its adviser's conversations, each thing once."""
    said: dict[str, None] = {}
    place = max((change.seq for change in changes), default=0)
    for change in changes:
        if change == EVERYTHING:
            said[sse("everything", {})] = None
        elif change.kind == TYPING:
            if change.conversation_id == open_here and change.conversation_id in watched.conversations and change.by != "adviser":
                said[sse("typing" if change.by == RESIDENT else "conversation", {"id": change.conversation_id, "kind": change.by})] = None
        elif change.conversation_id in watched.conversations:
            said[sse("conversation", {"id": change.conversation_id, "kind": change.kind})] = None
        if changes_list(change):
            said[sse("list", {})] = None
    numbered = f"id: {place}\n" if place else ""
    return [numbered + text for text in said]


def _watch(visit: DeskVisit, open_here: str) -> Watched:
    """What the page shows now; the one that is open only as long as it is theirs to open."""
    held = {handoff.conversation_id for handoff in visit.desk.handoffs.held_by(visit.me)}
    offers = {handoff.conversation_id for handoff in visit.desk.handoffs.offered_to(visit.me)}
    offers |= {row.offer.conversation_id for row in visit.guildhall.tools.transfers.offers_to(visit.me, visit.guildhall.house.clock())}
    place = place_of(visit, open_here) if open_here else None
    opened = {open_here} if place and place.part else set[str]()
    return Watched(frozenset(held | offers | opened), frozenset(offers))


def _is_here(routes: DeskRoutes, visit: DeskVisit) -> bool:
    now: Any = routes.still_here(visit)
    if now is None:
        return False
    visit.desk.advisers.seen(visit.me, visit.guildhall.house.clock())
    return True
