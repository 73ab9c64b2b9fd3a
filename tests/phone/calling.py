"""A council's house and somebody who rings it: in this process, or over HTTP as a gateway in another one does."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from sqlalchemy import select

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.phone import open_phone_house
from guildhall.bootstrap.phone_secret import phone_secret
from guildhall.channels.phone.house import CallFacts, PersonRoute, Replied, TalksToHouse, TurnDone
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.providers.house_over_http import HouseOverHttp
from guildhall.storage.schema import events
from guildhall.storage.staff import StaffStore
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.vocabulary.staff import StaffId
from guildhall.web.app import create_app
from tests.storage.where import open_database
from tests.web.front_door import open_front_door

T = TypeVar("T")
CALLER, ADVISERS_PHONE = "07700900123", "01632 960771"


def open_house(folder: Path, **fakes: Any) -> Guildhall:
    """The demonstration council's house, on the database of the test run."""
    return open_front_door(folder, database=fakes.pop("database", None) or open_database(folder / "web.sqlite3"), **fakes)


def transport_of(guildhall: Guildhall, client: tuple[str, int] = ("127.0.0.1", 40000)) -> httpx2.ASGITransport:
    """The way to the house's application, as seen from an address."""
    return httpx2.ASGITransport(app=create_app(guildhall), client=client, raise_app_exceptions=False)


def over_http(guildhall: Guildhall, transport: httpx2.AsyncBaseTransport, secret: str = "") -> HouseOverHttp:
    """The same house behind its HTTP routes."""
    return HouseOverHttp("http://127.0.0.1", secret or phone_secret(guildhall.settings), transport)


class Caller:
    """One call, step by step. Each step is a loop of its own, as a session's would be one."""

    def __init__(self, guildhall: Guildhall, twin: str = "in process", number: str = CALLER, call_id: str = "call-1") -> None:
        self.guildhall, self.twin = guildhall, twin
        self.transport = transport_of(guildhall) if twin == "over http" else None  # one application for the whole call
        self.facts = CallFacts(call_id, number, "01632 960500", hearing="open")
        self.id = self.do(lambda house: house.begin(self.facts))

    def do(self, work: Any) -> Any:
        """Something with the house."""

        async def run() -> Any:
            house: TalksToHouse = over_http(self.guildhall, self.transport) if self.transport else open_phone_house(self.guildhall)
            return await work(house)

        with ThreadPoolExecutor(1) as thread:  # a browser's test has a loop of its own in this one
            return thread.submit(asyncio.run, run()).result()

    def says(self, text: str, attempt: str = "", confidence: float = 1.0, hears: bool = True) -> tuple[list[Replied], TurnDone]:
        """One turn; the caller hears all of it unless a test says otherwise."""

        async def collected(house: TalksToHouse) -> list[Replied | TurnDone]:
            return [item async for item in house.say(self.id, text, attempt or new_id("turn"), confidence)]

        *parts, done = self.do(collected)
        assert isinstance(done, TurnDone)
        if hears:
            for part in parts:
                self.hears(part.turn_id, part.number, part.part.text)
        return parts, done

    def hears(self, turn_id: str, part: int, text: str, ends: bool = True) -> None:
        """A piece of a reply was played to its end."""
        self.notes("heard", turn_id=turn_id, part=part, text=text, ends=ends)

    def notes(self, what: str, **facts: object) -> None:
        self.do(lambda house: house.note(self.id, what, facts))

    def wants_person(self, words: str = "", danger: bool = False) -> PersonRoute:
        found: PersonRoute = self.do(lambda house: house.person(self.id, words, danger))
        return found

    def asks_again(self, route: PersonRoute) -> PersonRoute:
        found: PersonRoute = self.do(lambda house: house.route(self.id, route.reference))
        return found

    def is_put_through(self, route: PersonRoute, outcome: TransferOutcome = TransferOutcome.CONNECTED) -> PersonRoute | None:
        found: PersonRoute | None = self.do(lambda house: house.transferred(self.id, route.reference, outcome))
        return found

    def books(self, route: PersonRoute, number: str = "", starts_at: str = "") -> str:
        return str(self.do(lambda house: house.book(self.id, route.reference, number, starts_at)))

    def rings_off(self) -> None:
        self.do(lambda house: house.over(self.id, "caller"))


def adviser(guildhall: Guildhall, name: str = "ada", phone: str = ADVISERS_PHONE, capacity: int = 3) -> str:
    """An adviser of every queue who is at the desk."""
    now, queues = guildhall.house.clock(), list(guildhall.profile.handoffs.queues)
    StaffStore(guildhall.database).add(StaffId(name), name.title(), "", now)
    guildhall.desk.advisers.set(name, queues, ["en"], True, capacity, "a test", now)
    guildhall.desk.advisers.set_phone(name, phone, "a test", now)
    guildhall.desk.advisers.set_status(name, AdviserStatus.AVAILABLE, now)
    return name


def passes(guildhall: Guildhall, **by: float) -> None:
    """Time passes."""
    clock = guildhall.house.clock
    assert isinstance(clock, FakeClock)
    clock.move(**by)


def facts_of(guildhall: Guildhall, kind: str) -> list[dict[str, Any]]:
    """The facts of every event of a kind."""
    with guildhall.database.reading() as connection:
        query = select(events.c.facts).where(events.c.kind == kind).order_by(events.c.seq)
        return [json.loads(facts) for facts in connection.execute(query).scalars()]


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
