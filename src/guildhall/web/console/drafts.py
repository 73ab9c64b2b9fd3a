"""Answers to check: drafts that wait for an adviser, the oldest first, each with the time that is left."""

from collections.abc import Sequence
from datetime import timedelta

from starlette.responses import JSONResponse, Response

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.roles import DESK_ROLES, Role
from guildhall.vocabulary.supervision import DRAFT_LABELS, DraftAnswer
from guildhall.web.console.draft_page import add_draft_routes
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Section
from guildhall.web.console.topics import topic_name
from guildhall.web.console.visit import Visit

PATH = "/console/drafts"
LATELY = timedelta(hours=24)
SHOWN_LATELY = 25


def add_routes(routes: Routes) -> None:
    """`/console/drafts`, how many wait, and one draft with what may be done to it."""

    @routes.reads(PATH)
    def waiting(visit: Visit) -> Response:
        _is_here(visit)
        return _show(visit)

    @routes.reads(PATH + "/waiting")
    def count(visit: Visit) -> Response:
        found = visit.console.guildhall.supervised.drafts.waiting()
        mine = [draft for draft in found if may_check(visit, draft)]
        _is_here(visit)
        return JSONResponse({"waiting": len(found), "mine": len(mine), "newest": found[-1].id if found else ""})

    add_draft_routes(routes, PATH, may_check)


def _is_here(visit: Visit) -> None:
    """Who checks answers sits at the desk: otherwise a minute on this page would make them away, and drafts would find nobody."""
    if visit.may(DESK_ROLES):
        visit.console.guildhall.desk.advisers.seen(visit.member.id, visit.now())


def _show(visit: Visit) -> Response:
    supervised, now = visit.console.guildhall.supervised, visit.now()
    found = supervised.drafts.waiting()
    lately = sorted(supervised.drafts.ended_since(now - LATELY), key=lambda draft: draft.decided_at or now, reverse=True)
    return visit.show(
        "drafts.html",
        rows=[(draft, may_check(visit, draft), supervised.drafts.opened_by(draft.id)) for draft in found],
        newest=found[-1].id if found else "",
        lately=lately[:SHOWN_LATELY],
        now=now,
        statuses=DRAFT_LABELS,
        topic=lambda topic: topic_name(visit.console, topic),
        checks=visit.may(DESK_ROLES),
    )


def may_check(visit: Visit, draft: DraftAnswer) -> bool:
    """Whether they may open and decide a draft: a supervisor, or an adviser of its queue or of the one that helps it out."""
    if visit.may(frozenset({Role.SUPERVISOR})):
        return True
    desk = visit.console.guildhall.desk
    adviser = desk.advisers.get(visit.member.id) if visit.may(DESK_ROLES) else None
    return adviser is not None and bool(adviser.queues & set(desk.serving(draft.queue)))


def notices(console: Console) -> Sequence[Notice]:
    """How many answers wait."""
    waiting = len(console.guildhall.supervised.drafts.waiting())
    return (Notice(f"{waiting} {'answer waits' if waiting == 1 else 'answers wait'} to be checked", PATH),) if waiting else ()


SECTION = Section(
    PATH, "Answers to check", "Drafted answers that an adviser sees before the resident does, the oldest first.", Group.TURNS, add_routes,
    readers=EVERYONE | DESK_ROLES, notices=notices,
)  # fmt: skip
