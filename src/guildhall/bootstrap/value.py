"""Wires value: the export of the record, the engine over it, and what is asked of it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from guildhall.bootstrap.governance import open_packs
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.records.ports import Progress
from guildhall.settings import Settings
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.export import Exported, Exporter
from guildhall.storage.analysis.keeping import views_as_at
from guildhall.storage.analysis.ladder import LadderRows, contact_rows, ladder
from guildhall.storage.analysis.manifest import damaged, read_manifest
from guildhall.storage.analysis.rows import Exporting
from guildhall.storage.analysis.settling import Settling
from guildhall.storage.analysis.unlinking import LETTERS
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.purpose_keys import PurposeKeys
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.exported import KNOWN

PURPOSE = "export for measures"
FOLDER = "export"
"""In the data folder; each council has a folder of its own in it."""

OPENED_AGAIN: Final = timedelta(hours=1)
"""An export that did not change is opened again after so long, for windows that have ended since."""


@dataclass
class Views:
    """The engine over an export, opened when it is first asked and again once the files have changed."""

    folder: Path
    clock: Callable[[], datetime]
    _open: AnalysisEngine | None = None
    _stamp: str = ""
    _day: date | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> AnalysisEngine:
        """The engine over the export as it stands."""
        with self._lock:
            now = self.clock()
            stamp = f"{now:%Y-%m-%dT%H}{self._files()}"  # windows end with the hour at most, so figures move once an hour by themselves
            if self._open is None or stamp != self._stamp:
                self._open, self._stamp = AnalysisEngine(self.folder, now), stamp
            return self._open

    def _files(self) -> str:
        return "".join(file.sha256 for file in read_manifest(self.folder).files)

    def first_today(self) -> bool:
        """Whether this is asked for the first time in this process today."""
        with self._lock:
            before, self._day = self._day, self.clock().date()
            return before != self._day

    def close(self) -> None:
        """Give the memory back."""
        if self._open is not None:
            self._open.close()


@dataclass(frozen=True)
class Value:
    """What a council's contacts came to. `views` is the engine over the export."""

    exporter: Exporter
    views: Views
    settling: Settling
    opened: tuple[Database, ...] = ()
    """Databases that were opened for it alone, and are closed with it."""

    def refresh(self, progress: Progress = lambda _done, _all: None, rebuild: bool = False) -> Exported:
        """Bring the export up to date with the record, and put into the record what is known by now of residents who came again."""
        done = self.exporter.refresh(progress, rebuild)
        if read_manifest(self.exporter.folder).rows(KNOWN) and self.views.first_today():
            self.settle()
        return done

    def before_forgetting(self) -> int:
        """What must be done daily, before anything is forgotten: take the record in and settle what can be. How many were settled.

        Nothing where nobody is recognised whose seven days are over. However many processes do it, each contact is settled once.
        """
        if not self.settling.due(self.views.clock()):
            return 0
        self.exporter.refresh()
        return self.settle()

    def settle(self) -> int:
        """Record whether recognised residents came again, where seven days are over; how many were recorded."""
        now = self.views.clock()
        engine = self._engine(now)
        try:
            return self.settling.settle(engine, now)
        finally:
            engine.close()

    def _engine(self, now: datetime) -> AnalysisEngine:
        """An engine for this alone, over the views that are kept for pages; where they cannot be kept, in memory."""
        try:
            return views_as_at(self.exporter.folder, now, OPENED_AGAIN).open(self.exporter.folder)
        except (OSError, duckdb.Error):
            return AnalysisEngine(self.exporter.folder, now)

    def check(self) -> tuple[str, ...]:
        """The files of the export that are missing or are not what they were when they were written."""
        return damaged(self.exporter.folder, read_manifest(self.exporter.folder))

    def ladder(self, since: date, until: date, by: str = "", where: Mapping[str, str] | None = None) -> LadderRows:
        """How many contacts stand on each rung, from a day up to and including another, by a column of `contacts` and where others are so.

        Raises RefusedError for a column that cannot be asked about.
        """
        return ladder(self.views(), since, until, by, where or {})

    def rows(
        self, since: date, until: date, where: Mapping[str, str] | None = None, at_most: int | None = None
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The contacts themselves, by pseudonym: names of the columns, and rows."""
        return contact_rows(self.views(), since, until, where or {}, at_most)

    def close(self) -> None:
        """Give everything back."""
        self.views.close()
        for database in self.opened:
            database.close()


def open_value(guildhall: Guildhall) -> Value:
    """The value of a house's council."""
    return value_over(guildhall.profile, guildhall.database, guildhall.record.keys, guildhall.settings.data_dir, guildhall.house.clock)


def open_value_alone(settings: Settings, council: str = "") -> Value:
    """The value of a council for a command: the record, the keys and the council's files, and none of the models of a turn."""
    slug = council or settings.council
    database = Database(settings.database)
    upgrade(database)
    keys = open_keys(settings, database)
    clock = Clock(settings.today)
    pack = open_packs(settings, database, keys, slug, clock).now().active
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml", pack)
    return replace(value_over(profile, database, keys, settings.data_dir, clock), opened=(database, keys.database))


def value_over(profile: CouncilProfile, database: Database, keys: KeyRing, data_dir: Path, clock: Callable[[], datetime]) -> Value:
    """The same over stores that are open already."""
    digest = PurposeKeys(keys.database, keys.sealer).keyed(PURPOSE)

    folder = folder_of(data_dir, profile.slug)
    made = Exporting(profile.slug, profile.calendar.zone, lambda text: digest(text)[:LETTERS], profile.queue_is_open)
    exporter = Exporter(database, made, digest(PURPOSE)[:LETTERS], folder, time.perf_counter)
    return Value(exporter, Views(folder, clock), Settling(database, keys, new_id, profile.slug, made.pseudonym))


def folder_of(data_dir: Path, slug: str) -> Path:
    """Where the export of a council lies. Raises ConfigurationError for a name that is no folder's."""
    if not slug or "/" in slug or slug.startswith("."):
        raise ConfigurationError("the council's name cannot name a folder.", file=slug or "(empty)", fix="Use the council's slug.")
    return data_dir / FOLDER / slug
