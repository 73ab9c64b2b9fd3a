"""What waits to be written to a websocket: bounded, and nobody waits for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from guildhall.providers.telephony.outbox import SAID_QUEUED, SOUND_QUEUED, Outbox
from guildhall.testing.media_gateway import until


def with_stuck_outbox(test: Callable[[Outbox, asyncio.Event, list[str | bytes], list[str]], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        reads, sent, broken = asyncio.Event(), list[str | bytes](), list[str]()

        async def send(message: str | bytes) -> None:
            await reads.wait()
            sent.append(message)

        outbox = Outbox(send, lambda: broken.append("broken"))
        await test(outbox, reads, sent, broken)
        reads.set()
        await outbox.close()

    asyncio.run(run())


def test_sound_that_the_far_end_does_not_read_is_dropped_and_what_must_arrive_is_not() -> None:
    async def test(outbox: Outbox, reads: asyncio.Event, sent: list[str | bytes], broken: list[str]) -> None:
        for _ in range(SOUND_QUEUED + 100):
            outbox.sound(b"sound")
        outbox.say("clear")
        assert outbox.dropped == 100 and broken == []
        reads.set()
        await outbox.close()
        assert sent.count(b"sound") == SOUND_QUEUED and sent[-1] == "clear"

    with_stuck_outbox(test)


def test_a_far_end_that_never_reads_again_is_given_up_once() -> None:
    async def test(outbox: Outbox, reads: asyncio.Event, sent: list[str | bytes], broken: list[str]) -> None:
        for _ in range(SOUND_QUEUED + SAID_QUEUED + 50):
            outbox.sound(b"sound")
        assert broken == ["broken"]

    with_stuck_outbox(test)


def test_what_is_cleared_is_not_sent() -> None:
    async def test(outbox: Outbox, reads: asyncio.Event, sent: list[str | bytes], broken: list[str]) -> None:
        outbox.sound(b"one")
        outbox.say("mark")
        outbox.clear()
        outbox.say("clear")
        reads.set()
        await outbox.close()
        assert sent == ["mark", "clear"]

    with_stuck_outbox(test)


def test_a_connection_that_breaks_is_told_once() -> None:
    async def run() -> None:
        broken: list[str] = []

        async def send(message: str | bytes) -> None:
            raise ConnectionError

        outbox = Outbox(send, lambda: broken.append("broken"))
        outbox.say("one")
        outbox.say("two")
        await until(lambda: bool(broken))
        await outbox.close()
        assert broken == ["broken"]

    asyncio.run(run())
