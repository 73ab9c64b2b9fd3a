"""The register of opportunities: a list with filters, order, search and a file, and a page for each one with quotes, gates, scores and history."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from starlette.responses import Response

from guildhall.opportunities.editing import FIELDS, LABELS, TICKS, edited, fields_of
from guildhall.opportunities.gates import GATE_LABELS, Gate, GateState, barred, needed
from guildhall.opportunities.links import WrongLinkError
from guildhall.opportunities.register import (
    ANSWER_LABELS,
    DATA_CLASSES,
    DECIDING_LABELS,
    STATUS_LABELS,
    TIME_GOES_LABELS,
    Answer,
    Deciding,
    Details,
    Opportunity,
    Status,
    TimeGoes,
)
from guildhall.opportunities.roles import CHANGERS, KEEPERS, SCORERS
from guildhall.opportunities.scoring import CRITERIA, head_scores, newest, spreads
from guildhall.opportunities.tables import COLUMNS, row_of
from guildhall.opportunities.worth import how, missing, pounds_of
from guildhall.storage.opportunities import UNDONE_BY_HAND
from guildhall.storage.opportunity_history import ChangedSinceError, as_it_was
from guildhall.vocabulary.benefits import COLUMN_LABELS, Column
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.listing import Listing
from guildhall.web.console.meanwhile import Meanwhile, seen_version, taken_up
from guildhall.web.console.next.answers import as_csv
from guildhall.web.console.next.workshops import services
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/register"
ONE = PATH + "/{opportunity}"
STATUS_TAGS: Final = {Status.PROPOSED: "yellow", Status.ACCEPTED: "green", Status.REFUSED: "grey", Status.MERGED: "purple"}
ORDERS: Final[Mapping[str, Callable[[Opportunity], Any]]] = {
    "title": lambda each: (each.details.title.casefold(), each.id),
    "hours": lambda each: (-each.details.hours_pa, each.id),
    "cost": lambda each: (-each.details.cost_pence, each.id),
    "voices": lambda each: (-len(each.quotes), each.id),
}


def add_routes(routes: Routes) -> None:
    """`/console/next/register`, as a file, one of it, and what is done with one."""

    @routes.reads("/console/next")
    def first(visit: Visit) -> Response:
        return visit.go_to(PATH)

    @routes.reads(PATH)
    def register(visit: Visit) -> Response:
        everything = visit.console.opportunities.register.everything()
        shown = [each for each in everything if _wanted(each, visit.query)]
        listing = Listing(PATH, visit.query, ORDERS)
        values: dict[str, Any] = {"rows": listing.cut(shown), "count": len(shown), "all": len(everything), "tags": STATUS_TAGS}
        values["directorates"] = sorted({each.details.directorate for each in everything if each.details.directorate})
        values["demo"] = any(each.demo for each in everything)
        return visit.show("next/register.html", listing=listing, services=services(visit), **values, **_labels())

    @routes.reads(PATH + ".csv")
    def file(visit: Visit) -> Response:
        shown = [each for each in visit.console.opportunities.register.everything() if _wanted(each, visit.query)]
        return as_csv("opportunities", COLUMNS, [row_of(each) for each in shown])

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        found = _one(visit)
        return _show(visit, found) if found else visit.missing("Opportunity")

    @routes.acts(ONE, CHANGERS)
    def change(visit: Visit) -> Response:
        found = _one(visit)
        return _change(visit, found) if found else visit.missing("Opportunity")

    @routes.acts(ONE + "/decide", CHANGERS)
    def decide(visit: Visit) -> Response:
        status = {"accept": Status.ACCEPTED, "refuse": Status.REFUSED}.get(visit.form.get("way", ""), Status.PROPOSED)
        why = visit.form.get("why", "")
        return _do(
            visit,
            "why",
            lambda name, by: visit.console.opportunities.register.decide(name, status, by, visit.now(), why, seen_version(visit)),
        )

    @routes.acts(ONE + "/reveal", CHANGERS)
    def reveal(visit: Visit) -> Response:
        return _do(visit, "scores", lambda name, by: visit.console.opportunities.scores.reveal(name, by, visit.now()))

    @routes.acts(ONE + "/put-back", CHANGERS)
    def put_back(visit: Visit) -> Response:
        register, change = visit.console.opportunities.register, visit.form.get("change", "")
        return _do(visit, "history", lambda name, by: register.put_back(name, change, by, visit.now()))

    @routes.acts(ONE + "/part", CHANGERS)
    def part(visit: Visit) -> Response:
        return _do(visit, "voices", lambda _, by: visit.console.opportunities.merging.part(visit.form.get("gone", ""), by, visit.now()))

    for gate, keepers in KEEPERS.items():
        _gate_route(routes, gate, keepers)


def _gate_route(routes: Routes, gate: Gate, keepers: Any) -> None:
    @routes.acts(f"{ONE}/gate/{gate.value}", keepers)
    def say(visit: Visit) -> Response:
        state = GateState.OPEN if visit.form.get("state") == "open" else GateState.CLOSED
        why = visit.form.get("why", "")
        register = visit.console.opportunities.register
        return _do(visit, f"why-{gate.value}", lambda name, by: register.gate(name, gate, state, why, by, visit.now(), seen_version(visit)))


def _wanted(each: Opportunity, query: Mapping[str, str]) -> bool:
    known, words = each.details, query.get("q", "").casefold().split()
    text = f"{known.title} {known.problem} {known.service} {known.process_step} {' '.join(quote.text for quote in each.quotes)}".casefold()
    return (
        query.get("status", "") in ("", each.status.value)
        and query.get("directorate", "") in ("", known.directorate)
        and query.get("answer", "") in ("", known.answer.value if known.answer else "none")
        and all(word in text for word in words)
    )


def _labels() -> dict[str, Any]:
    return {
        "status_labels": STATUS_LABELS, "answer_labels": ANSWER_LABELS, "deciding_labels": DECIDING_LABELS, "gate_labels": GATE_LABELS,
        "answers": [(answer.value, ANSWER_LABELS[answer][0]) for answer in Answer], "statuses": [(status.value, STATUS_LABELS[status][0]) for status in Status],
        "decidings": [(way.value, *DECIDING_LABELS[way]) for way in Deciding], "answer_choices": [(answer.value, *ANSWER_LABELS[answer]) for answer in Answer],
    }  # fmt: skip


def _one(visit: Visit) -> Opportunity | None:
    try:
        return visit.console.opportunities.register.get(visit.path("opportunity"))
    except NotFoundError:
        return None


def _do(visit: Visit, field: str, act: Callable[[str, str], object]) -> Response:
    found = _one(visit)
    if found is None:
        return visit.missing("Opportunity")
    try:
        act(found.id, str(visit.member.id))
    except (RefusedError, NotFoundError) as error:
        return _show(visit, found, 400, {field: _sentence(error)})
    return visit.go_to(f"{PATH}/{found.id}", saved="1")


def _show(
    visit: Visit, each: Opportunity, status: int = 200, troubles: Mapping[str, str] | None = None, meanwhile: Meanwhile | None = None
) -> Response:
    opportunities, me = visit.console.opportunities, str(visit.member.id)
    gates = opportunities.register.gates().get(each.id, {})
    scores = opportunities.scores.of(each.id, me)
    titles = opportunities.titles()
    seen = each.revealed or any(score.scorer != me for score in scores)
    values: dict[str, Any] = {
        "each": each, "known": each.details, "gates": gates, "needed": needed(each), "barred": barred(each, gates), "titles": titles,
        "merged": [titles[name] for name in opportunities.merging.merged_into(each.id)], "history": opportunities.register.history(each.id),
        "workshops": {workshop.id: workshop for workshop in opportunities.register.workshops()}, "scorers": opportunities.scores.scorers(each.id),
        "seen": seen, "spreads": spreads(scores) if seen else (), "comments": [score for score in newest(scores) if score.comment] if seen else [],
        "heads": head_scores(scores) if seen else {}, "criteria": {criterion.key: criterion for criterion in CRITERIA},
        "own": any(score.scorer == me for score in scores),
    }  # fmt: skip
    may = {
        "may_change": visit.may(CHANGERS),
        "may_score": visit.may(SCORERS),
        "keeps": [gate for gate, roles in KEEPERS.items() if visit.may(roles)],
    }
    extra = {"tags": STATUS_TAGS, "services": services(visit), "troubles": troubles or {}, "form": visit.form}
    return visit.show(
        "next/opportunity.html",
        status,
        meanwhile=meanwhile,
        **values,
        **may,
        **extra,
        **_known(visit, each, troubles or {}, meanwhile),
        **_labels(),
    )


def _change(visit: Visit, each: Opportunity) -> Response:
    opportunities, form = visit.console.opportunities, dict(visit.form)
    form |= {name: form.get(name, "") for name in TICKS}
    named = [*DATA_CLASSES, *each.details.data_classes]
    form["data_classes"] = "\n".join(dict.fromkeys(key for key in named if form.get(f"data_{key}") == "yes"))
    after, troubles = edited(each.details, form, opportunities.titles())
    if troubles:
        return _show(visit, each, 400, troubles)
    values = {field.name: getattr(after, field.name) for field in fields(after)}
    try:
        by, reason = str(visit.member.id), form.get("reason", "")
        opportunities.register.change(each.id, by, visit.now(), reason, seen=seen_version(visit), **values)
    except ChangedSinceError as error:
        return _overtaken(visit, form, error)
    except WrongLinkError as error:
        return _show(visit, each, 400, {error.field: _sentence(error)})
    except (RefusedError, NotFoundError) as error:
        return _show(visit, each, 400, {"title": _sentence(error)})
    return visit.go_to(f"{PATH}/{each.id}", saved="1")


def _overtaken(visit: Visit, form: Mapping[str, str], error: ChangedSinceError) -> Response:
    """The form again: what the other person saved, and on top of it what was typed here."""
    now = visit.console.opportunities.register.get(visit.path("opportunity"))
    typed = {name: form[name] for name in FIELDS if name in form}
    before, after = _form_of(as_it_was(now.details, error.lines)), _form_of(now.details)
    titles = visit.console.opportunities.titles()
    words: dict[str, Mapping[str, str]] = {
        "answer": {answer.value: label for answer, (label, _) in ANSWER_LABELS.items()},
        "deciding": {way.value: label for way, (label, _) in DECIDING_LABELS.items()},
        "time_goes": {way.value: label for way, (label, _) in TIME_GOES_LABELS.items()},
        "data_classes": DATA_CLASSES,
        **{key: {name: each.details.title for name, each in titles.items()} for key in ("depends_on", "excludes")},
        **{key: {"": "no"} for key in TICKS},
    }

    def say(field: str, text: str) -> str:
        return "; ".join(words.get(field, {}).get(line, line) for line in text.splitlines() or [""])

    meanwhile = taken_up(before, after, typed, LABELS, [(line.by, line.at, line.why) for line in error.lines], say)
    return _show(visit, now, 409, {"meanwhile": _sentence(error)}, meanwhile)


def _form_of(known: Details) -> dict[str, str]:
    """The text of every field, with the kinds of data in the order of the form."""
    given = fields_of(known)
    kinds = given["data_classes"].split("\n")
    return given | {
        "data_classes": "\n".join(
            [*(kind for kind in DATA_CLASSES if kind in kinds), *(kind for kind in kinds if kind not in DATA_CLASSES)]
        )
    }


def _sentence(error: Exception) -> str:
    said = str(error).rstrip(".")
    return capitalised(said)


def _known(visit: Visit, each: Opportunity, troubles: Mapping[str, str], meanwhile: Meanwhile | None) -> dict[str, Any]:
    """What the forms and lists of one opportunity need: typed text comes back where something was wrong with it."""
    given, version = fields_of(each.details), 0
    if meanwhile:
        given |= meanwhile.fields
    elif visit.form and set(troubles) & set(given):
        version = seen_version(visit)
        given |= {name: visit.form.get(name, "") for name in given}
        given["data_classes"] = "\n".join(key for key in DATA_CLASSES if visit.form.get(f"data_{key}") == "yes")
    return {
        "typed": given, "data_kinds": DATA_CLASSES, "time_goes": [(way.value, *TIME_GOES_LABELS[way]) for way in TimeGoes], "worth": pounds_of(each.details),
        "missing": missing(each.details), "how": how(each.details), "columns": [(column, COLUMN_LABELS[column][0]) for column in Column],
        "undone_by_hand": UNDONE_BY_HAND, "typed_version": version,
    }  # fmt: skip


SECTION = Section(
    PATH, "Opportunities", "What the council could do, in people’s own words: what would meet each need, and why some cannot be chosen yet.",
    Group.NEXT, add_routes, readers=WITH_VALUE,
)  # fmt: skip
