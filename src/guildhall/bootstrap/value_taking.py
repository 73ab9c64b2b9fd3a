"""Opens the export of a council for pages: brought up to date, judged as at now, simulated contacts only where there are no real ones."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import duckdb

from guildhall.bootstrap.baselines import Baselines, open_baselines, open_baselines_alone
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.value import OPENED_AGAIN, folder_of, open_value, open_value_alone
from guildhall.bootstrap.value_pages import Snapshot, ValuePages, warmed
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.keeping import newest, views_as_at
from guildhall.storage.analysis.manifest import digest_of_export
from guildhall.storage.analysis.measuring import Measuring
from guildhall.storage.analysis.pictures import extent
from guildhall.storage.analysis.shelf import Shelf
from guildhall.value.telling import Before

SHOWN_AGAIN: Final = timedelta(days=1)
"""How old what was kept before this process started may be to be shown while a newer snapshot is taken."""
MANY: Final = 50_000
"""Views of fewer contacts are built in a second or two, so nobody is shown older ones for it."""
COMPARED: Final = ("verified_share", "human_honoured", "misdirected", "wait_p50", "wait_p90", "abandonment")
"""Measures whose months of a baseline can stand beside a period of another length."""


def open_value_pages(guildhall: Guildhall, folder: Path | None = None) -> ValuePages:
    """The figures of a council's pages, over its own export, or over another one that lies in `folder` and is left as it is."""
    clock, profile = guildhall.house.clock, guildhall.profile
    value = None if folder is not None else open_value(guildhall)

    where = folder or folder_of(guildhall.settings.data_dir, profile.slug)

    def take(before: Snapshot | None) -> Snapshot:
        if value is not None:
            value.refresh()
        return taken(where, profile, clock, before_of(open_baselines(guildhall)), before, keep=value is not None)

    def first() -> Snapshot | None:
        return kept_before(where, profile, clock, before_of(open_baselines(guildhall))) if value is not None else None

    return ValuePages(take, clock, first=first, warm=warmed)


@contextmanager
def snapshot_alone(settings: Settings, council: str) -> Iterator[tuple[str, Snapshot]]:
    """The council's name and a snapshot for a command, brought up to date, without the models that a turn needs."""
    value = open_value_alone(settings, council)
    try:
        value.refresh()
        baselines, database = open_baselines_alone(settings, council)
        try:
            profile = baselines.profile
            folder = folder_of(settings.data_dir, profile.slug)
            yield profile.council.name, taken(folder, profile, baselines.clock, before_of(baselines))
        finally:
            database.close()
    finally:
        value.close()


def taken(
    folder: Path,
    profile: CouncilProfile,
    clock: Callable[[], datetime],
    was: Mapping[str, Before],
    before: Snapshot | None = None,
    keep: bool = True,
) -> Snapshot:
    """A snapshot of the export in a folder; the one `before` while nothing changed. Raises ConfigurationError for an export that cannot be read.

    Unless `keep` is false its views are kept beside the export, or taken from there if somebody built them within the hour.
    """
    manifest, now = digest_of_export(folder), clock()
    if before is not None and (before.manifest, before.before) == (manifest, was) and now - before.as_at < OPENED_AGAIN:
        return before
    fresh = _built(folder, profile, clock, was) if keep else None
    if fresh is None:
        fresh = snapshot_over(AnalysisEngine(folder, now), manifest, profile, clock, was)
    return fresh if before is None else warmed(fresh)


def _built(folder: Path, profile: CouncilProfile, clock: Callable[[], datetime], was: Mapping[str, Before]) -> Snapshot | None:
    """A snapshot over kept views; None where they cannot be kept: then they are built in memory."""
    try:
        kept = views_as_at(folder, clock(), OPENED_AGAIN)
        return snapshot_over(kept.open(folder), kept.data, profile, clock, was, Shelf(kept.figures))
    except (OSError, duckdb.Error):
        return None


def kept_before(folder: Path, profile: CouncilProfile, clock: Callable[[], datetime], was: Mapping[str, Before]) -> Snapshot | None:
    """A snapshot of the views that were kept last, whatever happened since; None where there are none, they are old, or are built anew in no time."""
    found = newest(folder)
    if found is None or not timedelta(0) <= clock() - found.as_at < SHOWN_AGAIN:
        return None
    try:
        snapshot = snapshot_over(found.open(folder), found.data, profile, clock, was, Shelf(found.figures))
    except (OSError, duckdb.Error):
        return None
    return snapshot if snapshot.extent.real + snapshot.extent.simulated >= MANY else None


def snapshot_over(
    engine: AnalysisEngine,
    data: str,
    profile: CouncilProfile,
    clock: Callable[[], datetime],
    was: Mapping[str, Before],
    shelf: Shelf | None = None,
) -> Snapshot:
    """A snapshot over an engine, whose views are of the export with this digest. `was` is what measures were before."""
    found = extent(engine)
    book = replace(profile.value, counts_simulated=found.real == 0 and found.simulated > 0)
    today = engine.as_at.astimezone(profile.calendar.zone).date()
    return Snapshot(engine, Measuring(engine, book, engine.as_at, data, clock), engine.as_at, today, data, was, shelf)


def before_of(baselines: Baselines) -> dict[str, Before]:
    """What measures were by the frozen baselines in force, the newest of each: the middle one of their months, for all contacts."""
    found: dict[str, Before] = {}
    for baseline in sorted(baselines.store.all(), key=lambda baseline: baseline.frozen_at):
        for key in COMPARED if baseline.in_force else ():
            series = baseline.series(key)
            if series is not None and series.points:
                middle = median(point.value for point in series.points)
                found[key] = Before(middle, series.points[0].month, series.points[-1].month, baseline.about.name)
    return found
