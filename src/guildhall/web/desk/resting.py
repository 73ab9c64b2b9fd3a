"""A break after a conversation about danger: offered, never forced, and over only when the adviser says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response

from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

OFFERED_FOR: Final = timedelta(minutes=15)
SKIPPED: Final = "guildhall-desk-skipped"
AFTER_DANGER: Final = "after_danger"


@dataclass(frozen=True, slots=True)
class Rest:
    """A break that is offered after the request of that reference, or one that is on, with when it was meant to end."""

    minutes: int
    reference: str = ""
    until: datetime | None = None
    over: bool = False


def break_for(visit: DeskVisit) -> Rest | None:
    """The break to show, if any."""
    adviser, now = visit.adviser, visit.now()
    minutes = visit.guildhall.profile.handoffs.desk.break_minutes
    if adviser is None:
        return None
    if adviser.status == AdviserStatus.BREAK:
        until = (adviser.status_since or now) + timedelta(minutes=minutes)
        return Rest(minutes, until=until, over=now >= until)
    last = visit.desk.handoffs.last_danger_closed_by(visit.me, now - OFFERED_FOR)
    if last is None or last.closed_at is None or visit.visit.request.cookies.get(SKIPPED) == last.reference:
        return None
    rested = adviser.status_since is not None and adviser.status_since > last.closed_at
    return None if rested else Rest(minutes, reference=last.reference)


def resting_routes(routes: DeskRoutes) -> None:
    """`/desk/break` and `/desk/break/skip`."""

    @routes.acts("/desk/break")
    def take(visit: DeskVisit) -> Response:
        visit.desk.advisers.set_status(visit.me, AdviserStatus.BREAK, visit.now(), AFTER_DANGER)
        return visit.go_to("/desk")

    @routes.acts("/desk/break/skip")
    def skip(visit: DeskVisit) -> Response:
        response = visit.go_to("/desk")
        secure = visit.visit.front.cookies.secure
        age = int(OFFERED_FOR.total_seconds())
        response.set_cookie(
            SKIPPED, visit.form.get("reference", "")[:20], max_age=age, path="/desk", secure=secure, httponly=True, samesite="lax"
        )
        return response
