"""From shadow to all: enough must have been seen, and a canary that leaves its limits is rolled back by itself."""

import json
import threading
from dataclasses import replace

import pytest

from guildhall.bootstrap.governance import CanaryWatch
from guildhall.governance.observing import observe
from guildhall.governance.proposing import into_shadow, onto_next_share
from guildhall.governance.rollout import deviations, out_of_limits, roll_back_if_out_of_limits, shadow
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.governance import Counted, Observed, Phase
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.turns import Channel
from tests.governance.council_house import DEV, OLU, CouncilHouse, care

TIGHTER = care(2, low="offer")


def turns(house: CouncilHouse, pack: str, number: int, alarms: int, brought: int = 0) -> None:
    """Completed turns as a server records them, some with an alarm."""
    conversation = house.memory.conversations.start(Channel.WEB, "", house.clock())[0].id
    made = []
    for n in range(number):
        decision: dict[str, object] = {
            "stage": "on_input",
            "effect": "offer" if n < alarms else "allow",
            "rules": [],
            "near": [],
            "pack": pack,
        }
        facts = {"decisions": [decision], "person": "brought" if n < brought else "none", "language": "en"}
        made.append(
            Event(EventId(house.memory.new_id("event")), EventKind.TURN_COMPLETED, house.clock(), ConversationId(conversation), facts=facts)
        )
    house.memory.record.append(made)


def test_a_change_stays_in_shadow_until_enough_was_seen(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    assert "not in shadow yet" in shadow(change).reason
    into_shadow(change)
    house.say("I feel low")
    assert "0 of 1 days and 1 of 2 turns; it disagreed in 1" in shadow(house.again(change)).reason
    house.say("where is my bin")
    house.clock.move(days=1)
    assert shadow(house.again(change)).reason == "2 turns in shadow, and it disagreed in 1."


def test_nothing_acts_on_anybody_before_it_is_signed(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    into_shadow(change)
    judges = house.judges()
    for _ in range(2):
        house.say("where is my bin", judges=judges)
    house.clock.move(days=1)
    with pytest.raises(RefusedError, match="Not yet signed by: rule owner"):
        onto_next_share(house.again(change))
    house.sign(change, OLU, DEV)
    assert onto_next_share(house.again(change)).share == 50


def test_a_change_that_was_not_tested_does_not_go_into_shadow(house: CouncilHouse) -> None:
    with pytest.raises(RefusedError, match="File check: Not done yet"):
        into_shadow(house.proposed(TIGHTER))


def test_a_change_cannot_shorten_its_own_test(house: CouncilHouse) -> None:
    change = house.proposed(care(2, low="offer", rollout={"shadow_days": 0, "shadow_turns": 0, "canary": [100], "step_turns": 0}))
    assert (change.rollout.shadow_days, change.rollout.shadow_turns, change.rollout.canary) == (1, 2, (50, 100))


def test_one_change_at_a_time_is_tried(house: CouncilHouse) -> None:
    house.in_canary(TIGHTER)
    with pytest.raises(RefusedError, match="change-1 is being tried on 50% of conversations; one change at a time"):
        house.in_canary(care(2, low="stop"))


def test_a_canary_whose_alarms_leave_three_sigma_is_rolled_back_by_itself(house: CouncilHouse) -> None:
    change = house.in_canary(TIGHTER)
    turns(house, change.before.id, 200, alarms=10)
    turns(house, change.after.id, 100, alarms=6)
    assert roll_back_if_out_of_limits(house.office) == ""
    turns(house, change.after.id, 100, alarms=40)
    assert "23.0% in 200 turns, where 5.0% was expected: 5.2 standard deviations, more than 3" in roll_back_if_out_of_limits(house.office)
    assert house.store.proposal(change.proposal.id).phase == Phase.ROLLED_BACK
    assert house.happened(EventKind.PACK_ROLLED_BACK)[0]["by"] == "guildhall"
    assert roll_back_if_out_of_limits(house.office) == ""
    assert not any(decision.pack == change.after.id for decision in house.say("hello").decisions)


def test_a_canary_that_no_longer_hears_anybody_is_rolled_back_too(house: CouncilHouse) -> None:
    change = house.in_canary(TIGHTER)
    turns(house, change.before.id, 400, alarms=60)
    turns(house, change.after.id, 200, alarms=0)
    assert "alarm rate is 0.0%" in roll_back_if_out_of_limits(house.office)


def test_a_canary_that_brings_in_too_many_people_is_rolled_back(house: CouncilHouse) -> None:
    change = house.in_canary(TIGHTER)
    turns(house, change.after.id, 40, alarms=21, brought=21)
    assert "brought a person into 52% of its turns, more than the bound of 50%" in roll_back_if_out_of_limits(house.office)


def test_more_alarms_that_shadow_led_to_expect_are_no_reason_to_roll_back() -> None:
    seen = Observed(changed=Counted(500, 100), control=Counted(500, 25))
    assert out_of_limits(seen, 3.0, 0.5)
    assert not out_of_limits(replace(seen, expected=0.15), 3.0, 0.5)


def test_a_few_turns_say_nothing() -> None:
    assert out_of_limits(Observed(changed=Counted(29, 29, 29), control=Counted(500, 0)), 3.0, 0.5) == ""


def test_the_deviation_is_that_of_two_proportions() -> None:
    assert deviations(Counted(100, 10), Counted(100, 10), 0.10) == pytest.approx(0.0)
    assert deviations(Counted(1000, 130), Counted(1000, 100), 0.10) == pytest.approx(2.09, abs=0.02)
    assert deviations(Counted(100, 5), Counted(100, 0), 0.0) > 0


def test_a_running_server_watches_the_canary(house: CouncilHouse) -> None:
    change = house.in_canary(TIGHTER)
    turns(house, change.after.id, 40, alarms=40, brought=40)
    watch = CanaryWatch(house.office, every_seconds=0.01)
    watch.start()
    waited = threading.Event()
    for _ in range(500):
        if house.store.proposal(change.proposal.id).phase == Phase.ROLLED_BACK:
            break
        waited.wait(0.02)
    watch.stop()
    assert house.store.proposal(change.proposal.id).phase == Phase.ROLLED_BACK


def test_each_turn_is_counted_once_by_several_watchers(house: CouncilHouse) -> None:
    change = house.in_canary(TIGHTER)
    turns(house, change.after.id, 50, alarms=5)
    first = observe(house.office, change.proposal)
    assert observe(house.office, change.proposal) == first
    turns(house, change.before.id, 10, alarms=1)
    assert observe(house.office, change.proposal).control == Counted(10, 1, 0)
    assert json.dumps(first.changed.turns) == "50"
