"""The board pack: every section's part on one page, to print for the meeting. It is produced, never typed."""

from datetime import timedelta

from starlette.responses import Response

from guildhall.web.console.routing import Routes
from guildhall.web.console.visit import Visit
from guildhall.web.looking_back import PERIODS, days_back


def pack_routes(routes: Routes) -> None:
    """`/console/pack`."""

    @routes.reads("/console/pack")
    def pack(visit: Visit) -> Response:
        days = days_back(visit.query)
        since = visit.now() - timedelta(days=days)
        papers = [(section, section.paper(visit.console, since)) for section in visit.readable if section.paper]
        notices = [notice for section in visit.readable for notice in section.notices(visit.console)]
        return visit.show(
            "pack.html",
            days=days,
            periods=PERIODS,
            since=since,
            papers=papers,
            notices=sorted(notices, key=lambda notice: not notice.urgent),
        )
