"""Checks what a formula means: every name exists, nothing goes round in a circle, and each sign stands between things that go together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from guildhall.value.measures.formula import Formula, Gap, Money, Name, Number, Of, Operation, Share
from guildhall.value.measures.measure import Count, Measure, UnitCost
from guildhall.value.measures.mistakes import DefinitionError, listed
from guildhall.value.measures.units import UNITS_OF, Kind, Unit, together
from guildhall.value.measures.views import ABOUT_PEOPLE, DRAWN, VIEWS, Holds

COLUMN_KINDS: Final = {Holds.NUMBER: Kind.COUNT, Holds.SECONDS: Kind.SECONDS, Holds.SCORE: Kind.SCORE}
COST_KINDS: Final = {"contact": Kind.EACH, "minute": Kind.RATE, "hour": Kind.RATE}


def check_measure(measure: Measure, counts: Mapping[str, Count], measures: Mapping[str, Measure], costs: Mapping[str, UnitCost]) -> None:
    """Raise DefinitionError, with its keys, where a measure means nothing."""
    try:
        units = _Reader(counts, measures, costs).units(measure, ())
    except DefinitionError as error:
        raise error.at("measures", measure.key, "formula") from None
    if measure.unit not in units:
        gives = listed([unit.value for unit in units]) or "nothing that can be shown"
        raise DefinitionError(
            f"the formula gives {gives}, and the unit is `{measure.unit.value}`.",
            "Change the unit or the formula.",
            ("measures", measure.key, "unit"),
        )
    for key in measure.beside:
        if key not in measures or key == measure.key:
            raise DefinitionError(
                f"`{key}` is no other measure.", f"The measures are {listed(measures, 40)}.", ("measures", measure.key, "beside")
            )


@dataclass(frozen=True, slots=True)
class _Reader:
    counts: Mapping[str, Count]
    measures: Mapping[str, Measure]
    costs: Mapping[str, UnitCost]

    def units(self, measure: Measure, path: tuple[str, ...]) -> tuple[Unit, ...]:
        if isinstance(measure.tree, Gap):
            return self.gap(measure.tree, (*path, measure.key))
        return UNITS_OF[self.kind(measure.tree, (*path, measure.key))]

    def kind(self, tree: Formula, path: tuple[str, ...]) -> Kind:
        match tree:
            case Number():
                return Kind.NUMBER
            case Name(name):
                return self.name(name, path)
            case Money(name, whole):
                return self.money(name, whole)
            case Share(part, whole, weighted):
                self.share(self.same_view(part, whole), part, whole, weighted)
                return Kind.SHARE
            case Of():
                return self.of(tree)
            case Gap():
                raise DefinitionError("gap(…) stands inside a larger formula.", "Let the gap be the whole formula of its measure.")
            case Operation(sign, left, right):
                if sign == "/" and right == Number(0):
                    raise DefinitionError("something is divided by 0.", "Divide by a count, a measure or another number.")
                return together(sign, self.kind(left, path), self.kind(right, path))

    def name(self, name: str, path: tuple[str, ...]) -> Kind:
        if name in self.counts:
            return Kind.COUNT
        if name in path:
            raise DefinitionError(
                f"the formula goes round in a circle: {' → '.join([*path[path.index(name) :], name])}.", "Let one of them name no other."
            )
        if name not in self.measures:
            if name in self.costs:
                raise DefinitionError(f"`{name}` is a unit cost.", f"Write cost({name}).")
            known = listed({*self.counts, *self.measures}, 60)
            raise DefinitionError(f"there is no count or measure `{name}`.", f"There are {known}.")
        return self.kind(self.measures[name].tree, (*path, name))

    def count(self, name: str) -> Count:
        if name not in self.counts:
            raise DefinitionError(f"there is no count `{name}`.", f"The counts are {listed(self.counts, 60)}.")
        return self.counts[name]

    def same_view(self, one: str, other: str) -> str:
        first, second = self.count(one), self.count(other)
        if first.view != second.view:
            raise DefinitionError(f"`{one}` counts {first.view} and `{other}` counts {second.view}.", "Use two counts of one view.")
        return first.view

    def share(self, view: str, part: str, whole: str, weighted: bool) -> None:
        if weighted and view not in DRAWN:
            raise DefinitionError(f"`{whole}` counts {view}, which are all there and not drawn.", f"Write share({part} of {whole}).")
        if view in DRAWN and not weighted:
            raise DefinitionError(f"rows of {view} were drawn and stand for different numbers.", f"Write weighted({part} of {whole}).")

    def of(self, tree: Of) -> Kind:
        view = self.same_view(tree.until, tree.count) if tree.until else self.count(tree.count).view
        column = VIEWS[view].get(tree.column)
        if column is None or column.holds not in COLUMN_KINDS:
            numbers = [name for name, candidate in VIEWS[view].items() if candidate.is_number]
            raise DefinitionError(
                f"`{view}` has no column `{tree.column}` with numbers.", f"Its columns with numbers are {listed(numbers, 20)}."
            )
        kind = COLUMN_KINDS[column.holds]
        if tree.until and kind != Kind.SECONDS:
            raise DefinitionError(f"`until` needs seconds, and `{tree.column}` holds {column.holds.value}.", "Leave `until` out.")
        if tree.function == "sum" and kind == Kind.SCORE:
            raise DefinitionError(
                f"`{tree.column}` holds scores, and a sum of scores means nothing.", f"Use mean({tree.column} of {tree.count})."
            )
        if tree.function != "sum" and kind == Kind.COUNT:
            return Kind.NUMBER
        return kind

    def money(self, name: str, whole: bool) -> Kind:
        if name not in self.costs:
            raise DefinitionError(f"there is no unit cost `{name}`.", f"The unit costs are {listed(self.costs, 40)}.")
        per = self.costs[name].per
        if whole == (per in COST_KINDS):
            right = f"cost({name})" if whole else f"spend({name})"
            raise DefinitionError(f"`{name}` is a cost per {per}.", f"Write {right}.")
        return Kind.PENCE if whole else COST_KINDS[per]

    def gap(self, tree: Gap, path: tuple[str, ...]) -> tuple[Unit, ...]:
        if tree.measure not in self.measures:
            raise DefinitionError(f"there is no measure `{tree.measure}`.", f"The measures are {listed(self.measures, 60)}.")
        if tree.by not in ABOUT_PEOPLE:
            raise DefinitionError(f"a gap cannot be by `{tree.by}`.", f"Use one of {listed(ABOUT_PEOPLE)}.")
        inner = self.measures[tree.measure]
        if inner.key in path:
            raise DefinitionError(f"the formula goes round in a circle: {' → '.join([*path, inner.key])}.", "Let it name another measure.")
        kind = self.kind(inner.tree, (*path, inner.key))
        return (Unit.POINTS,) if inner.unit == Unit.SHARE else UNITS_OF[kind]
