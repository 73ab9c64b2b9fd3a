"""Contacts that came to the wrong team first: how many, where, and who took them instead."""

from collections.abc import Sequence

from guildhall.storage.analysis.pictures import Team, teams
from guildhall.vocabulary.shares import Share
from guildhall.web.charts import Bar, Figure, Unit, bars
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import split_bars, tiles

PATH = "/console/value/misdirection"
FEWEST = 5


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
        "by-team", "Not for the team that took it first", finding, rows, Unit.SHARE, column="First team", of="Taken first",
        csv=sight.asking.link(f"{PATH}/figures/by-team.csv"), note="Wrong: by the adviser’s wrap-up or a further transfer to another queue.",
    )  # fmt: skip


def misdirection(sight: Sight) -> View:
    """The page."""
    split = split_bars(sight, "misdirected", "service", "by-service", "Misdirected, by service")
    trend = split_bars(sight, "misdirected", "channel", "by-channel", "Misdirected, by channel")
    return View(
        [by_team(sight), *(figure for figure in (split, trend) if figure)],
        {"tiles": tiles(sight, "misdirected", "transferred_wrong_share", "transferred_right_share")},
    )


PAGE = Page(PATH, "Misdirection", "Contacts that came to the wrong team", "misdirection.html", misdirection)
