"""Facts survive the record: what is read back is exactly what was judged, and no words are kept."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack
from guildhall.policy.stored import StoredFactsError, facts_as_json, facts_from_json, recordable, signal_as_json, stored_decisions
from guildhall.vocabulary.decisions import DraftFacts, Facts, Stage
from guildhall.vocabulary.signals import Category, Grade, Signal
from tests.policy.some_rules import facts as some_facts
from tests.policy.some_rules import two_packs

SIGNAL = Signal(Category.ATTACK, Grade.SCREEN, 0.79996, "classifier.signals@4", (0, 3), "seen before")


def turn_of(facts: Facts) -> dict[str, Any]:
    return {
        "channel": facts.channel,
        "language": facts.language,
        "signals": [signal_as_json(signal) for signal in facts.signals],
        "detectors_failed": list(facts.failed_detectors),
        "detectors_unvalidated": list(facts.unvalidated_detectors),
    }


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(some_facts, some_facts)
def test_facts_come_back_as_they_were_judged_whatever_turn_they_stand_in(facts: Facts, turn: Facts) -> None:
    for base in (through_json(turn_of(recordable(facts))), through_json(turn_of(recordable(turn)))):
        own = through_json(facts_as_json(recordable(facts), base))
        assert facts_from_json(own, facts.stage.value, base) == recordable(facts)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some_facts, two_packs())
def test_what_the_record_leaves_out_decides_nothing_but_the_last_digits_of_a_strength(facts: Facts, packs: tuple[Pack, Pack]) -> None:
    rounded = recordable(facts)
    assert recordable(rounded) == rounded
    if [signal.strength for signal in facts.signals] == [signal.strength for signal in rounded.signals]:
        assert [decide(facts, pack).acts for pack in packs] == [decide(rounded, pack).acts for pack in packs]


def test_facts_that_are_those_of_the_turn_take_no_room() -> None:
    facts = recordable(Facts(Stage.ON_INPUT, "web", "en", signals=(SIGNAL,), failed_detectors=("personal_data@1",)))
    assert facts_as_json(facts, turn_of(facts)) == {}


def test_words_of_a_draft_are_kept_as_numbers_only() -> None:
    facts = Facts(Stage.ON_ANSWER, "web", "en", draft=DraftFacts(False, ("£9",), ("https://evil.example",), ("07700 900123",), 12))
    own = facts_as_json(facts, turn_of(facts))
    assert own == {"draft": {"unsupported": 1, "links_off_list": 1, "personal_data": 1, "words": 12, "cited": False}}
    assert facts_as_json(recordable(facts), turn_of(facts)) == own


def test_a_turn_recorded_before_facts_were_kept_has_decisions_without_facts() -> None:
    turn = turn_of(Facts(Stage.ON_INPUT, "web", "en")) | {
        "decisions": [{"stage": "on_input", "effect": "allow", "rules": [], "near": [], "pack": "abc"}]
    }
    (stored,) = stored_decisions("t1", turn)
    assert stored.facts is None


@pytest.mark.parametrize("own", [{"draft": 3}, {"services": [1]}, {"signals": [{"category": "no-such"}]}, "words"])
def test_corrupt_facts_name_their_turn(own: Any) -> None:
    decision = {"stage": "on_input", "effect": "allow", "rules": [], "near": [], "pack": "abc", "facts": own}
    turn = turn_of(Facts(Stage.ON_INPUT, "web", "en")) | {"decisions": [decision]}
    with pytest.raises(StoredFactsError, match="turn t1: the facts of a recorded decision cannot be read"):
        list(stored_decisions("t1", turn))
