"""The way that chance chose reaches what is composed, and nothing else; whoever may be at risk is answered as everybody is."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from guildhall.answers.request import AnswerRequest, Draft
from guildhall.storage.trials import TrialStore
from guildhall.testing.library import QuotingComposer
from guildhall.value.trials.plan import TrialPlan
from guildhall.vocabulary.turns import Channel, Turn
from tests.conversations.talk import Talk, profile
from tests.storage.memory import Memory
from tests.storage.test_trials import LEAD, OFFICER, approve
from tests.value.trials.plans import plan


@dataclass
class Watching:
    """A composer that remembers what it was asked."""

    name: str
    asked: list[AnswerRequest] = field(default_factory=list)

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        self.asked.append(request)
        yield from QuotingComposer().compose(request)


@dataclass
class Trial:
    """A conversation in a trial that runs, with a model and the embedded composer."""

    memory: Memory
    plan: TrialPlan
    model: Watching = field(default_factory=lambda: Watching("model@1"))
    embedded: Watching = field(default_factory=lambda: Watching("embedded@1"))

    def talk(self, new: bool, now: TrialPlan | None = None) -> Talk:
        store = TrialStore(self.memory.database, self.memory.keys, "testshire", self.memory.new_id)
        if not store.standing("t").runs:
            approve(store, LEAD, self.plan)
            approve(store, OFFICER, self.plan)
        talk = Talk(self.memory, composers=(self.model, self.embedded))
        talk.house = replace(talk.house, profile=replace(profile(), trials={"t": now or self.plan}))
        while True:
            talk.id = self.memory.conversations.start(Channel.WEB, "", talk.clock(), beside=store.joining(self.plan, talk.clock()))[0].id
            member = store.of(talk.id)
            assert member
            if member.new == new:
                return talk


def trial(memory: Memory, **changed: Any) -> Trial:
    return Trial(memory, plan(**changed))


def arm(turn: Turn) -> str:
    return turn.arm


def test_the_new_way_is_shorter_and_is_recorded_with_the_turn(memory: Memory) -> None:
    made = trial(memory)
    turn = made.talk(new=True).say("How much is bulky waste?")
    assert (made.model.asked[-1].words_at_most, arm(turn)) == (60, "t:new")


def test_the_usual_way_is_as_for_everybody_and_is_recorded_too(memory: Memory) -> None:
    made = trial(memory)
    turn = made.talk(new=False).say("How much is bulky waste?")
    assert (made.model.asked[-1].words_at_most, arm(turn)) == (120, "t:usual")


def test_quoted_answers_do_not_ask_the_model(memory: Memory) -> None:
    made = trial(memory, new_way="quoted_answers")
    assert made.talk(new=True).say("How much is bulky waste?").composer == "embedded@1"
    assert made.model.asked == []
    assert made.talk(new=False).say("How much is bulky waste?").composer == "model@1"


def test_who_is_in_distress_is_answered_as_everybody_from_there_on(memory: Memory) -> None:
    made = trial(memory)
    talk = made.talk(new=True)
    assert arm(talk.say("I want to kill myself. How much is bulky waste?")) == ""
    assert arm(talk.say("How much is bulky waste?")) == ""
    assert all(request.words_at_most == 120 for request in made.model.asked)


def test_another_plan_than_was_approved_changes_nothing(memory: Memory) -> None:
    assert arm(trial(memory).talk(new=True, now=plan(share=0.7)).say("How much is bulky waste?")) == ""


def test_after_the_last_day_everybody_gets_the_usual_way(memory: Memory) -> None:
    talk = trial(memory).talk(new=True)
    talk.clock.move(days=60)
    assert arm(talk.say("How much is bulky waste?")) == ""


def test_nothing_reaches_a_turn_on_the_phone(memory: Memory) -> None:
    assert arm(trial(memory).talk(new=True).say("How much is bulky waste?", Channel.PHONE)) == ""


@pytest.fixture
def memory(tmp_path: Any) -> Iterator[Memory]:
    made = Memory(tmp_path / "trial.sqlite3")
    yield made
    made.database.close()
