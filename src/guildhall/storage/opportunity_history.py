"""The history of an opportunity, and whether somebody changed it after another person last looked at it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from guildhall.opportunities.editing import called
from guildhall.opportunities.register import Answer, Deciding, Details, TimeGoes
from guildhall.storage.opportunities_schema import opportunity_changes
from guildhall.vocabulary.errors import RefusedError

_TUPLES: Final = ("data_classes", "affected_groups", "depends_on", "excludes")
KNOWN: Final = frozenset(field.name for field in fields(Details))
"""Everything that is known of an opportunity, by name."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of an opportunity's history. A line of fields holds what each was and what it became."""

    id: str
    at: datetime
    by: str
    what: str
    changed: Mapping[str, Any]
    why: str


class ChangedSinceError(RefusedError):
    """Somebody else changed it after it was looked at. `lines` are those changes, the newest first."""

    def __init__(self, lines: Sequence[Changed], names: Collection[str]) -> None:
        self.lines = tuple(lines)
        said = ", ".join(dict.fromkeys(f"“{called(name)}”" for line in lines for name in line.changed if name in names))
        super().__init__(f"somebody else changed {said} after you looked at it. Nothing of yours is saved. Look at it again first.")


def lines_of(connection: Connection, opportunity_id: str) -> tuple[Changed, ...]:
    """Who did what, the newest first. Lines are only ever added, so their number is the version of the opportunity."""
    query = select(opportunity_changes).where(opportunity_changes.c.opportunity == opportunity_id)
    rows = connection.execute(query.order_by(opportunity_changes.c.at.desc(), opportunity_changes.c.id)).all()
    return tuple(Changed(row.id, row.at, row.by, row.what, json.loads(row.changed), row.why) for row in rows)


def after_the_last(connection: Connection, opportunity_id: str, at: datetime) -> datetime:
    """This time, or just after the newest line where that is not earlier: the order of the lines is the order of their times."""
    query = select(func.max(opportunity_changes.c.at)).where(opportunity_changes.c.opportunity == opportunity_id)
    last: datetime | None = connection.execute(query).scalar_one()
    return at if last is None or last < at else last + timedelta(microseconds=1)


def check_seen(connection: Connection, opportunity_id: str, seen: int, names: Collection[str]) -> None:
    """Raise ChangedSinceError when any of these was changed after the version that was seen. Version 0 asks for no check."""
    if not seen:
        return
    lines = lines_of(connection, opportunity_id)
    since = [line for line in lines[: max(len(lines) - seen, 0)] if set(line.changed) & set(names)]
    if since:
        raise ChangedSinceError(since, names)


def difference(before: Details, after: Details) -> dict[str, list[Any]]:
    """What each field was and what it became, for those that differ."""
    was, now = asdict(before), asdict(after)
    return {name: [was[name], now[name]] for name in now if now[name] != was[name]}


def as_it_was(details: Details, lines: Sequence[Changed]) -> Details:
    """What was known before these lines of the history, the newest first."""
    known = json.loads(details_json(details))
    for line in lines:
        known |= {name: pair[0] for name, pair in line.changed.items() if name in KNOWN}
    return details_of(json.dumps(known))


def details_json(details: Details) -> str:
    """Details as they are stored."""
    return json.dumps(asdict(details), ensure_ascii=False, sort_keys=True)


def details_of(text: str) -> Details:
    """Details as they were stored; fields of a newer version are left out."""
    values = {key: value for key, value in json.loads(text).items() if key in KNOWN}
    values |= {name: tuple(values.get(name, ())) for name in _TUPLES}
    values["deciding"] = Deciding(values.get("deciding", Deciding.NOTHING))
    values["answer"] = Answer(values["answer"]) if values.get("answer") else None
    values["time_goes"] = TimeGoes(values.get("time_goes", TimeGoes.CAPACITY))
    return Details(**values)
