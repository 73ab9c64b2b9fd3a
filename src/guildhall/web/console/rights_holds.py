"""Holds: what is kept past its time, why and by whom; placed and lifted by the data protection officer."""

from typing import Final

from starlette.responses import Response

from guildhall.records.holding import Hold
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.rights import EVERYTHING, HOLD_LABELS, HoldKind
from guildhall.web.console.rights_request import MAY_OPEN, OFFICER
from guildhall.web.console.routing import Routes
from guildhall.web.console.visit import Visit

PATH: Final = "/console/rights/holds"
SHORTEST_REASON: Final = 10
REASON_NEEDED: Final = "Say in a sentence why, so that others understand it later"


def add_hold_routes(routes: Routes) -> None:
    """All holds, a new one, and lifting one."""

    @routes.reads(PATH)
    def holds(visit: Visit) -> Response:
        return _show(visit)

    @routes.acts(PATH, OFFICER)
    def place(visit: Visit) -> Response:
        return _place(visit)

    @routes.reads(PATH + "/{hold}")
    def one(visit: Visit) -> Response:
        hold = _hold(visit)
        return _one(visit, hold) if hold else visit.missing("Hold")

    @routes.acts(PATH + "/{hold}", OFFICER)
    def lift(visit: Visit) -> Response:
        return _lift(visit)


def _show(visit: Visit, status: int = 200, troubles: dict[str, str] | None = None) -> Response:
    return visit.show(
        "rights_holds.html",
        status,
        holds=visit.console.guildhall.rights.holds.all(lifted=True)[::-1],
        kinds=HOLD_LABELS,
        choices=[(kind.value, *HOLD_LABELS[kind]) for kind in HoldKind],
        everything=EVERYTHING,
        may_place=visit.may(OFFICER),
        may_see_reasons=visit.may(MAY_OPEN),
        troubles=troubles or {},
        form=visit.form,
    )


def _place(visit: Visit) -> Response:
    rights, form = visit.console.guildhall.rights, visit.form
    troubles: dict[str, str] = {}
    targets: tuple[str, ...] = ()
    if form.get("kind", "") not in set(HoldKind):
        troubles["kind"] = "Choose what asks for the hold"
    target = form.get("target", "")
    try:
        targets = (EVERYTHING,) if target.lower() == EVERYTHING else rights.journal.find(target)
    except NotFoundError:
        troubles["target"] = "Enter a reference, the id of a conversation, or “everything”"
    if len(form.get("reason", "")) < SHORTEST_REASON:
        troubles["reason"] = REASON_NEEDED
    if troubles:
        return _show(visit, 400, troubles)
    rights.holds.place(HoldKind(form["kind"]), targets, form["reason"], visit.member.name)
    return visit.go_to(PATH, placed="1")


def _hold(visit: Visit) -> Hold | None:
    return next((hold for hold in visit.console.guildhall.rights.holds.all(lifted=True) if hold.id == visit.path("hold")), None)


def _one(visit: Visit, hold: Hold, status: int = 200, trouble: str = "") -> Response:
    return visit.show(
        "rights_hold.html",
        status,
        hold=hold,
        kinds=HOLD_LABELS,
        everything=EVERYTHING,
        may_lift=visit.may(OFFICER) and hold.lifted_at is None,
        may_see_reasons=visit.may(MAY_OPEN),
        trouble=trouble,
        form=visit.form,
    )


def _lift(visit: Visit) -> Response:
    hold = _hold(visit)
    if hold is None:
        return visit.missing("Hold")
    if len(visit.form.get("reason", "")) < SHORTEST_REASON:
        return _one(visit, hold, 400, REASON_NEEDED)
    try:
        visit.console.guildhall.rights.holds.lift(hold.id, visit.form["reason"], visit.member.name)
    except NotFoundError:  # a colleague lifted it a moment ago; theirs stands
        return visit.go_to(f"{PATH}/{hold.id}")
    return visit.go_to(f"{PATH}/{hold.id}", lifted="1")
