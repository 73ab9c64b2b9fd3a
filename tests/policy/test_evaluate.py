"""The same facts and pack always give the same decision, and the most protective verdict wins."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.policy.config import RuleFile
from guildhall.policy.evaluate import ON_ERROR_CASE, decide
from guildhall.policy.packs import Pack, pack_of
from guildhall.vocabulary.decisions import PROTECTION, DraftFacts, Effect, Facts, Stage
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade, Signal


def rule(rule_id: str, cases: list[dict[str, Any]], **changes: Any) -> RuleFile:
    body = {
        "kind": "rule", "id": rule_id, "version": 1, "title": "A rule for tests", "why": "Because the tests need it",
        "owner": "tester", "review_by": "2027-01-01", "scope": {"stages": ["on_input"]}, "cases": cases,
        "facts_examples": {"fires": [{}], "quiet": [{}]},
    } | changes  # fmt: skip
    return RuleFile.model_validate_json(json.dumps(body))


def escalate(category: str, grade: str = "confirm", **then: Any) -> dict[str, Any]:
    return {"when": {"signal": category, "grade": grade}, "then": {"effect": "escalate", "queue": "duty"} | then}


def offer(category: str, grade: str = "screen") -> dict[str, Any]:
    return {"when": {"signal": category, "grade": grade}, "then": {"effect": "offer"}}


def facts(*signals: tuple[Category, Grade], stage: Stage = Stage.ON_INPUT, **changes: Any) -> Facts:
    found = tuple(Signal(category, grade, 0.9, "test@1") for category, grade in signals)
    return Facts(stage=stage, channel="web", language="en", signals=found, **changes)


PACK = pack_of(
    [
        rule(
            "safe.suicide",
            [escalate("suicide_self_harm"), offer("suicide_self_harm")],
            on_error={"reads": ["*.distress@*"], "then": {"effect": "offer"}},
        ),
        rule("safe.any-distress", [{"when": {"signal": "distress"}, "then": {"effect": "warn"}}]),
        rule("attack", [{"when": {"signal": "attack", "at": 0.95}, "then": {"effect": "stop"}}]),
    ]
)


def test_a_confirmed_signal_escalates_and_the_most_protective_effect_wins() -> None:
    decision = decide(facts((Category.SUICIDE_SELF_HARM, Grade.CONFIRM)), PACK)
    assert decision.effect == Effect.ESCALATE
    assert [ref.id for ref in decision.rules] == ["safe.suicide", "safe.any-distress"]
    assert decision.pack == PACK.id


def test_a_screened_signal_takes_the_second_case() -> None:
    decision = decide(facts((Category.SUICIDE_SELF_HARM, Grade.SCREEN)), PACK)
    assert decision.effect == Effect.OFFER
    assert decision.acts[0].rule.case == 1


def test_no_signal_means_allow_and_no_rules() -> None:
    decision = decide(facts(), PACK)
    assert (decision.effect, decision.acts) == (Effect.ALLOW, ())


def test_a_weak_signal_is_nearly_a_match() -> None:
    decision = decide(facts((Category.ATTACK, Grade.CONFIRM)), PACK)
    assert decision.effect == Effect.ALLOW
    assert [ref.id for ref in decision.near] == ["attack"]


def test_a_rule_whose_detector_failed_does_its_declared_safe_thing() -> None:
    decision = decide(facts(failed_detectors=("classifier.distress@2",)), PACK)
    assert decision.effect == Effect.OFFER
    assert decision.acts[0].rule.case == ON_ERROR_CASE


def test_a_failed_detector_does_not_hide_what_another_found() -> None:
    decision = decide(facts((Category.SUICIDE_SELF_HARM, Grade.CONFIRM), failed_detectors=("classifier.distress@2",)), PACK)
    assert decision.effect == Effect.ESCALATE


def test_rules_hold_only_on_their_stages_and_channels() -> None:
    pack = pack_of([rule("phone", [offer("bereavement")], scope={"stages": ["on_input"], "channels": ["phone"]})])
    assert decide(facts((Category.BEREAVEMENT, Grade.SCREEN)), pack).effect == Effect.ALLOW
    assert decide(facts((Category.SUICIDE_SELF_HARM, Grade.CONFIRM), stage=Stage.ON_ANSWER), PACK).acts == ()


def test_a_suspended_rule_is_silent() -> None:
    pack = pack_of([rule("off", [offer("bereavement")], status="suspended")])
    assert decide(facts((Category.BEREAVEMENT, Grade.SCREEN)), pack).acts == ()


@pytest.mark.parametrize(
    ("condition", "changes", "holds"),
    [
        ({"service": ["bins"]}, {"services": (ServiceMatch(ServiceKey("bins"), 0.9),)}, True),
        ({"service": ["bins"]}, {"services": (ServiceMatch(ServiceKey("tax"), 0.9),)}, False),
        ({"service": ["bins"]}, {}, False),
        ({"failed_turns": 2}, {"failed_turns": 2}, True),
        ({"failed_turns": 2}, {"failed_turns": 1}, False),
        ({"language_supported": False}, {"language_supported": False}, True),
        ({"language": ["pl"]}, {}, False),
        ({"desk_open": False}, {}, True),
        ({"unvalidated": "*.distress@*"}, {"unvalidated_detectors": ("classifier.distress@2",)}, True),
        ({"draft": "uncited"}, {"draft": DraftFacts(cited=False)}, True),
        ({"draft": "unsupported"}, {"draft": DraftFacts(unsupported=("£9",))}, True),
        ({"draft": "link_off_list"}, {"draft": DraftFacts()}, False),
        ({"draft": "unsupported"}, {}, False),
        ({"all": [{"desk_open": False}, {"not": {"failed_turns": 1}}]}, {}, True),
        ({"any": [{"failed_turns": 9}, {"language": ["en"]}]}, {}, True),
    ],
)  # fmt: skip
def test_conditions_read_the_facts(condition: dict[str, Any], changes: dict[str, Any], holds: bool) -> None:
    pack = pack_of([rule("r", [{"when": condition, "then": {"effect": "warn"}}])])
    assert bool(decide(facts(**changes), pack).acts) is holds


def test_equal_rules_have_one_content_address_in_any_order() -> None:
    assert Pack(PACK.rules[::-1]).id == PACK.id
    assert pack_of([*PACK.rules, rule("more", [offer("bereavement")])]).id != PACK.id


@given(st.lists(st.tuples(st.sampled_from(list(Category)), st.sampled_from(list(Grade))), max_size=6))
def test_more_evidence_is_never_treated_less_protectively(signals: list[tuple[Category, Grade]]) -> None:
    effects = [decide(facts(*signals[:n]), PACK).effect for n in range(len(signals) + 1)]
    assert [PROTECTION[e] for e in effects] == sorted(PROTECTION[e] for e in effects)
