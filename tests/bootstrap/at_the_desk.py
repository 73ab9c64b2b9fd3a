"""A desk over a database of the test's own, with advisers, residents who ask for a person, and a clock that stands still."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select

from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.desk_ticker import DeskTicker
from guildhall.bootstrap.identifiers import new_id, new_reference
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.records.sealing import Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.messages import Message
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import CallbackDetails, PeopleStore
from guildhall.storage.schema import events
from guildhall.storage.staff import StaffStore
from guildhall.storage.threads import Entry, EntryKind
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.handoffs import AdviserStatus, Handoff, Lane, Request
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.staff import StaffId
from guildhall.vocabulary.turns import Channel, Owner
from tests.storage.where import open_database


@cache
def profile() -> CouncilProfile:
    return load_council(Path("councils"), "avonmere")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Place:
    """One process. Two over the same folder share the database and nothing in memory. It begins on a Wednesday at ten."""

    def __init__(self, folder: Path, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.database = open_database(folder / "desk.sqlite3")
        upgrade(self.database)
        self.keys = KeyRing(Sealer(bytes(32)), open_database(folder / "keys.sqlite3"))
        self.desk = open_desk(self.database, self.keys, profile())
        self.conversations = ConversationStore(self.database, self.keys, "avonmere", new_id, lambda: "secret")
        self.people = PeopleStore(self.database, self.keys, new_id, new_reference)
        self.ticker = DeskTicker(self.desk, self.clock, say=lambda _: None)

    def adviser(self, name: str, queues: Collection[str] = ("front-desk",), capacity: int = 3, safeguarding: bool = False) -> str:
        """An adviser who is here."""
        StaffStore(self.database).add(StaffId(name), name.title(), "", self.clock())
        self.desk.advisers.set(name, queues, ["en"], safeguarding, capacity, "a supervisor", self.clock())
        self.desk.advisers.set_status(name, AdviserStatus.AVAILABLE, self.clock())
        return name

    def asks(
        self, queue: str = "front-desk", lane: Lane = Lane.ORDINARY, *, live: bool = True, source: str = "", category: str = ""
    ) -> str:
        """A resident asks for a person, each a moment after the one before; the reference."""
        self.clock.move(milliseconds=1)
        conversation = self.conversations.start(Channel.WEB, "en", self.clock(), source)[0].id
        more = Request(lane, "en", "", live)
        return self.people.request(conversation, queue, "person_requested", category, False, self.clock(), more)

    def passes(self, seconds: float, heard: Collection[str] = ()) -> None:
        """Time passes and the desk ticks; these advisers' pages are heard of meanwhile."""
        self.clock.move(seconds=seconds)
        for name in heard:
            self.desk.advisers.seen(name, self.clock())
        self.ticker.tick(self.clock())

    def of(self, reference: str) -> Handoff:
        return self.desk.handoffs.get(reference)

    def owner(self, reference: str) -> Owner | None:
        return self.conversations.owner_of(ConversationId(self.of(reference).conversation_id))

    def accepts(self, reference: str, name: str) -> None:
        self.desk.handoffs.accept(reference, name, self.clock())

    def writes(self, reference: str, name: str, text: str = "Hello, how can I help?") -> None:
        self.desk.messages.send(self.of(reference).conversation_id, name, f"mess_{new_id('m')[-16:]}", Message(text), self.clock())

    def resident_writes(self, reference: str) -> None:
        self.desk.handoffs.resident_wrote(self.of(reference).conversation_id, self.clock())

    def books(self, reference: str, slot: tuple[datetime, datetime] | None) -> None:
        details = CallbackDetails("Sam", "07700 900123", True)
        self.people.book(self.of(reference).conversation_id, reference, details, slot, self.clock())

    def told(self, reference: str) -> list[str]:
        """The wording of every notice the resident was given."""
        thread = self.desk.threads.read(self.of(reference).conversation_id)
        return [part.wording for entry in thread if entry.kind == EntryKind.NOTICE for part in entry.parts]

    def notices(self, reference: str) -> list[Entry]:
        thread = self.desk.threads.read(self.of(reference).conversation_id)
        return [entry for entry in thread if entry.kind == EntryKind.NOTICE]

    def kinds(self, kind: str) -> list[str]:
        """The facts of every event of a kind, as they are stored."""
        with self.database.reading() as connection:
            return list(connection.execute(select(events.c.facts).where(events.c.kind == kind).order_by(events.c.seq)).scalars())
