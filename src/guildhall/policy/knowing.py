"""Rules judged on facts of which only a part is known: what they may still say. The step from judging examples to judging all facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Protocol

from guildhall.policy.config import Condition, Consequence, RuleFile
from guildhall.policy.domain import AUDIENCE, CHANNEL, DESK, FAILED_TURNS, LANGUAGE, SERVICE, SUPPORTED, Domain, Key, Known, categories_of
from guildhall.policy.evaluate import ON_ERROR_CASE
from guildhall.vocabulary.signals import Grade

SILENT: Final = -2
"""Stands for a rule that says nothing, beside the numbers of its cases and `ON_ERROR_CASE`."""


Reason = tuple[Key, frozenset[Any]]
"""A question asked of a variable: whether it has one of these values."""


class Test(Protocol):
    """A condition on facts of which a part is known."""

    def value(self, known: Known) -> bool | None:
        """Whether it holds; None when that depends on what is not known."""
        ...

    def open_key(self, known: Known) -> Key | None:
        """A variable that would help to settle it."""
        ...

    def because(self, known: Known) -> Iterator[Reason]:
        """Enough to settle it as it is settled: any facts with the same answers settle it the same."""
        ...

    def variables(self) -> Iterator[Key]:
        """Every variable it looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """True when one of these variables has one of its values."""

    among: tuple[tuple[Key, frozenset[Any]], ...]

    def value(self, known: Known) -> bool | None:
        """Whether it holds, as far as known."""
        open_ = False
        for key, values in self.among:
            if key not in known:
                open_ = True
            elif known[key] in values:
                return True
        return None if open_ else False

    def open_key(self, known: Known) -> Key | None:
        """The first variable not known."""
        return next((key for key, _ in self.among if key not in known), None)

    def because(self, known: Known) -> Iterator[Reason]:
        """The one variable that makes it true, or all that make it false."""
        holding = next(((key, values) for key, values in self.among if key in known and known[key] in values), None)
        yield from self.among if holding is None else (holding,)

    def variables(self) -> Iterator[Key]:
        """Every variable it looks at."""
        return (key for key, _ in self.among)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several tests: true when one of them is (`until` is True), or when none of them is false (`until` is False)."""

    parts: tuple[Test, ...]
    until: bool

    def value(self, known: Known) -> bool | None:
        """Whether it holds, as far as known."""
        values = [part.value(known) for part in self.parts]
        if self.until in values:
            return self.until
        return None if None in values else not self.until

    def open_key(self, known: Known) -> Key | None:
        """A variable of the first part that is not settled."""
        return next((part.open_key(known) for part in self.parts if part.value(known) is None), None)

    def because(self, known: Known) -> Iterator[Reason]:
        """The one part that settles it, or all of them."""
        settling = next((part for part in self.parts if part.value(known) == self.until), None)
        for part in self.parts if settling is None else (settling,):
            yield from part.because(known)

    def variables(self) -> Iterator[Key]:
        """Every variable its parts look at."""
        return (key for part in self.parts for key in part.variables())


@dataclass(frozen=True, slots=True)
class Negated:
    """True when another test is not."""

    part: Test

    def value(self, known: Known) -> bool | None:
        """Whether it holds, as far as known."""
        value = self.part.value(known)
        return None if value is None else not value

    def open_key(self, known: Known) -> Key | None:
        """A variable of what is negated."""
        return self.part.open_key(known)

    def because(self, known: Known) -> Iterator[Reason]:
        """What settles what is negated."""
        return self.part.because(known)

    def variables(self) -> Iterator[Key]:
        """Every variable that what is negated looks at."""
        return self.part.variables()


@dataclass(frozen=True, slots=True)
class Speaker:
    """A rule at one stage, ready to be judged on partly known facts."""

    rule_id: str
    scope: Test
    cases: tuple[Test, ...]
    failed: Test | None
    says: dict[int, Consequence | None]
    """What follows from each case, from a failed detector and from silence."""

    def possible(self, known: Known) -> set[int]:
        """The cases that may speak for the rule."""
        in_scope = self.scope.value(known)
        found = set() if in_scope else {SILENT}
        if in_scope is False:
            return found
        for number, test in self._tests():
            value = test.value(known)
            if value is not False:
                found.add(number)
            if value:
                return found
        return found | {SILENT}

    def open_key(self, known: Known) -> Key | None:
        """A variable that would help to settle which case speaks."""
        if self.scope.value(known) is None:
            return self.scope.open_key(known)
        return next((test.open_key(known) for _, test in self._tests() if test.value(known) is None), None)

    def why_not(self, case: int, known: Known) -> Iterator[Reason]:
        """Enough to rule out that a case speaks, when it is ruled out."""
        if case != SILENT and self.scope.value(known) is False:
            yield from self.scope.because(known)
            return
        if case == SILENT:
            yield from self.scope.because(known)
        for number, test in self._tests():
            value = test.value(known)
            if value or (value is False and number == case):
                yield from test.because(known)
                return

    def variables(self) -> Iterator[Key]:
        """Every variable the rule looks at."""
        tests = (self.scope, *(test for _, test in self._tests()))
        return (key for test in tests for key in test.variables())

    def _tests(self) -> Iterator[tuple[int, Test]]:
        yield from enumerate(self.cases)
        if self.failed is not None:
            yield ON_ERROR_CASE, self.failed


def speaker_of(rule: RuleFile, domain: Domain) -> Speaker:
    """The rule as it is judged on partly known facts."""
    narrowed: list[Reason] = [(CHANNEL, frozenset(rule.scope.channels))]
    narrowed += [] if rule.scope.audience == "anyone" else [(AUDIENCE, frozenset({rule.scope.audience}))]
    scope = Joined(tuple(Leaf((one,)) for one in narrowed if not one[1] >= set(domain.values[one[0]])), until=False)
    says: dict[int, Consequence | None] = {number: case.then for number, case in enumerate(rule.cases)} | {SILENT: None}
    failed = None
    if rule.on_error:
        says[ON_ERROR_CASE] = rule.on_error.then
        failed = Joined(tuple(_named("failed", pattern, domain) for pattern in rule.on_error.reads), until=True)
    return Speaker(rule.id, scope, tuple(test_of(case.when, domain) for case in rule.cases), failed, says)


def test_of(condition: Condition, domain: Domain) -> Test:
    """A condition as a test of partly known facts."""
    if condition.any is not None:
        return Joined(tuple(test_of(part, domain) for part in condition.any), until=True)
    if condition.all is not None:
        return Joined(tuple(test_of(part, domain) for part in condition.all), until=False)
    if condition.not_ is not None:
        return Negated(test_of(condition.not_, domain))
    if condition.signal is not None:
        return _heard(condition, domain)
    if condition.detector_failed is not None:
        return _named("failed", condition.detector_failed, domain)
    if condition.unvalidated is not None:
        return _named("unvalidated", condition.unvalidated, domain)
    if condition.draft is not None:
        return Leaf(((("draft", condition.draft), frozenset({True})),))
    return _context(condition, domain)


def _heard(condition: Condition, domain: Domain) -> Leaf:
    among = []
    for category in sorted(categories_of(condition)):
        key = ("signal", category.value)
        least = domain.region(category, condition.at or 0.0)
        which = 0 if condition.grade == Grade.CONFIRM else 1
        among.append((key, frozenset(value for value in domain.values[key] if value[which] >= least)))
    return Leaf(tuple(among))


def _named(kind: str, pattern: str, domain: Domain) -> Leaf:
    names = [name for known_kind, name in domain.values if known_kind == kind and fnmatchcase(name, pattern)]
    return Leaf(tuple(((kind, name), frozenset({True})) for name in names))


def _context(condition: Condition, domain: Domain) -> Leaf:
    if condition.service is not None:
        return Leaf(((SERVICE, frozenset(condition.service)),))
    if condition.language is not None:
        return Leaf(((LANGUAGE, frozenset(condition.language)),))
    if condition.failed_turns is not None:
        least = condition.failed_turns
        return Leaf(((FAILED_TURNS, frozenset(turns for turns in domain.values[FAILED_TURNS] if turns >= least)),))
    if condition.language_supported is not None:
        return Leaf(((SUPPORTED, frozenset({condition.language_supported})),))
    return Leaf(((DESK, frozenset({condition.desk_open})),))
