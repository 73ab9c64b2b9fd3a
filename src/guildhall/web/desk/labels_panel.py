"""Labels of a conversation and the service it is about."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from guildhall.web.desk.holding import Acting, reader_acts
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit


def _shows(opened: Opened) -> bool:
    return opened.place.may_note and opened.handoff is not None


def _values(opened: Opened) -> Mapping[str, Any]:
    visit = opened.visit
    given = visit.guildhall.tools.labels.of(opened.place.conversation_id)
    known = list(visit.guildhall.profile.handoffs.desk.labels)
    return {
        "labels": [(label, label in given) for label in [*known, *sorted(given - set(known))]],
        "given": sorted(given),
        "service": opened.handoff.service if opened.handoff else "",
        "services": services_by_team(visit),
    }


def services_by_team(visit: DeskVisit) -> list[tuple[str, list[tuple[str, str]]]]:
    """The catalogue for a list to choose from: teams, each with the keys and names of its services."""
    teams: dict[str, list[tuple[str, str]]] = {}
    for key, service in visit.guildhall.profile.services.items():
        teams.setdefault(service.team, []).append((str(key), service.name))
    return [(team, sorted(found, key=lambda pair: pair[1])) for team, found in sorted(teams.items())]


def add_routes(routes: DeskRoutes) -> None:
    """`…/labels`."""

    @reader_acts(routes, "/labels")
    def label(acting: Acting) -> Response:
        visit, tools = acting.visit, acting.visit.guildhall.tools
        chosen = {key.removeprefix("label:") for key, value in visit.form.items() if key.startswith("label:") and value}
        given = tools.labels.of(acting.conversation_id)
        tools.labels.change(acting.conversation_id, visit.me, visit.now(), add=chosen - given, remove=given - chosen)
        service = visit.form.get("service", "")
        if service in ("", *visit.guildhall.profile.services):
            tools.labels.link(acting.handoff.reference, service, visit.me, visit.now())
        return acting.back("panel-labels")


PANEL = Panel("labels", "Labels and service", "labels.html", _values, _shows, add_routes, letter="l")
