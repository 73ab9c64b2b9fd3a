"""Baselines on the console: what measures were before a change. People who are responsible for money import, check and freeze them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.value.baselines.exporting import months_csv, refused_csv
from guildhall.value.baselines.frozen import Baseline, gaps_said, months_said
from guildhall.value.baselines.mapping import ROLE_LABELS, Kind
from guildhall.value.baselines.mapping_file import read_mapping
from guildhall.value.baselines.report import WHY_LABELS, in_words
from guildhall.vocabulary.errors import GuildhallError, NotFoundError
from guildhall.vocabulary.roles import VALUE_ROLES
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.baseline_importing import Filled, importing
from guildhall.web.console.month_charts import chart_of, unit_of
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Notice, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/value/baselines"
ONE: Final = PATH + "/{baseline}"
MAY_IMPORT: Final = VALUE_ROLES
LISTED: Final = 200


def add_routes(routes: Routes) -> None:
    """`/console/value/baselines`, a new import, what it would take, and one baseline."""

    @routes.reads(PATH)
    def every(visit: Visit) -> Response:
        store = visit.console.baselines.store
        return visit.show("baselines.html", baselines=store.all(), drafts=store.drafts(), may_import=visit.may(MAY_IMPORT))

    @routes.reads(PATH + "/new", MAY_IMPORT)
    def new(visit: Visit) -> Response:
        return _form(visit, Filled.of_draft(visit))

    @routes.takes(PATH + "/new", MAY_IMPORT)
    def read(visit: Visit) -> Response:
        found = importing(visit)
        if isinstance(found, Filled):
            return _form(visit, found, 400)
        return visit.go_to(f"{PATH}/drafts/{found.id}")

    _draft_routes(routes)
    _one_routes(routes)


def _draft_routes(routes: Routes) -> None:
    @routes.reads(PATH + "/drafts/{draft}", MAY_IMPORT)
    def look(visit: Visit) -> Response:
        return _draft(visit)

    @routes.acts(PATH + "/drafts/{draft}/freeze", MAY_IMPORT)
    def freeze(visit: Visit) -> Response:
        supersedes, reason = visit.form.get("supersedes", ""), visit.form.get("reason", "")
        try:
            frozen = visit.console.baselines.freeze(visit.path("draft"), visit.member.id, supersedes, reason)
        except GuildhallError as error:
            return _draft(visit, 400, {"reason" if supersedes else "freeze": capitalised(str(error))})
        return visit.go_to(f"{PATH}/{frozen.id}", frozen="1")

    @routes.acts(PATH + "/drafts/{draft}/discard", MAY_IMPORT)
    def discard(visit: Visit) -> Response:
        visit.console.baselines.store.discard(visit.path("draft"))
        return visit.go_to(PATH, discarded="1")

    @routes.reads(PATH + "/drafts/{draft}/refused.csv", MAY_IMPORT)
    def refused(visit: Visit) -> Response:
        try:
            draft = visit.console.baselines.store.get_draft(visit.path("draft"))
        except NotFoundError:
            return visit.missing("Import")
        return as_file(refused_csv(draft.contents.report.refused), f"refused-{draft.id}.csv")


def _one_routes(routes: Routes) -> None:
    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        return _one(visit)

    @routes.reads(ONE + "/check")
    def check(visit: Visit) -> Response:
        return _one(visit, checked=True)

    @routes.reads(ONE + "/months.csv")
    def months(visit: Visit) -> Response:
        found = _found(visit)
        return as_file(months_csv(found.contents.series), f"{found.id}.csv") if found else visit.missing("Baseline")


def as_file(text: str, name: str) -> Response:
    """Separated values for a spreadsheet program."""
    return Response(text, media_type="text/csv; charset=utf-8", headers={"content-disposition": f'attachment; filename="{name}"'})


def _form(visit: Visit, filled: Filled, status: int = 200) -> Response:
    kinds = [
        (Kind.CALLS.value, "A call or other contact", "A log."),
        (Kind.MONTHS.value, "A month’s figure", "Perhaps one for each queue."),
    ]
    return visit.show("baseline_new.html", status, form=filled.form, troubles=filled.troubles, kinds=kinds)


def _draft(visit: Visit, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    baselines = visit.console.baselines
    try:
        draft = baselines.store.get_draft(visit.path("draft"))
    except NotFoundError:
        return visit.missing("Import")
    standing = [(each.id, each.about.name) for each in baselines.store.all() if each.in_force]
    return visit.show(
        "baseline_draft.html", status, draft=draft, columns=_columns(draft.contents.mapping), standing=standing, troubles=troubles or {}, form=visit.form,
        **_report(draft.contents),
    )  # fmt: skip


def _report(contents: Any) -> dict[str, Any]:
    report = contents.report
    whole = [each for each in contents.series if not each.queue]
    return {
        "said": [*in_words(report), *gaps_said(contents.series)],
        "refused": [(one.row, one.column, WHY_LABELS[one.why][0], one.said) for one in report.refused[:LISTED]],
        "left_out": report.left_out,
        "months": [(each.label, each.unit, len(each.points), months_said(each)) for each in whole],
    }


def _columns(mapping: str) -> list[tuple[str, str]]:
    found = read_mapping(mapping, "the mapping")
    return [(ROLE_LABELS[role][0], heading) for role, heading in found.columns.items()]


def _found(visit: Visit) -> Baseline | None:
    try:
        return visit.console.baselines.store.get(visit.path("baseline"))
    except NotFoundError:
        return None


def _one(visit: Visit, checked: bool = False) -> Response:
    found = _found(visit)
    if found is None:
        return visit.missing("Baseline")
    measures = list({each.measure: each.label for each in found.contents.series}.items())
    queues = sorted({each.queue for each in found.contents.series if each.queue})
    measure, queue = visit.query.get("measure", "") or measures[0][0] if measures else "", visit.query.get("queue", "")
    series = found.series(measure, queue)
    member = next((each.name for each in visit.console.door.staff.everyone() if each.id == found.by), found.by)
    return visit.show(
        "baseline.html", baseline=found, measures=measures, queues=queues, measure=measure, queue=queue, by=member,
        chart=chart_of(series, f"{PATH}/{found.id}/months.csv") if series else None, unit=unit_of(series) if series else "",
        columns=_columns(found.contents.mapping), verified=visit.console.baselines.store.verify(found.id) if checked else None, **_report(found.contents),
    )  # fmt: skip


def notices(console: Console) -> Sequence[Notice]:
    """Imports that wait to be confirmed."""
    waiting = len(console.baselines.store.drafts())
    return (
        (Notice(f"{waiting} {'import is' if waiting == 1 else 'imports are'} waiting to be confirmed as a baseline", PATH),)
        if waiting
        else ()
    )


SECTION = Section(
    PATH, "Baselines", "What measures were before a change, imported from the council’s own files and frozen.", Group.VALUE, add_routes, readers=WITH_VALUE,
    notices=notices,
)  # fmt: skip
