"""Which rules judge a conversation: those of its first turn, with an emergency beside them, and never a pack that cannot be read."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text, update

from guildhall.bootstrap.governance import folder_differs
from guildhall.governance.activating import end_emergency, enforce, ratify, roll_back, tighten_at_once
from guildhall.governance.changes import open_change
from guildhall.governance.in_force import PacksInForce, in_canary
from guildhall.governance.office import Folder
from guildhall.governance.packs import Packs, UnreadablePackError
from guildhall.governance.proposing import check, into_shadow, onto_next_share, replay_change
from guildhall.policy.packs import Pack, pack_of
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.governance_schema import policy_packs
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.errors import ConfigurationError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.governance import HowActivated, Phase
from guildhall.vocabulary.turns import Channel, Turn
from tests.governance.council_house import ADA, CHRIS, DEV, OLU, WHY, CouncilHouse, care
from tests.storage.where import open_database

TIGHTER = care(2, low="offer")


def effect(turn: Turn) -> Effect:
    return turn.decisions[0].effect


def packs(turn: Turn) -> set[str]:
    return {decision.pack for decision in turn.decisions}


def in_force_by_hand(house: CouncilHouse, *rules: object) -> str:
    """Put rules in force without their life, for tests of what comes after."""
    pack = pack_of(rules)  # type: ignore[arg-type]
    house.office.packs.put(pack, {}, house.clock())
    house.store.activate(house.office.in_force().active, pack.id, HowActivated.CHANGE, OLU, WHY, house.clock())
    return pack.id


def test_while_nobody_is_on_the_board_the_folder_is_in_force(tmp_path: Path) -> None:
    house = CouncilHouse(tmp_path / "no-board.sqlite3")
    assert packs(house.say("I feel low")) == {pack_of(house.folder).id}
    house.folder = (TIGHTER,)
    assert effect(house.say("I feel low")) == Effect.OFFER


def test_once_there_is_a_board_the_folder_alone_changes_nothing(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    assert effect(house.say("I feel low")) == Effect.WARN


def test_a_conversation_keeps_its_pack_when_another_is_put_in_force(house: CouncilHouse) -> None:
    first = house.say("where is my bin")
    in_force_by_hand(house, TIGHTER)
    assert effect(house.say("I feel low", first.conversation_id)) == Effect.WARN
    assert packs(house.say("still low", first.conversation_id)) == packs(first)
    assert effect(house.say("I feel low")) == Effect.OFFER


def test_a_running_server_follows_within_a_second_and_asks_no_more_often(house: CouncilHouse) -> None:
    judges = house.judges()
    in_force_by_hand(house, TIGHTER)
    house.seconds = 0.9
    assert effect(house.say("I feel low", judges=judges)) == Effect.WARN
    house.seconds = 1.0
    assert effect(house.say("I feel low", judges=judges)) == Effect.OFFER


def test_two_processes_agree_on_what_is_in_force(house: CouncilHouse, tmp_path: Path) -> None:
    database = open_database(tmp_path / "house.sqlite3")
    other = GovernanceStore(database, house.memory.keys, "testshire", house.memory.new_id)
    judges = house.judges()
    pack = pack_of([TIGHTER])
    Packs(other).put(pack, {}, house.clock())
    before = other.in_force()
    assert before is not None
    other.activate(before.active, pack.id, HowActivated.CHANGE, OLU, WHY, house.clock())
    house.seconds = 1.0
    assert packs(house.say("hello", judges=judges)) == {pack.id}
    with pytest.raises(RefusedError, match="changed by somebody else meanwhile"):
        house.store.activate(before.active, before.active, HowActivated.CHANGE, ADA, WHY, house.clock())
    assert len(house.store.activations()) == 2


def test_an_emergency_reaches_a_conversation_under_way_at_once(house: CouncilHouse) -> None:
    judges = house.judges()
    first = house.say("where is my bin", judges=judges)
    house.folder = (TIGHTER,)
    change = tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    house.seconds = 1.0
    turn = house.say("I feel low", first.conversation_id, judges)
    assert effect(turn) == Effect.OFFER
    assert packs(turn) == packs(first)
    assert turn.decisions[0].beside == (change.pack,)
    assert house.happened(EventKind.EMERGENCY_TIGHTENED)[0]["by"] == OLU


def test_an_emergency_lapses_after_72_hours_and_the_record_says_so_once(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    judges, other = house.judges(), house.judges()
    house.clock.move(hours=71, minutes=59)
    assert effect(house.say("I feel low", judges=judges)) == Effect.OFFER
    house.clock.move(minutes=1)
    house.seconds = 1.0
    assert effect(house.say("I feel low", judges=judges)) == Effect.WARN
    assert effect(house.say("I feel low", judges=other)) == Effect.WARN
    assert [event["why"] for event in house.happened(EventKind.EMERGENCY_LAPSED)] == ["it was not ratified in time"]
    assert house.store.proposal("change-1").phase == Phase.LAPSED


def test_an_emergency_lapses_even_where_nobody_polls(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    judges = house.judges()
    house.clock.move(hours=72)
    assert effect(house.say("I feel low", judges=judges)) == Effect.WARN


@pytest.mark.parametrize("rules", [(care(2, sure="offer"),), (care(2, low="allow"),), (), (care(2, low="offer", sure="offer"),)])
def test_an_emergency_that_loosens_anything_is_refused(house: CouncilHouse, rules: tuple[object, ...]) -> None:
    house.folder = rules  # type: ignore[assignment]
    with pytest.raises(RefusedError, match="An emergency may only tighten"):
        tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    assert house.store.proposals() == ()
    assert house.happened(EventKind.RULE_CHANGE_REFUSED)[0]["by"] == OLU
    assert effect(house.say("I want to kill myself")) == Effect.ESCALATE


def test_a_ratified_emergency_stays(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    proposal = tighten_at_once(house.office, ADA, house.keys[ADA], WHY)
    change = open_change(house.office, proposal)
    with pytest.raises(RefusedError, match="File check"):
        ratify(change, OLU)
    check(change)
    replay_change(change)
    with pytest.raises(RefusedError, match="Not yet signed by"):
        ratify(change, OLU)
    house.sign(change, OLU, DEV)
    ratify(change, OLU)
    house.clock.move(days=30)
    assert effect(house.say("I feel low")) == Effect.OFFER
    assert house.office.in_force().active == proposal.pack
    assert house.store.activations()[-1].how == HowActivated.RATIFIED


def test_a_lapsed_emergency_cannot_be_ratified(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    proposal = tighten_at_once(house.office, ADA, house.keys[ADA], WHY)
    change = open_change(house.office, proposal)
    check(change)
    replay_change(change)
    house.sign(change, OLU, DEV)
    house.clock.move(hours=72)
    with pytest.raises(RefusedError, match="lapsed at"):
        ratify(change, OLU)


def test_a_change_in_shadow_is_recorded_and_never_acted_upon(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    into_shadow(change)
    turn = house.say("I feel low")
    assert effect(turn) == Effect.WARN
    assert [decision.effect for decision in turn.shadow if decision.stage == turn.decisions[0].stage] == [Effect.OFFER]
    assert house.happened(EventKind.TURN_COMPLETED)[-1]["shadow"][0]["pack"] == change.after.id
    assert all(act.rule.version == 1 for decision in turn.decisions for act in decision.acts)


def test_a_shadow_is_judged_with_the_emergency_that_judges_beside_it(house: CouncilHouse) -> None:
    into_shadow(house.tested(care(2, low="stop")))
    house.folder = (care(2, low="escalate"),)
    tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    turn = house.say("I feel low")
    assert effect(turn) == Effect.ESCALATE
    assert [act.effect for act in turn.shadow[0].acts] == [Effect.STOP, Effect.ESCALATE]


def test_a_shadow_watches_only_conversations_judged_by_what_it_replaces(house: CouncilHouse) -> None:
    first = house.say("where is my bin")
    in_force_by_hand(house, care(2))
    into_shadow(house.tested(care(3, low="offer")))
    assert house.say("I feel low", first.conversation_id).shadow == ()
    assert house.say("I feel low").shadow


def test_a_conversation_that_began_in_a_canary_is_protected_by_both_packs_when_it_is_rolled_back(house: CouncilHouse) -> None:
    change = house.in_canary(care(2, low="offer"))
    conversation = next(
        opened
        for _ in range(50)
        if in_canary(change.proposal, opened := house.memory.conversations.start(Channel.WEB, "", house.clock())[0].id)
    )
    first = house.say("where is my bin", conversation)
    assert packs(first) == {change.after.id}
    assert roll_back(house.office, CHRIS, house.keys[CHRIS], WHY).startswith("change-1 was taken back from 50%")
    after = house.say("I feel low", conversation)
    assert packs(after) == {change.after.id}
    assert after.decisions[0].beside == (change.before.id,)
    assert packs(house.say("hello")) == {change.before.id}


def test_a_wider_share_holds_the_narrower_and_is_as_large_as_it_says(house: CouncilHouse) -> None:
    narrow = replace(house.proposed(TIGHTER).proposal, share=5)
    wide = replace(narrow, share=25)
    names = [f"conversation-{number}" for number in range(20_000)]
    fifth, quarter = ({name for name in names if in_canary(change, name)} for change in (narrow, wide))
    assert fifth < quarter
    assert (round(len(fifth) / 200), round(len(quarter) / 200)) == (5, 25)


def test_the_whole_life_from_proposal_to_in_force_and_back(house: CouncilHouse) -> None:
    change = house.in_canary(TIGHTER)
    with pytest.raises(RefusedError, match="wait for the rest"):
        onto_next_share(change)
    for _ in range(8):
        house.say("where is my bin")
    onto_next_share(house.again(change))
    with pytest.raises(RefusedError, match="0 of 2 turns"):
        enforce(house.again(change), OLU)
    for _ in range(2):
        house.say("where is my bin")
    enforce(house.again(change), OLU)
    assert house.office.in_force().active == change.after.id
    assert [event.get("share", 100) for event in house.happened(EventKind.PACK_ACTIVATED)] == [100, 50, 100, 100]
    said = roll_back(house.office, CHRIS, house.keys[CHRIS], "it did not help")
    assert "in force again" in said
    assert house.office.in_force().active == change.before.id
    assert house.store.proposal(change.proposal.id).phase == Phase.ROLLED_BACK


# What cannot be read


def spoil(house: CouncilHouse, pack: str) -> None:
    with house.memory.database.writing() as connection:
        spoilt = text("replace(rules, 'escalate', 'offer')")
        connection.execute(update(policy_packs).where(policy_packs.c.id == pack).values(rules=spoilt))


def test_a_pack_whose_bytes_were_changed_is_never_loaded(house: CouncilHouse) -> None:
    spoil(house, house.office.in_force().active)
    with pytest.raises(UnreadablePackError, match="was changed: its rules do not match its address"):
        Packs(house.store).get(house.office.in_force().active)


def test_instead_of_a_spoilt_pack_the_last_good_one_is_in_force_and_the_record_says_so(house: CouncilHouse) -> None:
    good = house.office.in_force().active
    bad = in_force_by_hand(house, TIGHTER)
    spoil(house, bad)
    turn = house.say("I want to kill myself")
    assert effect(turn) == Effect.ESCALATE
    assert packs(turn) == {good}
    (event,) = house.happened(EventKind.PACK_ROLLED_BACK)
    assert (event["pack"], event["was"], event["how"]) == (good, bad, "unreadable")
    house.say("another process opens it")
    assert len(house.happened(EventKind.PACK_ROLLED_BACK)) == 1


def test_when_no_stored_pack_can_be_read_the_folder_is_in_force(house: CouncilHouse) -> None:
    spoil(house, house.office.in_force().active)
    house.folder = (TIGHTER,)
    assert effect(house.say("I feel low")) == Effect.OFFER
    assert house.office.in_force().active == pack_of([TIGHTER]).id


def test_a_spoilt_pack_that_the_folder_still_has_is_put_right(house: CouncilHouse) -> None:
    active = house.office.in_force().active
    spoil(house, active)
    assert packs(house.say("hello")) == {active}
    assert packs(house.say("another process opens it")) == {active}
    assert len(house.happened(EventKind.PACK_ROLLED_BACK)) == 1


def test_an_emergency_can_be_ended_before_its_time(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    proposal = tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    end_emergency(proposal, house.office, CHRIS, house.keys[CHRIS], "the swindle is over")
    assert effect(house.say("I feel low")) == Effect.WARN
    assert house.happened(EventKind.EMERGENCY_LAPSED)[0]["by"] == CHRIS


def test_a_folder_that_is_being_edited_stops_no_server_of_a_board(house: CouncilHouse) -> None:
    def unreadable() -> Pack:
        raise ConfigurationError("this is not valid YAML.", file="care.yaml")

    judges = PacksInForce(house.store, Packs(house.store), unreadable, house.clock, lambda: 0.0)
    assert effect(house.say("I want to kill myself", judges=judges)) == Effect.ESCALATE


def test_a_server_says_at_start_that_the_folder_has_other_rules_or_cannot_be_read(house: CouncilHouse) -> None:
    assert folder_differs(house.office) == ""
    house.folder = (TIGHTER,)
    assert "are not those that the board put in force" in folder_differs(house.office)

    def unreadable() -> Folder:
        raise ConfigurationError("this is not valid YAML.", file="care.yaml", line=3)

    object.__setattr__(house.office, "folder", unreadable)
    assert "cannot be read, and have no effect: care.yaml:3" in folder_differs(house.office)


def test_a_spoilt_emergency_ends_and_the_rules_in_force_stay(house: CouncilHouse) -> None:
    house.folder = (care(2, low="escalate"),)
    proposal = tighten_at_once(house.office, OLU, house.keys[OLU], WHY)
    house.folder = (care(),)
    spoil(house, proposal.pack)
    assert effect(house.say("I want to kill myself")) == Effect.ESCALATE
    assert house.store.proposal(proposal.id).phase == Phase.LAPSED
    assert "do not match its address" in house.happened(EventKind.EMERGENCY_LAPSED)[0]["why"]


def test_a_conversation_whose_pack_is_spoilt_goes_on_with_the_one_in_force(house: CouncilHouse) -> None:
    old = house.office.in_force().active
    first = house.say("where is my bin")
    new = in_force_by_hand(house, TIGHTER)
    house.folder = (TIGHTER,)
    spoil(house, old)
    assert packs(house.say("I feel low", first.conversation_id)) == {new}


def test_rules_stay_as_they_were_while_the_database_is_gone(house: CouncilHouse) -> None:
    judges = house.judges()
    with house.memory.database.writing() as connection:
        connection.execute(text("alter table policy_state rename to gone"))
    house.seconds = 5.0
    assert judges.now().active.id == pack_of(house.folder).id
