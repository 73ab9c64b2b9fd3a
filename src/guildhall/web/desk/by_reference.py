"""Open a conversation by its reference: what an adviser does whose phone rings, and what a telephone system's screen opens for them."""

import re
from typing import Final

from starlette.responses import Response

from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import Handoff
from guildhall.web.desk.access import path_of, place_of
from guildhall.web.desk.list_view import served_by
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

PATH: Final = "/desk/by-reference"
LETTERS: Final = re.compile(r"[^A-Z0-9]")


def reference_routes(routes: DeskRoutes) -> None:
    """`/desk/by-reference`."""

    @routes.reads(PATH)
    def form(visit: DeskVisit) -> Response:
        visit.was_seen()
        return visit.show("by_reference.html", reference=as_reference(visit.query.get("reference", "")), trouble="")

    @routes.acts(PATH)
    def open_it(visit: DeskVisit) -> Response:
        reference = as_reference(visit.form.get("reference", ""))
        try:
            return visit.go_to(_opened(visit, visit.desk.handoffs.get(reference)))
        except NotFoundError:
            trouble = "There is no request with this reference" if reference else "Enter the reference"
            return visit.show("by_reference.html", 404 if reference else 400, reference=reference, trouble=trouble)
        except RefusedError:  # somebody was quicker
            return visit.go_to("/desk", said="gone")


def as_reference(text: str) -> str:
    """A reference however it was typed or heard: K7RM2Q9D, k7rm 2q9d, K7RM-2Q9D."""
    plain = LETTERS.sub("", text.upper()[:40])
    return f"{plain[:4]}-{plain[4:8]}" if plain else ""


def _opened(visit: DeskVisit, handoff: Handoff) -> str:
    """Where its page is. One that waits in a queue of theirs is offered to them, so that they read the brief and then accept."""
    place = place_of(visit, handoff.conversation_id)
    theirs = place is not None and place.part is not None
    if not theirs and visit.adviser is not None and handoff.waits and handoff.queue in served_by(visit):
        visit.desk.handoffs.offer(handoff.reference, visit.me, visit.now())
    return path_of(handoff.conversation_id)
