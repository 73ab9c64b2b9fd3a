"""Supervision: every topic with its mode and its evidence; stricter at once, freer only by two people on figures that meet the bar."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from guildhall.bootstrap.console import open_console
from guildhall.bootstrap.house import Guildhall
from guildhall.governance.supervising import MAY_SET
from guildhall.records.requests import Asked
from guildhall.storage.supervision_schema import drafts
from guildhall.storage.turns import Sought
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.misses import FoundBy, Miss, MissKind
from guildhall.vocabulary.rights import RightsKind
from guildhall.vocabulary.roles import VALUE_ROLES, Role
from guildhall.vocabulary.supervision import Mode
from tests.web.console.checking import BULKY, WHY, a_resident_asks, adviser, supervise
from tests.web.console.staff import Staff, events_of, residents_ask

TOPIC = "/console/supervision/topic?what=service:bulky-waste"


def decided(guildhall: Guildhall, by: str, approved: int, edited: int = 0, seconds: float = 30.0) -> None:
    """So many drafts about bulky waste were decided a day ago."""
    at = guildhall.house.clock() - timedelta(days=1)
    rows = [
        {
            "id": f"draft-{by}-{number}", "council": "avonmere", "conversation_id": "conversation-x", "turn_id": "turn-x",
            "topic": BULKY.name, "service": "bulky-waste", "queue": "front-desk", "language": "en", "composer": "quoting@1", "words": 60,
            "status": "approved" if number < approved else "edited", "queued_at": at, "until": at, "decided_at": at, "decided_by": by,
            "reason": "", "seconds": seconds, "safety": 0, "edit_distance": 0, "warnings": 0, "reference": "",
        }
        for number in range(approved + edited)
    ]  # fmt: skip
    with guildhall.database.writing() as connection:
        connection.execute(insert(drafts), rows)


def test_topics_that_are_supervised_are_listed_and_the_others_can_be_looked_up(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    staff.open("/console/supervision")
    rows = staff.text("[aria-label='Topics and their evidence'] tbody")
    assert "Approved text only" in rows and "the council’s files" in rows and "Bulky waste" not in rows
    assert "service:bulky-waste" in [option.attributes["value"] for option in staff.all("#what option")]
    staff.open(TOPIC)
    assert "Free with evidence" in staff.text(".lead") and not staff.all("main form")
    assert staff.open("/console/supervision/topic?what=service:dragons").status == 404
    assert staff.open("/console/supervision/topic?what=nonsense").status == 404


def test_tightened_it_holds_for_the_next_question_at_once(guildhall: Guildhall) -> None:
    staff = adviser(guildhall, "Sue Price", role=Role.SUPERVISOR)
    staff.open(TOPIC)
    staff.send("form[action$='/tighten']", mode="adviser_approves_draft", reason="short")
    assert (staff.status, "at least 10 characters" in staff.text(".govuk-error-summary")) == (400, True)
    staff.send("form[action$='/tighten']", mode="adviser_approves_draft", reason=WHY)
    assert "stricter now" in staff.text(".govuk-notification-banner")
    assert "Sue Price" in staff.text() and WHY in staff.text("[aria-label='History of this topic']")
    resident, _ = a_resident_asks(guildhall)
    assert "A colleague is checking" in resident.text("#conversation")
    (changed,) = events_of(guildhall, "SupervisionChanged")
    assert (changed["topic"], changed["mode"], changed["action"]) == ("service:bulky-waste", "adviser_approves_draft", "tightened")


def test_what_the_bar_lacks_stands_beside_the_switch_and_there_is_nothing_to_press(guildhall: Guildhall) -> None:
    supervise(guildhall)
    staff = Staff(guildhall, Role.SUPERVISOR)
    staff.open(TOPIC)
    assert "0 of the 50 decided drafts that are needed" in staff.text() and not staff.all("form[action$='/propose']")
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post("/console/supervision/propose", data={"token": token, "what": BULKY.name, "reason": WHY}))
    assert (staff.status, "does not meet the bar" in staff.text(".govuk-error-summary")) == (400, True)


def test_two_people_loosen_it_on_the_figures_that_both_saw(guildhall: Guildhall) -> None:
    supervise(guildhall)
    sue, tom = Staff(guildhall, Role.SUPERVISOR, name="Sue Price"), Staff(guildhall, Role.SERVICE_MANAGER, name="Tom Webb")
    decided(guildhall, str(sue.door.staff.by_name("Sue Price").id), approved=59, edited=1)
    sue.open(TOPIC)
    assert "59 of 60" in sue.text() and "The evidence meets the bar" in sue.text(".all-well")
    sue.send("form[action$='/propose']", reason=WHY)
    assert "You proposed this" in sue.text() and not sue.all("form[action$='/agree']")
    tom.open("/console")
    assert any("A second person is needed to loosen" in item.text() for item in tom.all(".attention a"))
    tom.open(TOPIC).send("form[action$='/agree']", reason="The figures hold up")
    assert "It is loosened now" in tom.text(".govuk-notification-banner")
    assert "59 of 60 approved unedited (surely 91%)" in tom.text("[aria-label='History of this topic']")
    assert guildhall.supervised.modes().of(BULKY) == Mode.FREE_WITH_EVIDENCE
    sue.open("/console/supervision")
    assert "Sue Price" in sue.text("[aria-label='How advisers check']")


def test_a_proposal_can_be_refused(guildhall: Guildhall) -> None:
    supervise(guildhall)
    sue, tom = Staff(guildhall, Role.SUPERVISOR, name="Sue Price"), Staff(guildhall, Role.SAFEGUARDING_LEAD, name="Tom Webb")
    decided(guildhall, "somebody", approved=60)
    sue.open(TOPIC).send("form[action$='/propose']", reason=WHY)
    tom.open(TOPIC).send("form[action$='/refuse']", reason="Not before the new fees are out")
    assert "The proposal is gone" in tom.text(".govuk-notification-banner")
    assert guildhall.supervised.modes().of(BULKY) == Mode.ADVISER_APPROVES_DRAFT


def test_whoever_waves_everything_through_is_seen_and_does_not_count(guildhall: Guildhall) -> None:
    supervise(guildhall)
    staff = Staff(guildhall, Role.SUPERVISOR)
    decided(guildhall, "quick", approved=60, seconds=0.8)
    staff.open("/console/supervision")
    assert "60 of 60" in staff.text("[aria-label='How advisers check'] .govuk-tag")
    staff.open(TOPIC)
    assert "60 more were approved too quickly to have been read" in staff.text()
    assert not Staff(guildhall, Role.ADVISER, name="An Adviser").open("/console/supervision").all("[aria-label='How advisers check']")


def test_a_miss_and_a_complaint_on_the_topic_count_against_it(guildhall: Guildhall) -> None:
    supervise(guildhall)
    residents_ask(guildhall, "How much is bulky waste?")
    turn = open_console(guildhall).turns.search(Sought(), 1)[0]
    now = guildhall.house.clock()
    miss = Miss(
        "miss_1", TurnId(turn.id), ConversationId(turn.conversation_id), turn.at, MissKind.WRONG_ANSWER, "", FoundBy.SAMPLING, now, "s"
    )
    open_console(guildhall).misses.add(miss)
    guildhall.rights.requests.register(RightsKind.COMPLAINT, Asked("It was wrong", "", "", "web"), [turn.conversation_id])
    evidence = guildhall.supervised.evidence_of(BULKY)
    assert (evidence.misses, evidence.complaints) == (1, 1)
    staff = Staff(guildhall, Role.SUPERVISOR)
    assert "Misses found 1 (the bar: 0)" in staff.open(TOPIC).text()


@pytest.mark.parametrize("role", sorted(VALUE_ROLES))
def test_whoever_answers_for_money_sees_nothing_of_it(guildhall: Guildhall, role: Role) -> None:
    supervise(guildhall)
    staff = Staff(guildhall, role)
    staff.open(TOPIC)
    assert staff.status == 403 and BULKY.name not in staff.text()


@pytest.mark.parametrize("role", sorted(set(Role) - MAY_SET - VALUE_ROLES))
def test_others_change_nothing(guildhall: Guildhall, role: Role) -> None:
    supervise(guildhall)
    staff = Staff(guildhall, role)
    staff.open(TOPIC)
    assert staff.status == 200 and not staff.all("main form")
    token = staff.hidden(".who form")["token"]
    for way in ("tighten", "propose", "agree", "refuse"):
        data = {"token": token, "what": BULKY.name, "reason": WHY, "mode": "approved_text_only"}
        staff.take(staff.client.post(f"/console/supervision/{way}", data=data))
        assert staff.status == 403
    assert guildhall.supervised.modes().of(BULKY) == Mode.ADVISER_APPROVES_DRAFT
