"""Every seeded bad change is caught, by the gate that is named for it and with a reason that says what is wrong."""

from collections import Counter
from pathlib import Path

import pytest

from guildhall.policy.compare import compare_packs
from guildhall.policy.gates import examples_gate, mutation_gate, property_gate
from guildhall.policy.trials import trials_of
from guildhall.vocabulary.gates import Gate
from tests.policy.seeded import BadChange, bad_changes, first_refusal, rules_in_force

SEEDED = bad_changes()


@pytest.mark.parametrize(("name", "change"), SEEDED.items(), ids=list(SEEDED))
def test_a_bad_change_is_caught_by_its_gate(name: str, change: BadChange, tmp_path: Path) -> None:
    refused = first_refusal(change, tmp_path)
    assert refused is not None, f"{name} got through"
    assert (refused.gate, change.says in refused.reason) == (change.gate, True), f"{refused.gate}: {refused.reason}"
    assert refused.gate == Gate.LINT or refused.counterexamples


def test_there_are_twenty_of_them_and_each_gate_has_its_own() -> None:
    by_gate = Counter(change.gate for change in SEEDED.values())
    assert len(SEEDED) >= 20
    assert set(by_gate) == {Gate.LINT, Gate.OVERLAY, Gate.PROPERTY, Gate.EXAMPLES, Gate.MUTATION, Gate.REPLAY}
    assert min(by_gate.values()) >= 2


def test_the_rules_in_force_pass_the_gates_themselves() -> None:
    pack = rules_in_force()
    trials = {rule.id: trials_of(rule) for rule in pack.rules}
    results = [property_gate(compare_packs(pack, pack)), examples_gate(pack.rules, trials), mutation_gate(pack.rules, trials)]
    assert [result.reason for result in results if not result.passed] == []
