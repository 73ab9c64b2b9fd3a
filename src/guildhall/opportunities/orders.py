"""Two orders that people often ask for, RICE and WSJF, and how they are worked out here. They are for comparing only: no portfolio uses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.opportunities.register import Details
from guildhall.opportunities.scoring import Head, Score, head_scores, spreads

IMPACTS: Final = (0.25, 0.5, 1.0, 2.0, 3.0)
"""What a service score of 1 to 5 counts for."""
DAYS_A_MONTH: Final = 20
DAYS_A_WEEK: Final = 5
RICE: Final = (
    "RICE is reach × impact × confidence ÷ effort. Reach: how many a year. Impact: the mean score under the service heading, where 1 counts 0.25, 2 counts 0.5, "
    "3 counts 1, 4 counts 2, 5 counts 3, and values in between count in proportion. Confidence: 100% if at least three people scored and no question has them "
    "more than 1 apart; 80% if at least two people scored and no question has them more than 2 apart; otherwise 50%. Effort: days of all teams ÷ 20."
)
WSJF: Final = (
    "WSJF is cost of delay ÷ size. Cost of delay: the mean scores under the three headings, added, 3 to 15. Other people add value, urgency and risk. Nobody scores "
    "urgency here, so this is WSJF in name only. Size: days of all teams ÷ 5."
)


@dataclass(frozen=True, slots=True)
class Ranks:
    """The parts and the two orders of one opportunity. None where a part is missing: no team days, no volume, or no score that may be seen."""

    reach: int
    impact: float | None
    confidence: float | None
    effort_months: float
    delay: float | None
    rice: float | None
    wsjf: float | None


def ranks_of(known: Details, scores: Sequence[Score]) -> Ranks:
    """What can be reckoned from what is known and from the scores given; nothing is guessed."""
    heads, told = head_scores(scores), spreads(scores)
    days = sum(known.team_days.values())
    impact = _impact(heads[Head.SERVICE]) if Head.SERVICE in heads else None
    delay = sum(heads.values()) if len(heads) == len(Head) else None
    confidence = None
    if told:
        scorers, apart = min(spread.scorers for spread in told), max(spread.apart for spread in told)
        confidence = 1.0 if scorers >= 3 and apart <= 1 else 0.8 if scorers >= 2 and apart <= 2 else 0.5
    whole = impact is not None and confidence is not None and known.volume_pa and days
    rice = known.volume_pa * (impact or 0) * (confidence or 0) / (days / DAYS_A_MONTH) if whole else None
    return Ranks(
        known.volume_pa, impact, confidence, days / DAYS_A_MONTH, delay, rice, delay / (days / DAYS_A_WEEK) if delay and days else None
    )


def _impact(score: float) -> float:
    below = min(int(score), len(IMPACTS) - 1)
    return IMPACTS[below - 1] + (score - below) * (IMPACTS[below] - IMPACTS[below - 1])
