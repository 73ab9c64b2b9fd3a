"""The desk's live stream: ids only, of what is the adviser's own, and as long as it runs they are there."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.advisers import is_here
from guildhall.storage.changes import EVERYTHING, Change
from guildhall.vocabulary.handoffs import PassedBack
from guildhall.web.desk import live
from guildhall.web.desk.live import Concerns, Watched, tellings
from tests.web.console.staff import app_of
from tests.web.desk.at_the_desk import Adviser, move, resident_asks

MINE = Watched(frozenset({"mine"}))


def names(changes: list[Change], watched: Watched = MINE, open_here: str = "mine") -> list[str]:
    """The events that are told, by name."""
    return [line[7:] for text in tellings(changes, watched, open_here) for line in text.splitlines() if line.startswith("event: ")]


def test_a_message_in_my_conversation_is_told_with_its_place_and_without_words() -> None:
    (told,) = tellings([Change("MessageSent", "mine", 7)], MINE, "mine")
    assert told == 'id: 7\nevent: conversation\ndata: {"id": "mine", "kind": "MessageSent"}\n\n'


def test_the_same_is_told_once() -> None:
    assert names([Change("UtteranceReceived", "mine", 7), Change("UtteranceReceived", "mine", 8)]) == ["conversation", "list"]


def test_typing_is_told_of_the_resident_of_the_open_conversation_only() -> None:
    assert names([Change("typing", "mine", by="resident")]) == ["typing"]
    assert names([Change("typing", "mine", by="adviser")]) == []
    assert names([Change("typing", "mine", by="resident")], open_here="") == []
    assert names([Change("typing", "other", by="resident")], open_here="other") == []


def test_what_may_have_been_missed_is_all_read_again() -> None:
    assert names([EVERYTHING]) == ["everything"]


class Stream:
    """One page's stream, read event by event."""

    def __init__(self, response: StreamingResponse) -> None:
        self.texts = cast(AsyncIterator[str], response.body_iterator)

    async def until(self, event: str) -> str:
        async with asyncio.timeout(10):
            async for text in self.texts:
                if f"event: {event}\n" in text:
                    return text
        raise AssertionError(f"the stream ended before {event}")


def opened(adviser: Adviser, query: str = "", **headers: str) -> Stream:
    """The route's own answer, so that its stream can be read while things happen."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in adviser.client.cookies.jar)
    given = [(b"cookie", cookies.encode()), *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())]
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/desk/live", "query_string": query.encode(), "headers": given}
    endpoint = next(route for route in routes_of(adviser) if getattr(route, "path", "") == "/desk/live").endpoint
    response = endpoint(Request(scope))
    assert isinstance(response, StreamingResponse), response
    return Stream(response)


def routes_of(adviser: Adviser) -> Any:
    found: list[Any] = []
    for route in app_of(adviser.guildhall).routes:
        inner = getattr(route, "original_router", None)
        found += inner.routes if inner is not None else [route]
    return found


def test_a_resident_who_writes_is_heard_at_once(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    adviser.takes(handoff)

    async def scene() -> str:
        stream = opened(adviser, f"open={handoff.conversation_id}")
        await stream.until("hello")
        await asyncio.to_thread(resident.ask, "Are you there?")
        return await stream.until("conversation")

    assert handoff.conversation_id in asyncio.run(scene())


def test_what_is_offered_is_heard_and_then_belongs_to_what_is_watched(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)

    async def scene() -> None:
        stream = opened(adviser)
        await stream.until("hello")
        await asyncio.to_thread(guildhall.desk.handoffs.offer, handoff.reference, adviser.id, guildhall.house.clock())
        await stream.until("offered")
        await stream.until("list")

    asyncio.run(scene())


def test_of_others_conversations_only_that_the_queue_moved_is_told(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LIST_SECONDS", 0.01)
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    _, handoff = resident_asks(guildhall)

    async def scene() -> list[str]:
        stream = opened(adviser)
        await stream.until("hello")
        await asyncio.to_thread(other.takes, handoff)
        await asyncio.to_thread(other.writes, "Hello from Ben")
        heard = [await stream.until("list")]
        await asyncio.to_thread(other.writes, "Ada Marsh, @Ada Marsh, look", "note")
        async with asyncio.timeout(10):
            async for text in stream.texts:
                heard.append(text)
                if "id: " in text and "event: list" in text:  # the mention is her own, so it is told with its place
                    return heard
        return heard

    told = "".join(asyncio.run(scene()))
    assert handoff.conversation_id not in told and "conversation" not in told


async def all_until_offered(stream: Stream, guildhall: Guildhall, adviser: Adviser, reference: str) -> str:
    """Offer something else, and give back everything that was told before that."""
    await asyncio.to_thread(guildhall.desk.handoffs.offer, reference, adviser.id, guildhall.house.clock())
    heard: list[Any] = []
    async with asyncio.timeout(10):
        async for text in stream.texts:
            if "event: offered" in text:
                return "".join(heard)
            heard.append(text)
    raise AssertionError("the stream ended")


def test_who_lost_a_conversation_hears_that_and_then_no_more_of_it(guildhall: Guildhall) -> None:
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    resident, handoff = resident_asks(guildhall)
    _, marker = resident_asks(guildhall)
    adviser.takes(handoff)

    async def scene() -> str:
        stream = opened(adviser, f"open={handoff.conversation_id}")
        await stream.until("hello")
        back = guildhall.desk.handoffs.pass_back
        await asyncio.to_thread(back, handoff.reference, PassedBack.WENT_QUIET, guildhall.house.clock())
        await stream.until("conversation")
        await asyncio.to_thread(guildhall.desk.handoffs.accept, handoff.reference, other.id, guildhall.house.clock())
        await asyncio.to_thread(resident.ask, "For Ben only")
        return await all_until_offered(stream, guildhall, adviser, marker.reference)

    assert "UtteranceReceived" not in asyncio.run(scene())


def test_nobody_hears_of_a_conversation_by_naming_it(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    _, marker = resident_asks(guildhall)

    async def scene() -> str:
        stream = opened(adviser, f"open={handoff.conversation_id}")
        await stream.until("hello")
        await asyncio.to_thread(resident.ask, "Is anybody there?")
        return await all_until_offered(stream, guildhall, adviser, marker.reference)

    assert handoff.conversation_id not in asyncio.run(scene())


def test_a_hundred_pages_read_once_whom_an_event_concerns(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    concerns, change = Concerns(guildhall.desk.handoffs, guildhall.desk.messages), Change("HandoffAccepted", handoff.conversation_id, 9)
    assert concerns.known(change) is None
    assert concerns.of(change) == frozenset({adviser.id}) == concerns.known(change)


def test_a_hundred_streams_that_ask_at_once_take_one_thread(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    concerns, change = Concerns(guildhall.desk.handoffs, guildhall.desk.messages), Change("HandoffAccepted", handoff.conversation_id, 9)
    threads: list[Change] = []
    read = concerns.of

    def counted(asked: Change) -> frozenset[str]:
        threads.append(asked)
        return read(asked)

    monkeypatch.setattr(concerns, "of", counted)

    async def scene() -> list[frozenset[str]]:
        return list(await asyncio.gather(*(concerns.told(change) for _ in range(100))))

    assert set(asyncio.run(scene())) == {frozenset({adviser.id})}
    assert threads == [change]


def test_who_comes_back_after_a_gap_is_told_to_read_everything(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()

    async def scene(query: str, **headers: str) -> None:
        await opened(adviser, query, **headers).until("everything")

    asyncio.run(scene("", last_event_id="12"))
    asyncio.run(scene("after=12"))


def test_while_the_page_is_open_they_are_there_and_no_longer(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.01)
    adviser = Adviser(guildhall).comes()
    move(guildhall, minutes=2)
    guildhall.house.clock.move(minutes=2)  # type: ignore[attr-defined]

    async def scene() -> None:
        await opened(adviser).until("beat")

    found = guildhall.desk.advisers.get(adviser.id)
    assert found is not None and not is_here(found, guildhall.house.clock())
    asyncio.run(scene())
    found = guildhall.desk.advisers.get(adviser.id)
    assert found is not None and is_here(found, guildhall.house.clock())


def test_when_the_session_ends_so_does_the_stream(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.01)
    adviser = Adviser(guildhall).comes()

    async def scene() -> list[str]:
        stream = opened(adviser)
        await stream.until("beat")
        adviser.door.entrance.keep_out(adviser.door.staff.by_name(adviser.name))
        await stream.until("ended")
        return [text async for text in stream.texts]

    assert asyncio.run(scene()) == []
