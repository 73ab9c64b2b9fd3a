"""Every rule reads as sentences, and each kind of condition has words of its own."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from guildhall.policy.config import Condition
from guildhall.policy.in_words import (
    EFFECT_NAMES,
    EFFECT_SENTENCES,
    STAGE_NAMES,
    case_by_case,
    condition_in_words,
    duty_in_words,
    scope_in_words,
)
from guildhall.vocabulary.categories import CATEGORY_NAMES, category_name
from guildhall.vocabulary.decisions import Effect, Stage
from guildhall.vocabulary.signals import Category
from tests.web.front_door import demo_profile


@pytest.mark.parametrize("rule_id", sorted(path.stem for path in Path("councils/_baseline/policy").glob("*.yaml")))
def test_a_rule_reads_as_sentences(rule_id: str) -> None:
    rule = demo_profile().pack.rule(rule_id)
    assert rule is not None
    cases = case_by_case(rule, lambda queue: queue)
    assert cases
    for said in cases:
        assert said.when.startswith("If ") and said.when.endswith(":")
        assert "_" not in said.when and "None" not in said.when
        assert all(sentence.endswith(".") and "_" not in sentence for sentence in said.then)
    assert scope_in_words(rule).startswith("Asked when ")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"signal": "child_at_risk", "grade": "confirm"}, "there are clear signs of a child at risk"),
        (
            {"signal": "distress", "at": 0.5},
            "there are signs of distress, vulnerability or danger of any kind of a strength of 0.5 or more",
        ),
        ({"any": [{"draft": "uncited"}, {"failed_turns": 2}]}, "the draft names no source or 2 turns in a row did not help"),
        ({"not": {"desk_open": True}}, "it is not so that the desk is open"),
        ({"language": ["pl", "ur"]}, "the language is pl or ur"),
        ({"language_supported": False}, "the resident's language is not one the council offers"),
        ({"service": ["adult-safeguarding"]}, "the service most likely meant is adult safeguarding"),
        ({"unvalidated": "weather.*"}, "a detector called weather.* has not been validated in the resident's language"),
    ],
)
def test_each_kind_of_condition_has_words(given: dict[str, object], words: str) -> None:
    assert condition_in_words(Condition.model_validate(given, strict=False)) == words


def test_every_effect_stage_and_category_has_a_name() -> None:
    assert set(EFFECT_NAMES) == set(EFFECT_SENTENCES) == set(Effect)
    assert set(STAGE_NAMES) == set(Stage)
    assert set(CATEGORY_NAMES) == set(Category)
    assert category_name("something_new") == "something new"


@pytest.mark.parametrize(
    ("code", "words"),
    [("care_act_s42", "Care Act section 42"), ("human_rights_art2", "Human rights Article 2"), ("psed", "Public sector equality duty")],
)
def test_a_duty_is_named_as_people_know_it(code: str, words: str) -> None:
    assert duty_in_words(code) == words


def test_a_condition_of_nothing_cannot_be() -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate({})
