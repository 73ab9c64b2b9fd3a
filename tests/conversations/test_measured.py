"""A recorded turn says what can be measured of it without a word: parts asked and answered, whether all was quoted, and the ward."""

from pathlib import Path

import pytest

from guildhall.conversations.recording import facts_of_turn
from guildhall.testing.library import PASSAGES, FakeLibrary, QuotingComposer
from guildhall.testing.understanding import FakeUnderstanding
from tests.conversations.talk import Talk, profile
from tests.storage.memory import Memory


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "talk.sqlite3")


def test_parts_that_were_asked_and_answered_are_counted(memory: Memory) -> None:
    facts = facts_of_turn(Talk(memory).say("How much is bulky waste? How do I pay council tax?"))
    assert facts["parts"]["asked"] == 2
    assert facts["parts"]["answered"] == {"answered": 2, "partly_answered": 1}[facts["outcome"]]


def test_an_answer_of_the_embedded_composer_alone_is_quoted_and_one_of_a_model_is_not(memory: Memory) -> None:
    assert facts_of_turn(Talk(memory).say("How much is bulky waste?"))["quoted"] is True
    both = Talk(memory, composers=(QuotingComposer("a-model"), QuotingComposer()))
    assert facts_of_turn(both.say("How much is bulky waste?"))["quoted"] is False
    assert facts_of_turn(both.say("Hello"))["quoted"] is False


def test_a_place_that_is_looked_up_leaves_its_ward_and_nothing_of_the_street(memory: Memory) -> None:
    places, key = profile().places, next(key for key, service in profile().services.items() if service.lookup == "bin_days")
    street = places.streets[0]
    understanding = FakeUnderstanding(services={"bin": ((key, 0.95),)})
    talk = Talk(memory, understanding=understanding, library=FakeLibrary(PASSAGES))
    facts = facts_of_turn(talk.say(f"When is the bin emptied in {street.name}?"))
    assert facts["wards"] == [places.wards[street.ward_id]]
    assert street.name not in str(facts)
