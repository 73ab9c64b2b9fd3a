"""Wrapping up: how it ended, and whether it had come to the right team, which is what measures misdirection."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import WRAP_UP_LABELS, WrapUp
from guildhall.web.desk.access import path_of, place_of
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, holders
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

TEAMS = (("yes", "Yes"), ("no", "No, another team should have had it"))


def _values(opened: Opened) -> Mapping[str, Any]:
    trouble = opened.visit.query.get("trouble") == "wrap-up"
    endings = [(code.value, *WRAP_UP_LABELS[code]) for code in WrapUp]
    return {"endings": endings, "teams": TEAMS, "wrap_up_trouble": trouble, "unfolded": trouble}


def add_routes(routes: DeskRoutes) -> None:
    """`…/wrap-up`."""

    @routes.acts("/desk/conversations/{conversation}/wrap-up")
    def wrap_up(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None or place.handoff is None or not place.may_send:
            return visit.say("You do not have this conversation", "Nothing was changed.", status=409)
        ending, team = visit.form.get("wrap_up", ""), visit.form.get("right_team", "")
        if ending not in set(WrapUp) or team not in dict(TEAMS):
            return visit.go_to(path_of(place.conversation_id), "panel-wrap-up", trouble="wrap-up")
        try:
            visit.desk.handoffs.close(place.handoff.reference, visit.me, WrapUp(ending), team == "yes", visit.now())
        except RefusedError as error:
            return visit.say("Not wrapped up", str(error), status=409)
        visit.desk.messages.keep_unsent(place.conversation_id, visit.me, "", visit.now())
        return visit.go_to("/desk", closed=place.handoff.reference)


PANEL = Panel("wrap-up", "Wrap up", "wrap_up.html", _values, holders, add_routes, letter="e")
