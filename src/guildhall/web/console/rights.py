"""Rights and complaints: open requests with their clocks, how long what is kept, and what was erased. It shows no words of anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.records.clocks import Clock
from guildhall.records.erasures import Certificate
from guildhall.records.requests import RightsRequest
from guildhall.records.retention import HOW
from guildhall.vocabulary.rights import RIGHTS_LABELS
from guildhall.web.console.listing import Listing
from guildhall.web.console.rights_holds import add_hold_routes
from guildhall.web.console.rights_request import MAY_OPEN, add_request_routes
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/rights"
SOON = timedelta(days=3)
RETENTION_LATE = timedelta(days=2)
FAR = timedelta(days=10_000)


@dataclass(frozen=True)
class Row:
    """A request with its clocks at a moment."""

    request: RightsRequest
    clocks: tuple[Clock, ...]
    now: datetime

    @property
    def due_at(self) -> datetime:
        """When the next thing is due; far off, when nothing is."""
        return min((clock.due_at for clock in self.clocks if clock.due_at and clock.done_at is None), default=self.now + FAR)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.request.closed_at is None

    @property
    def overdue(self) -> bool:
        """Whether something is due already."""
        return self.is_open and self.due_at < self.now

    @property
    def soon(self) -> bool:
        """Whether something is due in the next days."""
        return self.is_open and not self.overdue and self.due_at - self.now < SOON


def rows_of(console: Console, closed: bool = False) -> list[Row]:
    """Requests, what is overdue or due first before the rest."""
    rights, now = console.guildhall.rights, console.now()
    rows = [Row(request, rights.clocks(request), now) for request in rights.requests.all(closed=closed)]
    return sorted(rows, key=lambda row: (not row.is_open, row.due_at, row.request.received_at))


def add_routes(routes: Routes) -> None:
    """`/console/rights`, one request, holds, and one certificate."""
    add_request_routes(routes)
    add_hold_routes(routes)

    @routes.reads(PATH)
    def requests(visit: Visit) -> Response:
        console = visit.console
        everything = visit.query.get("show", "") == "all"
        orders = {
            "due": lambda row: (not row.is_open, row.due_at),
            "kind": lambda row: (row.request.kind, row.due_at),
            "received": lambda row: row.request.received_at,
        }
        listing = Listing(PATH, visit.query, orders)
        rows = rows_of(console, closed=everything)
        return visit.show(
            "rights.html",
            listing=listing,
            rows=listing.cut(rows),
            count=len(rows),
            everything=everything,
            kinds=RIGHTS_LABELS,
            holds=console.guildhall.rights.holds.all(),
            certificates=[Certificate(content) for content in console.guildhall.rights.journal.certificates()][:20],
            moment=datetime.fromisoformat,
            **retention_of(console),
        )

    @routes.reads(PATH + "/certificates/{erasure}")
    def certificate(visit: Visit) -> Response:
        for content in visit.console.guildhall.rights.journal.certificates():
            if content["erasure"] == visit.path("erasure"):
                return visit.show(
                    "rights_certificate.html",
                    certificate=Certificate(content),
                    moment=datetime.fromisoformat,
                    may_see_reasons=visit.may(MAY_OPEN),
                )
        return visit.missing("Certificate")


def retention_of(console: Console) -> Mapping[str, Any]:
    """The schedules with what is over now, and when they last ran."""
    retention = console.guildhall.rights.retention
    return {"due": retention.due(), "last_run": retention.last_run(), "covered": {covers: said for covers, (_, _, said) in HOW.items()}}


def notices(console: Console) -> Sequence[Notice]:
    """Requests that are overdue or nearly, erasures that left something behind, and retention that did not run."""
    rows, found = rows_of(console), []
    if late := sum(row.overdue for row in rows):
        found.append(Notice(f"{late} rights {'request is' if late == 1 else 'requests are'} overdue", PATH, urgent=True))
    if soon := sum(row.soon for row in rows):
        days = SOON.days
        found.append(Notice(f"{soon} rights {'request is' if soon == 1 else 'requests are'} due within {days} days", PATH))
    rights = console.guildhall.rights
    for content in rights.journal.certificates():
        if not Certificate(content).clean:
            href = f"{PATH}/certificates/{content['erasure']}"
            found.append(Notice(f"The erasure {content['erasure']} left something behind", href, urgent=True))
    last = rights.retention.last_run()
    if last is None:
        found.append(Notice("The retention schedules have never run", f"{PATH}#retention"))
    elif console.now() - last > RETENTION_LATE:
        found.append(Notice(f"The retention schedules last ran {(console.now() - last).days} days ago", f"{PATH}#retention"))
    return found


def paper(console: Console, since: datetime) -> Paper:
    """Requests that are open or came since, holds, schedules and erasures."""
    rows = [row for row in rows_of(console, closed=True) if row.is_open or row.request.received_at >= since]
    certificates = [Certificate(content) for content in console.guildhall.rights.journal.certificates()]
    lately = [each for each in certificates if datetime.fromisoformat(each.content["finished_at"]) >= since]
    values = {"rows": rows, "kinds": RIGHTS_LABELS, "holds": console.guildhall.rights.holds.all(), "certificates": lately}
    return Paper("rights.html", {**values, **retention_of(console)})


SECTION = Section(
    PATH, "Rights and complaints", "Requests about somebody’s own data and complaints, with the clocks of the law; holds, retention, erasures.",
    Group.PEOPLE, add_routes, notices=notices, paper=paper,
)  # fmt: skip
