"""Content gaps: what residents ask and the content does not answer, who sees to it, and the same questions asked again once it is mended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.learning_work import LOOK, RERUN, look, rerun
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.gaps import GAP_STATUS_LABELS, Gap, GapStatus
from guildhall.vocabulary.rights import Looker
from guildhall.vocabulary.roles import GOVERNING_ROLES, Role
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.gap_view import STATUS_TAGS, GapRow, page_of, rows
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/gaps"
ONE = PATH + "/{gap}"
READERS: Final = GOVERNING_ROLES | {Role.SUPERVISOR}
MAY_MEND: Final = frozenset({Role.SERVICE_MANAGER, Role.SUPERVISOR, Role.RULE_OWNER})
MAY_OPEN: Final = MAY_MEND | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
SHOWN_AT_ONCE: Final = 50
SHORTEST_REASON: Final = 10
ORDERS: Final[Mapping[str, Callable[[GapRow], Any]]] = {
    "demand": lambda row: (not row.gap.unfinished, -row.demand.lately, -row.demand.conversations, row.gap.id),
    "due": lambda row: (not row.gap.unfinished, row.gap.due_on or date.max, row.gap.id),
    "found": lambda row: (row.gap.found_at, row.gap.id),
}


def add_routes(routes: Routes) -> None:
    """`/console/gaps`, one gap, its questions, what is done about it, and asking again."""

    @routes.reads(PATH)
    def gaps(visit: Visit) -> Response:
        listing = Listing(PATH, visit.query, ORDERS)
        everything = rows(visit.console)
        status = visit.query.get("status", "")
        shown = [row for row in everything if (row.gap.unfinished if status == "" else status in ("all", row.gap.status.value))]
        job = visit.console.learning.jobs.latest(LOOK, visit.console.guildhall.profile.slug)
        values: dict[str, Any] = {"rows": listing.cut(shown), "count": len(shown), "all": len(everything), "job": job, "now": visit.now()}
        return visit.show("gaps.html", listing=listing, may_mend=visit.may(MAY_MEND), statuses=_statuses(), **values)

    @routes.acts(PATH + "/look", MAY_MEND)
    def look_now(visit: Visit) -> Response:
        learning = visit.console.learning
        learning.work.begin(LOOK, learning.guildhall.profile.slug, visit.member.id, look(learning))
        return visit.go_to(PATH, looked="1")

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        gap = _gap(visit)
        return _show(visit, gap) if gap else visit.missing("Content gap")

    @routes.acts(ONE, MAY_MEND)
    def change(visit: Visit) -> Response:
        return _change(visit)

    @routes.opens(ONE + "/questions", MAY_OPEN)
    def questions(visit: Visit) -> Response:
        gap = _gap(visit)
        if gap is None:
            return visit.missing("Content gap")
        asked = visit.console.learning.gaps.questions(gap.id)[:SHOWN_AT_ONCE]
        opened = visit.console.learning.opened(Looker(visit.member.id, Purpose.IMPROVING.value), asked)
        return _show(visit, gap, opened=opened)

    @routes.acts(ONE + "/rerun", MAY_MEND)
    def ask_again(visit: Visit) -> Response:
        gap = _gap(visit)
        if gap is None:
            return visit.missing("Content gap")
        learning = visit.console.learning
        learning.work.begin(RERUN, gap.id, visit.member.id, rerun(learning, gap.id, visit.member.id))
        return visit.go_to(f"{PATH}/{gap.id}", "again", asked="1")


def _gap(visit: Visit) -> Gap | None:
    try:
        return visit.console.learning.gaps.get(visit.path("gap"))
    except NotFoundError:
        return None


def _show(
    visit: Visit, gap: Gap, status: int = 200, troubles: Sequence[tuple[str, str]] = (), opened: Mapping[tuple[str, int], str] | None = None
) -> Response:
    values = {"opened": opened, "troubles": dict(troubles), "form": visit.form if troubles else {}, "statuses": _statuses()}
    return visit.show(
        "gap.html",
        status,
        view=page_of(visit.console, gap, SHOWN_AT_ONCE),
        may_mend=visit.may(MAY_MEND),
        may_open=visit.may(MAY_OPEN),
        **values,
    )


def _statuses() -> list[tuple[str, str, str]]:
    return [(status.value, *GAP_STATUS_LABELS[status]) for status in GapStatus]


def _change(visit: Visit) -> Response:
    gap = _gap(visit)
    if gap is None:
        return visit.missing("Content gap")
    learning, form = visit.console.learning, visit.form
    troubles = _troubles(visit, gap)
    if troubles:
        return _show(visit, gap, 400, troubles)
    status = GapStatus(form["status"])
    due = date.fromisoformat(form["due_on"]) if form.get("due_on") else None
    reason = form.get("reason", "") if status == GapStatus.WILL_NOT_FIX else ""
    learning.gaps.change(gap.id, visit.member.id, visit.now(), owner=form.get("owner", ""), due_on=due, status=status, reason=reason)
    if form.get("page", "") != gap.page:
        learning.link(gap.id, form.get("page", ""), visit.member.id)
    return visit.go_to(f"{PATH}/{gap.id}", saved="1")


def _troubles(visit: Visit, gap: Gap) -> list[tuple[str, str]]:
    form, found = visit.form, []
    if form.get("owner", "") not in {"", gap.owner, *(member.id for member in visit.console.door.staff.everyone() if member.active)}:
        found.append(("owner", "Choose somebody who is here, or nobody"))
    try:
        date.fromisoformat(form.get("due_on") or "2000-01-01")
    except ValueError:
        found.append(("due_on", "Enter the day as a real date, such as 2026-12-03"))
    if form.get("status", "") not in set(GapStatus):
        found.append(("status", "Choose how far it is"))
    if form.get("status") == GapStatus.WILL_NOT_FIX and len(form.get("reason", "")) < SHORTEST_REASON:
        found.append(("reason", "Say in a sentence why it will not be fixed"))
    if form.get("page", "") not in {"", gap.page, *visit.console.learning.page_titles()}:
        found.append(("page", "Choose a page of the council’s content, or none"))
    return found


def notices(console: Console) -> Sequence[Notice]:
    """Gaps that are overdue, and those whose page has changed so that their questions can be asked again."""
    unfinished = [gap for gap in console.learning.gaps.gaps() if gap.unfinished]
    if not unfinished:
        return ()
    today, titles = console.now().date(), console.learning.page_titles()
    late = [gap for gap in unfinished if gap.due_on and gap.due_on < today]
    changed = [gap for gap in unfinished if console.learning.content_changed(gap, titles)]
    found = []
    if late:
        found.append(Notice(f"{len(late)} content {'gap is' if len(late) == 1 else 'gaps are'} overdue", f"{PATH}?order=due"))
    found += [Notice(f"A page has changed: ask again about “{console.learning.title(gap)}”", f"{PATH}/{gap.id}") for gap in changed[:5]]
    return found


def paper(console: Console, since: Any) -> Paper:
    """Gaps that are not finished, and those that were fixed lately with what it brought."""
    shown = [
        row
        for row in sorted(rows(console), key=ORDERS["demand"])
        if row.gap.unfinished or (row.gap.changed_at and row.gap.changed_at >= since)
    ]
    return Paper("gaps.html", {"rows": shown[:25], "count": len(shown), "tags": STATUS_TAGS})


SECTION = Section(
    PATH, "Content gaps", "What residents ask and the content does not answer: how many ask, who sees to it, and what the mending brought.",
    Group.LEARNING, add_routes, readers=READERS, notices=notices, paper=paper,
)  # fmt: skip
