"""Switches: every turn is kept, what is off is derived, a reason is demanded, and a failing read turns nothing on."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from guildhall.storage.database import Database, metadata
from guildhall.storage.schema import events
from guildhall.storage.switches import SwitchStore, WatchedSwitches
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.errors import GuildhallError, RefusedError
from guildhall.vocabulary.switches import Switches, SwitchKind
from tests.storage.memory import counting
from tests.storage.where import open_database

WHY, WHO = "wrong fees were quoted this morning", "Priya Shah"
KNOWN = {
    SwitchKind.CHANNEL: ["web", "phone"],
    SwitchKind.SERVICE: [f"service-{n}" for n in range(200)],
    SwitchKind.LANGUAGE: ["en", "pl"],
    SwitchKind.MODEL: [],
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "switches.sqlite3")
    metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(database: Database, clock: FakeClock) -> SwitchStore:
    return SwitchStore(database, "testshire", KNOWN.__getitem__, counting(), clock)


def off(store: SwitchStore) -> list[str]:
    return [switch.name for switch in store.off().off]


def test_what_was_turned_off_is_off_until_it_is_turned_on(store: SwitchStore, clock: FakeClock) -> None:
    assert off(store) == []
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    clock.move(minutes=1)
    store.turn_off(SwitchKind.SERVICE, "service-7", WHY, WHO)
    assert off(store) == ["channel:web", "service:service-7"]
    store.turn_on(SwitchKind.CHANNEL, "web", "the pages were put right", WHO)
    assert off(store) == ["service:service-7"]
    assert [(turn.off, turn.switch.name) for turn in store.history()] == [
        (False, "channel:web"),
        (True, "service:service-7"),
        (True, "channel:web"),
    ]


def test_every_turn_is_in_the_record_with_reason_and_name(store: SwitchStore, database: Database) -> None:
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    store.turn_on(SwitchKind.CHANNEL, "web", "the pages were put right", WHO)
    with database.reading() as connection:
        rows = connection.execute(select(events.c.kind, events.c.facts).order_by(events.c.seq)).all()
    assert [row.kind for row in rows] == ["SwitchTurned", "SwitchTurned"]
    first = json.loads(rows[0].facts)
    assert (first["council"], first["kind"], first["target"], first["off"], first["reason"], first["by"]) == (
        "testshire", "channel", "web", True, WHY, WHO,
    )  # fmt: skip


def test_another_councils_switches_are_its_own(store: SwitchStore, database: Database, clock: FakeClock) -> None:
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    assert off(SwitchStore(database, "elsewhere", KNOWN.__getitem__, counting(), clock)) == []


@pytest.mark.parametrize("reason", ["", "because", "   a    b    "])
def test_a_reason_that_says_nothing_is_refused(store: SwitchStore, reason: str) -> None:
    with pytest.raises(RefusedError, match="reason of at least 10 characters"):
        store.turn_off(SwitchKind.CHANNEL, "web", reason, WHO)
    assert off(store) == []


def test_a_switch_is_turned_by_somebody(store: SwitchStore) -> None:
    with pytest.raises(RefusedError, match="name of who turns it"):
        store.turn_off(SwitchKind.CHANNEL, "web", WHY, "  ")


@pytest.mark.parametrize(
    ("kind", "target", "named"),
    [
        (SwitchKind.CHANNEL, "fax", "web, phone"),
        (SwitchKind.LANGUAGE, "fr", "en, pl"),
        (SwitchKind.SERVICE, "servce-7", "service-7"),
        (SwitchKind.SERVICE, "xyzzy", r"\(of 200\)"),
        (SwitchKind.MODEL, "some-model", "there is no model to switch"),
    ],
)
def test_an_unknown_target_is_refused_with_those_there_are(store: SwitchStore, kind: SwitchKind, target: str, named: str) -> None:
    with pytest.raises(RefusedError, match=named):
        store.turn_off(kind, target, WHY, WHO)


def test_what_is_not_off_cannot_be_turned_on(store: SwitchStore) -> None:
    with pytest.raises(RefusedError, match="channel web is not off"):
        store.turn_on(SwitchKind.CHANNEL, "web", WHY, WHO)


def test_a_target_that_is_gone_can_still_be_turned_on(store: SwitchStore, database: Database, clock: FakeClock) -> None:
    store.turn_off(SwitchKind.SERVICE, "service-7", WHY, WHO)
    later = SwitchStore(database, "testshire", lambda kind: (), counting(), clock)
    later._new_id = lambda kind: f"{kind}-later"
    later.turn_on(SwitchKind.SERVICE, "service-7", "the service was closed", WHO)
    assert off(later) == []


def test_a_drills_switch_lapses_by_itself_and_others_never_do(store: SwitchStore, clock: FakeClock) -> None:
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO, lapses_after=timedelta(seconds=60))
    store.turn_off(SwitchKind.CHANNEL, "phone", WHY, WHO)
    clock.move(seconds=59)
    assert off(store) == ["channel:web", "channel:phone"]
    clock.move(seconds=2)
    assert off(store) == ["channel:phone"]
    clock.move(days=400)
    assert off(store) == ["channel:phone"]


def test_a_drill_turns_nothing_on_that_somebody_has_switched_off_meanwhile(store: SwitchStore, clock: FakeClock) -> None:
    drill = store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO, lapses_after=timedelta(seconds=60), lone=True)
    store.turn_off(SwitchKind.CHANNEL, "web", "a real emergency now", "Sam Okoro")
    assert store.turn_on(SwitchKind.CHANNEL, "web", "the drill is over", WHO, only=drill) is None
    clock.move(days=1)
    assert off(store) == ["channel:web"]


def test_a_drill_is_refused_where_the_switch_is_off_already(store: SwitchStore) -> None:
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    with pytest.raises(RefusedError, match="off already"):
        store.turn_off(SwitchKind.CHANNEL, "web", "a quarterly drill", WHO, lone=True)


class Reads:
    """A reading that a test breaks; counts how often it is asked."""

    def __init__(self, store: SwitchStore) -> None:
        self.store, self.asked, self.broken = store, 0, False

    def __call__(self) -> Switches:
        self.asked += 1
        if self.broken:
            raise OperationalError("select", {}, Exception("the database is gone"))
        return self.store.off()


def test_the_database_is_asked_once_a_second_however_many_ask(store: SwitchStore) -> None:
    reads, now = Reads(store), [0.0]
    watched = WatchedSwitches(reads, lambda: now[0])
    for _ in range(100):
        watched()
    assert reads.asked == 1
    now[0] = 1.0
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    assert [watched().is_off(SwitchKind.CHANNEL, "web") for _ in range(100)] == [True] * 100
    assert reads.asked == 2


def test_a_reading_that_fails_turns_nothing_on_and_the_next_that_works_is_heeded(store: SwitchStore) -> None:
    store.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    reads, now = Reads(store), [0.0]
    watched = WatchedSwitches(reads, lambda: now[0])
    reads.broken = True
    for second in range(1, 100):
        now[0] = float(second)
        assert watched().is_off(SwitchKind.CHANNEL, "web")
    reads.broken = False
    store.turn_on(SwitchKind.CHANNEL, "web", "the pages were put right", WHO)
    now[0] = 101.0
    assert not watched().off


def test_no_process_begins_without_knowing_what_is_off(store: SwitchStore) -> None:
    reads = Reads(store)
    reads.broken = True
    with pytest.raises((OperationalError, GuildhallError)):
        WatchedSwitches(reads, lambda: 0.0)
