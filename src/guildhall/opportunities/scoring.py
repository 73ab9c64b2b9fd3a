"""Scores of 1 to 5 under three heads, by several people.

Each number of a scale has a meaning. Nobody sees other scores before giving their own.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Head(StrEnum):
    """What a score is for. The weights of a portfolio are given to these."""

    FINANCIAL = "financial"
    SERVICE = "service"
    WORKFORCE = "workforce"


HEAD_LABELS: Final[dict[Head, tuple[str, str]]] = {
    Head.FINANCIAL: ("Financial", "Money that would show in a budget, and how sure that is."),
    Head.SERVICE: ("Service", "What residents would notice."),
    Head.WORKFORCE: ("Workforce", "What it would mean for the people who do the work."),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of a head. `anchors` say what each of 1 to 5 means, so that two people's 4 is the same 4."""

    key: str
    head: Head
    question: str
    anchors: tuple[str, str, str, str, str]


CRITERIA: Final[tuple[Criterion, ...]] = (
    Criterion("worth", Head.FINANCIAL, "What is it worth in a year, after what it costs to run?",
        ("Nothing, or it costs more", "Under £5,000", "£5,000 to £25,000", "£25,000 to £100,000", "Over £100,000")),
    Criterion("cashable", Head.FINANCIAL, "Could finance take it out of a budget line?",
        ("No: time in small pieces", "Hardly: spread over many posts", "In part: overtime or agency shifts", "Mostly: a named contract or vacancy", "Yes: a named line, agreed by its owner")),
    Criterion("wait", Head.SERVICE, "How much sooner or better would a resident be served?",
        ("They would not notice", "A little, now and then", "Hours sooner, or fewer mistakes", "Days sooner for many", "Weeks sooner, or served at all")),
    Criterion("fairness", Head.SERVICE, "Who gains?",
        ("Only people who are well served now", "Mostly people who are well served now", "Everybody alike", "Mostly people who are served worse now", "People who cannot get through today")),
    Criterion("load", Head.WORKFORCE, "What work would it take away from staff?",
        ("Nothing, or it adds work", "A minor nuisance", "A weekly chore", "A daily chore", "The reason that people leave")),
    Criterion("ready", Head.WORKFORCE, "How ready is the team for it?",
        ("Against it", "Doubtful", "Willing, not asked yet", "Asked for it", "Asked for it, and has a lead with time")),
)  # fmt: skip
"""The criteria that ship. Anchors are ours: a council may replace them in a later version."""
BY_KEY: Final[Mapping[str, Criterion]] = {criterion.key: criterion for criterion in CRITERIA}
LOWEST: Final = 1
HIGHEST: Final = 5


@dataclass(frozen=True, slots=True)
class Score:
    """One scorer's answer to one criterion. The newest of a scorer counts; the older ones stay in the history."""

    criterion: str
    scorer: str
    value: int
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Spread:
    """How several people answered one criterion: `low` and `high` are the extremes, `apart` the distance between them."""

    criterion: Criterion
    mean: float
    low: int
    high: int
    scorers: int

    @property
    def apart(self) -> int:
        """0 when all agree, 4 at most."""
        return self.high - self.low


def newest(scores: Iterable[Score]) -> tuple[Score, ...]:
    """The newest of each scorer and criterion."""
    found: dict[tuple[str, str], Score] = {}
    for score in sorted(scores, key=lambda each: each.at):
        found[score.criterion, score.scorer] = score
    return tuple(found.values())


def complete(scores: Iterable[Score], scorer: str) -> bool:
    """Whether somebody has answered every criterion: before that they see nobody else's."""
    return {score.criterion for score in scores if score.scorer == scorer} >= set(BY_KEY)


def visible_to(scorer: str, scores: Sequence[Score], revealed: bool) -> tuple[Score, ...]:
    """What somebody may see: all once they gave their own or all were revealed, else only their own."""
    if revealed or complete(scores, scorer):
        return tuple(scores)
    return tuple(score for score in scores if score.scorer == scorer)


def spreads(scores: Iterable[Score]) -> tuple[Spread, ...]:
    """How each criterion that somebody answered was answered, in the order of the criteria."""
    counted = newest(scores)
    found = []
    for criterion in CRITERIA:
        values = [score.value for score in counted if score.criterion == criterion.key]
        if values:
            found.append(Spread(criterion, statistics.fmean(values), min(values), max(values), len(values)))
    return tuple(found)


def head_scores(scores: Iterable[Score]) -> dict[Head, float]:
    """The mean of each head, 1 to 5: of its criteria's means, so that a question many answered weighs no more. Heads nobody scored are left out."""
    found: dict[Head, float] = {}
    told = spreads(scores)
    for head in Head:
        means = [spread.mean for spread in told if spread.criterion.head == head]
        if means:
            found[head] = statistics.fmean(means)
    return found
