"""Takes one evaluation from question to answer: the effect by the chosen design, and the caveats that have to be shown with it, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Final

import numpy as np

from guildhall.value.evaluation.before_after import before_and_after, own_false_alarms
from guildhall.value.evaluation.designs import DESIGNS, Design
from guildhall.value.evaluation.effects import LEVEL, Effect, EvaluationError
from guildhall.value.evaluation.interrupted import against, interrupted
from guildhall.value.evaluation.placebo import Placebo, placebos
from guildhall.value.evaluation.power import Power, noise_of, power_by_month
from guildhall.value.evaluation.series import Series, month_number
from guildhall.value.evaluation.staggered import Rollout, staggered

Months = Sequence[tuple[date, float]]
SEED: Final = 20260401
"""Simulations begin here, so that the same question has the same answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: months of a measure around a launch. `theirs` are the comparator's; `teams` and `began` are a staggered rollout's.

    `sources` are the sentences that say where the months come from, for beside the answer.
    """

    label: str
    design: Design
    launch: date
    ours: Months = ()
    theirs: Months = ()
    teams: Mapping[str, Months] = field(default_factory=dict)
    began: Mapping[str, date] = field(default_factory=dict)
    drawn: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of an evaluation. `effect` is None if the question cannot be answered, and `refused` says why.

    `false_alarms` is for a before and after: how often that design would be wrong on months like these. `tried` holds the pretended launches.
    """

    question: Question
    effect: Effect | None
    refused: str = ""
    false_alarms: float | None = None
    tried: tuple[Placebo, ...] = ()
    seeable: tuple[Power, ...] = ()

    @property
    def alarms(self) -> int:
        """The number of pretended launches at which an effect was found."""
        return sum(one.effect.found for one in self.tried)

    @property
    def finding(self) -> str:
        """The answer in one sentence."""
        if self.effect is None:
            return f"No answer: {self.refused}."
        label = self.question.label
        if not self.effect.found:
            return f"No change in {label} was found: what was seen may well be chance. This does not show that there was no change."
        return f"{label} {_moved(self.effect)} after {self.question.launch:%B %Y}. Chance alone would rarely cause a change this large."

    @property
    def beside(self) -> tuple[str, ...]:
        """The caveats that have to be shown with it."""
        said = [*(self.effect.warnings if self.effect else ())]
        if self.question.design == Design.BEFORE_AFTER and self.effect:
            said.append(_alarm_sentence(self.false_alarms))
        if self.question.design in (Design.INTERRUPTED, Design.COMPARATOR) and self.effect:
            said.append(placebo_sentence(self.tried, self.alarms))
        return (*said, *DESIGNS[self.question.design].cannot, *self.question.sources)


def answer(question: Question, runs: int = 200) -> Answer:
    """The answer to a question. If the figures cannot answer it, the answer has no effect and says what would be needed."""
    random = np.random.default_rng(SEED)
    try:
        if question.design == Design.STAGGERED:
            return Answer(question, staggered(_rollout(question), random))
        series = Series.of(question.ours, question.launch)
        if question.design == Design.BEFORE_AFTER:
            return Answer(
                question, before_and_after(series), false_alarms=own_false_alarms(series, random), seeable=seeable(series, runs=runs)
            )
        if question.design == Design.INTERRUPTED:
            return Answer(question, interrupted(series), tried=placebos(series), seeable=seeable(series, runs=runs))
        comparison = Series.of(question.theirs, question.launch)
        series, comparison = _shared(series, comparison)
        effect = against(series, comparison)
        return Answer(question, effect, tried=placebos(series.minus(comparison)), seeable=seeable(series, comparison, runs))
    except EvaluationError as error:
        return Answer(question, None, str(error).rstrip("."))


def seeable(series: Series, comparison: Series | None = None, runs: int = 200) -> tuple[Power, ...]:
    """The smallest change that the months before the launch could show, for several lengths of time after it; empty with fewer than 12 months."""
    before = series.y[: series.before]
    level = float(before.mean())
    try:
        noise = noise_of(before - comparison.y[: series.before] if comparison else before, level)
    except EvaluationError:
        return ()
    return power_by_month(noise, series.before, np.random.default_rng(SEED), runs=runs)


def before_launch(months: Months, runs: int = 200) -> tuple[Power, ...]:
    """The same before anything is launched, from a baseline alone. Raises EvaluationError for gaps and for fewer than 12 months."""
    ordered = sorted(months)
    if not ordered:
        raise EvaluationError("there are no months")
    last = ordered[-1][0]
    following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    series = Series.of([*ordered, (following, ordered[-1][1])], following)
    return power_by_month(noise_of(series.y[: series.before]), series.before, np.random.default_rng(SEED), runs=runs)


def seeable_sentences(powers: Sequence[Power], launch: date | None = None) -> tuple[str, ...]:
    """For the person who approves: how small a change could be seen, and by when.

    A later month is left out if it shows nothing smaller than an earlier one.
    """
    said, last = [], inf
    for each in powers:
        when = f"{each.after} months after the launch" if launch is None else f"{_later(launch, each.after - 1):%B %Y}"
        if each.smallest is not None and each.smallest < last:
            said.append(f"With your data, you could only see a saving of at least {each.smallest:.0%} by {when}.")
            last = each.smallest
    if powers and not said:
        said.append(
            f"With your data, even a saving of {50:d}% would often go unseen {powers[-1].after} months after the launch. Do not promise to measure a saving in this way."
        )
    return tuple(said)


def placebo_sentence(tried: Sequence[Placebo], alarms: int) -> str:
    """What the pretended launches have shown."""
    if not tried:
        return "There are too few months before the launch to try pretended launches."
    if not alarms:
        return f"This design was also tried at {len(tried)} pretended launches before the real one. It found nothing there, as it should."
    return f"This design also found an effect at {alarms} of {len(tried)} pretended launches before the real one, when nothing was changed. Be more careful about believing this result."


def confidence() -> int:
    """The confidence of every interval here, in per cent."""
    return round(100 * (1 - LEVEL))


def _alarm_sentence(share: float | None) -> str:
    if share is None:
        return "There are fewer than 12 months before the launch, or they do not vary, so nobody can say how often this design would be wrong on months like yours."
    return f"On months that go up and down as yours did, with nothing changed, a before and after would find a change in {round(100 * share)} of 100 cases."


def _moved(effect: Effect) -> str:
    direction = "fell" if effect.estimate < 0 else "rose"
    if effect.share is None:
        return direction
    low, high = sorted((abs(effect.low / effect.before), abs(effect.high / effect.before)))
    return f"{direction} by {abs(effect.share):.0%} of the level before (between {low:.0%} and {high:.0%})"


def _shared(ours: Series, theirs: Series) -> tuple[Series, Series]:
    """Two series cut to the months that both have."""
    first, end = max(ours.first, theirs.first), min(_end(ours), _end(theirs))
    return tuple(  # type: ignore[return-value]
        Series(first, each.values[month_number(first) - month_number(each.first) : end - month_number(each.first)], each.launch)
        for each in (ours, theirs)
    )


def _end(series: Series) -> int:
    return month_number(series.first) + len(series.values)


def _rollout(question: Question) -> Rollout:
    if not question.teams:
        raise EvaluationError("there are no teams to compare")
    firsts = {min(month for month, _ in months) for months in question.teams.values() if months}
    if len(firsts) != 1 or any(not months for months in question.teams.values()):
        raise EvaluationError("every team must have the same months")
    first = month_number(firsts.pop())
    values = {team: _unbroken(team, months) for team, months in question.teams.items()}
    length = len(next(iter(values.values())))
    began = {team: min(length, month_number(day) - first) for team, day in question.began.items()}
    return Rollout(
        values,
        {team: began.get(team, length) for team in values} | {team: at for team, at in began.items() if team not in values},
        question.drawn,
    )


def _unbroken(team: str, months: Months) -> list[float]:
    ordered = sorted(months)
    try:
        return list(Series.of(ordered, ordered[-1][0]).values)
    except EvaluationError as error:
        raise EvaluationError(f"team `{team}`: {error}") from error


def _later(month: date, by: int) -> date:
    number = month_number(month) + by
    return date(number // 12, number % 12 + 1, 1)
