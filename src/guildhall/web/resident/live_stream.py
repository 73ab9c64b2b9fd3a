"""What happens in a conversation, as it happens, to the resident's open page: items of the thread, who has it, the place, who writes, what was read.

The stream says of each item which event it goes up to (`id:`), so that a page that was away names the last one it had and misses nothing.
Every item has a name, so that one which comes twice stands there once.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from starlette.concurrency import run_in_threadpool

from guildhall.storage.changes import TYPING, Change
from guildhall.storage.read_marks import SEEN
from guildhall.vocabulary.turns import Owner
from guildhall.web.event_stream import sse
from guildhall.web.live import ADVISER_SIDE, HEARTBEAT_SECONDS, LiveHub
from guildhall.web.resident.conversation_view import ConversationView
from guildhall.web.resident.home import home_values, state_of
from guildhall.web.resident.owner_view import panel_of
from guildhall.web.resident.page import Page
from guildhall.web.standings import KINDS

log = structlog.get_logger("guildhall.web")
MOVED_SECONDS: Final = 0.4
"""Those who wait look where they stand so long after somebody moved: all of them by one look at the database."""


@dataclass
class LivePage:
    """What one open page has been told so far."""

    page: Page
    after: int
    told: dict[str, Any] = field(default_factory=dict)
    """The newest value told of each kind of event, so that nothing is said twice."""
    owner: Owner = Owner.ASSISTANT
    live: bool = True
    moved_at: float | None = None
    """When somebody in a queue moved and the place has not been looked at since."""

    async def events(self, hub: LiveHub) -> AsyncIterator[str]:
        """Server-sent events until the page goes away, or nobody will come any more."""
        session = self.page.session
        assert session is not None
        try:
            with hub.subscribe([session.conversation_id], kinds=KINDS) as subscription:
                yield "retry: 2000\n\n"
                for event in await run_in_threadpool(self._whole):
                    yield event
                while self.live:
                    heard = await subscription.heard(MOVED_SECONDS if self.moved_at is not None else HEARTBEAT_SECONDS)
                    if not heard and self.moved_at is None:
                        yield sse("beat", {"seconds": HEARTBEAT_SECONDS})
                    for event in await self._after(heard, session.conversation_id):
                        yield event
                yield sse("over", {})
        except Exception as error:  # noqa: BLE001  # boundary: the web edge, once a stream has begun
            log.error("stream_failed", error=type(error).__name__)

    async def _after(self, heard: tuple[Change, ...], conversation_id: str) -> list[str]:
        """What the page is told after these changes."""
        mine = [change for change in heard if change.conversation_id in ("", conversation_id)]
        signs = [change for change in mine if change.kind == TYPING]
        events = [sse("typing", {})] if any(change.by == ADVISER_SIDE for change in signs) else []
        if len(mine) > len(signs):
            return [*events, *await run_in_threadpool(self._whole)]
        if any(change.by == SEEN for change in signs):
            events += await run_in_threadpool(self._seen)
        if self.owner != Owner.QUEUE:
            self.moved_at = None
        elif self.moved_at is None and len(heard) > len(signs):
            self.moved_at = self.page.door.guildhall.house.stopwatch()
        elif self.moved_at is not None and self.page.door.guildhall.house.stopwatch() - self.moved_at >= MOVED_SECONDS:
            since, self.moved_at = self.moved_at, None
            events += await run_in_threadpool(self._moved, since)
        return events

    def _whole(self) -> list[str]:
        """Items that are newer than what the page has, and whatever else has changed."""
        values = home_values(self.page) | {"attempt": ""}  # the page puts its own into every form
        view = values["view"]
        fresh = [item for item in view.items if item.seq > self.after]
        shown = [
            {
                "key": item.key,
                "first": item.first,
                "state": item.state,
                "message": item.kind == "message",
                "html": self.page.html("parts/item.html", item=item, latest=False, shows_feedback=True, **values),
            }
            for item in fresh
        ]
        self.after, self.owner, self.live = max(self.after, view.seq), view.owner, view.live
        state = state_of(self.page, values)
        events = self._if_new("items", {"items": shown}) if shown else []
        if self.told.get("panel_key") != (key := (state["panel_key"], state["owner"], state["people"], state["live"])):
            self.told["panel_key"] = key
            events += self._if_new("owner", state)
        return [*events, *self._place(view), *self._seen()]

    def _moved(self, since: float) -> list[str]:
        """The place, after somebody in a queue moved."""
        return self._place(ConversationView(self.owner, panel=panel_of(self.page, self.owner, since)))

    def _place(self, view: ConversationView) -> list[str]:
        if view.panel is None or view.panel.place is None:
            return []
        return self._if_new("place", {"html": self.page.html("parts/place.html", view=view), "position": view.panel.place.position})

    def _seen(self) -> list[str]:
        session = self.page.session
        assert session is not None
        return self._if_new("seen", {"seq": self.page.door.guildhall.desk.marks.seen_by_staff(session.conversation_id)})

    def _if_new(self, event: str, data: dict[str, Any]) -> list[str]:
        if self.told.get(event) == data:
            return []
        self.told[event] = data
        return [f"id: {self.after}\n{sse(event, data)}"]
