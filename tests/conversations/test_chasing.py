"""Somebody who asked before and got nowhere is offered a person at once, told honestly what is not seen, and counted as a chase."""

import json

import pytest
from sqlalchemy import select

from guildhall.storage.schema import events
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.signals import Category, Grade
from tests.conversations.talk import Talk


@pytest.fixture
def chasing(talk: Talk) -> Talk:
    return Talk(talk.memory, understanding=FakeUnderstanding(signals={"still not sorted": (Category.CHASE, Grade.SCREEN)}))


def test_a_chase_that_names_nothing_is_no_foreign_business_and_a_person_is_offered(chasing: Talk) -> None:
    turn = chasing.say("I asked about this before and it's still not sorted")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.DECLINED, Reason.CHASED, Person.OFFERED)
    assert [part.wording for part in turn.reply.parts] == ["chase.still_open", "person.offered"]
    assert "I cannot see what you asked before" in turn.reply.text


def test_whoever_chases_a_second_time_is_put_through(chasing: Talk) -> None:
    chasing.say("I asked about this before and it's still not sorted")
    turn = chasing.say("it is still not sorted")
    assert (turn.outcome, turn.reply.person) == (Outcome.HANDED_OVER, Person.BROUGHT)


def test_a_chase_is_counted_by_its_reason_in_the_record(chasing: Talk) -> None:
    chasing.say("it is still not sorted")
    with chasing.memory.database.reading() as connection:
        told = [json.loads(facts) for facts in connection.scalars(select(events.c.facts).where(events.c.kind == "TurnCompleted"))]
    assert [facts["reason"] for facts in told] == ["chased"] and told[0]["signals"][0]["category"] == "chase"
