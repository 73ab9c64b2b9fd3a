"""How long residents wait for a person. The whole distribution is shown, and people who gave up count as not reached."""

from collections.abc import Sequence
from typing import Final

from guildhall.storage.analysis.pictures import Curve, Waited, curves, waited
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.charts import Bar, Figure, Point, Series, Unit, bars, lines, say
from guildhall.web.charts.scales import Scale, Stretched
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import split_bars, tiles

PATH = "/console/value/waits"
KINDS: Final = {"danger": "In distress", "in_hours": "In opening hours", "out_of_hours": "Out of hours"}
ENDINGS: Final = {"reached": "Reached a person", "callback": "Took a callback", "abandoned": "Left", "still": "Still waiting"}
PLACES: Final = 80
EVEN_UP_TO: Final = 3600.0
"""Seconds. Where waits go on for longer, minutes would have no room on an even axis."""


def waiting(sight: Sight) -> Figure:
    """The share not yet reached, by time since they asked."""
    found: Sequence[Curve] = [curve for curve in curves(sight.picture(waited)) if curve.n]
    longest = _shown(found)
    series = [
        Series(
            f"{KINDS.get(curve.kind, curve.kind)} ({curve.n:,})", tuple(Point(x, y) for x, y in thinned(curve.places, longest)), step=True
        )
        for curve in sorted(found, key=lambda curve: list(KINDS).index(curve.kind))
    ]
    stretched = longest > EVEN_UP_TO
    said = [f"{KINDS[curve.kind].lower()} {_half(curve)}" for curve in found]
    finding = capitalised("; ".join(said)) + "." if said else "Nobody asked for a person in this period."
    return lines(
        "waiting", "People still waiting, by time since they asked", finding,
        series, Unit.SHARE, x_unit=Unit.SECONDS, column="Time since asking", csv=sight.asking.link(f"{PATH}/figures/waiting.csv"),
        note="People who hung up, took a callback or are still waiting count as not reached until they left. After that they are not counted at all (Kaplan-Meier). "
        "Leaving them out would make waits look shorter than they are." + (" The time scale is not even: further to the right, the same distance stands for more time." * stretched),
        stretched=stretched,
    )  # fmt: skip


def _half(curve: Curve) -> str:
    half = within(curve, 0.5)
    if half is not None:
        return f"half have a person within {say(half, Unit.SECONDS)}"
    return "fewer than half are reached" if curve.reached else "nobody is reached"


def within(curve: Curve, part: float) -> float | None:
    """The time within which this part is reached; None where the curve does not get so far."""
    return next((x for x, still in curve.places if still <= 1 - part + 1e-12), None)


def _shown(found: Sequence[Curve]) -> float:
    """Where the drawing ends: when nine in ten are reached in every group, or at the last that was."""
    ends = [within(curve, 0.9) or curve.places[-1][0] for curve in found]
    return max(ends, default=60.0) or 60.0


def thinned(places: Sequence[tuple[float, float]], longest: float) -> list[tuple[float, float]]:
    """At most so many places, evenly over the drawing, the last before each kept."""
    kept: dict[int, tuple[float, float]] = {}
    place = (Stretched if longest > EVEN_UP_TO else Scale)(0.0, longest, 0.0, PLACES)
    for x, y in places:
        if x <= longest:
            kept[int(place(x))] = (x, y)
    return list(kept.values())


def endings(sight: Sight) -> Figure:
    """How waiting ended."""
    found: Sequence[Waited] = sight.picture(waited)
    everyone = sum(row.n for row in found)
    counts = {code: sum(row.n for row in found if row.ending == code) for code in ENDINGS}
    at_once = sum(row.n for row in found if row.ending == "abandoned" and row.seconds < 10)
    rows = (
        [
            Bar(label, counts[code] / everyone, n=counts[code], series=1 if code == "reached" else 4 if code == "abandoned" else 2)
            for code, label in ENDINGS.items()
        ]
        if everyone
        else []
    )
    finding = (
        f"Of {everyone:,} requests for a person, {counts['abandoned']:,} ended when the resident left. {at_once:,} of those left within 10 seconds."
        if everyone
        else "Nobody asked for a person in this period."
    )
    return bars(
        "endings",
        "How waiting ended",
        finding,
        rows,
        Unit.SHARE,
        column="Ending",
        of="Requests",
        csv=sight.asking.link(f"{PATH}/figures/endings.csv"),
    )


def waits(sight: Sight) -> View:
    """The page."""
    split = [
        split_bars(sight, "wait_p50", "queue", "by-queue", "Time within which half have a person, by queue"),
        split_bars(sight, "wait_p50", "hour", "by-hour", "Time within which half have a person, by hour of asking", order="group"),
    ]
    made = tiles(
        sight,
        "wait_p50",
        "wait_p90",
        "wait_longest",
        "abandonment",
        "abandonment_at_once",
        "human_honoured",
        "distress_to_person",
        "distress_reached",
    )
    return View([waiting(sight), endings(sight), *(figure for figure in split if figure)], {"tiles": made})


PAGE = Page(PATH, "Waits", "Waiting for a person", "waits.html", waits)
