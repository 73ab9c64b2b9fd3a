"""Opens the export of a council for pages: brought up to date, judged as at now, simulated contacts only where there are no real ones."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.value import open_value
from guildhall.bootstrap.value_pages import Snapshot, ValuePages, warmed
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.measuring import Measuring
from guildhall.storage.analysis.pictures import extent
from guildhall.vocabulary.exported import MANIFEST

OPENED_AGAIN: Final = timedelta(hours=1)
"""An export that did not change is opened again after so long, for windows that have ended since."""


def folder_of(guildhall: Guildhall) -> Path:
    """Where the council's export lies."""
    return guildhall.settings.data_dir / "export" / guildhall.profile.slug


def open_value_pages(guildhall: Guildhall, folder: Path | None = None) -> ValuePages:
    """The figures of a council's pages, over its own export, or over another one that lies in `folder` and is left as it is."""
    clock = guildhall.house.clock
    refresh = _left_as_it_is if folder else open_value(guildhall).exporter.refresh
    folder = folder or folder_of(guildhall)

    def take(before: Snapshot | None) -> Snapshot:
        refresh()
        manifest, now = digest(folder), clock()
        if before is not None and before.manifest == manifest and now - before.as_at < OPENED_AGAIN:
            return before
        engine = AnalysisEngine(folder, now)
        book = guildhall.profile.value
        found = extent(engine)
        book = replace(book, counts_simulated=found.real == 0 and found.simulated > 0)
        today = now.astimezone(guildhall.profile.calendar.zone).date()
        fresh = Snapshot(engine, Measuring(engine, book, now, manifest, clock), now, today, manifest)
        return fresh if before is None else warmed(fresh)

    return ValuePages(take, clock)


def _left_as_it_is() -> None:
    """An export that somebody else keeps."""


def digest(folder: Path) -> str:
    """The digest of the list of an export's files; empty where there is none."""
    path = folder / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
