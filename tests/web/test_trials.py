"""Asked once, on an empty page, with the first question; never of somebody who said anything that tells of danger; taken back at any time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember
from guildhall.vocabulary.turns import Channel
from tests.value.trials.plans import plan
from tests.web.browser import Browser
from tests.web.front_door import demo_profile, open_front_door

LEAD = StaffMember(StaffId("lead"), "Priya Lead", frozenset({Role.PROGRAMME_LEAD}))
OFFICER = StaffMember(StaffId("officer"), "Owen Officer", frozenset({Role.DATA_PROTECTION_OFFICER}))
BULKY = "How much is bulky waste?"


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path, profile=replace(demo_profile(), trials={"t": plan()}))
    yield opened
    opened.close()


@pytest.fixture
def browser(guildhall: Guildhall) -> Browser:
    guildhall.trials.approve("t", LEAD)
    guildhall.trials.approve("t", OFFICER)
    return Browser(guildhall)


def test_nobody_is_asked_while_no_trial_runs(guildhall: Guildhall) -> None:
    assert Browser(guildhall).open().all("#trial-asks") == []
    guildhall.trials.approve("t", LEAD)
    browser = Browser(guildhall).ask(BULKY, trial="yes")
    assert guildhall.trials.store.of(browser.conversation_id) is None


def test_the_box_is_empty_and_the_question_comes_first(browser: Browser) -> None:
    browser.open()
    box = browser.one("#trial-asks input[type=checkbox]")
    assert "checked" not in box.attributes
    assert browser.html.index('id="message"') < browser.html.index("ask__send") < browser.html.index('id="trial-asks"')
    assert "Chance decides" in browser.text("#trial-asks")


def test_who_agrees_takes_part_from_the_first_question_and_is_not_asked_again(browser: Browser, guildhall: Guildhall) -> None:
    browser.ask(BULKY, trial="yes")
    assert guildhall.trials.store.of(browser.conversation_id)
    assert "£32" in browser.text("#latest .turn__reply")
    assert browser.all("#trial-asks") == []
    assert "You are taking part in a trial" in browser.text("#trial")


@pytest.mark.parametrize("ticked", ["", "no", "maybe"])
def test_who_does_not_agree_gets_the_usual_way_and_is_not_asked_again(browser: Browser, guildhall: Guildhall, ticked: str) -> None:
    browser.ask(BULKY, trial=ticked)
    assert guildhall.trials.store.of(browser.conversation_id) is None
    assert browser.all("#trial-asks, #trial") == []


def test_who_says_that_they_are_in_danger_is_not_put_into_a_trial_whatever_was_ticked(browser: Browser, guildhall: Guildhall) -> None:
    browser.ask("I want to kill myself", trial="yes")
    assert guildhall.trials.store.of(browser.conversation_id) is None
    assert browser.all("#trial-asks, #trial") == []


def test_who_wants_a_person_is_not_put_into_a_trial_and_not_asked_while_waiting(browser: Browser, guildhall: Guildhall) -> None:
    browser.ask("", path="/person", trial="yes")
    assert guildhall.trials.store.of(browser.conversation_id) is None
    assert browser.all("#trial-asks, #trial") == []


def test_a_tick_sent_later_in_a_conversation_changes_nothing(browser: Browser, guildhall: Guildhall) -> None:
    browser.ask(BULKY).ask(BULKY, trial="yes")
    assert guildhall.trials.store.of(browser.conversation_id) is None


def test_a_tick_is_kept_when_the_question_was_forgotten(browser: Browser) -> None:
    browser.ask(" ", trial="yes")
    assert browser.status == 400
    assert "checked" in browser.one("#trial-asks input").attributes


def test_it_can_be_taken_back_and_then_the_usual_way_is_taken(browser: Browser, guildhall: Guildhall) -> None:
    browser.ask(BULKY, trial="yes").send("#trial")
    assert "You no longer take part" in browser.text("#trial")
    member = guildhall.trials.store.of(browser.conversation_id)
    assert member
    assert member.left_at
    assert guildhall.conversations.load(browser.conversation_id).assigned is None  # type: ignore[union-attr,arg-type]
    assert browser.open().all("#trial") == []


def test_another_conversations_form_takes_nothing_back(browser: Browser, guildhall: Guildhall) -> None:
    browser.ask(BULKY, trial="yes")
    fields = browser.hidden("#trial") | {"token": "0" * 64}
    assert browser.client.post("/trial/leave", data=fields).status_code == 403
    assert guildhall.trials.store.of(browser.conversation_id).left_at is None  # type: ignore[union-attr]


def test_a_full_trial_asks_nobody_more(guildhall: Guildhall) -> None:
    small = plan(contacts=40, worth_seeing=0.5)
    guildhall = replace(guildhall, profile=replace(guildhall.profile, trials={"t": small}))
    guildhall.trials.approve("t", LEAD)
    guildhall.trials.approve("t", OFFICER)
    for _ in range(40):
        guildhall.conversations.start(Channel.WEB, "en", guildhall.house.clock(), beside=guildhall.trials.joining(True))
    assert guildhall.trials.asking() is None


@pytest.mark.parametrize("language", list(Language))
def test_it_is_asked_in_the_residents_language(browser: Browser, guildhall: Guildhall, language: Language) -> None:
    said = guildhall.profile.wordings.say("trial.agree", language.value)
    assert guildhall.profile.wordings.status("trial.agree", language.value) != "missing"
    assert said in browser.open(f"/?lang={language.value}").text("#trial-asks")


def test_the_api_asks_nobody(browser: Browser, guildhall: Guildhall) -> None:
    browser.client.post("/api/v1/conversations", json={"language": "en", "trial": "yes"})
    assert guildhall.trials.store.members("t") == ()
