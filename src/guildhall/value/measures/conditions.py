"""The conditions of a count. They are simple: one for each column, and all of them have to be true. They hold no code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from guildhall.value.measures.mistakes import DefinitionError, listed
from guildhall.value.measures.views import VIEWS, Column, Holds

COMPARISON: Final = re.compile(r"^(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?|[a-z][a-z0-9_]*)$")
Value = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Condition:
    """One column against something. `test` is `in`, `not in`, `known`, `unknown`, or a comparison with `values[0]`, a number or a column.

    What is not known fulfils no condition but `not in` and `unknown`.
    """

    column: str
    test: str
    values: tuple[Value, ...] = ()
    column_right: str = ""

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row fulfils it: the definition that the queries are tested against."""
        found = row.get(self.column)
        known = found is not None and found != ""
        match self.test:
            case "known":
                return known
            case "unknown":
                return not known
            case "in":
                return found is not None and found in self.values
            case "not in":
                return found is None or found not in self.values
            case _:
                right = row.get(self.column_right) if self.column_right else self.values[0]
                return found is not None and right is not None and _compare(self.test, float(found), float(right))


def _compare(test: str, left: float, right: float) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "=": left == right}[test]


def conditions_of(view: str, where: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of a count over a view. Raises DefinitionError with the column's key."""
    return tuple(condition_of(view, column, wanted) for column, wanted in where.items())


def condition_of(view: str, name: str, wanted: Any) -> Condition:
    """One condition as it is written: a value, a list, `is known`, `is not known`, `not x`, or a comparison such as `< 10`."""
    columns = VIEWS[view]
    if name not in columns:
        raise DefinitionError(f"`{view}` has no column `{name}`.", f"Its columns are {listed(columns, 40)}.", (name,))
    column = columns[name]
    if wanted == "is known":
        return Condition(name, "known")
    if wanted == "is not known":
        return Condition(name, "unknown")
    if isinstance(wanted, str) and wanted.startswith("not "):
        return Condition(name, "not in", (_value(name, column, _read(column, wanted.removeprefix("not ").strip())),))
    if isinstance(wanted, str) and wanted[:1] in "<>=" and wanted:
        return _comparison(view, name, column, wanted)
    several = wanted if isinstance(wanted, list | tuple) else [wanted]
    if not several:
        raise DefinitionError(f"the list for `{name}` is empty.", "Name at least one value.", (name,))
    return Condition(name, "in", tuple(_value(name, column, one) for one in several))


def _read(column: Column, text: str) -> Value:
    return {"true": True, "false": False}.get(text, text) if column.holds == Holds.YES_NO else text


def _comparison(view: str, name: str, column: Column, wanted: str) -> Condition:
    match = COMPARISON.match(wanted)
    if match is None:
        raise DefinitionError(f"`{wanted}` is no comparison.", 'Write it as in "< 10" or ">= parts_asked".', (name,))
    if not column.is_number:
        raise DefinitionError(f"`{name}` holds {column.holds.value}, which cannot be compared.", "Name the values instead.", (name,))
    test, right = match.groups()
    if not right[0].isalpha():
        return Condition(name, test, (float(right),))
    other = VIEWS[view].get(right)
    if other is None or other.holds != column.holds:
        fits = [key for key, candidate in VIEWS[view].items() if candidate.holds == column.holds and key != name]
        raise DefinitionError(
            f"`{name}` cannot be compared with `{right}`.", f"Compare it with a number, or with one of {listed(fits)}.", (name,)
        )
    return Condition(name, test, (), right)


def _value(name: str, column: Column, value: Any) -> Value:
    if column.holds == Holds.YES_NO:
        if not isinstance(value, bool):
            raise DefinitionError(
                f"`{name}` holds yes or no, and `{value}` is neither.", "Use true, false, `is known` or `not true`.", (name,)
            )
        return value
    if column.is_number:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DefinitionError(
                f"`{name}` holds {column.holds.value}, and `{value}` is no number.",
                'Use a number, or a comparison such as "< 10".',
                (name,),
            )
        return value
    if not isinstance(value, str):
        raise DefinitionError(f"`{name}` holds text, and `{value}` is none.", "Put it in quotes.", (name,))
    if column.values and value not in column.values:
        raise DefinitionError(f"`{value}` is no value of `{name}`.", f"Use one of {listed(column.values, 40)}.", (name,))
    return value
