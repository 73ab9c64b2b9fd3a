"""A conversation as it happens, for programs: server-sent events with ids, so that a client that was away goes on where it was."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from guildhall.storage.changes import EVERYTHING, TYPING, Change
from guildhall.storage.read_marks import SEEN
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from guildhall.web.api.thread import ThreadShower
from guildhall.web.event_stream import sse
from guildhall.web.front_door import FrontDoor
from guildhall.web.live import ADVISER_SIDE, HEARTBEAT_SECONDS
from guildhall.web.standings import KINDS
from guildhall.web.surviving import surviving


@dataclass
class LiveThread:
    """What one client has been told so far."""

    door: FrontDoor
    conversation_id: ConversationId
    after: int
    seen: int = -1
    owner: Owner | None = None
    standing: dict[str, Any] | None = None

    async def events(self) -> AsyncIterator[str]:
        """`thread` for what is new, `standing` when that changes, `typing`, and `beat` in silence; until the client goes."""
        with surviving("stream_failed"), self.door.live.subscribe([self.conversation_id], kinds=KINDS) as subscription:
            for event in await run_in_threadpool(self._news, None):
                yield event
            while True:
                heard = await subscription.heard()
                if not heard:
                    yield sse("beat", {"seconds": HEARTBEAT_SECONDS})
                for event in await self._after(heard):
                    yield event

    async def _after(self, heard: tuple[Change, ...]) -> list[str]:
        mine = [change for change in heard if change.conversation_id == self.conversation_id or change == EVERYTHING]
        typing = [change for change in mine if change.kind == TYPING]
        events = [sse("typing", {"by": ADVISER_SIDE})] if any(change.by == ADVISER_SIDE for change in typing) else []
        moved = self.owner == Owner.QUEUE and len(heard) > len(typing)
        since = self.door.guildhall.house.stopwatch() if moved else None
        if len(mine) > len(typing) or any(change.by == SEEN for change in typing):
            events += await run_in_threadpool(self._news, since)
        elif moved:  # somebody else's: only the place can be another one
            events += await run_in_threadpool(self._place, ThreadShower(self.door, self.conversation_id), since)
        return events

    def _news(self, since: float | None) -> list[str]:
        shower = ThreadShower(self.door, self.conversation_id)
        thread = shower.since(self.after)
        events = []
        if thread.entries or thread.owner != self.owner or thread.seen != self.seen:
            events.append(f"id: {thread.seq}\n{sse('thread', thread.model_dump(mode='json'))}")
        self.after, self.owner, self.seen = thread.seq, thread.owner, thread.seen
        return [*events, *self._place(shower, since)]

    def _place(self, shower: ThreadShower, since: float | None) -> list[str]:
        standing = shower.standing(since).model_dump(mode="json")
        if standing == self.standing:
            return []
        self.standing = standing
        return [sse("standing", standing)]
