"""The floor, for whoever runs the desk: every queue against its promise, every adviser, what waits, and what they were asked to look at."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from starlette.responses import Response

from guildhall.handoffs.floor import AdviserNow, QueueNow, adviser_now, busiest_first, queue_now, waits_here
from guildhall.handoffs.misdirection import Misdirection, misdirection, overall
from guildhall.handoffs.ordering import in_order
from guildhall.handoffs.presence import is_here, is_present
from guildhall.vocabulary.handoffs import Handoff
from guildhall.vocabulary.roles import Role
from guildhall.web.desk.floor_advisers import adviser_routes
from guildhall.web.desk.floor_export import export_routes
from guildhall.web.desk.floor_moves import move_routes
from guildhall.web.desk.list_view import about
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit
from guildhall.web.looking_back import PERIODS, days_back

PATH: Final = "/desk/floor"
SUPERVISORS: Final = frozenset({Role.SUPERVISOR})
SHOWN: Final = 100
SAID: Final = {
    "placed": "It is placed. The resident keeps their place, and was told if somebody had them.",
    "mine": "You have the conversation.",
    "set": "What the adviser serves is changed.",
    "looked": "It is taken off the list.",
    "gone": "It is over, or somebody else was quicker. Nothing was changed.",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, as the floor shows them."""

    handoff: Handoff
    about: str


@dataclass(frozen=True, slots=True)
class Floor:
    """Everything on the page. `waiting` is cut to what a page can hold; `waits` is how many there are."""

    queues: Sequence[QueueNow]
    advisers: Sequence[AdviserNow]
    waiting: Sequence[Waiting]
    waits: int


def floor_routes(routes: DeskRoutes) -> None:
    """`/desk/floor` and what is done from it."""

    @routes.reads(PATH, SUPERVISORS)
    def floor(visit: DeskVisit) -> Response:
        days = days_back(visit.query)
        endings = visit.guildhall.tools.endings.endings(visit.now() - timedelta(days=days))
        return visit.show(
            "floor.html",
            floor=floor_of(visit),
            looks=visit.guildhall.tools.endings.to_look_at(),
            days=days,
            periods=PERIODS,
            all=overall(endings),
            by_queue=misdirection(endings, lambda ending: ending.queue),
            by_service=_named(visit, misdirection(endings, lambda ending: ending.service)),
            said=SAID.get(visit.query.get("said", ""), ""),
        )

    @routes.acts(PATH + "/looks/{reference}", SUPERVISORS)
    def looked(visit: DeskVisit) -> Response:
        done = visit.guildhall.tools.endings.looked(visit.path("reference"), visit.me, visit.now())
        return visit.go_to(PATH, "looks", said="looked" if done else "gone")

    move_routes(routes)
    adviser_routes(routes)
    export_routes(routes)


def floor_of(visit: DeskVisit) -> Floor:
    """The floor as it is now."""
    profile, now, desk = visit.guildhall.profile, visit.now(), visit.desk
    found = desk.line.open(now)
    midnight = datetime.combine(visit.today(), time(), profile.calendar.zone)
    breaches = Counter(visit.guildhall.tools.floor.breaches(midnight))
    everyone = desk.advisers.everyone()
    here = {adviser.staff_id: is_here(adviser, now) for adviser in everyone}
    of_queue: dict[str, list[Handoff]] = defaultdict(list)
    of_adviser: dict[str, list[Handoff]] = defaultdict(list)
    for handoff in found:
        of_queue[handoff.queue].append(handoff)
        of_adviser[handoff.adviser_id].append(handoff)

    def present(key: str) -> int:
        serving = set(desk.serving(key))
        return sum(is_present(adviser, now) for adviser in everyone if adviser.queues & serving)

    queues = [
        queue_now(key, queue, profile.calendar, of_queue[key], present(key), breaches[key], now)
        for key, queue in profile.handoffs.queues.items()
    ]

    def reply_within(queue: str) -> timedelta:
        known = profile.handoffs.queues.get(queue)
        return timedelta(minutes=known.reply_within_minutes) if known else timedelta(minutes=profile.handoffs.desk.quiet_minutes)

    advisers = [adviser_now(one, of_adviser[one.staff_id], here[one.staff_id], reply_within, now) for one in everyone]
    waiting = in_order(handoff for handoff in found if handoff.waits or waits_here(handoff))
    return Floor(
        queues=busiest_first(queues),
        advisers=sorted(advisers, key=lambda one: (not one.quiet, not one.here, one.adviser.name)),
        waiting=[Waiting(handoff, about(visit, handoff)) for handoff in waiting[:SHOWN]],
        waits=len(waiting),
    )


def _named(visit: DeskVisit, found: Sequence[Misdirection]) -> list[tuple[str, Misdirection]]:
    services = {str(key): service.name for key, service in visit.guildhall.profile.services.items()}
    return [(services.get(one.name, one.name), one) for one in found]
