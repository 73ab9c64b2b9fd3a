"""Mutation check: drop or change a part of a rule, and one of its examples must fail; a part that no example needs is not proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from guildhall.policy.config import Case, Condition, RuleFile
from guildhall.policy.trials import Trial, passes
from guildhall.vocabulary.decisions import PROTECTION, Effect
from guildhall.vocabulary.signals import Grade

NO_SUCH = "no-such-name"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one part changed."""

    what: str
    rule: RuleFile


def survivors(rule: RuleFile, trials: Sequence[Trial]) -> tuple[Mutant, ...]:
    """The mutants that pass every trial: what they change is needed by no example."""
    return tuple(mutant for mutant in mutants_of(rule) if passes(mutant.rule, trials))


def mutants_of(rule: RuleFile) -> Iterator[Mutant]:
    """Every rule that differs in one part: a case, a branch, a grade, a threshold, a name, an effect, the failure case."""
    for number, case in enumerate(rule.cases):
        name = f"case {number + 1}"
        for what, condition in _changed(case.when):
            yield _with_case(rule, number, case.model_copy(update={"when": condition}), f"{name}: {what}")
        for effect in _neighbours(case.then.effect):
            then = case.then.model_copy(update={"effect": effect})
            yield _with_case(rule, number, case.model_copy(update={"then": then}), f"{name}: its effect is `{effect}`")
        if len(rule.cases) > 1:
            kept = (*rule.cases[:number], *rule.cases[number + 1 :])
            yield Mutant(f"{name} is dropped", rule.model_copy(update={"cases": kept}))
        if number and rule.cases[number - 1].then.effect != case.then.effect:
            swapped = (*rule.cases[: number - 1], case, rule.cases[number - 1], *rule.cases[number + 1 :])
            yield Mutant(f"{name} is asked before case {number}", rule.model_copy(update={"cases": swapped}))
    yield from _without_failure_case(rule)


def _with_case(rule: RuleFile, number: int, case: Case, what: str) -> Mutant:
    return Mutant(what, rule.model_copy(update={"cases": (*rule.cases[:number], case, *rule.cases[number + 1 :])}))


def _without_failure_case(rule: RuleFile) -> Iterator[Mutant]:
    if rule.on_error is None:
        return
    yield Mutant("what it does when a detector fails is dropped", rule.model_copy(update={"on_error": None}))
    if len(rule.on_error.reads) > 1:
        for pattern in rule.on_error.reads:
            reads = tuple(other for other in rule.on_error.reads if other != pattern)
            yield Mutant(f"the failure of `{pattern}` is not looked at", _with_error(rule, {"reads": reads}))
    for effect in _neighbours(rule.on_error.then.effect):
        then = rule.on_error.then.model_copy(update={"effect": effect})
        yield Mutant(f"when a detector fails its effect is `{effect}`", _with_error(rule, {"then": then}))


def _with_error(rule: RuleFile, changes: dict[str, Any]) -> RuleFile:
    return rule.model_copy(update={"on_error": rule.on_error.model_copy(update=changes) if rule.on_error else None})


def _neighbours(effect: Effect) -> Iterator[Effect]:
    """The effects just weaker and just stronger."""
    ranked = {rank: other for other, rank in PROTECTION.items()}
    yield from (ranked[rank] for rank in (PROTECTION[effect] - 1, PROTECTION[effect] + 1) if rank in ranked)


def _changed(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Every condition that differs from this one in one place, with the difference in words."""
    for word, inner in (("any", condition.any), ("all", condition.all)):
        if inner is None:
            continue
        for number, branch in enumerate(inner):
            if len(inner) > 1:
                yield f"branch {number + 1} of `{word}` is dropped", _but(condition, {word: (*inner[:number], *inner[number + 1 :])})
            for what, changed in _changed(branch):
                yield f"{what} (branch {number + 1} of `{word}`)", _but(condition, {word: (*inner[:number], changed, *inner[number + 1 :])})
        if len(inner) > 1:
            other = "all" if word == "any" else "any"
            yield f"`{word}` is `{other}`", _but(condition, {word: None, other: inner})
    if condition.not_ is not None:
        yield "`not` is dropped", condition.not_
        for what, changed in _changed(condition.not_):
            yield f"{what} (inside `not`)", _but(condition, {"not_": changed})
    yield from _changed_signal(condition)
    yield from _changed_context(condition)


def _changed_signal(condition: Condition) -> Iterator[tuple[str, Condition]]:
    if condition.signal is None:
        return
    other = Grade.SCREEN if condition.grade == Grade.CONFIRM else Grade.CONFIRM
    yield f"the grade of `{condition.signal}` is `{other}`", _but(condition, {"grade": other})
    if condition.at:
        yield f"`{condition.signal}` is taken at any strength", _but(condition, {"at": None})
        if condition.at < 1:
            yield f"`{condition.signal}` is taken only at full strength", _but(condition, {"at": 1.0})


def _changed_context(condition: Condition) -> Iterator[tuple[str, Condition]]:
    for name in ("detector_failed", "unvalidated"):
        if (pattern := getattr(condition, name)) is not None:
            yield f"`{name}: {pattern}` looks for another name", _but(condition, {name: NO_SUCH})
    for name in ("service", "language"):
        values: tuple[str, ...] = getattr(condition, name) or ()
        for value in values:
            kept = tuple(other for other in values if other != value)
            yield f"`{name}` no longer has `{value}`", _but(condition, {name: kept or (NO_SUCH,)})
    if condition.failed_turns is not None:
        yield f"`failed_turns` is {condition.failed_turns + 1}", _but(condition, {"failed_turns": condition.failed_turns + 1})
        yield f"`failed_turns` is {condition.failed_turns - 1}", _but(condition, {"failed_turns": condition.failed_turns - 1})
    for name in ("language_supported", "desk_open"):
        if (wanted := getattr(condition, name)) is not None:
            yield f"`{name}` is {str(not wanted).lower()}", _but(condition, {name: not wanted})
    if condition.draft is not None:
        yield f"`draft: {condition.draft}` is not looked at", _but(condition, {"draft": None, "detector_failed": NO_SUCH})


def _but(condition: Condition, changes: dict[str, Any]) -> Condition:
    return condition.model_copy(update=changes)
