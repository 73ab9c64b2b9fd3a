"""The gates that need nothing but rules and facts. Each says in a sentence why it passes or refuses, with counterexamples."""

from collections.abc import Mapping, Sequence

from guildhall.policy.compare import PackComparison
from guildhall.policy.config import RuleFile
from guildhall.policy.mutation import mutants_of, survivors
from guildhall.policy.replay import Change, ReplayReport
from guildhall.policy.trials import Trial, failing
from guildhall.vocabulary.gates import Counterexample, Gate, GateResult

SHOWN = 20
"""How many counterexamples a gate shows at most; the reason says how many there are."""


def property_gate(comparison: PackComparison, declared: bool = False) -> GateResult:
    """Nothing is treated less protectively, unless the change declares that it loosens (then the reason names the board's chair)."""
    less, more = comparison.less, comparison.more
    facts = {
        "before": comparison.before,
        "after": comparison.after,
        "less_protective": len(less),
        "more_protective": len(more),
        "otherwise_different": len(comparison.differences) - len(less) - len(more),
        "cells": comparison.cells,
        "undecided": list(comparison.undecided),
    }
    shown = tuple(difference.counterexample() for difference in (less or comparison.differences)[:SHOWN])
    if comparison.undecided:
        reason = f"The check gave up, so nothing is proved: {comparison.undecided[0]}. Write the rule more simply."
        return GateResult(Gate.PROPERTY, False, reason, shown, facts)
    if not less:
        reason = f"Whatever a message may hold, nothing is treated less protectively; {_counted(len(more), 'kind')} of message more so."
        return GateResult(Gate.PROPERTY, True, reason, shown, facts)
    reason = f"{_counted(len(less), 'kind')} of message would be treated less protectively, first: {less[0].sentence}"
    if declared:
        return GateResult(Gate.PROPERTY, True, f"{reason} The change says so, and the board's chair has to sign it.", shown, facts)
    return GateResult(Gate.PROPERTY, False, f"{reason} Change the rule, or declare that the change loosens.", shown, facts)


def examples_gate(rules: Sequence[RuleFile], trials: Mapping[str, Sequence[Trial]]) -> GateResult:
    """Each rule passes its own examples; `trials` is by rule id."""
    failed = [(rule, trial, wrong) for rule in rules for trial, wrong in failing(rule, trials.get(rule.id, ()))]
    tried = sum(len(trials.get(rule.id, ())) for rule in rules)
    if not failed:
        return GateResult(Gate.EXAMPLES, True, f"{_counted(tried, 'example')} of {_counted(len(rules), 'rule')} do what they say.")
    shown = tuple(
        Counterexample(f"`{rule.id}` {wrong} on “{trial.name}”.", trial.name if trial.words else "", trial.language)
        for rule, trial, wrong in failed[:SHOWN]
    )
    return GateResult(Gate.EXAMPLES, False, f"{len(failed)} of {_counted(tried, 'example')} failed, first: {shown[0].sentence}", shown)


def mutation_gate(rules: Sequence[RuleFile], trials: Mapping[str, Sequence[Trial]]) -> GateResult:
    """Each part of each rule is needed by one of its examples."""
    left = [(rule, mutant) for rule in rules for mutant in survivors(rule, trials.get(rule.id, ()))]
    made = sum(1 for rule in rules for _ in mutants_of(rule))
    facts = {"mutants": made, "survivors": len(left)}
    if not left:
        reason = f"{_counted(made, 'changed copy', 'changed copies')} of {_counted(len(rules), 'rule')} each failed an example."
        return GateResult(Gate.MUTATION, True, reason, (), facts)
    shown = tuple(Counterexample(f"`{rule.id}`: if {mutant.what}, every example still passes.") for rule, mutant in left[:SHOWN])
    reason = f"{_counted(len(left), 'part')} of rules no example needs, first: {shown[0].sentence} Add an example that would fail."
    return GateResult(Gate.MUTATION, False, reason, shown, facts)


def replay_gate(report: ReplayReport, max_newly_missed: int = 0, gate: Gate = Gate.REPLAY) -> GateResult:
    """No more past decisions than allowed would now be missed or less protective, and the old pack reproduces its own decisions."""
    facts = report.as_json()
    worse = [item for item in report.sample if item.less_protective or item.change == Change.MISSED]
    shown = tuple(Counterexample(item.sentence) for item in (worse or report.sample)[:SHOWN])
    if report.not_reproduced:
        reason = f"{_counted(report.not_reproduced, 'recorded decision')} cannot be reproduced by the very rules that made them: the record or the program is wrong."
        return GateResult(gate, False, reason, shown, facts)
    left_out = f" {_counted(report.cannot_be_replayed, 'decision')} could not be replayed." if report.cannot_be_replayed else ""
    missed = max(report.total(Change.MISSED), report.less_protective)
    counted = (
        f"{_counted(report.decisions, 'past decision')} judged again: {report.total(Change.MISSED)} newly missed, "
        f"{report.total(Change.FIRED)} newly fired, {report.total(Change.CHANGED)} changed, {report.less_protective} less protective."
    )
    if missed > max_newly_missed:
        first = f" First: {shown[0].sentence}" if shown else ""
        return GateResult(gate, False, f"{counted}{left_out} At most {max_newly_missed} may be missed.{first}", shown, facts)
    return GateResult(gate, True, f"{counted}{left_out}", shown, facts)


def _counted(number: int, what: str, several: str = "") -> str:
    return f"{number:,} {what if number == 1 else several or what + 's'}"
