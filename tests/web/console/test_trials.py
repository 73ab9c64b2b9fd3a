"""Trials on the console: planned, approved by two, counted while it runs, its result once it is over, stopped by one."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.turns import Channel
from tests.value.trials.plans import plan
from tests.web.console.staff import Staff, app_of, events_of
from tests.web.front_door import demo_profile, open_front_door

PATH = "/console/value/trials"
CLOCK = FakeClock()


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    CLOCK.now = FakeClock().now
    trials = {"t": plan(demo_profile().value, measure="abandoned_before_share")}
    opened = open_front_door(tmp_path, CLOCK, replace(demo_profile(), trials=trials))
    yield opened
    opened.close()


def running(guildhall: Guildhall) -> tuple[Staff, Staff]:
    lead, officer = (
        Staff(guildhall, Role.PROGRAMME_LEAD, name="Priya Lead"),
        Staff(guildhall, Role.DATA_PROTECTION_OFFICER, name="Owen Officer"),
    )
    for staff in (lead, officer):
        staff.open(f"{PATH}/t").send("form[action$='/approve']")
    return lead, officer


def join(guildhall: Guildhall, many: int) -> None:
    for _ in range(many):
        guildhall.conversations.start(Channel.WEB, "en", CLOCK(), beside=guildhall.trials.joining(True))


def until(staff: Staff, words: str) -> str:
    """The page once newer figures were taken, which happens behind it; with a session that has not run out."""
    staff.sign_in()
    for _ in range(200):
        if words in staff.open(f"{PATH}/t").text():
            break
        time.sleep(0.05)
    return staff.text()


def test_a_council_without_trials_says_how_one_is_planned(tmp_path: Path) -> None:
    opened = open_front_door(tmp_path, profile=replace(demo_profile(), trials={}))
    staff = Staff(opened, Role.AUDITOR)
    assert "No trial is planned" in staff.open(PATH).text()
    assert staff.open(f"{PATH}/x").status == 404
    opened.close()


def test_a_planned_trial_says_what_it_could_see_before_anybody_approves(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    said = staff.open(f"{PATH}/t").text()
    assert "Planned. Nobody has approved it yet." in said
    assert "80% of trials would find a difference of 5.1 percentage points or more" in said
    assert staff.all("form[action$='/approve'], form[action$='/stop']") == []


def test_two_people_start_it(guildhall: Guildhall) -> None:
    lead = Staff(guildhall, Role.PROGRAMME_LEAD, name="Priya Lead")
    lead.open(f"{PATH}/t").send("form[action$='/approve']")
    assert "It starts when the second person has approved it." in lead.text()
    assert lead.all("form[action$='/approve']") == []
    officer = Staff(guildhall, Role.DATA_PROTECTION_OFFICER, name="Owen Officer")
    officer.open("/console")
    assert "The trial t is waiting for a second person to approve it" in officer.text(".attention")
    officer.open(f"{PATH}/t").send("form[action$='/approve']")
    assert "It runs now." in officer.text()
    (begun,) = events_of(guildhall, "TrialStarted")
    assert begun["power"].startswith("With 4,000 contacts")


def test_while_it_runs_there_are_counts_and_no_result(guildhall: Guildhall) -> None:
    lead, _ = running(guildhall)
    join(guildhall, 30)
    said = lead.open(f"{PATH}/t").text()
    assert "No result is shown while the trial runs" in said
    assert "percentage points (98%" not in said
    cells = [row.text(separator="|", strip=True) for row in lead.all("#counts + table tbody tr")]
    assert sum(int(row.split("|")[-2]) for row in cells[:2]) == 30
    assert lead.open(f"{PATH}/t.csv").html.lstrip("\ufeff").splitlines()[0] == "way,agreed,took_back"


def test_the_result_is_there_once_it_is_over_and_its_window_too(guildhall: Guildhall) -> None:
    lead, _ = running(guildhall)
    join(guildhall, 120)
    guildhall.trials.leave(guildhall.trials.store.members("t")[0].conversation_id)
    CLOCK.move(days=60)
    said = until(lead, "withdrew their agreement")
    assert "No difference was found" in said
    assert "1 withdrew their agreement" in said
    assert "E4: Experiment" in said
    contacts = [int(row.css("td")[0].text()) for row in lead.all("#result ~ table.reading tbody tr")]
    assert sum(contacts) == 119


def test_one_person_stops_it_with_a_reason(guildhall: Guildhall) -> None:
    running(guildhall)
    manager = Staff(guildhall, Role.SERVICE_MANAGER, name="Sam Manager")
    manager.open(f"{PATH}/t").send("form[action$='/stop']", reason="bad")
    assert manager.status == 400
    assert "at least 10 characters" in manager.text("#reason-error")
    manager.send("form[action$='/stop']", reason="Residents say it is too short")
    assert "Stopped on 25 November 2026: Residents say it is too short" in manager.text()
    assert guildhall.trials.asking() is None


def test_a_reader_can_neither_approve_nor_stop(guildhall: Guildhall) -> None:
    running(guildhall)
    auditor = Staff(guildhall, Role.AUDITOR, name="Ada Auditor")
    auditor.open(f"{PATH}/t")
    token = auditor.hidden(".who form")["token"]
    for act in ("approve", "stop"):
        assert auditor.client.post(f"{PATH}/t/{act}", data={"token": token, "reason": "because I can"}).status_code == 403
    assert app_of(guildhall)
