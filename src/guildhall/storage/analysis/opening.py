"""Opens the measures over an export: real contacts, or simulated ones while there is no real one, so that the two are never mixed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from guildhall.storage.analysis.asking import Views
from guildhall.storage.analysis.manifest import digest_of_export
from guildhall.storage.analysis.measuring import Measuring
from guildhall.value.measures.book import MeasureBook


def measuring_over(engine: Views, book: MeasureBook, folder: Path, as_at: datetime, clock: Callable[[], datetime]) -> Measuring:
    """The measures of a book over an engine that was opened on a folder for a time."""
    real, simulated = engine.query("SELECT count(*) FILTER (WHERE NOT simulated), count(*) FILTER (WHERE simulated) FROM contacts")[0]
    chosen = replace(book, counts_simulated=real == 0 and simulated > 0)
    return Measuring(engine, chosen, as_at, digest_of_export(folder), clock)
