"""Unmet demand: what residents asked and did not get, by service, why, and which content gaps are already known."""

from collections import Counter
from collections.abc import Sequence

from guildhall.storage.analysis.pictures import Unmet, reasons, unmet
from guildhall.vocabulary.roles import GOVERNING_ROLES
from guildhall.web.charts import Bar, Figure, Unit, bars
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import MOST_BARS, tiles

PATH = "/console/value/demand"


def by_service(sight: Sight) -> Figure:
    """Parts of questions without an answer, by service."""
    found: Sequence[Unmet] = sight.picture(unmet)
    rows = [row for row in found if row.unanswered]
    made = [
        Bar(
            sight.name("service", row.service),
            row.unanswered,
            n=row.asked,
            href=sight.rows(service=row.service or "-"),
            remark=f"of {row.asked:,}",
        )
        for row in rows[:MOST_BARS]
    ]
    everything, lost = sum(row.asked for row in found), sum(row.unanswered for row in found)
    finding = (
        f"Residents asked {everything:,} things in this period. {lost:,} got no answer from us"
        if everything
        else "Nothing was asked in this period"
    )
    finding += (
        f". The most were about {sight.name('service', rows[0].service).lower() if rows[0].service else 'a service that is not known'}."
        if rows
        else "."
    )
    return bars(
        "unanswered",
        "Questions without an answer",
        finding,
        made,
        Unit.COUNT,
        column="Service",
        of="Parts asked",
        csv=sight.asking.link(f"{PATH}/figures/unanswered.csv"),
    )


def why(sight: Sight) -> Figure:
    """Why turns were not answered in full."""
    words = sight.visit.words
    found: Sequence[tuple[str, int]] = sight.picture(reasons)
    rows = [Bar(words.label(code), n) for code, n in found[:MOST_BARS]]
    finding = f"The most common reason was “{rows[0].name.lower()}”, {found[0][1]:,} times." if rows else "Every turn was answered in full."
    return bars(
        "why",
        "Why replies were not full answers",
        finding,
        rows,
        Unit.COUNT,
        column="Reason",
        csv=sight.asking.link(f"{PATH}/figures/why.csv"),
    )


def gaps(sight: Sight) -> list[tuple[str, int]]:
    """Services with content gaps that are not mended, and how many each; nothing for readers of money pages only."""
    if not sight.visit.may(GOVERNING_ROLES):
        return []
    console = sight.visit.console
    counted = Counter(gap.service for gap in console.learning.gaps.gaps() if gap.unfinished)
    return [(sight.name("service", service), n) for service, n in counted.most_common()]


def demand(sight: Sight) -> View:
    """The page."""
    return View(
        [by_service(sight), why(sight)],
        {
            "tiles": tiles(sight, "part_completeness", "abstention", "grounded", "abandoned_before_share"),
            "gaps": gaps(sight),
            "sees_gaps": sight.visit.may(GOVERNING_ROLES),
        },
    )


PAGE = Page(PATH, "Unmet demand", "What residents asked and did not get", "demand.html", demand)
