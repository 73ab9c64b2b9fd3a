"""Facts that make rules say what is wanted, or the certainty that there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from guildhall.policy.domain import Domain, Key, Known
from guildhall.policy.knowing import Speaker

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


@dataclass
class Search:
    """Tries values of one variable after the other, the ordinary one first, and goes back where a rule cannot say what is wanted.

    Every variable that matters is tried with every value, so finding nothing means that there is nothing.
    """

    domain: Domain
    limit: int = STEPS
    steps: int = field(default=0, init=False)

    def find(self, wanted: Sequence[Wanted], settled: Known | None = None) -> dict[Key, Any] | None:
        """The facts, with as few out of the ordinary as it takes, or None. Raises GaveUpError after too many steps."""
        self.steps = 0
        found = self._find(list(wanted), dict(settled or {}))
        return self._fewest(wanted, found, settled or {}) if found is not None else None

    def holds(self, wanted: Sequence[Wanted], known: Known) -> bool:
        """Whether facts, ordinary where not known, make every rule say what is wanted."""
        total = {**self.domain.ordinary, **known}
        return all(one.met(total) for one in wanted)

    def _find(self, wanted: list[Wanted], known: dict[Key, Any]) -> dict[Key, Any] | None:
        self.steps += 1
        if self.steps > self.limit:
            raise GaveUpError
        unsettled = []
        for one in wanted:
            met = one.met(known)
            if met is False:
                return None
            if met is None:
                unsettled.append(one)
        if not unsettled:
            return known
        key = unsettled[0].speaker.open_key(known)
        if key is None:  # cannot be: what is not settled rests on a variable that is not known
            raise GaveUpError
        for value in self.domain.values[key]:
            found = self._find(unsettled, {**known, key: value})
            if found is not None:
                return found
        return None

    def _fewest(self, wanted: Sequence[Wanted], found: dict[Key, Any], settled: Known) -> dict[Key, Any]:
        """The facts with each variable made ordinary that need not be otherwise."""
        for key in reversed(self.domain.extraordinary(found)):
            plainer = {**found, key: self.domain.ordinary[key]}
            if key not in settled and self.holds(wanted, plainer):
                found = plainer
        return found
