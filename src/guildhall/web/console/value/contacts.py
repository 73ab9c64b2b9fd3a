"""The rows behind the figures: contacts as pseudonyms, filtered by the address, to look at and to download."""

from typing import Any

from guildhall.storage.analysis.listing import COLUMNS, MOST, Listed, listed
from guildhall.storage.analysis.masking import HIDDEN_VALUE
from guildhall.vocabulary.ladder import RUNG_LABELS, Rung
from guildhall.web.charts import Cell, Table, Unit, say
from guildhall.web.console.listing import Listing
from guildhall.web.console.value.sight import CONTACTS, Page, Sight, View

SHOWN = ("contact", "day", "channel", "language", "service", "rung", "waited_seconds", "again_7d")
HEADS = ("Contact", "When", "Channel", "Language", "Service", "How it ended", "Waited for a person", "Came again in 7 days")


def rung_of(sight: Sight) -> str:
    """The rung that the address asks for; empty for all."""
    asked = sight.visit.query.get("rung", "")
    return asked if asked in set(Rung) else ""


def contacts(sight: Sight) -> View:
    """The page."""
    listing = Listing(CONTACTS, sight.visit.query, {})
    small = sight.snapshot.book.small_number
    found = listed(sight.snapshot.engine, sight.asked, rung_of(sight), small, listing.per_page, listing.offset)
    rungs = [(rung.value, RUNG_LABELS[rung][0]) for rung in Rung]
    rows = Table(HEADS, tuple(_row(sight, dict(zip(COLUMNS, row, strict=True))) for row in found.rows))
    values = {"table": rows, "listing": listing, "count": found.count, "rungs": rungs, "rung": rung_of(sight), "most": MOST}
    return View((), values | {"hidden": found.hidden, "small": small, "masks": any(HIDDEN_VALUE in row for row in found.rows)})


def _row(sight: Sight, row: dict[str, Any]) -> tuple[Cell, ...]:
    again = row["again_7d"]
    waited = row["waited_seconds"]
    return (
        Cell(row["contact"][:12]),
        Cell(f"{sight.visit.words.date(row['day'])}, {row['hour']:02}:00"),
        *(Cell(row[by] if row[by] == HIDDEN_VALUE else sight.name(by, row[by])) for by in ("channel", "language", "service")),
        Cell(RUNG_LABELS[Rung(row["rung"])][0]),
        Cell("" if waited is None else say(waited, Unit.SECONDS)),
        Cell("not known" if again is None else "yes" if again else "no"),
    )


def all_rows(sight: Sight) -> Listed:
    """The rows of a file, at most `MOST`."""
    return listed(sight.snapshot.engine, sight.asked, rung_of(sight), sight.snapshot.book.small_number, MOST)


PAGE = Page(CONTACTS, "", "The contacts behind the figures", "contacts.html", contacts)
