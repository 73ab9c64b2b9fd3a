"""Four eyes: the author never approves, and a signature that is expired, forged or over other bytes does not count."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from guildhall.governance.approving import HOLDS_FOR, accept_signature, needs_of, sign_change, standing, statement
from guildhall.governance.board import enrol
from guildhall.governance.changes import open_change
from guildhall.governance.proposing import check, propose, replay_change
from guildhall.governance.reports import kept
from guildhall.governance.signing import digest_of, make_key, public_key_of, read_key, sign
from guildhall.storage.governance_schema import rule_change_reports, rule_change_signatures
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gates import Gate
from guildhall.vocabulary.governance import Signature
from guildhall.vocabulary.roles import Role
from tests.governance.council_house import ADA, CHRIS, DEV, OLU, SAM, WHY, CouncilHouse, care

TIGHTER = care(2, low="offer")


def labels(house: CouncilHouse, change_id: str) -> list[str]:
    found = standing(open_change(house.office, house.store.proposal(change_id)))
    return [need.label for need in found.missing]


def test_a_tightening_needs_an_owner_and_the_data_protection_officer(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    assert labels(house, change.proposal.id) == ["rule owner", "data protection officer"]
    house.sign(change, OLU, DEV)
    assert labels(house, change.proposal.id) == []
    assert [event["name"] for event in house.happened(EventKind.RULE_CHANGE_SIGNED)] == [OLU, DEV]


def test_an_author_never_approves(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    with pytest.raises(RefusedError, match="an author never approves their own change"):
        sign_change(change, ADA, house.keys[ADA])


def test_an_author_cannot_approve_under_another_name_with_the_same_key(house: CouncilHouse) -> None:
    with pytest.raises(RefusedError, match="this key is Ada Author's already"):
        enrol(house.office, "Somebody Else", (Role.RULE_OWNER,), public_key_of(house.keys[ADA]), CHRIS, house.keys[CHRIS])


def test_a_proposal_in_another_persons_name_is_refused(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    with pytest.raises(RefusedError, match="not the key that Olu Owner was enrolled with"):
        propose(house.office, OLU, house.keys[ADA], WHY)


def test_a_service_manager_neither_proposes_nor_signs(house: CouncilHouse) -> None:
    house.folder = (TIGHTER,)
    with pytest.raises(RefusedError, match="may not propose"):
        propose(house.office, SAM, house.keys[SAM], WHY)
    change = house.tested(TIGHTER)
    with pytest.raises(RefusedError, match="not among those that change-1 needs"):
        sign_change(change, SAM, house.keys[SAM])


def test_one_person_with_two_roles_counts_once(house: CouncilHouse) -> None:
    both = (Role.RULE_OWNER, Role.DATA_PROTECTION_OFFICER)
    enrol(house.office, DEV, both, public_key_of(house.keys[DEV]), CHRIS, house.keys[CHRIS])
    change = house.tested(TIGHTER)
    house.sign(change, DEV)
    assert len(labels(house, change.proposal.id)) == 1


def test_a_loosening_needs_the_board_chair_too(house: CouncilHouse) -> None:
    change = house.tested(care(2, sure="offer", replay={"max_newly_missed": 9}), loosens=True)
    house.sign(change, OLU, DEV)
    assert labels(house, change.proposal.id) == ["board chair"]
    house.sign(change, CHRIS)
    assert labels(house, change.proposal.id) == []


def test_new_evidence_needs_the_board_chair_too(house: CouncilHouse) -> None:
    examples = {"fires": [{"signals": ["hazard_gas screen"], "effect": "escalate"}], "quiet": [{}]}
    gas = care(
        1, id="gas", facts_examples=examples, cases=[{"when": {"signal": "hazard_gas"}, "then": {"effect": "escalate", "queue": "duty"}}]
    )
    change = house.proposed(care(), gas)
    check(change)
    assert [need.because for need in needs_of(change)][-1] == "it rests on evidence that no rule did before: hazard_gas"


def test_a_signature_expires_after_fourteen_days(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    house.clock.move(days=HOLDS_FOR.days - 1)
    assert labels(house, change.proposal.id) == []
    house.clock.move(days=1)
    assert labels(house, change.proposal.id) == ["rule owner", "data protection officer"]
    assert "it expired on" in standing(change).void[0][1]


def test_moving_the_date_of_an_expired_signature_does_not_help(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    house.clock.move(days=20)
    with house.memory.database.writing() as connection:
        connection.execute(update(rule_change_signatures).values(at=house.clock()))
    assert labels(house, change.proposal.id) == ["rule owner", "data protection officer"]


def test_a_signature_from_the_future_does_not_count(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    house.clock.move(days=-1)
    assert "signed in the future" in standing(change).void[0][1]


def test_a_forged_signature_does_not_count(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    owner, at = house.office.member(OLU), house.clock()
    text = statement(change, owner, at)
    house.store.put_signature(change.proposal.id, Signature(OLU, owner.roles, text, sign(house.keys[ADA], text), at))
    house.sign(change, DEV)
    found = standing(change)
    assert [need.label for need in found.missing] == ["rule owner"]
    assert "not made with Olu Owner's key" in found.void[0][1]


def test_a_signature_made_elsewhere_counts_when_it_is_over_these_very_bytes(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    text = statement(change, house.office.member(OLU), house.clock())
    made = sign(house.keys[OLU], text)
    for wrong, why in ((text.replace("approve", "refuse"), "altered"), ("{}", "not the text of")):
        with pytest.raises(RefusedError, match=why):
            accept_signature(change, OLU, wrong, made)
    own = statement(change, house.office.member(ADA), house.clock())
    with pytest.raises(RefusedError, match="an author never approves"):
        accept_signature(change, ADA, own, sign(house.keys[ADA], own))
    accept_signature(change, OLU, text, made)
    assert labels(house, change.proposal.id) == ["data protection officer"]


def test_a_signature_of_another_change_does_not_count(house: CouncilHouse) -> None:
    first = house.tested(TIGHTER)
    house.sign(first, OLU)
    second = house.tested(care(3, low="stop"))
    (taken,) = house.store.signatures(first.proposal.id)
    house.store.put_signature(second.proposal.id, taken)
    assert "are not what was signed" in standing(second).void[0][1]


@pytest.mark.parametrize("gate", [Gate.LINT, Gate.PROPERTY, Gate.MUTATION, Gate.REPLAY])
def test_one_changed_byte_of_a_report_undoes_every_signature(house: CouncilHouse, gate: Gate) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    report = house.store.reports(change.proposal.id)[gate.value]
    with house.memory.database.writing() as connection:
        changed = report.body.replace("passed", "pAssed", 1)
        connection.execute(update(rule_change_reports).where(rule_change_reports.c.gate == gate.value).values(body=changed))
    found = standing(change)
    assert not found.valid
    assert all("altered after it was written" in why for _, why in found.void)


def test_a_report_changed_together_with_its_digest_undoes_every_signature(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    report = house.store.reports(change.proposal.id)[Gate.EXAMPLES.value]
    for body in (report.body.replace("do what they say", "say what they do"), report.body.replace("counterexamples", "x"), "{"):
        other = replace(report, body=body, digest=digest_of(body))
        house.store.put_report(change.proposal.id, other, EventKind.RULE_CHANGE_TESTED)
        assert not standing(change).valid


def test_a_replay_done_again_with_other_findings_has_to_be_signed_again(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    house.say("I feel low")
    replay_change(change)
    assert [need.label for need in standing(change).missing] == ["rule owner", "data protection officer"]
    house.sign(change, OLU, DEV)
    assert not standing(change).missing


def test_nothing_is_signed_before_it_is_tested_and_replayed(house: CouncilHouse) -> None:
    change = house.proposed(TIGHTER)
    with pytest.raises(RefusedError, match="guildhall policy check change-1"):
        sign_change(change, OLU, house.keys[OLU])
    check(change)
    with pytest.raises(RefusedError, match="guildhall policy replay change-1"):
        sign_change(change, OLU, house.keys[OLU])


def test_a_change_that_a_gate_refuses_is_not_signed(house: CouncilHouse) -> None:
    change = house.tested(care(2, sure="offer"))
    assert not kept(change, Gate.PROPERTY).passed
    with pytest.raises(RefusedError, match="declare that the change loosens"):
        sign_change(change, CHRIS, house.keys[CHRIS])


def test_a_member_who_left_the_role_no_longer_counts(house: CouncilHouse) -> None:
    change = house.tested(TIGHTER)
    house.sign(change, OLU, DEV)
    enrol(house.office, OLU, (Role.AUDITOR,), public_key_of(house.keys[OLU]), CHRIS, house.keys[CHRIS])
    assert labels(house, change.proposal.id) == ["rule owner"]


def test_once_there_is_a_chair_nobody_else_enrols(house: CouncilHouse) -> None:
    with pytest.raises(RefusedError, match="the board has a chair, who alone enrols"):
        enrol(house.office, "Mallory", (Role.DATA_PROTECTION_OFFICER,), public_key_of(house.keys[ADA]))
    with pytest.raises(RefusedError, match="not the key that Chris Chair was enrolled with"):
        enrol(house.office, "Mallory", (Role.DATA_PROTECTION_OFFICER,), "x", CHRIS, house.keys[ADA])


def test_the_last_chair_stays_one(house: CouncilHouse) -> None:
    with pytest.raises(RefusedError, match="only board chair"):
        enrol(house.office, CHRIS, (Role.AUDITOR,), public_key_of(house.keys[CHRIS]), CHRIS, house.keys[CHRIS])


def test_a_key_file_is_its_owners_alone_and_may_have_a_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "ada.key"
    public = make_key(path, "open sesame")
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_key_of(read_key(path, "open sesame")) == public
    for passphrase, why in (("", "protected by a passphrase"), ("wrong", "passphrase is wrong")):
        with pytest.raises(RefusedError, match=why):
            read_key(path, passphrase)
    with pytest.raises(RefusedError, match="never written over"):
        make_key(path)
    path.chmod(0o644)
    with pytest.raises(RefusedError, match="others can read this key"):
        read_key(path, "open sesame")
