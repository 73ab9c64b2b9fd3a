"""What happened to every contact: its channel, what happened, how it ended, and whether the resident came again."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from guildhall.storage.analysis.pictures import Passage, passages
from guildhall.vocabulary.ladder import RUNG_LABELS, Rung
from guildhall.web.charts import Figure, Flow, Node, sankey
from guildhall.web.console.value.ladder import GROUP_OF, ladder_bars, ladder_by
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import tiles

PATH = "/console/value/outcomes"
STAGES: Final = ("Contacts", "Channel", "What happened", "How it ended", "Came again")
HAPPENED: Final = {
    "answered": ("Answered, no person", 1),
    "person": ("A person took it", 3),
    "no_person": ("No person came", 4),
    "not_answered": ("Not answered", 4),
    "stopped": ("Stopped", 4),
}
AGAIN: Final = {"not_again": "Did not come again", "again": "Came again in 7 days", "not_known": "Not known"}


def flows(sight: Sight) -> Figure:
    """The whole as flows that lose nobody."""
    found: Sequence[Passage] = sight.picture(passages)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for way in found:
        stops = ("all", f"channel {way.channel}", f"happened {way.happened}", f"rung {way.rung}", f"again {way.again}")
        for source, target in pairwise(stops):
            sums[source, target] += way.n
    nodes = [Node("all", "All contacts", 0, 0, sight.rows())]
    nodes += [
        Node(f"channel {channel}", sight.name("channel", channel), 1, 0, sight.rows(channel=channel))
        for channel in sorted({way.channel for way in found})
    ]
    nodes += [Node(f"happened {code}", label, 2, series) for code, (label, series) in HAPPENED.items()]
    nodes += [Node(f"rung {rung}", RUNG_LABELS[rung][0], 3, GROUP_OF[rung], sight.rows(rung=rung.value)) for rung in Rung]
    nodes += [Node(f"again {code}", label, 4, 4 if code == "again" else 0) for code, label in AGAIN.items()]
    order = {node.name: number for number, node in enumerate(nodes)}
    made = sorted(
        (Flow(source, target, n) for (source, target), n in sums.items()), key=lambda flow: (order[flow.source], order[flow.target])
    )
    return sankey(
        "flows", "What happened to every contact", finding(found), STAGES, nodes, made, csv=sight.asking.link(f"{PATH}/figures/flows.csv"),
        note="“Not known” counts residents who cannot be recognised again, and contacts of the last 7 days. "
        "The chart includes everybody, even people who hung up at once or asked for a person at once.",
    )  # fmt: skip


def finding(found: Sequence[Passage]) -> str:
    """The picture in a sentence."""
    everyone = sum(way.n for way in found)
    if not everyone:
        return "There are no contacts in this period."

    def share(n: int) -> str:
        return f"{100 * n / everyone:.0f}%"

    verified = sum(way.n for way in found if way.rung == Rung.VERIFIED)
    person = sum(way.n for way in found if way.happened == "person")
    again, known = sum(way.n for way in found if way.again == "again"), sum(way.n for way in found if way.again != "not_known")
    came = (
        f" It is known for {known:,} contacts whether the resident came again: {100 * again / known:.0f}% did, within 7 days."
        if known
        else ""
    )
    return f"Of {everyone:,} contacts, {share(verified)} were verified and a person took {share(person)}.{came}"


def outcomes(sight: Sight) -> View:
    """The page."""
    three = tiles(sight, "deflected", "contained", "verified_share", "recontact_24h", "recontact_7d", "first_contact_resolution")
    return View(
        [flows(sight), ladder_bars(sight), ladder_by(sight, "channel", "by-channel", "How contacts ended, by channel")], {"tiles": three}
    )


PAGE = Page(PATH, "Outcomes", "What happened to every contact", "outcomes.html", outcomes)
