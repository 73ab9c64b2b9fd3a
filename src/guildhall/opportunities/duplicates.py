"""Finds near-duplicates: pairs of opportunities that may be the same. People decide on each pair; nothing is merged automatically."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.opportunities.register import Deciding, Details, Opportunity, Status

ALIKE: Final = 0.75
"""How alike two texts are (cosine of their vectors) when they are proposed as one, whatever they are about."""
ALIKE_ELSEWHERE: Final = 0.92
"""The same for two that name different services: every service has forms, letters and chasing, and words for them."""
ALIKE_IN_ONE_PROCESS: Final = 0.60
"""The same for two that name one service and one step of its process."""
MOST_PAIRS: Final = 200
_STRICTNESS: Final = list(Deciding)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be one, how alike their words are (0 to 1), and whether they name the same step of the same process."""

    first: str
    second: str
    alike: float
    same_process: bool

    @property
    def key(self) -> tuple[str, str]:
        """The two ids in a fixed order."""
        return (self.first, self.second) if self.first < self.second else (self.second, self.first)


def words_of(opportunity: Opportunity) -> str:
    """What is compared."""
    return f"{opportunity.details.title}. {opportunity.details.problem}"


def same_process(one: Details, other: Details) -> bool:
    """Whether both name one service and one step."""
    return bool(one.service and one.process_step) and (one.service, one.process_step.casefold()) == (
        other.service,
        other.process_step.casefold(),
    )


def near_duplicates(
    opportunities: Sequence[Opportunity], vectors: NDArray[np.float32], told_apart: Collection[tuple[str, str]] = ()
) -> tuple[Pair, ...]:
    """Pairs to be looked at, the most alike first. `vectors` has one row of length 1 for each; pairs people told apart are left out."""
    live = [n for n, each in enumerate(opportunities) if each.status in (Status.PROPOSED, Status.ACCEPTED)]
    if len(live) < 2:
        return ()
    likeness = vectors[live] @ vectors[live].T
    found: list[Pair] = []
    for row, column in zip(*np.nonzero(np.triu(likeness >= ALIKE_IN_ONE_PROCESS, 1)), strict=True):
        one, other = opportunities[live[row]], opportunities[live[column]]
        together, alike = same_process(one.details, other.details), float(likeness[row, column])
        elsewhere = bool(one.details.service and other.details.service) and one.details.service != other.details.service
        pair = Pair(one.id, other.id, min(1.0, alike), together)
        if (together or alike >= (ALIKE_ELSEWHERE if elsewhere else ALIKE)) and pair.key not in told_apart:
            found.append(pair)
    found.sort(key=lambda pair: (-pair.alike, pair.key))
    return tuple(found[:MOST_PAIRS])


def merged(kept: Details, gone: Details) -> Details:
    """The details of a merged pair. The larger volume counts, not the sum, because both are about the same work.

    Other figures are the kept one's or, if it has none, the other's.
    """
    cash = kept if kept.cash_pence_pa is not None else gone
    return replace(
        kept,
        volume_pa=max(kept.volume_pa, gone.volume_pa),
        minutes_each=kept.minutes_each or gone.minutes_each,
        staff_pence_an_hour=kept.staff_pence_an_hour or gone.staff_pence_an_hour,
        saves_percent=gone.saves_percent if kept.saves_percent is None else kept.saves_percent,
        cash_pence_pa=cash.cash_pence_pa,
        cash_act=cash.cash_act,
        avoided_pence_pa=gone.avoided_pence_pa if kept.avoided_pence_pa is None else kept.avoided_pence_pa,
        resident_pence_pa=gone.resident_pence_pa if kept.resident_pence_pa is None else kept.resident_pence_pa,
        error_rate=max(kept.error_rate, gone.error_rate),
        data_classes=tuple(dict.fromkeys((*kept.data_classes, *gone.data_classes))),
        affected_groups=tuple(dict.fromkeys((*kept.affected_groups, *gone.affected_groups))),
        safeguarding_risk=kept.safeguarding_risk or gone.safeguarding_risk,
        deciding=max(kept.deciding, gone.deciding, key=_STRICTNESS.index),
        depends_on=tuple(dict.fromkeys((*kept.depends_on, *gone.depends_on))),
        excludes=tuple(dict.fromkeys((*kept.excludes, *gone.excludes))),
    )
