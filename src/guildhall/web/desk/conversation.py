"""One conversation: the brief, what was said, and where the adviser writes."""

from starlette.responses import Response

from guildhall.web.desk.access import Part, Place, place_of
from guildhall.web.desk.composing import fresh_id
from guildhall.web.desk.list_view import list_of
from guildhall.web.desk.mentioning import colleagues
from guildhall.web.desk.opened import Opened, open_conversation
from guildhall.web.desk.panel import Where
from guildhall.web.desk.panels import PANELS
from guildhall.web.desk.reading import draft_of
from guildhall.web.desk.resting import break_for
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

WRITES = "x-desk-writes"
"""The header with which the script says what its box to write in is for: while that stays, the box is not drawn again."""
SEEN = "x-desk-seen"
"""The header with which the script says that the page is really looked at, not only open behind another."""


def conversation_routes(routes: DeskRoutes) -> None:
    """`/desk/conversations/{conversation}`."""

    @routes.reads("/desk/conversations/{conversation}")
    def one(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None:
            return visit.say("Conversation not found", "It may have been mistyped, or it was never here.", status=404)
        visit.was_seen()
        if place.part is None:
            return _not_theirs(visit, place)
        opened = open_conversation(visit, place)
        _mark_seen(visit, opened)
        return _show(visit, opened)

    for panel in PANELS:
        panel.add_routes(routes)


def _show(visit: DeskVisit, opened: Opened) -> Response:
    draws_composer = not visit.refreshes or visit.visit.request.headers.get(WRITES) != opened.place.writes
    drawn = [panel for panel in PANELS if panel.live or (draws_composer if panel.where == Where.COMPOSER else not visit.refreshes)]
    shown = [panel for panel in drawn if panel.shows(opened)]
    values = {panel.key: panel.values(opened) for panel in shown}
    return visit.show(
        "conversation.html",
        opened=opened,
        place=opened.place,
        list=list_of(visit, opened.place.conversation_id),
        side=[panel for panel in shown if panel.where == Where.SIDE],
        above=[panel for panel in shown if panel.where == Where.COMPOSER],
        filled=values,
        message_id=fresh_id(visit),
        draws_composer=draws_composer,
        colleagues=colleagues(visit) if opened.place.may_note and draws_composer else (),
        rest=break_for(visit),
    )


def _mark_seen(visit: DeskVisit, opened: Opened) -> None:
    """Whoever answers the resident has read this far; a page that only refreshes itself says whether anybody looks at it."""
    looked_at = not visit.refreshes or visit.visit.request.headers.get(SEEN) == "1"
    if opened.place.part == Part.HOLDS and looked_at:
        visit.desk.marks.mark(opened.place.conversation_id, visit.me, opened.thread.last, visit.now())
    if opened.place.part is not None and looked_at:
        visit.desk.messages.read_mentions(opened.place.conversation_id, visit.me, visit.now())


def _not_theirs(visit: DeskVisit, place: Place) -> Response:
    """Says who has it, and gives back what they themselves had typed. Nothing of the resident's is shown."""
    return visit.show(
        "not_yours.html",
        409 if visit.refreshes else 403,
        place=place,
        list=list_of(visit, place.conversation_id),
        holder=visit.names.get(place.holder, "Somebody else") if place.holder else "",
        draft=draft_of(visit, place.conversation_id),
        rest=break_for(visit),
    )
