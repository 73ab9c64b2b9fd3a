"""Activity: everything the council's side did, as it stands in the record."""

from datetime import datetime

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.storage.trail import OF_TURNS
from guildhall.vocabulary.events import EventKind
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/activity"


def add_routes(routes: Routes) -> None:
    """`/console/activity`."""

    @routes.reads(PATH)
    def activity(visit: Visit) -> Response:
        listing = Listing(PATH, visit.query, {})
        kind = visit.query.get("kind", "")
        kind = kind if kind in set(EventKind) else ""
        return visit.show(
            "activity.html",
            listing=listing,
            kind=kind,
            kinds=[(code, name) for code, name in visit.words.event_kinds if EventKind(code) not in OF_TURNS],
            events=visit.console.trail.of_council(kind, None, listing.per_page, listing.offset),
            count=visit.console.trail.count_of_council(kind, None),
            names=visit.console.door.staff.names(),
        )


def paper(console: Console, since: datetime) -> Paper:
    """How often each thing was done."""
    return Paper("activity.html", {"kinds": console.trail.kinds_of_council(since)})


SECTION = Section(
    PATH, "Activity", "Who signed in, who looked at what and why, and what was changed, straight from the record.", Group.PROOF,
    add_routes, paper=paper,
)  # fmt: skip
