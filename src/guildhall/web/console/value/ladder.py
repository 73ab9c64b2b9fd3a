"""The outcome ladder as pages draw it: eight rungs that always add up to all contacts, in four groups with colours of their own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from guildhall.storage.analysis.pictures import Passage, passages
from guildhall.vocabulary.ladder import RUNG_LABELS, Rung
from guildhall.vocabulary.shares import Share
from guildhall.web.charts import Bar, Figure, Stack, Unit, bars, stacked
from guildhall.web.console.value.sight import Sight

GROUPS: Final = ("Verified", "Answered or sent elsewhere, not verified", "Passed on to a person", "Left or blocked")
GROUP_OF: Final[Mapping[str, int]] = {
    Rung.VERIFIED: 1,
    Rung.UNVERIFIED: 2,
    Rung.SIGNPOSTED: 2,
    Rung.TRANSFERRED_RIGHT: 3,
    Rung.TRANSFERRED_WRONG: 3,
    Rung.ABANDONED_BEFORE: 4,
    Rung.ABANDONED_AFTER: 4,
    Rung.BLOCKED: 4,
}
"""Which of the four groups (from 1) each rung is in."""


def counted(found: Sequence[Passage]) -> Counter[str]:
    """Contacts on each rung."""
    rungs: Counter[str] = Counter()
    for passage in found:
        rungs[passage.rung] += passage.n
    return rungs


def ladder_bars(sight: Sight) -> Figure:
    """All eight rungs as shares of all contacts. Each bar links to its contacts."""
    rungs = counted(sight.picture(passages))
    everyone = rungs.total()
    rows = []
    for rung in Rung:
        share = Share(rungs[rung], everyone)
        rows.append(
            Bar(
                RUNG_LABELS[rung][0],
                share.value,
                share.low,
                share.high,
                rungs[rung],
                sight.rows(rung=rung.value),
                GROUP_OF[rung],
                "no contacts",
            )
        )
    verified, lost = rungs[Rung.VERIFIED], sum(n for rung, n in rungs.items() if GROUP_OF[rung] == 4)
    finding = (
        f"Of {everyone:,} contacts, {verified:,} were resolved without a person, and something shows it. {lost:,} left or were blocked. The eight rungs add up to all contacts."
        if everyone
        else "There are no contacts in this period."
    )
    return bars(
        "ladder", "How contacts ended", finding, rows if everyone else [], Unit.SHARE, column="Rung", of="Contacts", note=_too_recent(sight),
        csv=sight.asking.link(f"{sight.visit.request.url.path}/figures/ladder.csv"),
    )  # fmt: skip


def _too_recent(sight: Sight) -> str:
    """Why the ladder's first rung and the measure of it differ: the ladder has contacts on it that the measure cannot judge yet."""
    result = sight.measure("verified_share")
    young = sum(one.n for one in result.excluded if one.young) if result else 0
    if result is None or not young:
        return ""
    are = "contact here is" if young == 1 else "contacts here are"
    return f"{young:,} {are} less than {result.measure.window_days} days old and may still become verified. “{result.measure.label}” leaves them out."


def ladder_by(sight: Sight, by: str, name: str, title: str) -> Figure:
    """The four groups of rungs for each channel."""
    found: Sequence[Passage] = sight.picture(passages)
    parts: dict[str, list[float]] = {}
    for passage in found:
        parts.setdefault(getattr(passage, by), [0.0] * 4)[GROUP_OF[passage.rung] - 1] += passage.n
    rows = [Stack(sight.name(by, group), tuple(each), sight.rows(**{by: group or "-"})) for group, each in sorted(parts.items())]
    shares = [f"{row.name} {100 * row.parts[0] / row.total:.0f}%" for row in rows if row.total]
    finding = f"Verified: {', '.join(shares)}." if shares else "There are no contacts in this period."
    return stacked(
        name,
        title,
        finding,
        GROUPS,
        rows,
        column=by.capitalize(),
        csv=sight.asking.link(f"{sight.visit.request.url.path}/figures/{name}.csv"),
    )
