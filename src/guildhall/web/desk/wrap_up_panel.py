"""Wrapping up: how it ended, and whether it had come to the right team, which is what measures misdirection. For a minute it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from guildhall.storage.handoffs import NotTheOwnerError
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import WRAP_UP_LABELS, WrapUp
from guildhall.web.desk.access import path_of, place_of
from guildhall.web.desk.composing import fresh_id
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, holders
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

TEAMS = (("yes", "Yes"), ("no", "No, another team should have had it"))
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ended:
    """What an adviser says when they wrap up. `right_queue` is the team it was for; `look` asks a supervisor to look at it."""

    code: WrapUp
    right_team: bool
    right_queue: str
    note: str
    note_id: str
    look: bool
    agreed: str = ""
    """What was agreed, for the summary that the resident asked for."""


def _values(opened: Opened) -> Mapping[str, Any]:
    visit = opened.visit
    trouble = visit.query.get("trouble") == "wrap-up"
    prepared = visit.query.get("wrap_up", "")
    here = opened.handoff.queue if opened.handoff else ""
    others = [(key, queue.name) for key, queue in visit.guildhall.profile.handoffs.queues.items() if key != here]
    return {
        "endings": [(code.value, *WRAP_UP_LABELS[code]) for code in WrapUp],
        "chosen": prepared if prepared in set(WrapUp) else "",
        "teams": TEAMS,
        "others": sorted(others, key=lambda pair: pair[1]),
        "note_id": fresh_id(visit),
        "summary_wanted": visit.desk.follow_ups.asked(opened.place.conversation_id) is not None,
        "wrap_up_trouble": trouble,
        "unfolded": trouble or bool(prepared),
    }


def add_routes(routes: DeskRoutes) -> None:
    """`…/wrap-up`, and taking it back."""

    @routes.acts("/desk/conversations/{conversation}/wrap-up")
    def wrap_up(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None or place.handoff is None or not place.may_send:
            return visit.say("You do not have this conversation", "Nothing was changed.", status=409)
        ended = ended_as(visit)
        if ended is None:
            return visit.go_to(path_of(place.conversation_id), "panel-wrap-up", trouble="wrap-up")
        try:
            if ended.agreed:
                visit.guildhall.after.follow_ups.agreed(place.conversation_id, visit.me, ended.agreed, visit.now())
            if ended.note:
                visit.desk.messages.note(place.conversation_id, visit.me, ended.note_id, ended.note, (), visit.now())
            visit.desk.handoffs.close(
                place.handoff.reference, visit.me, ended.code, ended.right_team, visit.now(), right_queue=ended.right_queue, look=ended.look
            )
        except RefusedError as error:
            return visit.say("Not wrapped up", str(error), status=409)
        visit.desk.messages.keep_unsent(place.conversation_id, visit.me, "", visit.now())
        return visit.go_to("/desk", closed=place.handoff.reference)

    @routes.acts("/desk/requests/{reference}/undo")
    def undo(visit: DeskVisit) -> Response:
        try:
            found = visit.guildhall.tools.endings.undo(visit.path("reference"), visit.me, visit.now())
        except (NotTheOwnerError, NotFoundError):
            return visit.go_to("/desk", said="too_late")
        return visit.go_to(path_of(found.conversation_id))


def ended_as(visit: DeskVisit) -> Ended | None:
    """What the form says; None when something that is needed was not chosen."""
    form = visit.form
    code, team, queue = form.get("wrap_up", ""), form.get("right_team", ""), form.get("right_queue", "")
    if code not in set(WrapUp) or team not in dict(TEAMS):
        return None
    known = queue in visit.guildhall.profile.handoffs.queues
    if team == "no" and not known and queue != UNKNOWN:
        return None
    right_queue = queue if team == "no" and known else ""
    return Ended(
        WrapUp(code),
        team == "yes",
        right_queue,
        form.get("note", ""),
        form.get("id", ""),
        form.get("look") == "yes",
        form.get("agreed", ""),
    )


def may_undo(visit: DeskVisit, reference: str) -> bool:
    """Whether the wrap-up that was just made can still be taken back."""
    try:
        return bool(reference) and visit.guildhall.tools.endings.may_undo(reference, visit.me, visit.now())
    except NotFoundError:
        return False


PANEL = Panel("wrap-up", "Wrap up", "wrap_up.html", _values, holders, add_routes, letter="e")
