"""When something of the house fails: safety words and a person, whatever else is gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import httpx2
import pytest
from sqlalchemy.exc import OperationalError

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.channels.phone.dead_air import GONE_AFTER_SECONDS
from guildhall.channels.phone.house import CallFacts, HouseGoneError, Replied, TurnDone
from guildhall.conversations.recording import part_as_json
from guildhall.providers.house_over_http import HouseOverHttp
from guildhall.storage.database import Database
from guildhall.storage.record import RecordError
from guildhall.vocabulary.turns import PartKind, ReplyPart
from tests.phone.calling import Caller, open_house, over_http, transport_of


def test_when_the_database_is_gone_the_caller_hears_safety_words_and_of_a_person(
    guildhall: Guildhall, twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Database) -> NoReturn:
        raise OperationalError("", {}, OSError("gone"))

    caller = Caller(guildhall, twin)
    with monkeypatch.context() as broken:
        broken.setattr(Database, "reading", gone)
        broken.setattr(Database, "writing", gone)
        parts, done = caller.says("I want to kill myself", hears=False)
        with pytest.raises(HouseGoneError):  # then an adviser's phone rings, with nothing of the house needed
            caller.wants_person("I want to kill myself", danger=True)
    assert (done.outcome, done.danger, done.person) == ("fail_safe", True, "offered")
    assert any("116 123" in part.part.text for part in parts)


def test_a_house_that_cannot_begin_a_call_has_gone(tmp_path: Path, twin: str) -> None:
    guildhall = open_house(tmp_path)
    caller = Caller(guildhall, twin)
    object.__setattr__(guildhall.desk.calls, "begin", lambda *_: (_ for _ in ()).throw(RecordError("the disk is full")))
    with pytest.raises(HouseGoneError):
        caller.do(lambda house: house.begin(CallFacts("call-2", "", "")))
    guildhall.close()


def test_a_wrong_secret_opens_nothing(guildhall: Guildhall) -> None:
    house = over_http(guildhall, transport_of(guildhall), "wrong")
    with pytest.raises(HouseGoneError):
        asyncio.run(house.begin(CallFacts("call-1", "", "")))


def test_without_a_secret_of_its_own_the_house_is_for_this_machine_alone(tmp_path: Path) -> None:
    guildhall = open_house(tmp_path)
    far = transport_of(guildhall, ("192.0.2.7", 4000))
    with pytest.raises(HouseGoneError):
        asyncio.run(over_http(guildhall, far).begin(CallFacts("call-1", "", "")))
    guildhall.close()


def test_with_a_secret_that_was_set_a_gateway_may_be_elsewhere(tmp_path: Path) -> None:
    guildhall = open_house(tmp_path, settings={"phone_secret": "a long secret of the council's"})
    far = transport_of(guildhall, ("192.0.2.7", 4000))
    assert asyncio.run(over_http(guildhall, far).begin(CallFacts("call-1", "", ""))).startswith("conv")
    guildhall.close()


def test_the_random_secret_is_for_its_owner_alone(guildhall: Guildhall) -> None:
    transport_of(guildhall)
    secret = guildhall.settings.data_dir / "phone" / "secret.key"
    assert (secret.stat().st_mode & 0o777, len(secret.read_bytes())) == (0o600, 32)


class Stalls(httpx2.AsyncBaseTransport):
    """Takes a request and answers never; or loses the connection so many times first."""

    def __init__(self, guildhall: Guildhall | None = None, losses: int = 0) -> None:
        self.losses, self.inner, self.asked = losses, transport_of(guildhall) if guildhall else None, 0
        self.patience = 0.0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        self.patience = request.extensions["timeout"]["read"]
        if self.inner is None:
            seconds = request.extensions["timeout"]["read"]
            raise httpx2.ReadTimeout(f"nothing for {seconds} s", request=request)
        response = await self.inner.handle_async_request(request)  # it is done, and its answer is lost
        if self.losses:
            self.losses -= 1
            raise httpx2.ReadError("connection lost", request=request)
        return response


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(guildhall: Guildhall) -> None:
    async def call() -> tuple[str, str]:
        house = over_http(guildhall, Stalls(guildhall, losses=1))
        conversation = await house.begin(CallFacts("call-1", "", ""))
        return conversation, await house.begin(CallFacts("call-1", "", ""))

    first, again = asyncio.run(call())
    assert first == again


def test_a_house_that_stalls_has_gone(guildhall: Guildhall) -> None:
    async def say(house: HouseOverHttp) -> None:
        async for _ in house.say("conv_1", "hello", new_id("turn")):
            pass

    stalls = Stalls()
    for work in (lambda h: h.begin(CallFacts("call-1", "", "")), lambda h: h.person("conv_1", "0"), say):
        with pytest.raises(HouseGoneError):
            asyncio.run(work(over_http(guildhall, stalls)))
    assert stalls.asked == 3  # who stalls is not asked again: the caller waits for nobody


def test_a_slow_reply_is_waited_for_until_the_call_itself_gives_it_up(guildhall: Guildhall) -> None:
    async def say() -> None:
        async for _ in over_http(guildhall, stalls).say("conv_1", "hello", new_id("turn")):
            pass

    stalls = Stalls()
    with pytest.raises(HouseGoneError):
        asyncio.run(say())
    assert stalls.patience > GONE_AFTER_SECONDS


def lines_after(lost: int, sent: tuple[bytes, ...]) -> httpx2.MockTransport:
    """Loses the connection of so many requests after what is `sent`, and answers the next with two parts and the end of a turn."""
    losses = [httpx2.ReadError("connection lost")] * lost

    async def cut(error: httpx2.ReadError) -> AsyncIterator[bytes]:
        for line in sent:
            yield line
        raise error

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=cut(losses.pop()) if losses else b"".join((PART, DONE)))

    return httpx2.MockTransport(answer)


PART = (
    json.dumps({"turn": "turn_1", "number": 0, "part": part_as_json(ReplyPart(PartKind.ANSWER, "Bins go out on Monday.", "en"))}).encode()
    + b"\n"
)
DONE = json.dumps({"done": asdict(TurnDone("turn_1", "answered", "answered", "none", "", "en"))}).encode() + b"\n"


async def heard_of(transport: httpx2.MockTransport, heard: list[object]) -> None:
    house = HouseOverHttp("http://127.0.0.1", "secret", transport)
    async for item in house.say("conv_1", "hello", "turn_1"):
        heard.append(type(item))


def test_a_turn_whose_connection_is_lost_before_the_first_word_is_asked_for_again() -> None:
    heard: list[object] = []
    asyncio.run(heard_of(lines_after(1, ()), heard))
    assert heard == [Replied, TurnDone]
    with pytest.raises(HouseGoneError):
        asyncio.run(heard_of(lines_after(2, ()), heard))


def test_a_turn_that_is_cut_in_the_middle_is_not_said_twice() -> None:
    heard: list[object] = []
    with pytest.raises(HouseGoneError):
        asyncio.run(heard_of(lines_after(1, (PART,)), heard))
    assert heard == [Replied]


def test_a_reply_that_breaks_off_is_a_house_that_has_gone(guildhall: Guildhall) -> None:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text='{"gone": true}\n' if b"gone" in await request.aread() else "")

    async def say(text: str) -> None:
        house = HouseOverHttp("http://127.0.0.1", "secret", httpx2.MockTransport(answer))
        async for _ in house.say("conv_1", text, new_id("turn")):
            pass

    for text in ("gone", "cut"):
        with pytest.raises(HouseGoneError):
            asyncio.run(say(text))
