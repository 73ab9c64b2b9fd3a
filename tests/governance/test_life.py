"""Each gate of a change refuses with a reason in a sentence, and crashes or quarrels between steps leave nothing half done."""

from datetime import timedelta

import pytest

from guildhall.governance import proposing
from guildhall.governance.activating import enforce, roll_back, turn_knob, withdraw
from guildhall.governance.life import LIFE
from guildhall.governance.page import as_json, page_of
from guildhall.governance.proposing import check, into_shadow, onto_next_share, propose, replay_change, stands_at
from guildhall.governance.reports import keep, kept
from guildhall.governance.reviews import due
from guildhall.policy.config import RuleFile
from guildhall.policy.packs import pack_of
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.errors import ConfigurationError, LooseningError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gates import Gate
from guildhall.vocabulary.governance import HowActivated, Phase
from tests.governance.council_house import ADA, DEV, OLU, SAM, WHY, CouncilHouse, care

TIGHTER = care(2, low="offer")


def refusal(house: CouncilHouse, gate: Gate, *rules: RuleFile, loosens: bool = False) -> str:
    """What a gate says when it refuses a change to these rules."""
    change = house.proposed(*rules, loosens=loosens)
    check(change)
    result = kept(change, gate)
    assert not result.passed
    return result.reason


def test_the_life_of_a_change_reads_in_this_order() -> None:
    order = ["lint", "overlay", "property", "examples", "mutation", "replay", "shadow", "fairness", "signatures", "canary", "signatures"]
    assert [step.gate.value for step in LIFE] == order


def test_a_fairness_breach_blocks_a_change_until_it_is_mended_or_waived(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    into_shadow(change)
    house.clock.move(days=1)
    for _ in range(2):
        house.say("where is my bin")
    object.__setattr__(house.office, "unfair", lambda: ("language.ps: right answer or a person is 40.0 points worse.",))
    house.sign(change, OLU, DEV)
    with pytest.raises(RefusedError, match="points worse"):
        onto_next_share(house.again(change))
    object.__setattr__(house.office, "unfair", tuple)
    onto_next_share(house.again(change))
    assert house.again(change).proposal.phase == Phase.CANARY


def test_a_changed_rule_raises_its_version(house: CouncilHouse) -> None:
    assert "still version 1: raise `version` to 2" in refusal(house, Gate.LINT, care(1, low="offer"))


def test_a_review_date_that_has_passed_is_refused(house: CouncilHouse) -> None:
    assert "set a `review_by` that is ahead" in refusal(house, Gate.LINT, care(2, low="offer", review_by="2026-11-01"))


def test_rules_that_point_nowhere_are_refused(house: CouncilHouse) -> None:
    def nowhere(_pack: object) -> None:
        raise ConfigurationError("the rule `care` names the queue `duty`, which does not exist.", file="handoffs.yaml")

    object.__setattr__(house.office, "check_pack", nowhere)
    assert "names the queue `duty`, which does not exist" in refusal(house, Gate.LINT, TIGHTER)


def test_a_floor_is_not_loosened_even_when_the_change_says_so(house: CouncilHouse) -> None:
    house.folder = (care(2, floor=True),)
    enact(house)
    assert "a floor may only be tightened" in refusal(house, Gate.OVERLAY, care(3, sure="offer", floor=True), loosens=True)


def test_a_floor_cannot_be_emptied_into_a_rule_that_is_none(house: CouncilHouse) -> None:
    house.folder = (care(2, floor=True),)
    enact(house)
    same = care(1, id="care-again")
    assert "a floor may only be tightened" in refusal(house, Gate.OVERLAY, care(3, sure="offer", floor=True), same)
    assert "a floor may only be tightened" in refusal(house, Gate.OVERLAY, care(3, floor=False))


def test_a_floor_may_be_tightened(house: CouncilHouse) -> None:
    house.folder = (care(2, floor=True),)
    enact(house)
    change = house.tested(care(3, low="offer", floor=True))
    assert kept(change, Gate.OVERLAY).passed


def test_an_undeclared_loosening_is_refused_with_what_would_be_lost(house: CouncilHouse) -> None:
    assert "less protectively" in refusal(house, Gate.PROPERTY, care(2, sure="offer"))


def test_a_rule_that_fails_its_own_example_is_refused(house: CouncilHouse) -> None:
    words = {"fires": [{"text": "I have the blues"}], "quiet": [{"text": "hello"}]}
    assert "stayed quiet" in refusal(house, Gate.EXAMPLES, care(2, low="offer", examples=words))


def test_a_part_that_no_example_needs_is_refused(house: CouncilHouse) -> None:
    few = {"fires": [{"signals": ["suicide_self_harm confirm"], "effect": "escalate"}], "quiet": [{}]}
    assert "no example needs" in refusal(house, Gate.MUTATION, care(2, low="offer", facts_examples=few))


def test_a_replay_that_newly_misses_somebody_is_refused(house: CouncilHouse) -> None:
    house.say("I want to kill myself")
    change = house.proposed(care(2, sure="offer"), loosens=True)
    check(change)
    result = replay_change(change)
    assert not result.passed
    assert "At most 0 may be missed" in result.reason


def test_a_loosening_says_in_the_rule_how_much_it_may_miss(house: CouncilHouse) -> None:
    house.say("I want to kill myself")
    change = house.proposed(care(2, sure="offer", replay={"max_newly_missed": 3}), loosens=True)
    check(change)
    assert replay_change(change).passed


def test_a_tightening_cannot_allow_itself_misses(house: CouncilHouse) -> None:
    change = house.proposed(care(2, low="offer", replay={"max_newly_missed": 3}))
    assert change.replay_limits.max_newly_missed == 0


def test_a_full_replay_hears_kept_words_again_and_does_nothing_else(house: CouncilHouse) -> None:
    house.say("I feel low")
    before = house.store.last_event()
    waiting = house.memory.people.waiting()
    change = house.proposed(TIGHTER)
    result = replay_change(change, full=True)
    assert result.gate == Gate.FULL_REPLAY
    assert result.facts["counts"] == {"changed_action": {"suicide_self_harm": {"en": 1}}}
    assert house.memory.people.waiting() == waiting
    assert house.store.last_event() == before + 2  # that it was proposed, and that it was replayed


def test_a_full_replay_notices_detectors_that_hear_less(house: CouncilHouse) -> None:
    house.say("I want to kill myself")
    house.listener = FakeUnderstanding({})
    result = replay_change(house.proposed(TIGHTER), full=True)
    assert "1 newly missed" in result.reason


def test_a_change_of_rules_that_are_no_longer_in_force_has_to_be_proposed_again(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    other = house.folder
    house.folder = (care(3, low="stop"),)
    enact(house)
    house.folder = other
    with pytest.raises(RefusedError, match="propose it again"):
        into_shadow(change)
    assert any("has to be proposed again" in line for line in page_of(change))


def test_a_change_is_not_enforced_before_its_life_is_lived(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    with pytest.raises(RefusedError, match="It is not in shadow yet"):
        enforce(change, OLU)


def test_nothing_is_proposed_when_nothing_changes(house: CouncilHouse) -> None:
    with pytest.raises(RefusedError, match="nothing changes"):
        propose(house.office, ADA, house.keys[ADA], WHY)


@pytest.mark.parametrize(
    ("kind", "label", "gate"), [(ConfigurationError, "File check", "lint"), (LooseningError, "Floor check", "overlay")]
)
def test_a_folder_that_cannot_be_read_is_refused_and_recorded(
    house: CouncilHouse, kind: type[ConfigurationError], label: str, gate: str
) -> None:
    def broken() -> object:
        raise kind("something is wrong.", file="policy/care.yaml", line=7, key="cases")

    object.__setattr__(house.office, "folder", broken)
    with pytest.raises(RefusedError, match=rf"{label}: policy/care\.yaml:7"):
        propose(house.office, ADA, house.keys[ADA], WHY)
    assert house.happened(EventKind.RULE_CHANGE_REFUSED)[0]["gate"] == gate


def test_a_crash_between_two_gates_leaves_the_first_report_and_the_change_where_it_was(
    house: CouncilHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = house.proposed(TIGHTER)

    def dies(changed: object, result: object) -> None:
        keep(changed, result)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(proposing, "keep", dies)
    with pytest.raises(KeyboardInterrupt):
        check(change)
    monkeypatch.undo()
    assert [result.gate for result in stands_at(change)] == [Gate.LINT, Gate.OVERLAY]
    assert house.store.proposal(change.proposal.id).phase == Phase.PROPOSED
    check(change)
    assert stands_at(change)[-1].gate == Gate.REPLAY


def test_a_crash_while_rules_are_put_in_force_leaves_the_old_ones_and_no_event(
    house: CouncilHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.folder = (TIGHTER,)
    before = house.office.in_force()

    def dies(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(house.store, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        enact(house)
    monkeypatch.undo()
    assert house.office.in_force() == before
    assert len(house.store.activations()) == len(house.happened(EventKind.PACK_ACTIVATED)) == 1


def test_two_people_who_move_the_same_change_do_not_both_succeed(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    into_shadow(change)
    with pytest.raises(RefusedError, match="moved on by somebody else meanwhile"):
        into_shadow(change)


def test_a_change_can_be_withdrawn(house: CouncilHouse) -> None:
    change = house.proposed(TIGHTER)
    withdraw(change, ADA, house.keys[ADA], "not needed after all")
    assert house.store.proposal(change.proposal.id).phase == Phase.WITHDRAWN
    with pytest.raises(RefusedError, match="only a proposed change goes into shadow"):
        into_shadow(house.again(change))


def test_the_page_says_what_changes_who_is_treated_otherwise_and_what_is_missing(house: CouncilHouse) -> None:
    house.say("I feel low")
    words = {"fires": [{"text": "I feel low"}], "quiet": [{"text": "hello"}]}
    change = house.tested(care(2, low="offer", examples=words))
    page = "\n".join(page_of(change))
    assert "+ When there is suicide self harm (a weak sign is enough): offer a person." in page
    assert "More protectively:" in page
    assert "“I feel low”" in page
    assert "changed action: suicide self harm (en 1)" in page
    assert "missing: data protection officer" in page
    assert as_json(change)["missing"] == ["rule owner", "data protection officer"]


def test_reviews_that_are_overdue_are_listed_and_switch_nothing_off(house: CouncilHouse) -> None:
    pack = pack_of([care(), care(id="late", review_by="2026-11-20")])
    today = house.clock().date()
    (late,) = due(pack, today)
    assert (late.rule.id, late.overdue, late.days) == ("late", True, 5)
    assert {r.id for rules in pack.by_stage.values() for r in rules} == {"care", "late"}
    assert len(due(pack, today + timedelta(days=400))) == 2


# Knobs

KNOB = {"sure_from": {"what": "How sure we must be.", "default": 0.6, "min": 0.5, "max": 0.8}}


def with_knob(version: int = 2) -> RuleFile:
    cases = [
        {"when": {"signal": "suicide_self_harm", "grade": "confirm"}, "then": {"effect": "escalate", "queue": "duty"}},
        {"when": {"signal": "suicide_self_harm", "at_parameter": "sure_from"}, "then": {"effect": "offer"}},
    ]
    return care(version, cases=cases, parameters=KNOB)


def enact(house: CouncilHouse) -> None:
    """Put the folder's rules in force without their life, for tests of what comes after."""
    pack = pack_of(house.folder)
    house.office.packs.put(pack, {}, house.clock())
    house.store.activate(house.office.in_force().active, pack.id, HowActivated.CHANGE, OLU, WHY, house.clock())


def test_a_service_manager_turns_a_knob_within_its_bounds_and_the_address_says_so(house: CouncilHouse) -> None:
    house.folder = (with_knob(),)
    enact(house)
    before = house.office.in_force().active
    after = turn_knob(house.office, SAM, house.keys[SAM], "care", "sure_from", 0.7)
    assert after != before
    assert house.office.packs.get(after).rules[0].cases[1].when.at == 0.7
    assert house.happened(EventKind.PACK_ACTIVATED)[-1]["why"] == "care.sure_from set to 0.7"
    assert house.office.in_force().active == after


@pytest.mark.parametrize(
    ("rule_id", "name", "value", "why"),
    [
        ("care", "sure_from", 0.81, "from 0.5 to 0.8, and 0.81 is outside"),
        ("care", "other", 0.6, "declares no parameter `other`"),
        ("nothing", "sure_from", 0.6, "no rule `nothing`"),
        ("care", "sure_from", 0.6, "stands at 0.6 already"),
    ],
)
def test_a_knob_goes_no_further_than_its_rule_says(house: CouncilHouse, rule_id: str, name: str, value: float, why: str) -> None:
    house.folder = (with_knob(),)
    enact(house)
    with pytest.raises(RefusedError, match=why):
        turn_knob(house.office, SAM, house.keys[SAM], rule_id, name, value)


def test_a_change_of_the_rules_leaves_a_knob_where_it_stands(house: CouncilHouse) -> None:
    house.folder = (with_knob(),)
    enact(house)
    turn_knob(house.office, SAM, house.keys[SAM], "care", "sure_from", 0.5)
    house.folder = (with_knob(3),)
    change = propose(house.office, ADA, house.keys[ADA], WHY)
    assert change.after.rules[0].parameters["sure_from"].value == 0.5
    assert change.after.rules[0].cases[1].when.at == 0.5


def test_a_data_protection_officer_turns_no_knobs(house: CouncilHouse) -> None:
    house.folder = (with_knob(),)
    enact(house)
    with pytest.raises(RefusedError, match="may not turn knobs"):
        turn_knob(house.office, DEV, house.keys[DEV], "care", "sure_from", 0.7)


def test_going_back_takes_the_rules_in_force_before(house: CouncilHouse) -> None:
    first = house.office.in_force().active
    house.folder = (TIGHTER,)
    enact(house)
    roll_back(house.office, OLU, house.keys[OLU], "it did not help")
    assert house.office.in_force().active == first
    with pytest.raises(RefusedError, match="no earlier rules"):
        roll_back(house.office, OLU, house.keys[OLU], "again")
    with pytest.raises(RefusedError, match="say why"):
        roll_back(house.office, OLU, house.keys[OLU], " ")
