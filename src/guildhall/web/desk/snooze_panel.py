"""Putting a conversation aside until a time at which its team is open. It comes back by itself, and at once when the resident writes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from guildhall.handoffs.desk_file import SNOOZE_LABELS, SnoozeFor
from guildhall.handoffs.snoozing import choices, snooze_until, within_hours
from guildhall.vocabulary.handoffs import HandoffStatus
from guildhall.web.desk.holding import Acting, holder_acts
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, holders
from guildhall.web.desk.routing import DeskRoutes

UNTIL = "until"


def _values(opened: Opened) -> Mapping[str, Any]:
    visit, handoff = opened.visit, opened.handoff
    queue = visit.guildhall.profile.handoffs.queues.get(handoff.queue) if handoff else None
    offered = choices(visit.guildhall.profile.calendar, queue.hours, visit.now()) if queue else []
    prepared = visit.query.get("snooze", "")
    trouble = visit.query.get("trouble") == "snooze"
    return {
        "choices": [(chosen.value, SNOOZE_LABELS[chosen][0], until) for chosen, until in offered],
        "chosen": prepared,
        "until": handoff.snoozed_until if handoff and handoff.status == HandoffStatus.SNOOZED else None,
        "snooze_trouble": trouble,
        "unfolded": bool(prepared) or trouble,
    }


def add_routes(routes: DeskRoutes) -> None:
    """`…/snooze` and `…/wake`."""

    @holder_acts(routes, "/snooze")
    def snooze(acting: Acting) -> Response:
        visit = acting.visit
        until = _until(acting)
        if until is None:
            return acting.back("panel-snooze", trouble="snooze")
        visit.desk.handoffs.snooze(acting.handoff.reference, visit.me, until, visit.now())
        return visit.go_to("/desk", said="snoozed")

    @holder_acts(routes, "/wake")
    def wake(acting: Acting) -> Response:
        if acting.handoff.status == HandoffStatus.SNOOZED:
            acting.visit.desk.handoffs.snooze(acting.handoff.reference, acting.visit.me, None, acting.visit.now())
        return acting.back()


def _until(acting: Acting) -> datetime | None:
    visit = acting.visit
    profile = visit.guildhall.profile
    hours = profile.handoffs.queues[acting.handoff.queue].hours
    chosen = visit.form.get("snooze", "")
    if chosen in set(SnoozeFor):
        return snooze_until(profile.calendar, hours, SnoozeFor(chosen), visit.now())
    if chosen != UNTIL:
        return None
    try:
        wanted = datetime.fromisoformat(visit.form.get("until", ""))
    except ValueError:
        return None
    return within_hours(profile.calendar, hours, wanted.replace(tzinfo=profile.calendar.zone), visit.now())


PANEL = Panel("snooze", "Put aside", "snooze.html", _values, holders, add_routes, letter="z")
