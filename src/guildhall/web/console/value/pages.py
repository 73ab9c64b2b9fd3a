"""The routes of the value pages: each page, a file for each of its figures, the rows, and the definitions."""

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from guildhall.storage.analysis.listing import COLUMNS, parquet
from guildhall.web.charts import Cell, Table
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.value import contacts, cost, definition, demand, equity, front_door, misdirection, outcomes, summary, waits
from guildhall.web.console.value.asking import PERIODS, asking_of
from guildhall.web.console.value.preparing import not_ready
from guildhall.web.console.value.sight import CONTACTS, MEASURES, Page, Sight, View
from guildhall.web.console.visit import Visit

PAGES: Final = (front_door.PAGE, outcomes.PAGE, waits.PAGE, misdirection.PAGE, demand.PAGE, equity.PAGE, cost.PAGE, summary.PAGE)
MORE: Final = (contacts.PAGE,)
TYPES: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
FILTERS: Final = ("channel", "language", "service", "ward")


def add_routes(routes: Routes) -> None:
    """Everything under `/console/value` that this section owns."""
    for page in (*PAGES, *MORE):
        _add(routes, page)

    @routes.reads(CONTACTS + ".{kind}")
    @seeing
    def rows(sight: Sight) -> Response:
        kind = sight.visit.path("kind")
        if kind not in TYPES:
            return sight.visit.missing("File")
        found = contacts.all_rows(sight)
        if found.hidden:
            return show(sight, contacts.PAGE, contacts.contacts(sight))
        return _file("contacts", kind, _plain_csv(COLUMNS, found.rows) if kind == "csv" else parquet(COLUMNS, found.rows))

    @routes.reads(MEASURES + "/{key}")
    @seeing
    def measure(sight: Sight) -> Response:
        key = sight.visit.path("key")
        view = definition.definition(sight, key)
        return sight.visit.missing("Measure") if view is None else show(sight, _definition_page(sight, key), view)

    @routes.reads(MEASURES + "/{key}/split.{kind}")
    @seeing
    def split(sight: Sight) -> Response:
        view = definition.definition(sight, sight.visit.path("key"))
        return _table(sight.visit, sight.visit.path("key"), view.values["table"] if view else None)


def _add(routes: Routes, page: Page) -> None:
    @routes.reads(page.path)
    @seeing
    def shown(sight: Sight) -> Response:
        return show(sight, page, page.make(sight))

    @routes.reads(page.path + "/figures/{figure}.{kind}")
    @seeing
    def file(sight: Sight) -> Response:
        figure = page.make(sight).figure(sight.visit.path("figure"))
        return _table(sight.visit, sight.visit.path("figure"), figure.table if figure else None)


def seeing(make: Callable[[Sight], Response]) -> Callable[[Visit], Response]:
    """A page made from what the address asks for, of the newest snapshot; while there is none, a page that says so."""

    def shown(visit: Visit) -> Response:
        snapshot = visit.console.value_pages.snapshot()
        if snapshot is None:
            return not_ready(visit)
        return make(Sight(visit, snapshot, asking_of(visit.query, snapshot.today)))

    return shown


def show(sight: Sight, page: Page, view: View) -> Response:
    """A page, with its menu, its filters and what it rests on."""
    offered = [(name, [(group or "-", sight.name(name, group)) for group, _ in sight.snapshot.groups(name)]) for name in FILTERS]
    values: dict[str, Any] = {
        "page": page, "pages": PAGES, "trouble": sight.visit.console.value_pages.trouble, "asking": sight.asking, "sight": sight, "snapshot": sight.snapshot, "extent": sight.snapshot.extent,
        "offered": offered, "periods": PERIODS, "figures": {figure.name: figure for figure in view.figures}, **view.values,
    }  # fmt: skip
    return sight.visit.show(f"value/{page.template}", 400 if sight.asking.errors else 200, **values)


def _definition_page(sight: Sight, key: str) -> Page:
    return Page(f"{MEASURES}/{key}", "", sight.snapshot.book.measures[key].label, "definition.html", lambda _: View())


def _table(visit: Visit, name: str, table: Table | None) -> Response:
    """A table as a file."""
    kind = visit.path("kind")
    if table is None or kind not in TYPES:
        return visit.missing("File")
    if kind == "csv":
        return _file(name, kind, table.csv().encode())
    rows = [tuple(cell.text if cell.raw is None else cell.raw for cell in row) for row in table.rows]
    return _file(name, kind, parquet(table.columns, _of_one_kind(rows)))


def _of_one_kind(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Columns in which every value is a number stay numbers, with nothing for what is not known; the others are text."""
    columns = []
    for column in zip(*rows, strict=True):
        numbers = all(isinstance(value, int | float) or value == "" for value in column)
        columns.append([None if value == "" else float(value) for value in column] if numbers else [str(value) for value in column])
    return list(zip(*columns, strict=True))


def _plain_csv(names: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> bytes:
    made = tuple(tuple(Cell("" if value is None else str(value)) for value in row) for row in rows)
    return Table(names, made).csv().encode()


def _file(name: str, kind: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, media_type=TYPES[kind], headers=headers)


SECTION = Section(
    front_door.PATH, "Front door", "What happened to every contact: outcomes, waits, misdirection, unmet demand, equity and cost, with one page for councillors.",
    Group.VALUE, add_routes, readers=WITH_VALUE,
)  # fmt: skip
