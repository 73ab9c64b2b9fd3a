"""Measures and published figures on the console: each with its definition, how sure it is, its rows, and a button to recompute it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.figure_desk import MAY_PUBLISH, FigureDesk
from guildhall.bootstrap.figure_work import AGAIN, ALL, ROWS_OF
from guildhall.bootstrap.value_pages import Snapshot
from guildhall.storage.analysis.pictures import NARROWED
from guildhall.storage.analysis.withholding import refuse_few
from guildhall.storage.learning_jobs import FAILED
from guildhall.value.measures.result import Result, Row
from guildhall.value.measures.units import Unit
from guildhall.value.measures.words import in_words, interval_in_words
from guildhall.value.publishing import PLACES, PublishedFigure
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Notice, Section
from guildhall.web.console.value.preparing import not_ready
from guildhall.web.console.visit import Visit

MEASURES: Final = "/console/value/measures"
PATH: Final = "/console/value/published"
PUBLISH: Final = "/console/value/publish"
DAYS: Final = 28
UNKNOWN: Final = "-"
"""The filter for contacts of which something is not known, as on the other pages."""
NAMES: Final = {
    "measure": "Choose a measure from the list",
    "since": "Enter the first day as a real date, such as 2026-09-01",
    "until": "Enter the last day as a real date, such as 2026-09-28",
}


def add_routes(routes: Routes) -> None:
    """The measures, publishing one, and the figures that were."""

    @routes.reads(MEASURES)
    def measures(visit: Visit) -> Response:
        return _measures(visit)

    @routes.reads(PUBLISH)
    def preview(visit: Visit) -> Response:
        yesterday = (visit.now().date() - timedelta(days=1)).isoformat()
        asked = dict(visit.query)
        if asked.get("until", "") > yesterday:  # today is not over, so no figure of it could be made again
            asked["until"] = yesterday
        return _publishing(visit, asked)

    @routes.acts(PUBLISH, MAY_PUBLISH)
    def publish(visit: Visit) -> Response:
        return _publish(visit)

    @routes.reads(PATH)
    def published(visit: Visit) -> Response:
        figures = visit.console.figures.store.all()
        values: dict[str, Any] = {"figures": figures, "may": visit.may(MAY_PUBLISH), "work": _work(visit, AGAIN)}
        return visit.show("value_figures/published.html", **values)

    @routes.acts(PATH + "/recompute", MAY_PUBLISH)
    def recompute(visit: Visit) -> Response:
        visit.console.figure_work.make_again(visit.member.name)
        return visit.go_to(PATH)

    @routes.reads(PATH + "/{figure}")
    def one(visit: Visit) -> Response:
        figure = _figure(visit)
        return _show(visit, figure) if figure else visit.missing("Figure")

    @routes.acts(PATH + "/{figure}/recompute", MAY_PUBLISH)
    def again(visit: Visit) -> Response:
        figure = _figure(visit)
        if figure is None:
            return visit.missing("Figure")
        visit.console.figure_work.make_again(visit.member.name, figure.id)
        return visit.go_to(f"{PATH}/{figure.id}")

    @routes.reads(PATH + "/{figure}/rows.{kind}")
    def rows(visit: Visit) -> Response:
        return _rows(visit)


def _measures(visit: Visit) -> Response:
    snapshot = visit.console.value_pages.snapshot()
    if snapshot is None:
        return not_ready(visit)
    until = visit.now().date() - timedelta(days=1)
    since = until - timedelta(days=DAYS - 1)
    costs = [(cost, cost.is_old(visit.now().date(), snapshot.book.costs_old_after_months)) for cost in snapshot.book.costs.values()]
    results = [result for key in snapshot.book.measures if (result := snapshot.measure(key, since, until))]
    found = [(result, _said(result.whole, result.measure.unit)) for result in results]
    values: dict[str, Any] = {"results": found, "since": since, "until": until, "costs": costs, "simulated": snapshot.simulated}
    return visit.show("value_figures/measures.html", **values)


def _publishing(visit: Visit, given: Mapping[str, str], status: int = 200, troubles: Sequence[tuple[str, str]] = ()) -> Response:
    desk, snapshot = visit.console.figures, visit.console.value_pages.snapshot()
    if snapshot is None:
        return not_ready(visit)
    until = visit.now().date() - timedelta(days=1)
    form = {"since": (until - timedelta(days=DAYS - 1)).isoformat(), "until": until.isoformat(), "text": "", "measure": ""} | dict(given)
    found = dict(troubles)
    asked, wrong = _asked(visit, form, snapshot)
    found = dict(wrong) | found
    result: Result | None = None
    if asked and not wrong:
        try:
            refuse_few(snapshot.measuring, *asked)
            result = snapshot.whole(*asked)
        except RefusedError as error:
            found.setdefault(next(iter(asked[3]), "until"), str(error))
    said = _said(result.whole, result.measure.unit) if result and result.rows else None
    beside = [(one.measure.label, _said(one.whole, one.measure.unit)) for one in result.beside] if result else []
    offered = [(key, measure.label) for key, measure in desk.book.measures.items()]
    filters = [(name, name.capitalize(), _named(desk, name, snapshot)) for name in NARROWED]
    values: dict[str, Any] = {
        "form": form, "troubles": found, "result": result, "said": said, "beside": beside, "offered": offered, "filters": filters,
        "group": desk.group(asked[3]) if asked else "", "as_at": snapshot.as_at,
    }  # fmt: skip
    return visit.show("value_figures/publish.html", status, may=visit.may(MAY_PUBLISH), places=PLACES, **values)


def _publish(visit: Visit) -> Response:
    snapshot = visit.console.value_pages.snapshot()
    if snapshot is None:
        return not_ready(visit)
    asked, wrong = _asked(visit, visit.form, snapshot)
    if wrong or asked is None:
        return _publishing(visit, visit.form, 400, wrong or [("measure", NAMES["measure"])])
    key, since, until, where = asked
    try:
        figure = visit.console.figures.publish_kept(snapshot, key, visit.form.get("text", ""), since, until, where, visit.member.name)
    except RefusedError as error:
        return _publishing(visit, visit.form, 400, [(error.field or "until", str(error))])
    return visit.go_to(f"{PATH}/{figure.id}", published="1")


def _asked(
    visit: Visit, form: Mapping[str, str], snapshot: Snapshot
) -> tuple[tuple[str, date, date, dict[str, str]] | None, list[tuple[str, str]]]:
    """Measure, period and filters of a form, or what is wrong with it; neither where no measure was chosen yet."""
    key, days, wrong = form.get("measure", ""), {}, []
    if not key:
        return None, []
    where = {name: "" if form[name] == UNKNOWN else form[name] for name in NARROWED if form.get(name)}
    for name, value in where.items():
        if value not in dict(snapshot.groups(name)):
            wrong.append((name, f"Choose a {name} from the list"))
    if key not in visit.console.figures.book.measures:
        wrong.append(("measure", NAMES["measure"]))
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(form.get(name, ""))
        except ValueError:
            wrong.append((name, NAMES[name]))
    if not wrong and days["until"] < days["since"]:
        wrong.append(("until", "Enter a last day that is not before the first"))
    return (None, wrong) if wrong else ((key, days["since"], days["until"], where), [])


def _named(desk: FigureDesk, name: str, snapshot: Snapshot) -> list[tuple[str, str]]:
    """The values that a filter may be set to, with what they are called."""
    return [(value or UNKNOWN, (desk.names.get((name, value), value)) or "Not known") for value, _ in snapshot.groups(name)]


def _work(visit: Visit, kind: str, about: str = ALL) -> dict[str, Any]:
    """The newest work of a kind: how far it is, or what came of it."""
    work = visit.console.figure_work
    job = work.latest(kind, about)
    return {"job": job, "runs": work.runs(job), "died": work.died(job), "failed": job is not None and job.state == FAILED}


def _figure(visit: Visit) -> PublishedFigure | None:
    try:
        return visit.console.figures.store.get(visit.path("figure"))
    except NotFoundError:
        return None


def _show(visit: Visit, figure: PublishedFigure, status: int = 200, trouble: str = "") -> Response:
    said = _said(Row("", figure.value, figure.low, figure.high, figure.n), figure.unit)
    work, rows = _work(visit, AGAIN, figure.id), _work(visit, ROWS_OF, figure.id)
    values: dict[str, Any] = {"figure": figure, "said": said, "trouble": trouble, "work": work, "rows": rows}
    return visit.show("value_figures/figure.html", status, may=visit.may(MAY_PUBLISH), **values)


def _rows(visit: Visit) -> Response:
    figure, kind = _figure(visit), visit.path("kind")
    if figure is None or kind not in ("csv", "parquet"):
        return visit.missing("File")
    work = visit.console.figure_work
    path, job = work.rows_file(figure, kind), None
    if path is None:
        job = work.prepare_rows(figure, visit.member.name)
        path = work.rows_file(figure, kind)
    if path is not None and not work.runs(job):
        media = "text/csv; charset=utf-8" if kind == "csv" else "application/vnd.apache.parquet"
        return Response(path.read_bytes(), media_type=media, headers={"Content-Disposition": f'attachment; filename="{figure.id}.{kind}"'})
    if job is not None and job.state == FAILED:
        return _show(visit, figure, 409, str(job.result["error"]))
    return visit.go_to(f"{PATH}/{figure.id}", "rows")


def _said(row: Row, unit: Unit) -> tuple[str, str]:
    """A figure and its interval in words."""
    return ("too few to show", "") if row.suppressed else (in_words(row.value, unit), interval_in_words(row, unit))


def notices(console: Console) -> Sequence[Notice]:
    """Published figures that no longer stand."""
    lately = console.now() - timedelta(days=30)
    gone = [figure for figure in console.figures.store.all() if figure.superseded_at and figure.superseded_at >= lately]
    return (
        [Notice(f"{len(gone)} published {'figure no longer matches' if len(gone) == 1 else 'figures no longer match'} the record", PATH)]
        if gone
        else []
    )


SECTION: Final = Section(
    PATH, "Published figures", "Figures said in public, each with its definition and rows, and what is measured.",
    Group.VALUE, add_routes, readers=WITH_VALUE, notices=notices,
)  # fmt: skip
