"""The first page of the desk: the list, my status, what I chose for the page."""

from typing import Final

from starlette.responses import Response

from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.web.desk.access import place_of
from guildhall.web.desk.list_view import list_of
from guildhall.web.desk.preferences import THEMES, Preferences
from guildhall.web.desk.resting import break_for
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit
from guildhall.web.desk.wrap_up_panel import may_undo

SAID: Final = {
    "gone": "Somebody else took it, or the resident went on without a person.",
    "nobody": "Nobody waits in your queues.",
    "snoozed": "It is put aside. It comes back by itself, and at once when the resident writes.",
    "passed": "You passed it on. The resident was told, and keeps their place.",
    "reopened": "You have the conversation again.",
    "too_late": "The wrap-up can no longer be taken back.",
    "kept": "Your choices are kept in this browser.",
}


def inbox_routes(routes: DeskRoutes) -> None:
    """`/desk`, its list alone, my status and my choices."""

    @routes.reads("/desk")
    def first(visit: DeskVisit) -> Response:
        if visit.adviser is None and not visit.supervises:
            return visit.show("no_profile.html", queues=visit.guildhall.profile.handoffs.queues.values())
        visit.was_seen()
        return visit.show(
            "inbox.html", list=list_of(visit), rest=break_for(visit), said=SAID.get(visit.query.get("said", ""), ""), closed=_closed(visit)
        )

    @routes.reads("/desk/list", waits=True)
    def list_alone(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.query.get("open", "")) if visit.query.get("open") else None
        return visit.show("list_alone.html", list=list_of(visit, place.conversation_id if place else ""), rest=break_for(visit))

    @routes.acts("/desk/status")
    def status(visit: DeskVisit) -> Response:
        chosen = visit.form.get("status", "")
        if chosen in set(AdviserStatus) and visit.adviser:
            visit.desk.advisers.set_status(visit.me, AdviserStatus(chosen), visit.now())
        return visit.go_to(_back(visit))

    @routes.reads("/desk/choices")
    def choices(visit: DeskVisit) -> Response:
        return visit.show("choices.html", themes=THEMES)

    @routes.acts("/desk/choices")
    def choose(visit: DeskVisit) -> Response:
        response = visit.go_to("/desk", said="kept")
        Preferences.of(dict(visit.form)).keep(response, visit.visit.front.cookies.secure)
        return response

    @routes.reads("/desk/keys")
    def keys(visit: DeskVisit) -> Response:
        return visit.show("keys.html")


def _closed(visit: DeskVisit) -> str:
    """The reference of what they wrapped up just now and can still take back."""
    reference = visit.query.get("closed", "")
    return reference if may_undo(visit, reference) else ""


def _back(visit: DeskVisit) -> str:
    """The page of the desk that a form came from."""
    back = visit.form.get("back", "")
    return back if back.startswith("/desk") and "//" not in back and "\\" not in back else "/desk"
