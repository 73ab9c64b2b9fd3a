"""Pages keep what they computed as long as the export stays, and are brought up to date behind the reader's back."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from guildhall.bootstrap.value_pages import EVERY, Snapshot, ValuePages
from guildhall.vocabulary.errors import ConfigurationError

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


def shown(pages: ValuePages) -> str:
    found = pages.snapshot()
    return found.manifest if found else ""


def a_snapshot(name: str) -> Snapshot:
    nothing: Any = None
    return Snapshot(nothing, nothing, NOW, NOW.date(), name)


def test_the_first_is_waited_for_and_the_next_is_taken_while_the_old_one_is_shown() -> None:
    taken: list[str] = []
    go = threading.Event()

    def take(before: Snapshot | None) -> Snapshot:
        if before is not None:
            assert go.wait(5)
        taken.append(before.manifest if before else "")
        return a_snapshot(f"number {len(taken)}")

    clock = Clock()
    pages = ValuePages(take, clock)
    assert shown(pages) == "number 1" and shown(pages) == "number 1"
    clock.now = NOW + EVERY - timedelta(seconds=1)
    pages.snapshot()
    assert taken == [""], "not yet old enough"
    clock.now = NOW + EVERY
    assert shown(pages) == "number 1", "nobody waits for the new one"
    assert shown(pages) == "number 1"
    go.set()
    pages.close()
    assert shown(pages) == "number 2" and taken == ["", "number 1"]


def test_what_was_computed_once_is_kept() -> None:
    snapshot, made = a_snapshot("one"), []
    for _ in range(3):
        assert snapshot.once(("a", 1), lambda: made.append(1) or "figure") == "figure"  # type: ignore[func-returns-value]
    assert made == [1]


def test_a_snapshot_that_takes_long_is_taken_less_often() -> None:
    taken: list[str] = []
    seconds = iter((0.0, 30.0, 100.0, 100.0))

    def take(before: Snapshot | None) -> Snapshot:
        taken.append(before.manifest if before else "")
        return a_snapshot("it")

    clock = Clock()
    pages = ValuePages(take, clock, lambda: next(seconds))
    pages.snapshot()
    clock.now = NOW + timedelta(seconds=599)
    pages.snapshot()
    pages.close()
    assert taken == [""]
    clock.now = NOW + timedelta(seconds=600)
    pages.snapshot()
    pages.close()
    assert taken == ["", "it"]


def test_while_the_first_is_taken_there_is_none_and_nobody_waits_for_ever() -> None:
    go = threading.Event()

    def take(_before: Snapshot | None) -> Snapshot:
        assert go.wait(5)
        return a_snapshot("first")

    pages = ValuePages(take, Clock())
    assert pages.snapshot(wait_seconds=0.01) is None and pages.trouble == ""
    go.set()
    pages.close()
    assert shown(pages) == "first"


def test_an_export_that_cannot_be_read_is_said_and_tried_again() -> None:
    broken = [True]

    def take(_before: Snapshot | None) -> Snapshot:
        if broken:
            raise ConfigurationError("the export cannot be read.", file="manifest.json", fix="Build it again.")
        return a_snapshot("mended")

    pages = ValuePages(take, Clock())
    assert pages.snapshot() is None and "the export cannot be read" in pages.trouble
    broken.clear()
    assert shown(pages) == "mended" and pages.trouble == ""
