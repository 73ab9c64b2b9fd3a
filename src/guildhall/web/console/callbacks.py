"""Who waits for a person now. The list has no names and no numbers; those are shown one at a time, for a purpose, and recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.handoffs import clocks
from guildhall.handoffs.waiting import Wait
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.roles import DESK_ROLES, Role
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Section
from guildhall.web.console.visit import Visit

PATH = "/console/callbacks"
MAY_OPEN = (EVERYONE | DESK_ROLES) - {Role.BOARD_CHAIR, Role.RULE_OWNER}


def due_at(console: Console, wait: Wait) -> datetime:
    """When the call is due: the booked time; else so many minutes of the queue's opening hours as it promises."""
    if wait.promised_at:
        return wait.promised_at
    profile = console.guildhall.profile
    queue = profile.handoffs.queues.get(wait.queue)
    if queue is None:
        return wait.requested_at
    promise = timedelta(minutes=queue.callback_within_minutes)
    return clocks.due_at(profile.calendar, queue.hours, wait.requested_at, promise) or wait.requested_at + promise


def add_routes(routes: Routes) -> None:
    """`/console/callbacks` and the details of one of them."""

    @routes.reads(PATH)
    def waiting(visit: Visit) -> Response:
        return _show(visit)

    @routes.reads(PATH + "/{reference}")
    def one(visit: Visit) -> Response:
        wait = visit.console.waits.by_reference(visit.path("reference"))
        return _one(visit, wait) if wait else visit.missing("Request")

    @routes.opens(PATH + "/{reference}", MAY_OPEN)
    def open_details(visit: Visit) -> Response:
        wait = visit.console.waits.by_reference(visit.path("reference"))
        if wait is None:
            return visit.missing("Request")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _one(visit, wait, 400, trouble="Choose why you need to see whom to call")
        visit.note_reading("callback", Purpose(visit.form["purpose"]), (wait.conversation_id, ""), wait.reference)
        try:
            rows = visit.console.guildhall.people.open_requests(wait.conversation_id)
        except NotFoundError:
            rows = ()
        details = next((row.details for row in rows if row.reference == wait.reference), None)
        return _one(visit, wait, opened=True, details=details)


def _show(visit: Visit) -> Response:
    orders = {
        "urgency": lambda wait: (not wait.urgent, due_at(visit.console, wait)),
        "asked": lambda wait: wait.requested_at,
        "due": lambda wait: due_at(visit.console, wait),
        "queue": lambda wait: (wait.queue, wait.requested_at),
    }
    listing = Listing(PATH, visit.query, orders)
    queue = visit.query.get("queue", "")
    everything = visit.console.waits.open_now()
    waits = [wait for wait in everything if queue in ("", wait.queue)]
    return visit.show(
        "callbacks.html",
        listing=listing,
        rows=[(wait, due_at(visit.console, wait)) for wait in listing.cut(waits)],
        count=len(waits),
        queues=sorted({wait.queue for wait in everything}),
        now=visit.now(),
    )


def _one(visit: Visit, wait: Wait, status: int = 200, *, trouble: str = "", opened: bool = False, details: object = None) -> Response:
    return visit.show(
        "callback.html",
        status,
        wait=wait,
        due=due_at(visit.console, wait),
        now=visit.now(),
        may_open=visit.may(MAY_OPEN),
        at_desk=not visit.may(EVERYONE),
        may_take=_may_take(visit, wait),
        trouble=trouble,
        opened=opened,
        details=details,
    )


def _may_take(visit: Visit, wait: Wait) -> bool:
    """Whether it waits in a queue that they serve as an adviser."""
    if not visit.may(DESK_ROLES):
        return False
    desk = visit.console.guildhall.desk
    adviser = desk.advisers.get(visit.member.id)
    waits = desk.handoffs.get(wait.reference).waits
    return waits and adviser is not None and bool(adviser.queues & set(desk.serving(wait.queue)))


def notices(console: Console) -> Sequence[Notice]:
    """Calls that are overdue."""
    now = console.now()
    late = [wait for wait in console.waits.open_now() if due_at(console, wait) < now]
    urgent = [wait for wait in late if wait.urgent]
    found = []
    if urgent:
        found.append(Notice(f"{len(urgent)} urgent {'call is' if len(urgent) == 1 else 'calls are'} overdue", PATH, urgent=True))
    if rest := len(late) - len(urgent):
        found.append(Notice(f"{rest} other {'call is' if rest == 1 else 'calls are'} overdue", PATH))
    return found


SECTION = Section(
    PATH,
    "Callbacks",
    "Who waits for a call now, the urgent ones first.",
    Group.TURNS,
    add_routes,
    readers=EVERYONE | DESK_ROLES,
    notices=notices,
)
