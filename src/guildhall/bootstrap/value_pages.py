"""Figures for pages: one snapshot of the export, kept open and brought up to date in the background; what was computed is kept as long as it.

A process that starts begins with what the last one kept on the disk, and takes a newer one behind its first reader's back.
"""

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar, cast, get_type_hints

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from guildhall.storage.analysis.asking import Span
from guildhall.storage.analysis.measuring import Measuring
from guildhall.storage.analysis.pictures import Asked, Extent, Queried, extent, groups, passages, reasons, teams, unmet, waited
from guildhall.storage.analysis.shelf import KeptResult, Shelf
from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.result import Result
from guildhall.value.telling import Before
from guildhall.vocabulary.errors import GuildhallError

Made = TypeVar("Made")
EVERY: Final = timedelta(seconds=120)
"""How old a snapshot may be before a page asks for a newer one; the page itself never waits for it."""
SHARE: Final = 20
"""Whoever has so much in the record that a snapshot takes long gets one less often: at most one part in so many of the time goes into them."""
PATIENCE_SECONDS: Final = 20.0
"""How long the first reader waits for the first snapshot before they are asked to come again."""
MOST_KEPT: Final = 4000
USUAL_DAYS: Final = 28
"""The period that pages show unless they are asked for another."""
SPLITS: Final = {
    "verified_share": ("day", "service", "channel", "language", "ward"),
    "wait_p50": ("queue", "hour"),
    "misdirected": ("service", "channel"),
}


@dataclass(frozen=True)
class Snapshot:
    """The export as it stood `as_at`. `manifest` is the digest of its files: while it is the same, so is every figure.

    `today` is the day on the council's own clocks, `before` what measures were by a frozen baseline.
    On the `shelf` is what any process computed over the same views; None where nothing is kept.
    """

    engine: Queried
    measuring: Measuring
    as_at: datetime
    today: date
    manifest: str
    before: Mapping[str, Before] = field(default_factory=dict)
    shelf: Shelf | None = None
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False)

    @property
    def book(self) -> MeasureBook:
        """The measures and unit costs."""
        return self.measuring.book

    @cached_property
    def extent(self) -> Extent:
        """How many contacts there are, real and simulated, and from when to when."""
        return extent(self.engine)

    @property
    def simulated(self) -> bool:
        """Whether the figures are of simulated contacts: only while there is no real one, so that the two are never mixed."""
        return self.extent.real == 0 and self.extent.simulated > 0

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for this key before, or made now. Two that ask at once may both make it, and get the same."""
        if key not in self.kept:
            made = make()
            if len(self.kept) < MOST_KEPT:
                self.kept[key] = made
            return made
        found: Made = self.kept[key]
        return found

    def measure(self, key: str, since: date, until: date, by: str = "", where: Mapping[str, str] | None = None) -> Result | None:
        """A measure; None where the council does not have it. Raises RefusedError for what cannot be asked of it."""
        if key not in self.book.measures:
            return None
        narrowed = dict(where or {})
        asked = ("measure", key, since, until, by, tuple(sorted(narrowed.items())))
        return self.once(asked, lambda: self._measured(key, since, until, by, narrowed))

    def _measured(self, key: str, since: date, until: date, by: str, where: Mapping[str, str]) -> Result:
        book, query = self.book, self.measuring.query_hash(key, Span(since, until, self.as_at, where), by)
        name = ("measure", query, book.small_number, book.gap_group_at_least, book.counts_simulated)
        found = self.shelf.find(name, KeptResult) if self.shelf else None
        if found is not None:
            return cast(KeptResult, found).result(book.measures[key], since, until, by)
        made = self.measuring.compute(key, since, until, by, where, beside=False)
        if self.shelf:
            self.shelf.put(name, KeptResult, KeptResult.of(made))
        return made

    def whole(self, key: str, since: date, until: date, where: Mapping[str, str]) -> Result:
        """A measure, not split, with those that must stand beside it. Raises NotFoundError and RefusedError."""
        measure = self.measuring.measure(key)
        beside = [self.measure(one, since, until, "", where) for one in measure.beside]
        found = self.measure(key, since, until, "", where)
        assert found is not None  # the council has it
        return replace(found, beside=tuple(one for one in beside if one is not None))

    def groups(self, name: str) -> tuple[tuple[str, int], ...]:
        """The values that there are of a column that pages are narrowed by, the most common first."""
        return self.once(("groups", name), lambda: groups(self.engine, name, self.simulated))

    def picture(self, make: Callable[[Queried, Asked], Made], asked: Asked) -> Made:
        """One of `storage/analysis/pictures.py`."""
        key = ("picture", make.__name__, asked.since, asked.until, asked.simulated, tuple(sorted(asked.where.items())))
        return self.once(key, lambda: self._pictured(key, make, asked))

    def _pictured(self, key: tuple[object, ...], make: Callable[[Queried, Asked], Made], asked: Asked) -> Made:
        kind = get_type_hints(make)["return"]
        found: Made | None = self.shelf.find(key, kind) if self.shelf else None
        if found is not None:
            return found
        made = make(self.engine, asked)
        if self.shelf:
            self.shelf.put(key, kind, made)
        return made


def warmed(snapshot: Snapshot) -> Snapshot:
    """The snapshot with what pages ask for first computed already, so that whoever comes next does not wait for it."""
    yesterday, since = snapshot.today - timedelta(days=1), snapshot.today - timedelta(days=USUAL_DAYS - 1)
    for key in snapshot.book.measures:
        for by in ("", *SPLITS.get(key, ())):
            snapshot.measure(key, since, snapshot.today, by)
        snapshot.measure(key, since - timedelta(days=1), yesterday)  # as the list of measures shows them, and as they are published
    for picture in (passages, waited, unmet, reasons, teams):
        snapshot.picture(picture, Asked(since, snapshot.today, {}, snapshot.simulated))
    return snapshot


class ValuePages:
    """Gives pages the newest snapshot there is. `take` brings the export up to date and opens it; it runs in one thread at a time.

    `first` gives at once what was kept before this process started, or nothing; `warm` computes what pages ask for first, once a snapshot is shown.
    `trouble` says why it could not be brought up to date the last time; empty when it could.
    """

    def __init__(
        self,
        take: Callable[[Snapshot | None], Snapshot],
        clock: Callable[[], datetime],
        stopwatch: Callable[[], float] = time.perf_counter,
        first: Callable[[], Snapshot | None] = lambda: None,
        warm: Callable[[Snapshot], object] = lambda _snapshot: None,
    ) -> None:
        self._take, self._clock, self._stopwatch, self._first, self._warm = take, clock, stopwatch, first, warm
        self._every = EVERY
        self._lock, self._starting = threading.Lock(), threading.Lock()
        self._snapshot: Snapshot | None = None
        self._asked_at: datetime | None = None
        self._thread: threading.Thread | None = None
        self.trouble = ""

    def snapshot(self, wait_seconds: float = PATIENCE_SECONDS) -> Snapshot | None:
        """The snapshot to show now; None while the first is not ready after so long, or could not be taken.

        Later ones are taken in the background while the old one is shown.
        """
        with self._starting:
            if self._snapshot is None and self._asked_at is None:
                self._snapshot = self._first()
        if self._asked_at is None or self._clock() - self._asked_at >= self._every or (self.trouble and self._snapshot is None):
            self._begin()
        if self._snapshot is None and self._thread is not None:
            self._thread.join(wait_seconds)
        return self._snapshot

    def refresh(self) -> Snapshot:
        """Bring it up to date now, and wait for that. Raises what `take` raises."""
        with self._lock:
            self._asked_at, began = self._clock(), self._stopwatch()
            taken = self._snapshot = self._take(self._snapshot)
            self._every = max(EVERY, SHARE * timedelta(seconds=self._stopwatch() - began))
            self.trouble = ""
            return taken

    def _begin(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._asked_at = self._clock()
                self._thread = threading.Thread(target=self._quietly, name="value-pages", daemon=True)
                self._thread.start()

    def _quietly(self) -> None:
        """In the background nobody is there to be told of a failure but the next reader."""
        try:
            self._warm(self.refresh())
        except (GuildhallError, SQLAlchemyError, duckdb.Error, OSError) as error:
            self.trouble = str(error) if isinstance(error, GuildhallError) else type(error).__name__

    def close(self) -> None:
        """Wait for what is under way."""
        if self._thread is not None:
            self._thread.join()
