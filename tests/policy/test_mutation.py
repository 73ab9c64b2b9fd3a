"""A part of a rule that no example needs is found, and one that an example needs is not complained of."""

from typing import Any

import pytest
from pydantic import ValidationError

from guildhall.policy.config import FactsExample, RuleFile
from guildhall.policy.gates import examples_gate, mutation_gate
from guildhall.policy.mutation import mutants_of, survivors
from guildhall.policy.trials import failing, trials_of
from guildhall.vocabulary.decisions import Stage
from tests.policy.test_evaluate import escalate, offer, rule

ON_ERROR = {"reads": ["phrases.*", "classifier.*"], "then": {"effect": "offer"}}
PROVED: dict[str, list[dict[str, Any]]] = {
    "fires": [
        {"signals": ["bereavement confirm"], "effect": "escalate"},
        {"signals": ["bereavement screen"], "effect": "offer"},
        {"failed_detectors": ["phrases.explicit@3"], "effect": "offer"},
        {"failed_detectors": ["classifier.signals@2"], "effect": "offer"},
    ],
    "quiet": [{"signals": ["attack confirm"]}, {}],
}


def bereavement(examples: dict[str, list[dict[str, Any]]], **changes: Any) -> RuleFile:
    return rule("safe", [escalate("bereavement"), offer("bereavement")], on_error=ON_ERROR, facts_examples=examples, **changes)


def surviving(one: RuleFile) -> set[str]:
    return {mutant.what for mutant in survivors(one, trials_of(one))}


def test_a_rule_whose_every_part_is_needed_has_no_survivors() -> None:
    assert surviving(bereavement(PROVED)) == set()


@pytest.mark.parametrize(
    ("left_out", "survivor"),
    [
        (0, "case 1 is dropped"),
        (1, "case 2 is dropped"),
        (2, "the failure of `phrases.*` is not looked at"),
        (3, "the failure of `classifier.*` is not looked at"),
    ],
)
def test_each_example_is_needed_for_some_part(left_out: int, survivor: str) -> None:
    fires = [example for number, example in enumerate(PROVED["fires"]) if number != left_out]
    assert survivor in surviving(bereavement({**PROVED, "fires": fires}))


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        ({"any": [{"language": ["pl"]}, {"desk_open": True}]}, {"branch 1 of `any` is dropped", "`any` is `all`", "`desk_open` is false (branch 2 of `any`)"}),
        ({"not": {"failed_turns": 2}}, {"`not` is dropped", "`failed_turns` is 3 (inside `not`)", "`failed_turns` is 1 (inside `not`)"}),
        ({"signal": "attack", "at": 0.5}, {"the grade of `attack` is `confirm`", "`attack` is taken at any strength", "`attack` is taken only at full strength"}),
        ({"service": ["a", "b"]}, {"`service` no longer has `a`", "`service` no longer has `b`"}),
        ({"unvalidated": "x.*"}, {"`unvalidated: x.*` looks for another name"}),
        ({"draft": "uncited"}, {"`draft: uncited` is not looked at"}),
    ],
)  # fmt: skip
def test_every_part_of_a_condition_is_changed_in_turn(condition: dict[str, Any], changes: set[str]) -> None:
    made = {mutant.what for mutant in mutants_of(rule("r", [{"when": condition, "then": {"effect": "warn"}}]))}
    assert {f"case 1: {change}" for change in changes} <= made
    assert {"case 1: its effect is `offer`", "case 1: its effect is `allow`"} <= made


def test_an_example_that_does_not_do_what_it_says_is_told_with_what_happened() -> None:
    wrong = bereavement({"fires": [{"signals": ["bereavement screen"], "effect": "escalate"}, {}], "quiet": [{"signals": ["bereavement"]}]})
    assert [(trial.name, said) for trial, said in failing(wrong, trials_of(wrong))] == [
        ("signals: bereavement screen", "fired with `offer`, not `escalate`"),
        ("nothing", "stayed quiet"),
        ("signals: bereavement", "fired with `escalate`"),
    ]
    result = examples_gate([wrong], {"safe": trials_of(wrong)})
    assert result.reason.startswith("3 of 3 examples failed, first: `safe` fired with `offer`, not `escalate` on")


def test_a_gate_says_how_many_copies_were_made_and_which_part_is_not_proved() -> None:
    whole, part = bereavement(PROVED), bereavement({**PROVED, "fires": PROVED["fires"][1:]})
    assert mutation_gate([whole], {"safe": trials_of(whole)}).passed
    refused = mutation_gate([part], {"safe": trials_of(part)})
    assert not refused.passed
    assert "Add an example that would fail." in refused.reason


def test_the_short_form_of_a_signal_has_a_known_category_and_a_strength() -> None:
    with pytest.raises(ValidationError, match="`sadness` is not a category of evidence"):
        FactsExample(signals=("sadness confirm",))
    with pytest.raises(ValidationError, match="pattern"):
        FactsExample(signals=("attack certain",))
    drafted = rule("r", [{"when": {"draft": "uncited"}, "then": {"effect": "stop"}}], scope={"stages": ["on_answer"]})
    (trial, _) = trials_of(drafted)
    assert trial.facts.stage == Stage.ON_ANSWER
    assert trial.facts.draft is not None
