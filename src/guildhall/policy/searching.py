"""Facts that make rules say what is wanted, or the certainty that there are none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from guildhall.policy.domain import Domain, Key, Known
from guildhall.policy.knowing import Reason, Speaker

STEPS = 20_000


class GaveUpError(Exception):
    """The search took too many steps, so nothing is proved either way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule must speak by one of these cases."""

    speaker: Speaker
    cases: frozenset[int]

    def met(self, known: Known) -> bool | None:
        """Whether it does; None while that depends on what is not known."""
        possible = self.speaker.possible(known)
        if possible <= self.cases:
            return True
        return None if possible & self.cases else False

    def why_not(self, known: Known) -> Iterator[Reason]:
        """Enough to rule it out, when it is ruled out."""
        for case in self.cases:
            yield from self.speaker.why_not(case, known)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there are no such facts: whatever answers these questions the same fails the same."""

    reasons: frozenset[Reason]


@dataclass
class Search:
    """Tries values of one variable after the other, the ordinary one first, and goes back where a rule cannot say what is wanted.

    Each failure says why. A value that would fail for the same reasons is not tried again, and a variable that has no part in the
    failure is not tried with other values. Nothing else is left out, so finding nothing means that there is nothing.
    """

    domain: Domain
    limit: int = STEPS
    steps: int = field(default=0, init=False)

    def find(self, wanted: Sequence[Wanted], settled: Known | None = None) -> dict[Key, Any] | None:
        """The facts, with as few out of the ordinary as it takes, or None. Raises GaveUpError after too many steps."""
        self.steps = 0
        found = self._find(list(wanted), dict(settled or {}))
        return None if isinstance(found, _Failure) else self._fewest(wanted, found, settled or {})

    def holds(self, wanted: Sequence[Wanted], known: Known) -> bool:
        """Whether facts, ordinary where not known, make every rule say what is wanted."""
        total = {**self.domain.ordinary, **known}
        return all(one.met(total) for one in wanted)

    def _find(self, wanted: list[Wanted], known: dict[Key, Any]) -> dict[Key, Any] | _Failure:
        self.steps += 1
        if self.steps > self.limit:
            raise GaveUpError
        unsettled = []
        for one in wanted:
            met = one.met(known)
            if met is False:
                return _Failure(frozenset(one.why_not(known)))
            if met is None:
                unsettled.append(one)
        key = unsettled[0].speaker.open_key(known) if unsettled else None
        return known if key is None else self._try(key, unsettled, known)

    def _try(self, key: Key, wanted: list[Wanted], known: dict[Key, Any]) -> dict[Key, Any] | _Failure:
        """The facts with one more variable settled, or why none of its values will do."""
        reasons: set[Reason] = set()
        failed: list[tuple[Any, list[frozenset[Any]]]] = []
        for value in self.domain.values[key]:
            if any(all((value in asked) == (other in asked) for asked in questions) for other, questions in failed):
                continue
            found = self._find(wanted, {**known, key: value})
            if not isinstance(found, _Failure):
                return found
            questions = [asked for about, asked in found.reasons if about == key]
            if not questions:
                return found
            failed.append((value, questions))
            reasons |= {reason for reason in found.reasons if reason[0] != key}
        return _Failure(frozenset(reasons))

    def _fewest(self, wanted: Sequence[Wanted], found: dict[Key, Any], settled: Known) -> dict[Key, Any]:
        """The facts with each variable made ordinary that need not be otherwise."""
        for key in reversed(self.domain.extraordinary(found)):
            plainer = {**found, key: self.domain.ordinary[key]}
            if key not in settled and self.holds(wanted, plainer):
                found = plainer
        return found
