"""The result of a trial. While it runs there are only counts; when it is over there is one result.

Nobody can see the result earlier, so nobody can stop the trial on a good day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from guildhall.value.evaluation.effects import LEVEL, Effect
from guildhall.value.evaluation.trial import FEWEST, Arm, trial
from guildhall.value.trials.plan import TrialPlan
from guildhall.value.trials.power import points

LOPSIDED: Final = 0.001
"""Below this chance of a split at least as uneven, something other than chance assigned, and the result is not to be believed."""


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """One way: how many chance gave it, and how many of them took their agreement back."""

    name: str
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Who takes part. `others` began on the web meanwhile and did not agree, or were not asked; they are not counted in the trial."""

    usual: ArmCounts
    new: ArmCounts
    others: int

    @property
    def joined(self) -> int:
        """Everybody who agreed, whether or not they took it back."""
        return self.usual.joined + self.new.joined

    def balance(self, share: float) -> float:
        """The chance of a split at least as uneven as this one, if chance alone assigned (exact binomial test); 1 while there is nobody."""
        from scipy import stats  # most of a second to import

        return float(stats.binomtest(self.new.joined, self.joined, share).pvalue) if self.joined else 1.0


@dataclass(frozen=True, slots=True)
class Ended:
    """That a trial takes in nobody more: why (`stopped`, `full` or `dates`), and its last day. Results are known once the measure's window is over."""

    why: str
    last_day: date

    def known_from(self, window_days: int) -> date:
        """The first day on which every contact is old enough to be counted."""
        return self.last_day + timedelta(days=window_days + 1)


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The result by intention to treat: everybody in the way that chance gave them, less those who took their agreement back.

    `low` and `high` are the differences if all who left had gone worst or best for the new way. `refused` says why there is no result.
    """

    counts: Counts
    balance: float
    ended: Ended | None = None
    known_from: date | None = None
    usual: Arm | None = None
    new: Arm | None = None
    effect: Effect | None = None
    low: float = 0.0
    high: float = 0.0
    refused: str = ""

    @property
    def lopsided(self) -> bool:
        """Whether the two ways are of sizes that chance would hardly give."""
        return self.balance < LOPSIDED

    def finding(self, plan: TrialPlan) -> str:
        """The result as one sentence."""
        if self.effect is None:
            return self.refused
        few = points(self.effect.low, "+").split()[0], points(self.effect.high, "+").split()[0]
        said = f"{points(self.effect.estimate, '+')} ({1 - LEVEL:.0%} interval {few[0]} to {few[1]}, p {self.effect.p:.3f})"
        if self.effect.found:
            return f"The new way changed `{plan.measure}` by {said}."
        return f"No difference was found: {said}. There may still be a difference smaller than {points(plan.worth_seeing)}."


def result_of(
    plan: TrialPlan, counts: Counts, ended: Ended | None, window_days: int, today: date, arms: tuple[Arm, Arm] | None
) -> TrialResult:
    """The result, or why there is none yet. `arms` are the usual and the new way as the measure counts them."""
    balance = counts.balance(plan.share)
    if ended is None:
        waits = (
            f"No result is shown while the trial runs. It ends when {plan.contacts:,} have agreed, or at the end of {plan.until:%d %B %Y}."
        )
        return TrialResult(counts, balance, refused=waits)
    known = ended.known_from(window_days)
    if today < known:
        days = f"{window_days} {'day' if window_days == 1 else 'days'}"
        return TrialResult(
            counts,
            balance,
            ended,
            known,
            refused=f"The trial is over. Its measure needs {days} after each contact, so the result is known from {known:%d %B %Y}.",
        )
    if balance < LOPSIDED:
        uneven = (
            f"There is no result. If chance alone had assigned residents, a split as uneven as {counts.usual.joined:,} to {counts.new.joined:,} would have a probability of {balance:.1g}. "
            "Find out what else decided who got which way."
        )
        return TrialResult(counts, balance, ended, known, refused=uneven)
    usual, new = arms or (Arm("usual", 0, 0), Arm("new", 0, 0))
    if min(usual.contacts, new.contacts) < FEWEST:
        few = f"Only {usual.contacts} and {new.contacts} contacts can be counted. To compare the two ways, each needs at least {FEWEST}."
        return TrialResult(counts, balance, ended, known, refused=few)
    low, high = _bounds(usual, new, counts)
    return TrialResult(counts, balance, ended, known, usual, new, trial(usual, new), low, high)


def beside(plan: TrialPlan, found: TrialResult) -> tuple[str, ...]:
    """What has to be shown with a result."""
    said = [
        f"The result holds for residents who agreed to take part on the web: {found.counts.joined:,} of {found.counts.joined + found.counts.others:,} who began a contact in that time.",
        "Everybody is counted in the way that chance gave them, whatever happened afterwards (intention to treat).",
    ]
    if gone := found.counts.usual.left + found.counts.new.left:
        said.append(
            f"{gone:,} withdrew their agreement ({found.counts.usual.left:,} usual, {found.counts.new.left:,} new) and are not in the result. "
            f"If all of them had turned out one way or the other, the difference would be between {points(found.low, '+')} and {points(found.high, '+')}."
        )
    if found.ended and found.ended.why == "stopped" and found.counts.joined < plan.contacts:
        said.append(
            f"It was stopped at {found.counts.joined:,} of {plan.contacts:,} planned contacts, so it can find only larger differences than planned. Nobody had seen a result when it was stopped."
        )
    return tuple(said)


def _bounds(usual: Arm, new: Arm, counts: Counts) -> tuple[float, float]:
    n_usual, n_new = usual.contacts + counts.usual.left, new.contacts + counts.new.left
    worst = new.successes / n_new - (usual.successes + counts.usual.left) / n_usual
    best = (new.successes + counts.new.left) / n_new - usual.successes / n_usual
    return worst, best
