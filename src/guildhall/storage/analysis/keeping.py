"""Views that took long to build are kept beside the export, so that a process that starts opens them in a moment; with them what was computed over them.

Each set has a folder of its own in `kept/`: the views as a DuckDB file, `about.json` that says what they are of, and `figures/`. One process builds
while the others wait and take what it built. What was cut out of the export is cut out here by taking the whole of `kept/` away.
"""

import hashlib
import json
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import duckdb

from guildhall.storage.analysis.engine import AnalysisEngine, build_into
from guildhall.storage.analysis.export import KEPT, held
from guildhall.storage.analysis.manifest import digest_of, digest_of_export

ABOUT: Final = "about.json"
VIEWS_FILE: Final = "views.duckdb"
FIGURES: Final = "figures"
BUILDING: Final = "building.lock"
UNFINISHED: Final = ".unfinished"
MADE_BY: Final = ("guildhall.storage.analysis", "guildhall.storage.analysis.sql", "guildhall.value.measures")
"""The packages that decide what views and figures are: whatever another version of them made is made anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Views of the export whose list of files has the digest `data`, with windows judged as at a time."""

    folder: Path
    as_at: datetime
    data: str

    @property
    def figures(self) -> Path:
        """Where what was computed over them lies."""
        return self.folder / FIGURES

    def open(self, export: Path) -> AnalysisEngine:
        """An engine over them. Raises duckdb.Error where they were taken away meanwhile."""
        return AnalysisEngine(export, self.as_at, built=self.folder / VIEWS_FILE)


def newest(export: Path) -> Kept | None:
    """The newest views that this program kept, whole and as they were written; None where there are none."""
    for folder in sorted((export / KEPT).glob("*"), reverse=True):
        if folder.suffix != UNFINISHED and (found := _read(folder)):
            return found
    return None


def views_as_at(export: Path, now: datetime, good_for: timedelta) -> Kept:
    """Views of the export as it stands: those that anybody built so short a time ago, or built now. Raises OSError and duckdb.Error."""
    with held(export, lock=BUILDING):
        found = newest(export)
        if found and found.data == digest_of_export(export) and timedelta(0) <= now - found.as_at < good_for:
            return found
        with held(export, shared=True):  # so that nothing is cut out of the export between the building and the keeping
            return _build(export, now)


def engine_as_at(export: Path, as_at: datetime) -> AnalysisEngine:
    """An engine over the export as it stands, for exactly this time: over kept views where there are such, else built in memory."""
    found = newest(export)
    if found and found.as_at == as_at and found.data == digest_of_export(export):
        with suppress(duckdb.Error):  # somebody took them away just now
            return found.open(export)
    return AnalysisEngine(export, as_at)


def _build(export: Path, now: datetime) -> Kept:
    kept, data = export / KEPT, digest_of_export(export)
    fresh = kept / f"{secrets.token_hex(6)}{UNFINISHED}"
    fresh.mkdir(parents=True)
    try:
        build_into(export, now, fresh / VIEWS_FILE)
        about = {"as_at": now.astimezone(UTC).isoformat(), "data": data, "made_by": made_by(), "sha256": digest_of(fresh / VIEWS_FILE)}
        (fresh / ABOUT).write_text(json.dumps(about), "utf-8")
        (fresh / FIGURES).mkdir()
        folder = kept / f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{data[:12]}"
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # only there where it was not finished
    for old in kept.glob("*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)  # whoever has it open goes on reading it
    return Kept(folder, now, data)


def _read(folder: Path) -> Kept | None:
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        found = Kept(folder, datetime.fromisoformat(about["as_at"]), about["data"])
        whole = about["made_by"] == made_by() and about["sha256"] == digest_of(folder / VIEWS_FILE)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if whole else None


@cache
def made_by() -> str:
    """The digest of the program that makes views and figures."""
    found = hashlib.sha256()
    for package in MADE_BY:
        for file in sorted(files(package).iterdir(), key=lambda each: each.name):
            if file.name.endswith((".py", ".sql")):
                found.update(f"{package}/{file.name}\n".encode() + file.read_bytes())
    return found.hexdigest()
