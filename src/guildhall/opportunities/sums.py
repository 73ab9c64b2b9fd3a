"""Totals of a set of opportunities: points, each of the four columns separately, and the costs to build and to run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from guildhall.opportunities.objective import Judged, Objective
from guildhall.opportunities.scoring import Head
from guildhall.vocabulary.benefits import Column


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over a set. `columns` holds pence a year as people estimated them; there is no sum of columns. `unvalued` have no figures."""

    count: int
    points: float
    columns: Mapping[Column, int]
    cost_pence: int
    run_cost_pence_pa: int
    unvalued: tuple[str, ...]

    def after(self, column: Column, haircut_percent: int) -> int:
        """One column after the haircut."""
        return round(self.columns[column] * (100 - haircut_percent) / 100)


def sums_of(judged: Sequence[Judged], weights: Mapping[Head, float], chosen: Collection[str]) -> Sums:
    """Totals of the chosen opportunities, as they were when they were judged."""
    ids = set(chosen)
    points = Objective(judged, weights).values()
    inside = [(each, float(value)) for each, value in zip(judged, points, strict=True) if each.candidate.id in ids]
    return Sums(
        len(inside),
        sum(value for _, value in inside),
        {column: sum(each.pounds.of(column) for each, _ in inside if each.pounds) for column in Column},
        sum(each.candidate.cost_pence for each, _ in inside),
        sum(each.run_cost_pence_pa for each, _ in inside),
        tuple(each.candidate.id for each, _ in inside if each.pounds is None),
    )
