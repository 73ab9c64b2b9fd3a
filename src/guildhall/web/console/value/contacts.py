"""The rows behind the figures: contacts as pseudonyms, narrowed by the address, to look at and to take away."""

from typing import Any

from guildhall.storage.analysis.listing import COLUMNS, MOST, listed
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
    found = listed(sight.snapshot.engine, sight.asked, rung_of(sight), listing.per_page, listing.offset)
    rungs = [(rung.value, RUNG_LABELS[rung][0]) for rung in Rung]
    rows = Table(HEADS, tuple(_row(sight, dict(zip(COLUMNS, row, strict=True))) for row in found.rows))
    return View((), {"table": rows, "listing": listing, "count": found.count, "rungs": rungs, "rung": rung_of(sight), "most": MOST})


def _row(sight: Sight, row: dict[str, Any]) -> tuple[Cell, ...]:
    again = row["again_7d"]
    waited = row["waited_seconds"]
    return (
        Cell(row["contact"][:12]),
        Cell(f"{sight.visit.words.date(row['day'])}, {row['hour']:02}:00"),
        Cell(sight.name("channel", row["channel"])),
        Cell(sight.name("language", row["language"])),
        Cell(sight.name("service", row["service"])),
        Cell(RUNG_LABELS[Rung(row["rung"])][0]),
        Cell("" if waited is None else say(waited, Unit.SECONDS)),
        Cell("not known" if again is None else "yes" if again else "no"),
    )


def all_rows(sight: Sight) -> tuple[tuple[Any, ...], ...]:
    """The rows of a file, at most `MOST`."""
    return listed(sight.snapshot.engine, sight.asked, rung_of(sight), MOST).rows


PAGE = Page(CONTACTS, "", "The contacts behind the figures", "contacts.html", contacts)
