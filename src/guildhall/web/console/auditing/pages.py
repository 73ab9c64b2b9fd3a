"""Audited samples: which turns are marked, how far the marking is, and the results when all marks are in."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.storage.auditing import DOUBLE_PERCENT, FLOOR, SIZE
from guildhall.value.auditing.estimating import results
from guildhall.value.auditing.marking import Draw
from guildhall.vocabulary.auditing import FAULT_LABELS, MARK_LABELS, MAY_DRAW, MAY_MARK
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.staff import StaffMember
from guildhall.web.console.auditing import marking
from guildhall.web.console.auditing.views import agreement, chart, faults, kind_of, plan, results_csv, strata
from guildhall.web.console.baselines import as_file
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Notice, Section
from guildhall.web.console.visit import Visit

PATH: Final = marking.PATH
ONE: Final = PATH + "/{audit}"
NUMBERS: Final = {
    "size": "Enter how many turns as a whole number, such as 200",
    "floor": "Enter how many of each kind as a whole number, such as 10",
    "double": "Enter how many in 100 as a whole number from 0 to 100, such as 20",
}
DAYS: Final = {
    "since": "Enter the first day as a real date, such as 2026-10-01",
    "until": "Enter the last day as a real date, such as 2026-10-31",
}


def add_routes(routes: Routes) -> None:
    """`/console/value/audits`, a new sample, one sample, and its turns one by one."""

    @routes.reads(PATH)
    def every(visit: Visit) -> Response:
        draws = visit.console.audits.all()
        mine = {draw.id: draw.next_for(visit.member.id) is not None for draw in draws} if visit.may(MAY_MARK) else {}
        shown = [(draw, results(draw).accuracy if draw.finished else None, mine.get(draw.id, False)) for draw in draws]
        return visit.show("audits/list.html", draws=shown, may_draw=visit.may(MAY_DRAW), may_mark=visit.may(MAY_MARK))

    @routes.reads(PATH + "/new", MAY_DRAW)
    def new(visit: Visit) -> Response:
        return _form(visit, {})

    @routes.acts(PATH + "/new", MAY_DRAW)
    def draw(visit: Visit) -> Response:
        return _draw(visit)

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        found = audit_of(visit)
        return _one(visit, found) if found else visit.missing("Audit")

    @routes.reads(ONE + "/results.csv")
    def file(visit: Visit) -> Response:
        found = audit_of(visit)
        if found is None or not found.finished:
            return visit.missing("File")
        return as_file(results_csv(results(found)), f"{found.id}.csv")

    @routes.acts(ONE + "/withdraw", MAY_DRAW)
    def withdraw(visit: Visit) -> Response:
        return _ended(visit, visit.console.audits.withdraw, "withdrawn")

    @routes.acts(ONE + "/close", MAY_DRAW)
    def close(visit: Visit) -> Response:
        return _ended(visit, visit.console.audits.close, "closed")

    marking.add_routes(routes)


def _ended(visit: Visit, end: Callable[[str, str, StaffMember], object], told: str) -> Response:
    """End a sample for the reason that was written, and show it with what was done; or show what is wrong."""
    found = audit_of(visit)
    if found is None:
        return visit.missing("Audit")
    try:
        end(found.id, visit.form.get("why", ""), visit.member)
    except RefusedError as error:
        return _one(visit, found, 400, _sentence(error))
    return visit.go_to(f"{PATH}/{found.id}", **{told: "1"})


def audit_of(visit: Visit) -> Draw | None:
    """The sample that the address names."""
    try:
        return visit.console.audits.get(visit.path("audit"))
    except NotFoundError:
        return None


def _one(visit: Visit, draw: Draw, status: int = 200, trouble: str = "") -> Response:
    found = results(draw) if draw.finished else None
    listing = Listing(f"{PATH}/{draw.id}", visit.query, {})
    own = [item for item in draw.in_order if any(mark.by == visit.member.id for mark in item.marks)]
    values: dict[str, Any] = {
        "draw": draw, "found": found, "trouble": trouble, "kind_of": kind_of, "plan": plan(draw), "own": own[:LISTED],
        "may_mark": visit.may(MAY_MARK), "waits": visit.may(MAY_MARK) and draw.next_for(visit.member.id) is not None,
        "may_withdraw": visit.may(MAY_DRAW) and draw.withdrawn_at is None and not any(item.marks for item in draw.items),
        "may_close": visit.may(MAY_DRAW) and draw.withdrawn_at is None and not draw.finished and draw.given > 0,
        "marks": {mark.value: said[0] for mark, said in MARK_LABELS.items()}, "faults": {fault.value: said[0] for fault, said in FAULT_LABELS.items()},
        "listing": listing, "items": draw.in_order[listing.offset : listing.offset + listing.per_page] if found else (), "form": visit.form,
    }  # fmt: skip
    if found:
        values |= {"chart": chart(found, f"{PATH}/{draw.id}/results.csv"), "strata": strata(found), "wrong": faults(found)}
        values |= {"agreement": agreement(found.agreement), "verdicts": {item.id: draw.verdict(item) for item in values["items"]}}
    return visit.show("audits/audit.html", status, **values)


LISTED: Final = 100


def _form(visit: Visit, given: Mapping[str, str], status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    last = visit.console.audits.today.replace(day=1) - timedelta(days=1)
    usual = {
        "since": last.replace(day=1).isoformat(),
        "until": last.isoformat(),
        "size": str(SIZE),
        "floor": str(FLOOR),
        "double": str(DOUBLE_PERCENT),
    }
    return visit.show("audits/new.html", status, form=usual | dict(given), troubles=dict(troubles or {}))


def _draw(visit: Visit) -> Response:
    form, troubles = visit.form, {}
    days: dict[str, date] = {}
    numbers: dict[str, int] = {}
    for name, said in DAYS.items():
        try:
            days[name] = date.fromisoformat(form.get(name, ""))
        except ValueError:
            troubles[name] = said
    for name, said in NUMBERS.items():
        text = form.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            troubles[name] = said
        else:
            numbers[name] = int(text)
    if troubles:
        return _form(visit, form, 400, troubles)
    try:
        made = visit.console.audits.draw(days["since"], days["until"], visit.member, numbers["size"], numbers["floor"], numbers["double"])
    except RefusedError as error:
        return _form(visit, form, 400, {_field(str(error)): _sentence(error)})
    return visit.go_to(f"{PATH}/{made.id}", drawn="1")


def _field(text: str) -> str:
    """The control at which a refusal of the store is told."""
    return next((name for words, name in AT_FIELD if words in text), "since")


AT_FIELD: Final = (
    ("not over", "until"),
    ("two people", "double"),
    ("at least 2", "floor"),
    ("a sample holds", "size"),
    ("kinds of turns", "size"),
)


def _sentence(error: RefusedError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]


def notices(console: Console) -> list[Notice]:
    """Samples that are not marked to their end."""
    waiting = [draw for draw in console.audits.all() if draw.withdrawn_at is None and not draw.finished]
    if not waiting:
        return []
    text = f"{len(waiting)} audited {'sample is' if len(waiting) == 1 else 'samples are'} not fully marked, so no figure uses {'it' if len(waiting) == 1 else 'them'} yet"
    return [Notice(text, PATH)]


SECTION: Final = Section(
    PATH, "Audited samples", "How often answers were right, from turns drawn by chance and marked by people who know the services.",
    Group.VALUE, add_routes, readers=WITH_VALUE | MAY_MARK, notices=notices,
)  # fmt: skip
