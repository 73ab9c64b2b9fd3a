"""Pages keep what they computed as long as the export stays, and are brought up to date behind the reader's back."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from guildhall.bootstrap.value_pages import EVERY, Snapshot, ValuePages

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


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
    assert pages.snapshot().manifest == "number 1" and pages.snapshot().manifest == "number 1"
    clock.now = NOW + EVERY - timedelta(seconds=1)
    pages.snapshot()
    assert taken == [""], "not yet old enough"
    clock.now = NOW + EVERY
    assert pages.snapshot().manifest == "number 1", "nobody waits for the new one"
    assert pages.snapshot().manifest == "number 1"
    go.set()
    pages.close()
    assert pages.snapshot().manifest == "number 2" and taken == ["", "number 1"]


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
