"""What is done with somebody who waits: look at them, accept, decline."""

import contextlib
from collections.abc import Callable

from starlette.responses import Response

from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import HandoffStatus, PassedBack
from guildhall.web.desk.access import path_of
from guildhall.web.desk.list_view import served_by
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

TRIED = 10
"""When many advisers look for the next one in the same moment, so many are tried before somebody is told that others were quicker."""
ONE = "/desk/requests/{reference}"


def request_routes(routes: DeskRoutes) -> None:
    """`/desk/next` and `/desk/requests/{reference}/…`."""

    @routes.acts("/desk/next")
    def look_at_next(visit: DeskVisit) -> Response:
        return _moved(visit, "", _pick_next)

    @routes.acts(ONE + "/pick")
    def pick(visit: DeskVisit) -> Response:
        return _moved(visit, visit.path("reference"), _pick)

    @routes.acts(ONE + "/accept")
    def accept(visit: DeskVisit) -> Response:
        return _moved(visit, visit.path("reference"), _accept)

    @routes.acts(ONE + "/decline")
    def decline(visit: DeskVisit) -> Response:
        return _moved(visit, visit.path("reference"), _decline)


def _moved(visit: DeskVisit, reference: str, move: Callable[[DeskVisit, str], str]) -> Response:
    if visit.adviser is None:
        return visit.say("You have no place at the desk yet", "Whoever runs the desk gives you one. Nothing was changed.", status=403)
    try:
        return visit.go_to(move(visit, reference))
    except NotFoundError:
        return visit.say("Request not found", "It may have been mistyped, or it was never here.", status=404)
    except RefusedError:  # somebody was quicker, or the resident went on without a person
        return visit.go_to("/desk", said="gone")


def _pick_next(visit: DeskVisit, _reference: str) -> str:
    waiting = visit.desk.line.waiting(visit.now(), served_by(visit))
    for handoff in waiting[:TRIED]:
        with contextlib.suppress(RefusedError):  # a colleague was quicker: then the next one
            return _pick(visit, handoff.reference)
    if waiting:
        raise RefusedError("others were quicker")
    return "/desk?said=nobody"


def _check_served(visit: DeskVisit, reference: str) -> None:
    """Raises RefusedError for who does not wait, or waits in a queue that they do not serve."""
    found = visit.desk.handoffs.get(reference)
    if not found.waits or found.queue not in served_by(visit):
        raise RefusedError(f"{reference} does not wait in a queue of theirs")


def _pick(visit: DeskVisit, reference: str) -> str:
    """Offer it to oneself: the brief is read before anything is promised."""
    _check_served(visit, reference)
    return path_of(visit.desk.handoffs.offer(reference, visit.me, visit.now()).conversation_id)


def _accept(visit: DeskVisit, reference: str) -> str:
    found = visit.desk.handoffs.get(reference)
    if found.status == HandoffStatus.OFFERED and found.adviser_id != visit.me:
        raise RefusedError("it is offered to somebody else")
    if found.waits:
        _check_served(visit, reference)
    visit.desk.handoffs.accept(reference, visit.me, visit.now())
    visit.desk.advisers.given(visit.me, visit.now())
    return path_of(found.conversation_id)


def _decline(visit: DeskVisit, reference: str) -> str:
    visit.desk.handoffs.pass_back(reference, PassedBack.DECLINED, visit.now(), staff_id=visit.me)
    return "/desk"
