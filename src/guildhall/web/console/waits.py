"""Escalations and time to a person: who asked or had to be brought a person, how long it took, and when nobody was at the desk."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.handoffs.waiting import Wait, Waits, together
from guildhall.vocabulary.handoffs import Lane
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Paper, Section
from guildhall.web.console.visit import Visit
from guildhall.web.looking_back import PERIODS, days_back

PATH = "/console/escalations"


def add_routes(routes: Routes) -> None:
    """`/console/escalations`."""

    @routes.reads(PATH)
    def escalations(visit: Visit) -> Response:
        days = days_back(visit.query)
        since = visit.now() - timedelta(days=days)
        waits = visit.console.waits.since(since)
        queue = visit.query.get("queue", "")
        orders = {"asked": lambda wait: -wait.requested_at.timestamp(), "queue": lambda wait: (wait.queue, wait.requested_at)}
        listing = Listing(PATH, visit.query, orders)
        shown = [wait for wait in waits if queue in ("", wait.queue)]
        return visit.show(
            "escalations.html",
            listing=listing,
            days=days,
            periods=PERIODS,
            since=since,
            all=together(waits),
            danger=together([wait for wait in waits if wait.lane == Lane.DANGER]),
            queues=by_queue(waits),
            reasons=Counter(wait.reason for wait in waits).most_common(),
            categories=Counter(wait.category for wait in waits if wait.category).most_common(),
            rows=listing.cut(shown),
            count=len(shown),
        )


def by_queue(waits: Sequence[Wait]) -> list[tuple[str, Waits]]:
    """Each queue's requests together, the busiest first."""
    queues = Counter(wait.queue for wait in waits)
    return [(queue, together([wait for wait in waits if wait.queue == queue])) for queue, _ in queues.most_common()]


def paper(console: Console, since: datetime) -> Paper:
    """Escalations by queue, with time to a person."""
    waits = console.waits.since(since)
    reasons = Counter(wait.reason for wait in waits).most_common()
    return Paper("escalations.html", {"all": together(waits), "queues": by_queue(waits), "reasons": reasons})


SECTION = Section(
    PATH, "Escalations", "How often a person was needed, how long it took to reach one, and how often nobody was at the desk.", Group.TURNS,
    add_routes, paper=paper,
)  # fmt: skip
