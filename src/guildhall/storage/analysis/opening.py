"""Opens the measures over an export: real contacts, or simulated ones while there is no real one, so that the two are never mixed."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from guildhall.storage.analysis.asking import Views
from guildhall.storage.analysis.measuring import Measuring
from guildhall.value.measures.book import MeasureBook
from guildhall.vocabulary.exported import MANIFEST


def measuring_over(engine: Views, book: MeasureBook, folder: Path, as_at: datetime, clock: Callable[[], datetime]) -> Measuring:
    """The measures of a book over an engine that was opened on a folder for a time."""
    real, simulated = engine.query("SELECT count(*) FILTER (WHERE NOT simulated), count(*) FILTER (WHERE simulated) FROM contacts")[0]
    chosen = replace(book, counts_simulated=real == 0 and simulated > 0)
    return Measuring(engine, chosen, as_at, digest_of_export(folder), clock)


def digest_of_export(folder: Path) -> str:
    """SHA-256 of the list of an export's files; empty where there is none. While it is the same, so is every figure."""
    path = folder / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
