"""Contacts that came to the wrong team first: how many, where, and which team was the right one."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from guildhall.storage.analysis.pictures import Instead, Team, instead, teams
from guildhall.vocabulary.shares import Share
from guildhall.web.charts import Bar, Figure, Unit, bars
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import split_bars, tiles

PATH = "/console/value/misdirection"
FEWEST = 5
HOW: Final = {"said": "adviser’s code", "passed_on": "passed on", "put_through": "put through by number"}
METHOD: Final = (
    "The right team is the one that the adviser named in the wrap-up. If there is none, it is the last team that the contact was passed on to. If there is none and the contact was a call, it is the team whose number the caller was put "
    "through to, as phone.yaml lists them. The chart leaves out contacts where none of these is known. Pairs with fewer than 5 contacts are put together, with the next smallest pair if they are fewer than 5 in all."
)


def by_team(sight: Sight) -> Figure:
    """For each first team, the share that did not belong there."""
    found: Sequence[Team] = [team for team in sight.picture(teams) if team.taken]
    rows = []
    for team in sorted(found, key=lambda team: -team.wrong / team.taken):
        share = Share(team.wrong, team.taken)
        few = team.taken < FEWEST
        name, low, high = sight.name("queue", team.queue), None if few else share.low, None if few else share.high
        rows.append(Bar(name, None if few else share.value, low, high, None if few else team.taken))
    wrong, taken = sum(team.wrong for team in found), sum(team.taken for team in found)
    finding = (
        f"{wrong:,} of {taken:,} contacts that a person took had come to the wrong team first."
        if taken
        else "No person took a contact in this period."
    )
    return bars(
        "by-team", "Contacts that were not for the team that took them first", finding, rows, Unit.SHARE, column="First team", of="Taken first",
        csv=sight.asking.link(f"{PATH}/figures/by-team.csv"), note="A team was wrong if the adviser’s wrap-up says so, or if the contact was passed on to another queue.",
    )  # fmt: skip


def which_instead(sight: Sight) -> Figure:
    """From the first team to the right one, for contacts that came to the wrong team first."""
    found: Sequence[Instead] = sight.picture(instead)
    pairs: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in found:
        if row.right and row.right != row.first:
            pairs[row.first, row.right][row.by] += row.n
    shown, hidden = few_put_together({pair: how.total() for pair, how in pairs.items()})
    rows = [
        Bar(
            f"{sight.name('queue', first)} → {sight.name('queue', right)}", n, remark=_how(pairs[first, right]),
            href=sight.rows(rung="transferred_wrong"),
        )
        for (first, right), n in shown
    ]  # fmt: skip
    if hidden >= FEWEST:
        rows.append(Bar("Other pairs", hidden, remark="together"))
    wrong, known = sum(row.n for row in found), sum(how.total() for how in pairs.values())
    finding = "No contact came to the wrong team in this period."
    if wrong:
        finding = f"{wrong:,} contacts came to the wrong team first. For {known:,} of them, the right team is known."
    return bars(
        "instead", "Which team was the right one", finding, rows, Unit.COUNT, column="First team → right team",
        csv=sight.asking.link(f"{PATH}/figures/instead.csv"), note=METHOD,
    )  # fmt: skip


def few_put_together(pairs: Mapping[tuple[str, str], int]) -> tuple[list[tuple[tuple[str, str], int]], int]:
    """The pairs that may be shown, the most common first, and how many contacts the others have together.

    A few alone would show through the total: then the least of those shown goes with them.
    """
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [pair for pair in ordered if pair[1] >= FEWEST]
    hidden = sum(pairs.values()) - sum(n for _, n in shown)
    if 0 < hidden < FEWEST and shown:
        hidden += shown.pop()[1]
    return shown, hidden


def _how(counts: "Counter[str]") -> str:
    """How it is known, in words; counts of so few are not said."""
    parts = [f"{words} {n}" for by, words in HOW.items() if (n := counts[by])]
    few = any(0 < n < FEWEST for n in counts.values())
    return ", ".join(words for by, words in HOW.items() if counts[by]) if few else ", ".join(parts)


def misdirection(sight: Sight) -> View:
    """The page."""
    split = split_bars(sight, "misdirected", "service", "by-service", "Misdirected, by service")
    trend = split_bars(sight, "misdirected", "channel", "by-channel", "Misdirected, by channel")
    return View(
        [by_team(sight), which_instead(sight), *(figure for figure in (split, trend) if figure)],
        {"tiles": tiles(sight, "misdirected", "transferred_wrong_share", "transferred_right_share")},
    )


PAGE = Page(PATH, "Misdirection", "Contacts that came to the wrong team", "misdirection.html", misdirection)
