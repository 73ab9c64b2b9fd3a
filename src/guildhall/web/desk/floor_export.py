"""Handled conversations as a CSV file: one row a handoff, no words, no names. Who took a copy, and what for, is in the record first."""

import csv
import io
from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from guildhall.storage.endings import COLUMNS
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import PURPOSE_LABELS, Purpose
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

PATH = "/desk/floor/export"
SUPERVISORS = frozenset({Role.SUPERVISOR})
PURPOSES = (Purpose.AUDIT, Purpose.COMPLAINT, Purpose.INCIDENT, Purpose.SAFEGUARDING_REVIEW)
AT_MOST_DAYS = 366
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_routes(routes: DeskRoutes) -> None:
    """`/desk/floor/export`."""

    @routes.reads(PATH, SUPERVISORS)
    def ask(visit: DeskVisit) -> Response:
        return _show(visit)

    @routes.acts(PATH, SUPERVISORS)
    def export(visit: DeskVisit) -> Response:
        first, last = _day(visit.form.get("first", "")), _day(visit.form.get("last", ""))
        purpose = visit.form.get("purpose", "")
        if first is None or last is None or not timedelta() <= last - first <= timedelta(days=AT_MOST_DAYS):
            return _show(visit, "Choose a first and a last day, at most a year apart")
        if purpose not in PURPOSES:
            return _show(visit, "Choose what it is for")
        zone = visit.guildhall.profile.calendar.zone
        start, end = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
        rows = list(visit.guildhall.tools.endings.handled(start, end))
        facts = {"what": "handled conversations, without words", "purpose": purpose, "rows": len(rows)}
        visit.visit.note(EventKind.PERSONAL_DATA_EXPORTED, facts | {"first": first.isoformat(), "last": last.isoformat()})
        headers = {"content-disposition": f'attachment; filename="handled-{first.isoformat()}-to-{last.isoformat()}.csv"'}
        return Response(as_csv([row for _, row in rows]), media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(rows: list[dict[str, str]]) -> str:
    """The rows with their heading. A value that a spreadsheet would calculate is made plain text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([f"'{row[name]}" if row[name].startswith(FORMULA) else row[name] for name in COLUMNS])
    return out.getvalue()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _show(visit: DeskVisit, trouble: str = "") -> Response:
    return visit.show(
        "floor_export.html",
        400 if trouble else 200,
        trouble=trouble,
        first=visit.form.get("first", "") or (visit.today() - timedelta(days=30)).isoformat(),
        last=visit.form.get("last", "") or visit.today().isoformat(),
        purposes=[(purpose.value, *PURPOSE_LABELS[purpose]) for purpose in PURPOSES],
        columns=COLUMNS,
    )
