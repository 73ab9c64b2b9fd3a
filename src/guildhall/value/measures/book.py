"""All definitions of a council together, checked against each other.

Every name in a formula has to exist, no formula may go round in a circle, and every formula has to mean something.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guildhall.value.ledger.headline import SUGGESTED, Haircuts
from guildhall.value.measures.conditions import conditions_of
from guildhall.value.measures.config import CountEntry, MeasureEntry, UnitCostEntry, ValueFile
from guildhall.value.measures.formula import RESERVED, Formula, Gap, Money, Name, Of, Operation, Share, parse_formula
from guildhall.value.measures.meaning import check_measure
from guildhall.value.measures.measure import Count, Exclusion, Measure, UnitCost
from guildhall.value.measures.mistakes import DefinitionError, listed


@dataclass(frozen=True)
class MeasureBook:
    """What a council counts and measures. `texts` are the definitions as written, for hashing and for showing.

    `counts_simulated`: simulated contacts are counted. They are only while there is no real one, so that the two are never mixed.
    """

    counts: Mapping[str, Count] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    costs: Mapping[str, UnitCost] = field(default_factory=dict)
    small_number: int = 5
    gap_group_at_least: int = 30
    costs_old_after_months: int = 24
    counts_simulated: bool = False
    haircuts: Haircuts = field(default_factory=lambda: SUGGESTED)
    texts: Mapping[str, str] = field(default_factory=dict)

    def definition(self, key: str) -> dict[str, str]:
        """A measure with everything that it rests on, each as it is written. The settings that change figures are in it too."""
        found = {f"setting {name}": str(getattr(self, name)) for name in ("small_number", "gap_group_at_least", "counts_simulated")}
        for name in self.reached(key):
            found[name] = self.texts[name]
        return dict(sorted(found.items()))

    def definition_hash(self, key: str) -> str:
        """SHA-256 of the definition: the same while nothing that the figure rests on was changed."""
        return hashlib.sha256(json.dumps(self.definition(key), sort_keys=True).encode()).hexdigest()

    def reached(self, key: str) -> frozenset[str]:
        """The names under `texts` of a measure and of all that it rests on."""
        found: set[str] = set()
        waiting = [key]
        while waiting:
            here = waiting.pop()
            if f"measure {here}" in found:
                continue
            found.add(f"measure {here}")
            for part in parts(self.measures[here].tree):
                match part:
                    case Name(name):
                        if name in self.counts:
                            found.add(f"count {name}")
                        else:
                            waiting.append(name)
                    case Money(name):
                        found.add(f"cost {name}")
                    case Share(one, other):
                        found |= {f"count {one}", f"count {other}"}
                    case Of(_, _, count, until):
                        found |= {f"count {count}", f"count {until}"} - {"count "}
                    case Gap(measure):
                        waiting.append(measure)
        return frozenset(found)


def parts(tree: Formula) -> Iterator[Formula]:
    """Every part of a formula, itself first."""
    yield tree
    if isinstance(tree, Operation):
        yield from parts(tree.left)
        yield from parts(tree.right)


def book_of(file: ValueFile) -> MeasureBook:
    """The book of one merged file. Raises DefinitionError for the first thing wrong, with its keys."""
    for key in sorted(set(file.counts) & set(file.measures)):
        raise DefinitionError(f"`{key}` is the name of a count and of a measure.", "Give one of the two another name.", ("measures", key))
    for group, names in (("counts", file.counts), ("measures", file.measures), ("unit_costs", file.unit_costs)):
        for key in names:
            if key in RESERVED:
                raise DefinitionError(
                    f"`{key}` is a word of the formulas.", f"Use a name that is none of {listed(RESERVED, 20)}.", (group, key)
                )
    counts = {key: _count(key, entry) for key, entry in file.counts.items()}
    measures = {key: _measure(key, entry) for key, entry in file.measures.items()}
    book = MeasureBook(
        counts=counts,
        measures=measures,
        costs={key: _cost(key, entry) for key, entry in file.unit_costs.items()},
        small_number=file.small_number,
        gap_group_at_least=file.gap_group_at_least,
        costs_old_after_months=file.unit_costs_old_after_months,
        haircuts=file.haircuts.by_level,
        texts=_texts(file),
    )
    for measure in measures.values():
        check_measure(measure, book.counts, book.measures, book.costs)
    return book


def _texts(file: ValueFile) -> dict[str, str]:
    groups = {"count": file.counts, "measure": file.measures, "cost": file.unit_costs}
    return {
        f"{kind} {key}": json.dumps(entry.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        for kind, entries in groups.items()
        for key, entry in dict(entries).items()  # type: ignore[call-overload]  # three mappings of different entries
    }


def _count(key: str, entry: CountEntry) -> Count:
    try:
        return Count(key, entry.of, conditions_of(entry.of, entry.where))
    except DefinitionError as error:
        raise error.at("counts", key, "where") from None


def _cost(key: str, entry: UnitCostEntry) -> UnitCost:
    return UnitCost(key, entry.label, entry.pence, entry.per, entry.source, entry.as_of)


def _measure(key: str, entry: MeasureEntry) -> Measure:
    try:
        tree = parse_formula(entry.formula)
    except DefinitionError as error:
        raise error.at("measures", key, "formula") from None
    exclusions = []
    for number, one in enumerate(entry.exclude):
        try:
            exclusions.append(Exclusion(one.of, conditions_of(one.of, one.where), one.why))
        except DefinitionError as error:
            raise error.at("measures", key, "exclude", str(number), "where") from None
    return Measure(
        key, entry.label, entry.about, entry.unit, entry.formula, tree, tuple(exclusions), entry.window_days, entry.source, entry.better,
        tuple(entry.beside), entry.alarm_above, entry.caution,
    )  # fmt: skip
