"""What a supervisor does with a conversation: takes it out of somebody's hands, gives it to somebody, or takes it over. Always with a reason."""

from starlette.responses import Response

from guildhall.conversations.notices import colleague_takes_over
from guildhall.storage.messages import Note
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.handoffs import LIVE, Handoff
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.transfers import SUPERVISOR_REASON_LABELS, SupervisorReason
from guildhall.web.desk.access import path_of
from guildhall.web.desk.composing import fresh_id
from guildhall.web.desk.list_view import about
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.transfer_panel import colleagues_for, teams_for
from guildhall.web.desk.visit import DeskVisit

PATH = "/desk/floor/requests/{reference}"
SUPERVISORS = frozenset({Role.SUPERVISOR})
TO_QUEUE, TO_PERSON, TO_ME = "queue", "person", "me"


def move_routes(routes: DeskRoutes) -> None:
    """`/desk/floor/requests/{reference}`."""

    @routes.reads(PATH, SUPERVISORS)
    def one(visit: DeskVisit) -> Response:
        handoff = _open_request(visit)
        return _show(visit, handoff) if handoff else _gone(visit)

    @routes.acts(PATH, SUPERVISORS)
    def move(visit: DeskVisit) -> Response:
        handoff = _open_request(visit)
        if handoff is None:
            return _gone(visit)
        if trouble := _trouble(visit):
            return _show(visit, handoff, trouble)
        try:
            return _moved(visit, handoff)
        except RefusedError as error:
            return visit.say("Nothing was changed", capitalised(str(error)).rstrip(".") + ".", status=409)


def _moved(visit: DeskVisit, handoff: Handoff) -> Response:
    form = visit.form
    where = form.get("where", "")
    to = visit.me if where == TO_ME else form.get("to", "") if where == TO_PERSON else ""
    queue = form.get("queue", "") if where == TO_QUEUE else ""
    why = SupervisorReason(form["why"])
    words = form.get("reason", "") or SUPERVISOR_REASON_LABELS[why][1]
    mentioned = [staff_id for staff_id in (handoff.adviser_id, to) if staff_id and staff_id != visit.me]
    told = colleague_takes_over(visit.guildhall.profile, handoff)
    visit.desk.transfers.place(
        handoff.reference, visit.me, why, Note(form.get("id", ""), words, mentioned), told, visit.now(), queue=queue, to=to
    )
    if where != TO_ME:
        return visit.go_to("/desk/floor", said="placed")
    visit.desk.handoffs.accept(handoff.reference, visit.me, visit.now())
    return visit.go_to(path_of(handoff.conversation_id))


def _trouble(visit: DeskVisit) -> str:
    """What is missing, in words; empty when the form says everything."""
    form, where = visit.form, visit.form.get("where", "")
    if where not in (TO_QUEUE, TO_PERSON, TO_ME):
        return "Choose where it goes"
    if where == TO_PERSON and form.get("to", "") not in {one.staff_id for one in visit.desk.advisers.everyone()}:
        return "Choose an adviser"
    if where == TO_QUEUE and form.get("queue", "") not in visit.guildhall.profile.handoffs.queues:
        return "Choose a team"
    if where == TO_ME and visit.adviser is None:
        return "You have no place at the desk yourself; give yourself one first"
    if form.get("why", "") not in set(SupervisorReason):
        return "Choose why"
    return ""


def _open_request(visit: DeskVisit) -> Handoff | None:
    try:
        found = visit.desk.handoffs.get(visit.path("reference"))
    except NotFoundError:
        return None
    return found if found.status in LIVE else None


def _gone(visit: DeskVisit) -> Response:
    return visit.say("Request not found", "It is over, or it was never here. Nothing was changed.", status=404)


def _show(visit: DeskVisit, handoff: Handoff, trouble: str = "") -> Response:
    return visit.show(
        "floor_move.html",
        400 if trouble else 200,
        handoff=handoff,
        about=about(visit, handoff),
        trouble=trouble,
        advisers=colleagues_for(visit, handoff.queue),
        teams=teams_for(visit),
        reasons=[(reason.value, *SUPERVISOR_REASON_LABELS[reason]) for reason in SupervisorReason],
        note_id=fresh_id(visit),
        takes_part=visit.adviser is not None,
    )
