"""What happens in a conversation, as it happens, to the resident's open page: items of the thread, who has it, the place, who writes, what was read.

The stream says of each item which event it goes up to (`id:`), so that a page that was away names the last one it had and misses nothing.
Every item has a name, so that one which comes twice stands there once.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from guildhall.storage.changes import EVERYTHING, TYPING, Change
from guildhall.storage.endings import UNDO_WITHIN
from guildhall.storage.read_marks import SEEN
from guildhall.vocabulary.handoffs import Handoff
from guildhall.vocabulary.turns import Owner
from guildhall.web.event_stream import sse
from guildhall.web.live import ADVISER_SIDE, HEARTBEAT_SECONDS, LiveHub
from guildhall.web.resident.conversation_view import ConversationView, items_of, state_key
from guildhall.web.resident.home import home_values, state_of
from guildhall.web.resident.owner_view import OwnerPanel, place_of
from guildhall.web.resident.page import Page
from guildhall.web.resident.thread_view import ShownItem
from guildhall.web.standings import KINDS
from guildhall.web.surviving import surviving
from guildhall.web.threads import unhurried

LINGERS_SECONDS: Final = UNDO_WITHIN.total_seconds() + 2.0
"""A page whose adviser has ended the conversation listens on for so long: they may take that back."""
MOVED_SECONDS: Final = 0.4
"""Those who wait look this often whether anybody moved, and then where they stand: all of them by one look at the database."""
PLACES_A_SECOND: Final = 50
"""So many pages of a process look in one second: the more that are open, the less often each, so that messages and actions stay quick."""


@dataclass
class LivePage:
    """What one open page has been told so far."""

    page: Page
    after: int
    state_key: str = ""
    """Names the state of panel and forms that the page shows."""
    told: dict[str, Any] = field(default_factory=dict)
    """The newest value told of each kind of event, so that nothing is said twice."""
    owner: Owner = Owner.ASSISTANT
    live: bool = True
    waiting: Handoff | None = None
    ended_at: float | None = None
    """When it was ended while the page listened."""
    moves: int = -1
    """How often somebody had moved, as far as the place that is shown is sure to know."""
    noticed: int = -1
    """How often somebody had moved when that was last looked at."""

    async def events(self, hub: LiveHub) -> AsyncIterator[str]:
        """Server-sent events until the page goes away, or nobody will come any more."""
        session = self.page.session
        assert session is not None
        with surviving("stream_failed"), hub.subscribe([session.conversation_id]) as subscription:
            yield "retry: 2000\n\n"
            for event in await run_in_threadpool(self._whole):
                yield event
            quiet = 0.0
            while self.live or self._may_come_back:
                every = max(MOVED_SECONDS, self.page.door.streams.open / PLACES_A_SECOND)
                beat = min(HEARTBEAT_SECONDS, LINGERS_SECONDS)
                wait = every if self.owner == Owner.QUEUE else beat
                heard = await subscription.heard(wait)
                quiet = 0.0 if heard else quiet + wait
                if quiet >= beat:
                    quiet = 0.0
                    yield sse("beat", {"seconds": HEARTBEAT_SECONDS})
                for event in [*await self._after(heard, session.conversation_id), *await self._moved(hub)]:
                    yield event
            yield sse("over", {})

    @property
    def _may_come_back(self) -> bool:
        """Whether an adviser has ended it just now, and may still take that back."""
        return self.ended_at is not None and self.page.door.guildhall.house.stopwatch() - self.ended_at < LINGERS_SECONDS

    async def _after(self, heard: tuple[Change, ...], conversation_id: str) -> list[str]:
        """What the page is told after these changes."""
        mine = [change for change in heard if change.conversation_id == conversation_id or change == EVERYTHING]
        signs = [change for change in mine if change.kind == TYPING]
        events = [sse("typing", {})] if any(change.by == ADVISER_SIDE for change in signs) else []
        if len(mine) > len(signs):
            return [*events, *await run_in_threadpool(self._whole)]
        if any(change.by == SEEN for change in signs):
            events += await run_in_threadpool(self._seen)
        return events

    async def _moved(self, hub: LiveHub) -> list[str]:
        """The place in the queue, if somebody has moved since it was looked at.

        The order may be a moment older than a move that was only just told, so after each move the place is looked at once more.
        """
        before, self.noticed = self.noticed, hub.told(KINDS)
        if self.owner != Owner.QUEUE or self.noticed == self.moves:
            return []
        self.moves = before
        return await unhurried(self._place, self.page.door.guildhall.house.stopwatch())

    def _whole(self) -> list[str]:
        """Items that are newer than what the page has, and whatever else has changed. What has not changed is not drawn."""
        page, session = self.page, self.page.session
        assert session is not None
        guildhall, conversation_id = page.door.guildhall, session.conversation_id
        newest = guildhall.desk.threads.last(conversation_id)
        self._now_with(guildhall.conversations.owner_of(conversation_id) or Owner.ASSISTANT)
        events: list[str] = []
        if newest > self.after:
            fresh = [item for item in items_of(page, self.owner, self.after) if item.seq > self.after]
            self.after = newest
            events += self._if_new("items", {"items": [self._item(item) for item in fresh]}) if fresh else []
        self.waiting = guildhall.desk.handoffs.live_of(conversation_id) if self.owner == Owner.QUEUE else None
        if state_key(page, self.owner) != self.state_key:
            values = home_values(page) | {"attempt": ""}  # the page puts its own into every form
            state = state_of(page, values)
            view: ConversationView = values["view"]
            self.state_key, self.live = view.state_key, view.live
            self._now_with(view.owner)  # it may have changed hands since it was looked up above
            events += self._if_new("owner", state)
        return [*events, *self._place(None), *self._seen()]

    def _now_with(self, owner: Owner) -> None:
        if owner != Owner.CLOSED:
            self.ended_at = None
        elif self.owner != Owner.CLOSED:
            self.ended_at = self.page.door.guildhall.house.stopwatch()
        self.owner = owner

    def _item(self, item: ShownItem) -> dict[str, Any]:
        html = self.page.html("parts/item.html", item=item, latest=False, shows_feedback=True, attempt="", notices={})
        return {"key": item.key, "first": item.first, "state": item.state, "message": item.kind == "message", "html": html}

    def _place(self, since: float | None) -> list[str]:
        """The place in the queue, if it is another one than the page shows."""
        if self.waiting is None:
            return []
        place = place_of(self.page, self.waiting, since)
        if self.told.get("where") == place:
            return []
        self.told["where"] = place
        html = self.page.html("parts/place.html", view=ConversationView(panel=OwnerPanel(Owner.QUEUE, place)))
        return [f"id: {self.after}\n{sse('place', {'html': html, 'position': place.position})}"]

    def _seen(self) -> list[str]:
        session = self.page.session
        assert session is not None
        return self._if_new("seen", {"seq": self.page.door.guildhall.desk.marks.seen_by_staff(session.conversation_id)})

    def _if_new(self, event: str, data: dict[str, Any]) -> list[str]:
        if self.told.get(event) == data:
            return []
        self.told[event] = data
        return [f"id: {self.after}\n{sse(event, data)}"]
