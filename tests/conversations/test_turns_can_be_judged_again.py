"""A recorded turn holds what each of its decisions rested on: judged again by the same pack, every one comes out the same."""

import json

import pytest

from guildhall.conversations.recording import facts_of_turn
from guildhall.policy.evaluate import decide
from guildhall.policy.stored import stored_decisions
from guildhall.vocabulary.decisions import Stage
from guildhall.vocabulary.turns import Channel
from tests.conversations.talk import Talk, profile

SAID = [
    "How much is a bulky waste collection?",
    "I want to kill myself",
    "He hits me. How much is a bulky waste collection?",
    "I want to talk to a person",
    "the badge",
    "super noodles how much water",
]


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.PHONE])
def test_every_recorded_decision_is_reproduced_from_the_record_alone(talk: Talk, channel: Channel) -> None:
    pack = profile().pack
    for words in SAID:
        turn = talk.say(words, channel)
        recorded = json.loads(json.dumps(facts_of_turn(turn)))
        decisions = list(stored_decisions(turn.id, recorded))
        assert len(decisions) == len(turn.decisions) > 0
        for stored, made in zip(decisions, turn.decisions, strict=True):
            assert stored.facts is not None
            again = decide(stored.facts, pack)
            assert again == made
            assert stored.facts == made.facts


def test_the_failed_turns_before_and_the_draft_of_each_block_are_among_the_facts(talk: Talk) -> None:
    talk.say("the badge")
    recorded = facts_of_turn(talk.say("How much is a bulky waste collection?"))
    by_stage = {stored.facts.stage: stored.facts for stored in stored_decisions("t", recorded) if stored.facts}
    assert {facts.failed_turns for facts in by_stage.values()} == {1}
    assert by_stage[Stage.ON_INTENT].services
    draft = by_stage[Stage.ON_ANSWER].draft
    assert draft is not None and draft.cited and draft.words > 0


def test_the_record_says_shared_facts_once(talk: Talk) -> None:
    recorded = facts_of_turn(talk.say("I want to kill myself"))
    assert recorded["signals"]
    assert all("signals" not in decision["facts"] for decision in recorded["decisions"])
    assert all(len(json.dumps(decision["facts"])) < 150 for decision in recorded["decisions"])
