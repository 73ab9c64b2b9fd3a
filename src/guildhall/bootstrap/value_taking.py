"""Opens the export of a council for pages: brought up to date, judged as at now, simulated contacts only where there are no real ones."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from guildhall.bootstrap.baselines import Baselines, open_baselines, open_baselines_alone
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.value import folder_of, open_value, open_value_alone
from guildhall.bootstrap.value_pages import Snapshot, ValuePages, warmed
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.measuring import Measuring
from guildhall.storage.analysis.pictures import extent
from guildhall.value.telling import Before
from guildhall.vocabulary.exported import MANIFEST

OPENED_AGAIN: Final = timedelta(hours=1)
"""An export that did not change is opened again after so long, for windows that have ended since."""
COMPARED: Final = ("verified_share", "human_honoured", "misdirected", "wait_p50", "wait_p90", "abandonment")
"""Measures whose months of a baseline can stand beside a period of another length."""


def open_value_pages(guildhall: Guildhall, folder: Path | None = None) -> ValuePages:
    """The figures of a council's pages, over its own export, or over another one that lies in `folder` and is left as it is."""
    clock, profile = guildhall.house.clock, guildhall.profile
    value = None if folder is not None else open_value(guildhall)

    def take(before: Snapshot | None) -> Snapshot:
        if value is not None:
            value.refresh()
        return taken(
            folder or folder_of(guildhall.settings.data_dir, profile.slug), profile, clock, before_of(open_baselines(guildhall)), before
        )

    return ValuePages(take, clock)


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
    folder: Path, profile: CouncilProfile, clock: Callable[[], datetime], was: Mapping[str, Before], before: Snapshot | None = None
) -> Snapshot:
    """A snapshot of the export in a folder; the one `before` while nothing changed. Raises ConfigurationError for an export that cannot be read."""
    manifest, now = digest(folder), clock()
    if before is not None and (before.manifest, before.before) == (manifest, was) and now - before.as_at < OPENED_AGAIN:
        return before
    engine = AnalysisEngine(folder, now)
    found = extent(engine)
    book = replace(profile.value, counts_simulated=found.real == 0 and found.simulated > 0)
    today = now.astimezone(profile.calendar.zone).date()
    fresh = Snapshot(engine, Measuring(engine, book, now, manifest, clock), now, today, manifest, was)
    return fresh if before is None else warmed(fresh)


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


def digest(folder: Path) -> str:
    """The digest of the list of an export's files; empty where there is none."""
    path = folder / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
