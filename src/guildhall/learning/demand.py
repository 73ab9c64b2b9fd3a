"""How much a gap is asked for: counts of what happened, and nothing estimated. Also when it is due, unless a person says otherwise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from guildhall.vocabulary.gaps import Missed
from guildhall.vocabulary.outcomes import Person

WEEKS: Final = 8
LATELY: Final = timedelta(days=28)
DUE_AFTER: Final = ((20, 7), (5, 14), (0, 28))
"""Conversations in the last four weeks from which so many days are given."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Of one gap: conversations and not turns, since one person may ask three times."""

    conversations: int = 0
    lately: int = 0
    before: int = 0
    """In the four weeks before the last four."""
    share: float = 0.0
    """Of all conversations of the last four weeks."""
    weeks: tuple[int, ...] = ()
    """New conversations in each of the last eight weeks, the oldest first."""
    languages: tuple[tuple[str, int], ...] = ()
    channels: tuple[tuple[str, int], ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    people_brought: int = 0
    """Conversations in which an unanswered question brought a person in: the work that the gap costs, counted."""
    last_at: datetime | None = None

    @property
    def trend(self) -> str:
        """Whether it is asked more often than it was."""
        if self.lately == self.before:
            return "steady"
        return "rising" if self.lately > self.before else "falling"


def demand_of(asked: Sequence[Missed], now: datetime, all_lately: int) -> Demand:
    """The demand of one gap's questions."""
    firsts: dict[str, Missed] = {}
    for each in sorted(asked, key=lambda missed: missed.at):
        firsts.setdefault(each.conversation_id, each)
    ages = [(now - each.at) for each in firsts.values()]
    weekly = Counter(age // timedelta(days=7) for age in ages)
    lately = sum(age < LATELY for age in ages)
    brought = {each.conversation_id for each in asked if each.person == Person.BROUGHT.value}
    return Demand(
        conversations=len(firsts),
        lately=lately,
        before=sum(LATELY <= age < 2 * LATELY for age in ages),
        share=lately / all_lately if all_lately else 0.0,
        weeks=tuple(weekly[week] for week in reversed(range(WEEKS))),
        languages=_counted(each.language for each in firsts.values()),
        channels=_counted(each.channel for each in firsts.values()),
        reasons=_counted(each.why.value for each in asked),
        people_brought=len(brought),
        last_at=max((each.at for each in asked), default=None),
    )


def demands(asked: Iterable[Missed], now: datetime, all_lately: int) -> dict[str, Demand]:
    """The demand of every gap, by its id."""
    of_gap: defaultdict[str, list[Missed]] = defaultdict(list)
    for each in asked:
        of_gap[each.gap].append(each)
    return {gap: demand_of(found, now, all_lately) for gap, found in of_gap.items() if gap}


def due_on(lately: int, now: datetime) -> date:
    """When a gap is due: the more people ask, the sooner."""
    days = next(days for least, days in DUE_AFTER if lately >= least)
    return now.date() + timedelta(days=days)


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
