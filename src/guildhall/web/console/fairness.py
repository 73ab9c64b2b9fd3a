"""Fairness: whether anybody is served worse for how they speak or who they are, as the last run of the probes found it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.fairness import Fairness
from guildhall.evaluation.fairness import JUDGED, MEASURE_LABELS, TOLD, Comparison, Slice, breaches, is_shown, to_watch
from guildhall.evaluation.paired import pairs_needed
from guildhall.evaluation.waivers import stands
from guildhall.storage.fairness import StoredRun
from guildhall.vocabulary.fairness import Waiver
from guildhall.vocabulary.languages import Language
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/fairness"
ENDS_SOON = timedelta(days=14)
STATES = {
    "breach": ("Breach", "red"),
    "waived": ("Breach, waived", "orange"),
    "chance": ("May be chance", "yellow"),
    "within": ("Within the margin", "green"),
    "told": ("Told, not judged", "grey"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One slice on one measure, with its name in words and how it is judged."""

    name: str
    measure: str
    slice: Slice
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """The last run as the page tells it."""

    run: StoredRun
    comparison: Comparison
    rows: tuple[Row, ...]
    needed: int
    smallest: float

    @property
    def worst(self) -> list[Row]:
        """The worst slice of every judged measure."""
        named = [[row for row in self.rows if row.measure == measure] for measure in JUDGED]
        return [max(rows, key=lambda row: row.slice.gap.points) for rows in named if rows]

    @property
    def breached(self) -> list[Row]:
        """Breaches, those that block a release first."""
        return sorted((row for row in self.rows if row.state in ("breach", "waived")), key=lambda row: row.state)

    @property
    def watched(self) -> int:
        """Gaps over the margin that chance may explain."""
        return len(to_watch(self.comparison))


def slice_in_words(name: str) -> str:
    """`language.pl` as “language: Polish”; a whole group as “language, all together”."""
    group, _, which = name.partition(".")
    if which == "*":
        return f"{group.replace('_', ' ')}, all together"
    said = Language(which).name.capitalize() if group == "language" and which in set(Language) else which
    return f"{group.replace('_', ' ')}: {said.replace('_', ' ')}"


def last_found(fairness: Fairness) -> Found | None:
    """The last run, judged by the margin in force now."""
    last = fairness.last()
    if last is None:
        return None
    run, comparison = last
    over = {(breach.slice, breach.measure) for breach in breaches(comparison)}
    blocking = {(breach.slice, breach.measure) for breach in fairness.blocking()}

    def state(part: Slice) -> str:
        if part.measure not in JUDGED:
            return "told"
        if (part.name, part.measure) in over:
            return "breach" if (part.name, part.measure) in blocking else "waived"
        return "chance" if part.gap.points > comparison.margin_points and not is_shown(part) else "within"

    rows = tuple(Row(slice_in_words(part.name), part.measure, part, state(part)) for part in comparison.slices)
    smallest = max((row.slice.gap.visible_points for row in rows if row.measure in JUDGED), default=100.0)
    return Found(run, comparison, rows, pairs_needed(comparison.margin_points or 0.1), smallest)


def waivers_of(fairness: Fairness) -> list[tuple[Waiver, bool]]:
    """Every waiver, newest first, and whether it stands today."""
    today = fairness.clock().date()
    return [(waiver, stands(waiver, fairness.board, today)) for waiver in fairness.waivers()]


def add_routes(routes: Routes) -> None:
    """`/console/fairness`."""

    @routes.reads(PATH)
    def last_run(visit: Visit) -> Response:
        fairness = visit.console.fairness
        orders = {
            "gap": lambda row: -row.slice.gap.points,
            "name": lambda row: (row.name, row.measure),
            "pairs": lambda row: row.slice.gap.pairs,
        }
        listing = Listing(PATH, visit.query, orders)
        found = last_found(fairness)
        measure = visit.query.get("measure", "")
        state = visit.query.get("state", "")
        shown = [row for row in found.rows if measure in ("", row.measure) and state in ("", row.state)] if found else []
        return visit.show(
            "fairness.html",
            listing=listing,
            found=found,
            rows=listing.cut(shown),
            count=len(shown),
            waivers=waivers_of(fairness),
            overdue=overdue(fairness),
            outdated=fairness.outdated(visit.console.guildhall.profile.pack.id),
            **_labels(),
            measures=[(code, MEASURE_LABELS[code]) for code in (*JUDGED, *TOLD)],
        )


def _labels() -> dict[str, Any]:
    return {"named": MEASURE_LABELS, "states": STATES, "slice_in_words": slice_in_words}


def overdue(fairness: Fairness) -> str:
    """Why the probes should be run, without the command that runs them; empty when they were run lately."""
    return fairness.overdue().partition(":")[0]


def notices(console: Console) -> Sequence[Notice]:
    """Breaches that nobody waived, probes that are overdue, and waivers that end soon."""
    fairness, found = console.fairness, []
    if blocking := len(fairness.blocking()):
        found.append(Notice(f"{blocking} fairness {'breach blocks' if blocking == 1 else 'breaches block'} a release", PATH, urgent=True))
    if late := overdue(fairness):
        found.append(Notice(late, PATH))
    today = fairness.clock().date()
    ending = [waiver for waiver, standing in waivers_of(fairness) if standing and waiver.until - today <= ENDS_SOON]
    found += [
        Notice(f"The fairness waiver for {slice_in_words(waiver.slice)} ends on {waiver.until.day} {waiver.until:%B}", PATH)
        for waiver in ending
    ]
    return found


def paper(console: Console, _since: datetime) -> Paper:
    """The last run: the worst of every measure, breaches and waivers."""
    fairness = console.fairness
    standing = [waiver for waiver, stands_now in waivers_of(fairness) if stands_now]
    return Paper("fairness.html", {"found": last_found(fairness), "overdue": overdue(fairness), "waivers": standing, **_labels()})


SECTION = Section(
    PATH, "Fairness", "Whether anybody is served worse for how they speak or who they are: gaps, breaches and waivers.", Group.RULES,
    add_routes, notices=notices, paper=paper,
)  # fmt: skip
