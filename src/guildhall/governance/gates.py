"""What each gate of a change asks. A gate refuses with a reason in a sentence and, where it can, a message that shows it."""

from dataclasses import replace
from datetime import timedelta

from guildhall.governance.changes import Change
from guildhall.governance.office import Progress
from guildhall.policy.gates import examples_gate, mutation_gate, property_gate, replay_gate
from guildhall.policy.replay import ReplayReport, replay
from guildhall.policy.trials import Trial, trials_of
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.gates import Counterexample, Gate, GateResult

SHOWN = 20


def lint(change: Change) -> GateResult:
    """The rules can be read and point nowhere that does not exist; each changed rule says so by its version, and is to be reviewed."""
    found = []
    today = change.office.clock().date()
    for rule in change.changed:
        before = change.before.rule(rule.id)
        if before is not None and rule.version <= before.version:
            found.append(f"`{rule.id}` was changed and is still version {rule.version}: raise `version` to {before.version + 1}")
        if rule.review_by <= today:
            found.append(f"`{rule.id}` was to be reviewed by {rule.review_by}: set a `review_by` that is ahead")
    try:
        change.office.check_pack(change.after)
    except ConfigurationError as error:
        found.append(str(error))
    if not change.changed and not change.removed:
        found.append("nothing changes: these are the rules in force")
    facts = {"changed": [f"{rule.id}@{rule.version}" for rule in change.changed], "removed": [rule.id for rule in change.removed]}
    said = tuple(Counterexample(words) for words in found[:SHOWN])
    counted = f"{len(change.changed)} {'rule' if len(change.changed) == 1 else 'rules'} new or changed and {len(change.removed)} taken out"
    reason = f"{found[0]}." if found else f"{counted}; every file can be read."
    return GateResult(Gate.LINT, not found, reason, said, facts)


def floors(change: Change) -> GateResult:
    """No floor protects less than it did, whatever other rules do."""
    less, undecided = change.floors.less, change.floors.undecided
    if not less and not undecided:
        return GateResult(Gate.OVERLAY, True, "No floor is loosened.")
    rules = ", ".join(sorted({f"`{difference.rule_id}`" for difference in less})) or "a floor"
    reason = (
        f"{rules} would protect less, and a floor may only be tightened."
        if less
        else f"It cannot be proved that no floor is loosened: {undecided[0]}."
    )
    return GateResult(Gate.OVERLAY, False, reason, tuple(difference.counterexample() for difference in less[:SHOWN]))


def protection(change: Change) -> GateResult:
    """Whatever a message may hold is treated at least as protectively, or the change says that it loosens and the chair must sign."""
    result = property_gate(change.comparison, change.proposal.loosens)
    facts = {"loosens": change.comparison.loosens, "new_evidence": list(change.new_evidence)}
    return replace(result, facts={**result.facts, **facts})


def examples(change: Change) -> GateResult:
    """Each changed rule passes its own examples, heard by the real detectors."""
    return examples_gate(change.changed, _trials(change))


def mutation(change: Change) -> GateResult:
    """Each part of each changed rule is needed by one of its examples."""
    return mutation_gate(change.changed, _trials(change))


def fair(change: Change) -> GateResult:
    """The last fairness probes found no breach that no waiver covers, and are not overdue."""
    found = change.office.unfair()
    if not found:
        return GateResult(Gate.FAIRNESS, True, "The fairness probes found no breach that no waiver covers.")
    return GateResult(Gate.FAIRNESS, False, found[0], tuple(Counterexample(words) for words in found[1:SHOWN]))


def _trials(change: Change) -> dict[str, tuple[Trial, ...]]:
    return {rule.id: trials_of(rule, change.office.bench.facts_of_words) for rule in change.changed}


def replayed(change: Change, days: int = 0, full: bool = False, progress: Progress | None = None) -> GateResult:
    """Past decisions miss nothing under the new rules. With `full`, words still kept are heard again first."""
    limits = change.replay_limits
    days = max(days, limits.days)
    since = change.office.clock() - timedelta(days=days)
    total, past = change.office.bench.past(since, full)
    running = replay(past, change.before, change.after)
    while True:
        try:
            done = next(running)
        except StopIteration as end:
            report: ReplayReport = end.value
            break
        if progress:
            progress(done, max(total, done))
    gate = Gate.FULL_REPLAY if full else Gate.REPLAY
    result = replay_gate(report, limits.max_newly_missed, gate)
    return replace(result, facts={**result.facts, "days": days})
