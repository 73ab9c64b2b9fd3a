"""What the gates found, kept as canonical JSON with its digest, and read back only when it is still what was written."""

import json
from typing import Any, Final

from guildhall.governance.changes import Change
from guildhall.governance.signing import canonical_json, digest_of
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gates import GATE_LABELS, Counterexample, Gate, GateResult
from guildhall.vocabulary.governance import Report

TESTED: Final = (Gate.LINT, Gate.OVERLAY, Gate.PROPERTY, Gate.EXAMPLES, Gate.MUTATION)
REPLAYED: Final = (Gate.REPLAY, Gate.FULL_REPLAY)


def keep(change: Change, result: GateResult) -> Report:
    """Keep what a gate found of exactly these two packs."""
    body = canonical_json({"base": change.before.id, "pack": change.after.id, "result": result.as_json()})
    report = Report(result.gate.value, result.passed, result.reason, body, digest_of(body), change.office.clock())
    kind = EventKind.RULE_CHANGE_REPLAYED if result.gate in REPLAYED else EventKind.RULE_CHANGE_TESTED
    change.office.store.put_report(change.proposal.id, report, kind)
    return report


def kept(change: Change, gate: Gate) -> GateResult:
    """What a gate found last. One that was not asked, was asked of other packs or was altered since does not pass."""
    report = change.office.store.reports(change.proposal.id).get(gate.value)
    label = GATE_LABELS[gate][0]
    if report is None:
        command = "replay" if gate in REPLAYED else "check"
        return GateResult(gate, False, f"Not done yet: `guildhall policy {command} {change.proposal.id}`.")
    altered = GateResult(gate, False, f"The report of this gate ({label.lower()}) was altered after it was written; do it again.")
    if digest_of(report.body) != report.digest:
        return altered
    try:
        data = json.loads(report.body)
        if (data["base"], data["pack"]) != (change.before.id, change.after.id):
            return GateResult(gate, False, f"The report of this gate ({label.lower()}) is about other packs; do it again.")
        return _result(gate, data["result"])
    except (KeyError, TypeError, ValueError):
        return altered


def found_by(change: Change, gate: Gate) -> dict[str, Any]:
    """The facts of a gate's report; none while there is no report that holds."""
    return dict(kept(change, gate).facts)


def tests_and_replay(change: Change) -> tuple[str, str]:
    """The digests of the test report and of the replay report. Raises RefusedError while one is missing, refuses or was altered."""
    reports = change.office.store.reports(change.proposal.id)
    for gate in (*TESTED, Gate.REPLAY):
        found = kept(change, gate)
        if not found.passed:
            raise RefusedError(f"{GATE_LABELS[gate][0]}: {found.reason}")
    tests = digest_of(canonical_json({gate.value: reports[gate.value].digest for gate in TESTED}))
    replays = {gate.value: reports[gate.value].digest for gate in REPLAYED if gate.value in reports}
    return tests, digest_of(canonical_json(replays))


def _result(gate: Gate, data: dict[str, Any]) -> GateResult:
    shown = tuple(Counterexample(item["sentence"], item["message"], item["language"]) for item in data["counterexamples"])
    return GateResult(gate, data["passed"], data["reason"], shown, data["facts"])
