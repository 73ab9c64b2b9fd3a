"""A rule's examples as facts, so that the rule and changed copies of it can be tried on them without a detector."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guildhall.policy.config import Example, FactsExample, RuleFile
from guildhall.vocabulary.decisions import Effect, Facts

FactsOfWords = Callable[[RuleFile, Example], Facts]
"""What the detectors make of an example's words; supplied by whoever has detectors."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One example: its facts, whether the rule must speak, and with which effect (None: any)."""

    facts: Facts
    fires: bool
    effect: Effect | None
    name: str
    """The message itself, or the facts in short form."""


def trials_of(rule: RuleFile, facts_of_words: FactsOfWords | None = None) -> tuple[Trial, ...]:
    """Every example of a rule as a trial. Without `facts_of_words` only the facts examples are taken."""
    raise NotImplementedError


def failing(rule: RuleFile, trials: Sequence[Trial]) -> tuple[tuple[Trial, str], ...]:
    """The trials a rule does not pass, each with what happened instead, such as `stayed quiet`."""
    raise NotImplementedError


def facts_of_example(rule: RuleFile, example: FactsExample) -> Facts:
    """The facts that a short form stands for, at the rule's first stage."""
    raise NotImplementedError
