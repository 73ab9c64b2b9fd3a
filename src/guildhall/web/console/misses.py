"""Misses found later: cases that say what the service should have noticed and did not, and what was learned. Nobody is blamed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.misses import FoundBy, Miss, MissKind
from guildhall.vocabulary.signals import Category
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import DECIDERS, Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/misses"
SHORTEST_LESSON = 10


def add_routes(routes: Routes) -> None:
    """`/console/misses`, a new case, and one case."""

    @routes.reads(PATH)
    def register(visit: Visit) -> Response:
        misses = visit.console.misses.everything()
        orders = {
            "open": lambda miss: (miss.closed_at is not None, -miss.found_at.timestamp()),
            "found": lambda miss: -miss.found_at.timestamp(),
            "kind": lambda miss: (miss.kind, miss.category),
        }
        listing = Listing(PATH, visit.query, orders)
        kind = visit.query.get("kind", "")
        shown = [miss for miss in misses if kind in ("", miss.kind)]
        kinds = Counter(miss.kind for miss in misses).most_common()
        return visit.show("misses.html", listing=listing, rows=listing.cut(shown), count=len(shown), all=len(misses), kinds=kinds)

    @routes.reads(PATH + "/new/{conversation}/{turn}", DECIDERS)
    def new(visit: Visit) -> Response:
        return _form(visit)

    @routes.acts(PATH + "/new/{conversation}/{turn}", DECIDERS)
    def add(visit: Visit) -> Response:
        return _add(visit)

    @routes.reads(PATH + "/{miss}")
    def one(visit: Visit) -> Response:
        miss = visit.console.misses.get(visit.path("miss"))
        return _one(visit, miss) if miss else visit.missing("Case")

    @routes.acts(PATH + "/{miss}", DECIDERS)
    def close(visit: Visit) -> Response:
        return _close(visit)


def _form(visit: Visit, status: int = 200, troubles: Sequence[tuple[str, str]] = ()) -> Response:
    turn = visit.console.turns.get(visit.path("conversation"), visit.path("turn"))
    return visit.show("miss_new.html", status, turn=turn, troubles=dict(troubles), form=visit.form) if turn else visit.missing("Turn")


def _add(visit: Visit) -> Response:
    turn = visit.console.turns.get(visit.path("conversation"), visit.path("turn"))
    if turn is None:
        return visit.missing("Turn")
    form, troubles = visit.form, []
    if form.get("kind", "") not in set(MissKind):
        troubles.append(("kind", "Choose what went wrong"))
    if form.get("category", "") not in {"", *Category}:
        troubles.append(("category", "Choose a kind of need from the list, or none"))
    if form.get("found_by", "") not in set(FoundBy):
        troubles.append(("found_by", "Choose how it came to light"))
    if troubles:
        return _form(visit, 400, troubles)
    console = visit.console
    miss = Miss(
        console.guildhall.house.new_id("miss"), TurnId(turn.id), ConversationId(turn.conversation_id), turn.at, MissKind(form["kind"]),
        form.get("category", ""), FoundBy(form["found_by"]), visit.now(), visit.member.id,
    )  # fmt: skip
    facts = {"miss": miss.id, "kind": miss.kind.value, "category": miss.category, "found_by": miss.found_by.value}
    visit.note(EventKind.MISS_RECORDED, facts, (turn.conversation_id, turn.id))
    console.misses.add(miss)
    return visit.go_to(f"{PATH}/{miss.id}", recorded="1")


def _one(visit: Visit, miss: Miss, status: int = 200, trouble: str = "") -> Response:
    turn = visit.console.turns.get(miss.conversation_id, miss.turn_id)
    return visit.show("miss.html", status, miss=miss, turn=turn, trouble=trouble, may_close=visit.may(DECIDERS), form=visit.form)


def _close(visit: Visit) -> Response:
    miss = visit.console.misses.get(visit.path("miss"))
    if miss is None:
        return visit.missing("Case")
    learned = visit.form.get("learned", "")
    if len(learned) < SHORTEST_LESSON:
        return _one(visit, miss, 400, "Say in a sentence or two what was learned or changed")
    if miss.closed_at is not None:
        return visit.go_to(f"{PATH}/{miss.id}")
    visit.note(EventKind.MISS_CLOSED, {"miss": miss.id}, (miss.conversation_id, miss.turn_id))
    try:
        visit.console.misses.close(miss.id, learned, visit.now())
    except NotFoundError:  # a colleague closed it a moment ago; theirs stands
        return visit.go_to(f"{PATH}/{miss.id}")
    return visit.go_to(f"{PATH}/{miss.id}", closed="1")


def notices(console: Console) -> Sequence[Notice]:
    """Cases that are not closed."""
    waiting = [miss for miss in console.misses.everything() if miss.closed_at is None]
    if not waiting:
        return ()
    text = f"{len(waiting)} {'miss is' if len(waiting) == 1 else 'misses are'} waiting to be looked into"
    return (Notice(text, PATH, urgent=any(miss.kind == MissKind.NOT_HEARD for miss in waiting)),)


def paper(console: Console, since: datetime) -> Paper:
    """Cases as they stand."""
    return Paper("misses.html", {"misses": [miss for miss in console.misses.everything() if miss.found_at >= since or not miss.closed_at]})


SECTION = Section(
    PATH, "Misses", "What the service should have noticed and did not, found later: cases to learn from, with nobody to blame.", Group.TURNS,
    add_routes, notices=notices, paper=paper,
)  # fmt: skip
