"""Mutation check: drop or change a part of a rule, and one of its examples must fail; a part that no example needs is not proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guildhall.policy.config import RuleFile
from guildhall.policy.trials import Trial


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one part changed."""

    what: str
    rule: RuleFile


def mutants_of(rule: RuleFile) -> Iterator[Mutant]:
    """Every rule that differs in one part: a case, a branch, a grade, a threshold, a name, an effect, the failure case."""
    raise NotImplementedError


def survivors(rule: RuleFile, trials: Sequence[Trial]) -> tuple[Mutant, ...]:
    """The mutants that pass every trial: what they change is needed by no example."""
    raise NotImplementedError
