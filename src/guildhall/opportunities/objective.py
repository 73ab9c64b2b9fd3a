"""What a portfolio should have most of: points of the scores, or one column of pounds after the council's haircut.

Two columns are never counted together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.opportunities.portfolio import Candidate
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.worth import Pounds
from guildhall.vocabulary.benefits import COLUMN_LABELS, Column

HEADS: Final = tuple(Head)
POINTS: Final = "points"


class Unvalued(StrEnum):
    """What a run in pounds does with opportunities that nobody has given figures for."""

    FOR_NOTHING = "for_nothing"
    LEFT_OUT = "left_out"


UNVALUED_LABELS: Final[dict[Unvalued, tuple[str, str]]] = {
    Unvalued.FOR_NOTHING: (
        "Keep them, and count them as worth nothing",
        "They are chosen only if another opportunity needs them, if a directorate was promised a number, or if they must be done.",
    ),
    Unvalued.LEFT_OUT: (
        "Leave them out of this run",
        "They cannot be chosen, and neither can opportunities that need them. One that must be done stays, with what it needs, and counts as worth nothing.",
    ),
}


@dataclass(frozen=True, slots=True)
class Money:
    """An objective in pounds: one column, the percent that is taken off it as evidence E0, and what is done with those without figures."""

    column: Column
    haircut_percent: int
    unvalued: Unvalued = Unvalued.FOR_NOTHING


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate with its points under each head (0 to 100), before weights make one value of them, and its pounds where it has figures."""

    candidate: Candidate
    points: Mapping[Head, float]
    pounds: Pounds | None = None
    run_cost_pence_pa: int = 0


@dataclass(frozen=True)
class Objective:
    """What each candidate counts for: points, or pence of one column."""

    judged: Sequence[Judged]
    weights: Mapping[Head, float]
    money: Money | None = None
    shares: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", shares_of(self.weights))

    def values(self, shares: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """One value each. Points take the weights given, or others."""
        if self.money is None:
            return self._points() @ (self.shares if shares is None else shares)
        return self._gross() - self._running()

    def drawn(self, rng: np.random.Generator, concentration: float, spread: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The weights of one draw and the values under them. Pounds have no weights: theirs are as given. Running costs are not drawn."""
        if self.money is not None:
            return self.shares, self._gross() * rng.lognormal(0.0, spread, len(self.judged)) - self._running()
        weights = rng.dirichlet(np.maximum(self.shares * concentration, 1e-3))
        return weights, (self._points() @ weights) * rng.lognormal(0.0, spread, len(self.judged))

    def _points(self) -> NDArray[np.float64]:
        return np.array([[each.points.get(head, 0.0) for head in HEADS] for each in self.judged], dtype=float).reshape(-1, len(HEADS))

    def _gross(self) -> NDArray[np.float64]:
        assert self.money is not None
        kept = (100 - self.money.haircut_percent) / 100
        return np.array([each.pounds.of(self.money.column) * kept if each.pounds else 0.0 for each in self.judged])

    def _running(self) -> NDArray[np.float64]:
        """Running costs are cash: they are taken off cash, and off no other column."""
        if self.money is None or self.money.column != Column.COUNCIL_CASH:
            return np.zeros(len(self.judged))
        return np.array([float(each.run_cost_pence_pa) for each in self.judged])


def shares_of(weights: Mapping[Head, float]) -> NDArray[np.float64]:
    """Weights of the heads in their order, made to sum to 1."""
    given = np.array([max(0.0, float(weights.get(head, 0.0))) for head in HEADS])
    return given / given.sum() if given.sum() > 0 else np.full(len(HEADS), 1 / len(HEADS))


def name_of(money: Money | None) -> str:
    """What the objective is called in a sentence."""
    return "points of the scores" if money is None else f"{COLUMN_LABELS[money.column][0].lower()} a year"


def explained(money: Money | None) -> str:
    """What exactly was counted, in two or three sentences."""
    if money is None:
        return "This run counts points: people’s scores as 0 to 100, weighted by heading. Pounds are shown for comparison and decide nothing here."
    net = " Running costs are taken off, because they are cash too." if money.column == Column.COUNCIL_CASH else ""
    return (
        f"This run counts {COLUMN_LABELS[money.column][0].lower()} of one full year, less {money.haircut_percent}% because it is an estimate (evidence E0).{net} "
        "The other three columns and the points are shown for comparison and decide nothing here."
    )
