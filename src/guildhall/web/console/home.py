"""The first page: what needs attention, the last week in figures, and where everything is."""

from datetime import timedelta
from itertools import groupby

from starlette.responses import Response

from guildhall.handoffs.waiting import together
from guildhall.vocabulary.outcomes import Outcome
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group
from guildhall.web.console.visit import Visit

WEEK = timedelta(days=7)


def home_routes(routes: Routes) -> None:
    """`/console`."""

    @routes.reads("/console")
    def home(visit: Visit) -> Response:
        since = visit.now() - WEEK
        tally = visit.console.turns.tally("outcome", [outcome.value for outcome in Outcome], since)
        notices = [notice for section in visit.readable for notice in section.notices(visit.console)]
        order = list(Group)
        sections = sorted(visit.readable, key=lambda section: order.index(section.group))
        return visit.show(
            "home.html",
            notices=sorted(notices, key=lambda notice: not notice.urgent),
            tally=tally,
            conversations=visit.console.turns.conversations(since),
            waits=together(visit.console.waits.since(since)),
            groups=[(group.value, list(within)) for group, within in groupby(sections, key=lambda section: section.group)],
            since=since,
        )
