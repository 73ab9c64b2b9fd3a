"""Definitions as SQL over the views. Names come from closed lists, and every value is a parameter: no text from outside is part of a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from numpy.typing import NDArray

from guildhall.value.measures.conditions import Condition
from guildhall.value.measures.plan import Scope
from guildhall.value.measures.result import YET
from guildhall.value.measures.views import ABOUT_PEOPLE, DRAWN, GROUPINGS, OLD_SINCE, VIEWS, Holds
from guildhall.vocabulary.auditing import UNDECIDED

SIMULATED: Final = "Made by the simulator."
JUDGED: Final = ("mark", "fault")
"""What only a turn that somebody decided has."""
NOBODY: Final = f"v.mark = '{UNDECIDED}'"
TOO_YOUNG: Final = "Less than {} days old: " + YET


class Views(Protocol):
    """The engine: the views of an export as they stand."""

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question."""

    def arrays(self, sql: str, values: Sequence[object] = ()) -> list[NDArray[Any]]:
        """The columns of a question."""


@dataclass
class Text:
    """A piece of SQL with the values of its question marks, in order."""

    sql: str
    values: list[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Span:
    """Which days, judged as at which time, narrowed to what."""

    since: date
    until: date
    as_at: datetime
    where: Mapping[str, str] = field(default_factory=dict)


def column(view: str, name: str) -> str:
    """Where a column stands: in the view itself, or in the contact of the turn or request."""
    if name == "day" or name in VIEWS[view]:
        return f"v.{name}"
    if name in VIEWS["contacts"]:
        return f"c.{name}"
    raise KeyError(name)


def source(view: str) -> str:
    """The view as `v`, with its contact as `c`."""
    return "contacts AS v" if view == "contacts" else f"{view} AS v LEFT JOIN contacts AS c ON c.contact = v.contact"


def grouped(view: str, by: str) -> str:
    """The expression that tells the groups apart, as text. Weeks begin on Monday and are named by it. Raises KeyError."""
    if by not in ("", *GROUPINGS):
        raise KeyError(by)
    match by:
        case "":
            return "''"
        case "day":
            return "strftime(v.day, '%Y-%m-%d')"
        case "week":
            return "strftime(date_trunc('week', v.day), '%Y-%m-%d')"
        case "month":
            return "strftime(v.day, '%Y-%m')"
        case "weekday":
            return "CAST(isodow(v.day) - 1 AS VARCHAR)"
        case "hour":
            return f"lpad(CAST({column(view, 'hour')} AS VARCHAR), 2, '0')"
        case _:
            return f"coalesce({column(view, by)}, '')"


def condition(view: str, one: Condition) -> Text:
    """One condition of a count."""
    name = column(view, one.column)
    is_text = VIEWS[view][one.column].holds == Holds.TEXT
    known = f"({name} IS NOT NULL AND {name} <> '')" if is_text else f"({name} IS NOT NULL)"
    marks = ", ".join("?" * len(one.values))
    match one.test:
        case "known":
            return Text(known)
        case "unknown":
            return Text(f"(NOT {known})")
        case "in":
            return Text(f"({name} IN ({marks}))", list(one.values))
        case "not in":
            return Text(f"({name} IS NULL OR {name} NOT IN ({marks}))", list(one.values))
    if one.column_right:
        return Text(f"({name} {one.test} {column(view, one.column_right)})")
    return Text(f"({name} {one.test} ?)", list(one.values))


def whole_of(view: str, conditions: Sequence[Condition]) -> Text:
    """Which rows a count is of. A turn that nobody decided before its sample was closed is among them, whatever marks the count asks for."""
    text = all_of(view, conditions)
    if view not in DRAWN:
        return text
    about = all_of(view, tuple(one for one in conditions if one.column not in JUDGED))
    return Text(f"({text.sql} OR ({NOBODY} AND {about.sql}))", [*text.values, *about.values])


def all_of(view: str, conditions: Sequence[Condition]) -> Text:
    """Every condition at once; true where there is none. Never null."""
    texts = [condition(view, one) for one in conditions]
    joined = " AND ".join(text.sql for text in texts) or "true"
    return Text(f"coalesce({joined}, false)", [value for text in texts for value in text.values])


def left_out(view: str, scope: Scope, span: Span, counts_simulated: bool) -> tuple[Text, tuple[str, ...]]:
    """Which reason leaves a row out, by its number from 0, or -1; and the reasons."""
    cases: list[Text] = []
    reasons: list[str] = []
    if not counts_simulated:
        cases.append(Text(f"coalesce({column(view, 'simulated')}, false)"))
        reasons.append(SIMULATED)
    for one in scope.exclusions:
        if one.view == view:
            cases.append(all_of(view, one.conditions))
            reasons.append(one.why)
    if scope.window_days:
        at = span.as_at.replace(tzinfo=None)
        cases.append(Text(f"v.{OLD_SINCE[view]} + to_days(CAST(? AS INTEGER)) > CAST(? AS TIMESTAMP)", [scope.window_days, at]))
        reasons.append(
            TOO_YOUNG.format(scope.window_days).replace("1 days", "1 day")
            if scope.window_days == 1
            else TOO_YOUNG.format(scope.window_days)
        )
    when = " ".join(f"WHEN {text.sql} THEN {number}" for number, text in enumerate(cases))
    sql = f"CASE {when} ELSE -1 END" if when else "-1"
    return Text(sql, [value for text in cases for value in text.values]), tuple(reasons)


def within(view: str, span: Span) -> Text:
    """The days and the filters. Raises KeyError for a filter that is no grouping of people."""
    sql, values = ["v.day BETWEEN ? AND ?"], [span.since, span.until]
    for name, wanted in span.where.items():
        if name not in ABOUT_PEOPLE:
            raise KeyError(name)
        sql.append(f"coalesce({column(view, name)}, '') = ?")
        values.append(wanted)  # type: ignore[arg-type]  # dates and text side by side
    return Text(" AND ".join(sql), list(values))
