"""The one-page summary for councillors: the period in plain sentences. Each figure links to its definition and rows."""

from guildhall.value.telling import NEEDED, told
from guildhall.web.console.value.sight import Page, Sight, View

PATH = "/console/value/summary"


def summary(sight: Sight) -> View:
    """The page."""
    results = {key: result for key in NEEDED if (result := sight.measure(key)) is not None}
    ledger = sight.visit.console.ledger.fallen_said()
    council = sight.visit.console.guildhall.profile.council.name
    links = {key: sight.definition(key) for key in results}
    return View((), {"told": told(council, sight.asking.since, sight.asking.until, results, sight.snapshot.before, ledger), "links": links})


PAGE = Page(PATH, "One page", "One page for councillors", "summary.html", summary)
