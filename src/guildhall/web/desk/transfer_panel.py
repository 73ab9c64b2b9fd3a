"""Passing a conversation to a colleague, who is asked first, or to another team, where it waits ahead of those nobody has helped yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from guildhall.conversations.notices import passed_to_team, taken_over
from guildhall.handoffs.presence import is_here, is_present
from guildhall.storage.messages import Note
from guildhall.vocabulary.handoffs import ADVISER_STATUS_LABELS, Adviser, AdviserStatus
from guildhall.web.desk.access import Part
from guildhall.web.desk.composing import fresh_id
from guildhall.web.desk.holding import Acting, holder_acts, reader_acts
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, Where, holders
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a conversation can be passed to."""

    id: str
    name: str
    about: str
    here: bool


@dataclass(frozen=True, slots=True)
class Team:
    """A queue a conversation can be passed to. `opens` is None while it is open, or when it does not open within three weeks."""

    key: str
    name: str
    present: int
    is_open: bool
    opens: datetime | None


def colleagues_for(visit: DeskVisit, queue: str) -> list[Colleague]:
    """Everybody else at the desk: who is here first, then those of the queue."""
    now = visit.now()
    load = visit.desk.moment.of("load", visit.now(), visit.guildhall.tools.floor.load)

    def about(adviser: Adviser) -> str:
        status = adviser.status if is_here(adviser, now) else AdviserStatus.OFFLINE
        serves = "" if queue in adviser.queues else ", does not serve this queue"
        return f"{ADVISER_STATUS_LABELS[status][0].lower()}, has {load.get(adviser.staff_id, 0)} of {adviser.capacity}{serves}"

    def standing(adviser: Adviser) -> tuple[bool, bool, bool, str]:
        return (not is_present(adviser, now), not is_here(adviser, now), queue not in adviser.queues, adviser.name)

    everyone = sorted((a for a in visit.advisers if a.staff_id != visit.me), key=standing)
    return [Colleague(a.staff_id, a.name, about(a), is_here(a, now)) for a in everyone]


def teams_for(visit: DeskVisit, without: str = "") -> list[Team]:
    """Every other queue, with whether anybody is there."""
    profile, now = visit.guildhall.profile, visit.now()
    here = [adviser for adviser in visit.advisers if is_present(adviser, now)]
    found = []
    for key, queue in profile.handoffs.queues.items():
        if key != without:
            is_open = profile.calendar.is_open(queue.hours, now)
            opens = None if is_open else profile.calendar.next_opening(queue.hours, now)
            serving = set(visit.desk.serving(key))
            present = sum(bool(adviser.queues & serving) for adviser in here) if is_open else 0
            found.append(Team(key, queue.name, present, is_open, opens))
    return sorted(found, key=lambda team: team.name)


def _values(opened: Opened) -> Mapping[str, Any]:
    visit, handoff = opened.visit, opened.handoff
    if handoff is None:
        return {}
    offer = {"offer": visit.guildhall.tools.transfers.offer_of(handoff.reference, visit.now())}
    if visit.refreshes:
        return offer  # what is chosen in the forms stands there already
    trouble = visit.query.get("trouble", "")
    return offer | {
        "colleagues": colleagues_for(visit, handoff.queue),
        "teams": teams_for(visit, handoff.queue),
        "transfer_trouble": trouble if trouble in ("colleague", "team") else "",
        "note_id": fresh_id(visit),
        "unfolded": trouble in ("colleague", "team"),
    }


def _may_be_asked(opened: Opened) -> bool:
    return opened.place.part in (Part.MENTIONED, Part.OVERSEES)


def _asked(opened: Opened) -> Mapping[str, Any]:
    visit, handoff = opened.visit, opened.handoff
    offer = visit.guildhall.tools.transfers.offer_of(handoff.reference, visit.now()) if handoff else None
    return {"asked": offer if offer and offer.offer.to_id == visit.me else None}


def add_routes(routes: DeskRoutes) -> None:
    """`…/transfer/colleague`, `…/transfer/team` and `…/transfer/back`."""

    @holder_acts(routes, "/transfer/colleague")
    def colleague(acting: Acting) -> Response:
        visit = acting.visit
        to, reason = visit.form.get("to", ""), visit.form.get("reason", "")
        if not reason or to not in {one.staff_id for one in visit.desk.advisers.everyone()} - {visit.me}:
            return acting.back("panel-transfer", trouble="colleague")
        note = Note(visit.form.get("id", ""), reason)
        visit.guildhall.tools.transfers.offer(acting.handoff.reference, visit.me, to, note, visit.now())
        return acting.back("panel-transfer")

    @holder_acts(routes, "/transfer/team")
    def team(acting: Acting) -> Response:
        visit = acting.visit
        queue, reason = visit.form.get("queue", ""), visit.form.get("reason", "")
        if not reason or queue not in visit.guildhall.profile.handoffs.queues or queue == acting.handoff.queue:
            return acting.back("panel-transfer", trouble="team")
        told = passed_to_team(visit.guildhall.profile, acting.handoff, queue)
        note = Note(visit.form.get("id", ""), reason)
        visit.guildhall.tools.transfers.to_queue(acting.handoff.reference, visit.me, queue, note, told, visit.now())
        visit.desk.messages.keep_unsent(acting.conversation_id, visit.me, "", visit.now())
        return visit.go_to("/desk", said="passed")

    @holder_acts(routes, "/transfer/back")
    def take_back(acting: Acting) -> Response:
        acting.visit.guildhall.tools.transfers.take_back(acting.handoff.reference, acting.visit.me, acting.visit.now())
        return acting.back("panel-transfer")


def add_answers(routes: DeskRoutes) -> None:
    """`…/transfer/take` and `…/transfer/decline`, for whoever is asked."""

    @reader_acts(routes, "/transfer/take")
    def take(acting: Acting) -> Response:
        visit = acting.visit
        if visit.adviser is None:
            return visit.say("You have no place at the desk yet", "Whoever runs the desk gives you one. Nothing was changed.", status=403)
        told = taken_over(visit.guildhall.profile, acting.handoff)
        visit.guildhall.tools.transfers.take(acting.handoff.reference, visit.me, told, visit.now())
        visit.desk.advisers.given(visit.me, visit.now())
        return acting.back()

    @reader_acts(routes, "/transfer/decline")
    def decline(acting: Acting) -> Response:
        acting.visit.guildhall.tools.transfers.decline(acting.handoff.reference, acting.visit.me, acting.visit.now())
        return acting.visit.go_to("/desk")


PANEL = Panel("transfer", "Pass it on", "transfer.html", _values, holders, add_routes, letter="p", live=True)
ASKED = Panel("asked", "You are asked to take this over", "asked.html", _asked, _may_be_asked, add_answers, Where.COMPOSER, live=True)
