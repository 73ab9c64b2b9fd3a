"""One listener wakes the streams that care, across threads, and a slow stream is told to read everything again."""

import asyncio
from collections.abc import Callable

from guildhall.storage.changes import EVERYTHING, Change
from guildhall.web.live import PENDING_AT_MOST, LiveHub


class Feed:
    """Changes that a test makes happen."""

    def __init__(self) -> None:
        self.heard: list[Callable[[Change], None]] = []

    def listen(self, heard: Callable[[Change], None]) -> Callable[[], None]:
        self.heard.append(heard)
        return lambda: self.heard.remove(heard)

    def happen(self, *changes: Change) -> None:
        for change in changes:
            for heard in self.heard:
                heard(change)


def hub_of(feed: Feed) -> LiveHub:
    return LiveHub(feed)  # type: ignore[arg-type]


MINE, OTHER = Change("MessageSent", "mine", 1), Change("MessageSent", "other", 2)


def test_a_stream_hears_its_own_conversation_and_no_other() -> None:
    async def scene() -> tuple[Change, ...]:
        feed = Feed()
        hub = hub_of(feed)
        with hub.subscribe(["mine"]) as subscription:
            await asyncio.to_thread(feed.happen, OTHER, MINE, MINE)
            return await subscription.heard(5)

    assert asyncio.run(scene()) == (MINE,)


def test_a_stream_may_hear_a_kind_of_event_wherever_it_happens_or_all_there_is() -> None:
    async def scene() -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        feed = Feed()
        hub = hub_of(feed)
        taken = Change("HandoffAccepted", "other", 3)
        with hub.subscribe(["mine"], kinds=["HandoffAccepted"]) as some, hub.subscribe(everything=True) as every:
            feed.happen(OTHER, taken)
            return await some.heard(5), await every.heard(5)

    assert asyncio.run(scene()) == ((Change("HandoffAccepted", "other", 3),), (OTHER, Change("HandoffAccepted", "other", 3)))


def test_silence_ends_after_the_time_given_with_nothing() -> None:
    async def scene() -> tuple[Change, ...]:
        with hub_of(Feed()).subscribe(["mine"]) as subscription:
            return await subscription.heard(0.01)

    assert asyncio.run(scene()) == ()


def test_a_stream_that_is_too_slow_is_told_to_read_everything_again() -> None:
    async def scene() -> tuple[Change, ...]:
        feed = Feed()
        with hub_of(feed).subscribe(["mine"]) as subscription:
            feed.happen(*(Change("MessageSent", "mine", seq) for seq in range(PENDING_AT_MOST + 10)))
            return await subscription.heard(5)

    assert asyncio.run(scene()) == (EVERYTHING,)


def test_a_thousand_streams_share_one_listener_and_leave_nothing_behind() -> None:
    async def stream(hub: LiveHub, name: str, ready: asyncio.Barrier) -> tuple[Change, ...]:
        with hub.subscribe([name]) as subscription:
            await ready.wait()
            return await subscription.heard(20)

    async def scene() -> tuple[int, int]:
        feed, ready = Feed(), asyncio.Barrier(1001)
        hub = hub_of(feed)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(stream(hub, str(number), ready)) for number in range(1000)]
            await ready.wait()
            assert (len(feed.heard), hub.open) == (1, 1000)
            await asyncio.to_thread(feed.happen, *(Change("MessageSent", str(number), number) for number in range(1000)))
        return sum(task.result()[0].conversation_id == str(number) for number, task in enumerate(tasks)), hub.open

    assert asyncio.run(scene()) == (1000, 0)


def test_what_was_missed_is_heard_by_every_stream() -> None:
    async def scene() -> tuple[tuple[Change, ...], ...]:
        feed = Feed()
        hub = hub_of(feed)
        with hub.subscribe(["mine"]) as one, hub.subscribe(kinds=["HandoffAccepted"]) as two:
            feed.happen(EVERYTHING)
            return await one.heard(5), await two.heard(5)

    assert asyncio.run(scene()) == ((EVERYTHING,), (EVERYTHING,))
