"""Phrases on the console: one click from a turn, masked and edited, tried before anybody decides, released by another person, taken back."""

import json
from datetime import timedelta

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.learning import open_learning
from guildhall.bootstrap.learning_work import TRIAL
from guildhall.storage.turns import Sought, TurnReader
from guildhall.vocabulary.phrases import Phrase, PhraseState
from guildhall.vocabulary.roles import Role
from tests.web.console.learning import finished
from tests.web.console.staff import Staff, events_of, residents_ask


@pytest.fixture
def adviser(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.ADVISER, name="Ann Adviser")


@pytest.fixture
def supervisor(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.SUPERVISOR, name="Sue Pervisor")


def newest_turn(guildhall: Guildhall) -> str:
    return TurnReader(guildhall.database, guildhall.profile.slug).search(Sought(), 1)[0].id


def proposed(guildhall: Guildhall, staff: Staff, turn: str = "", **given: str) -> Phrase:
    staff.open(f"/console/phrases/new?turn={turn}" if turn else "/console/phrases/new")
    staff.send("form[action='/console/phrases/new']", **given)
    assert staff.status == 200, staff.text(".govuk-error-summary")
    phrase = open_learning(guildhall).phrases.everything()[0]
    finished(open_learning(guildhall), TRIAL, phrase.id)
    return phrase


WORD = {"kind": "dialect", "text": "jitty", "means": "bulky waste"}


def test_the_words_of_a_turn_are_filled_in_for_a_purpose(guildhall: Guildhall, adviser: Staff) -> None:
    residents_ask(guildhall, "Clear the jitty please")
    turn = newest_turn(guildhall)
    adviser.open(f"/console/phrases/new?turn={turn}")
    assert "jitty" not in adviser.html
    adviser.send("form[action='/console/phrases/new/words']")
    assert adviser.text("textarea") == "Clear the jitty please"
    assert events_of(guildhall, "PersonalDataRead")[0]["purpose"] == "improving"
    assert adviser.open("/console/phrases/new?turn=turn_none").status == 404


def test_the_words_of_somebody_at_risk_are_not_filled_in(guildhall: Guildhall, adviser: Staff) -> None:
    residents_ask(guildhall, "my husband hits me")
    adviser.open(f"/console/phrases/new?turn={newest_turn(guildhall)}")
    adviser.send("form[action='/console/phrases/new/words']")
    assert adviser.status == 400 and "may be at risk" in adviser.text(".govuk-error-summary")
    assert "hits me" not in adviser.html and events_of(guildhall, "PersonalDataRead") == []


def test_a_word_is_tried_released_by_another_person_and_taken_back(guildhall: Guildhall, adviser: Staff, supervisor: Staff) -> None:
    residents_ask(guildhall, "Clear the jitty please")
    phrase = proposed(guildhall, adviser, newest_turn(guildhall), **WORD)
    supervisor.open(f"/console/phrases/{phrase.id}")
    assert "1 hold the word" in supervisor.text() and "jitty" in supervisor.text()
    supervisor.send(f"form[action='/console/phrases/{phrase.id}/release']")
    assert "in use within seconds" in supervisor.text()
    store = open_learning(guildhall).phrases
    assert [say for _, say, _ in store.words_in_use()] == ["jitty"]
    supervisor.send(f"form[action='/console/phrases/{phrase.id}/withdraw']", why="it misleads")
    assert store.words_in_use() == ()
    told = [events_of(guildhall, kind)[0]["by"] for kind in ("PhraseProposed", "PhraseReleased", "PhraseWithdrawn")]
    assert told[0] != told[1] and told[1] == told[2]


def test_whoever_proposed_it_cannot_release_it_even_by_hand(guildhall: Guildhall, supervisor: Staff) -> None:
    phrase = proposed(guildhall, supervisor, **WORD)
    supervisor.open(f"/console/phrases/{phrase.id}")
    assert not supervisor.all("form[action$='/release']")
    token = supervisor.hidden("form[action='/console/sign-out']")["token"]
    supervisor.take(supervisor.client.post(f"/console/phrases/{phrase.id}/release", data={"token": token}))
    assert supervisor.status == 400 and "another person has to release it" in supervisor.text(".govuk-error-summary")
    assert open_learning(guildhall).phrases.words_in_use() == ()


def test_an_adviser_proposes_and_decides_nothing(guildhall: Guildhall, adviser: Staff, supervisor: Staff) -> None:
    phrase = proposed(guildhall, supervisor, **WORD)
    adviser.open(f"/console/phrases/{phrase.id}")
    token = adviser.hidden("form[action='/console/sign-out']")["token"]
    adviser.take(adviser.client.post(f"/console/phrases/{phrase.id}/release", data={"token": token}))
    assert adviser.status == 403


def test_harm_is_seen_before_a_word_is_released(guildhall: Guildhall, adviser: Staff, supervisor: Staff) -> None:
    phrase = proposed(guildhall, adviser, **WORD)
    learning = open_learning(guildhall)
    job = learning.jobs.begin(TRIAL, phrase.id, "x", learning.clock() + timedelta(seconds=1))
    cases = {"all": 1, "holding": 1, "broken": ["case-7"], "mended": []}
    lost = {"turn_id": "turn_1", "conversation_id": "conv_1", "before": "answered", "after": "declined", "cites_changed": True}
    lost |= {"service_before": "parks", "service_after": "", "cites_changed": True}
    result = {"looked_through": 9, "holding": 1, "asked": 1, "worse": 1, "better": 0, "differences": [lost], "cases": cases}
    learning.jobs.end(job.id, "done", json.loads(json.dumps(result)), learning.clock())
    supervisor.open(f"/console/phrases/{phrase.id}")
    assert "1 answered only without it" in supervisor.text() and "case-7" in supervisor.text()
    supervisor.send(f"form[action='/console/phrases/{phrase.id}/release']")
    assert supervisor.status == 400 and "seen what gets worse" in supervisor.text(".govuk-error-summary")
    supervisor.send(f"form[action='/console/phrases/{phrase.id}/release']", seen="yes")
    assert open_learning(guildhall).phrases.get(phrase.id).state == PhraseState.RELEASED
    assert events_of(guildhall, "PhraseReleased")[0]["trial"]["worse"] == 1


def test_a_question_says_what_should_come_of_it_and_is_masked(guildhall: Guildhall, adviser: Staff) -> None:
    adviser.open("/console/phrases/new")
    adviser.send("form[action='/console/phrases/new']", kind="case", text="how much is bulky waste")
    assert adviser.status == 400 and "what should come of it" in adviser.text(".govuk-error-summary")
    phrase = proposed(guildhall, adviser, kind="case", text="how much is bulky waste", service="bulky-waste", outcome="answered")
    assert phrase.expected == {"service": "bulky-waste", "outcome": "answered"}
    adviser.open(f"/console/phrases/{phrase.id}")
    assert "Passes today" in adviser.text()


def test_a_refusal_needs_a_reason_and_the_overview_says_what_waits(guildhall: Guildhall, adviser: Staff, supervisor: Staff) -> None:
    phrase = proposed(guildhall, adviser, **WORD)
    owner = Staff(guildhall, Role.RULE_OWNER, name="Olu Owner")
    owner.open("/console")
    assert "1 phrase waits for a second person" in owner.text(".attention")
    supervisor.open(f"/console/phrases/{phrase.id}")
    supervisor.send(f"form[action='/console/phrases/{phrase.id}/refuse']")
    assert supervisor.status == 400 and "Say why" in supervisor.text(".govuk-error-summary")
    supervisor.send(f"form[action='/console/phrases/{phrase.id}/refuse']", why="the pages say it too")
    assert "It is refused" in supervisor.text()
    supervisor.open("/console/phrases?state=refused")
    assert "Refused" in supervisor.text("tbody")


def test_a_proposal_whose_conversation_was_erased_says_so(guildhall: Guildhall, adviser: Staff, supervisor: Staff) -> None:
    residents_ask(guildhall, "Clear the jitty please")
    phrase = proposed(guildhall, adviser, newest_turn(guildhall), **WORD)
    erasing = guildhall.rights.erasing
    erasing.carry_out(erasing.decide([phrase.conversation_id], "a rule", "a reason", "Pat Officer"))
    supervisor.open(f"/console/phrases/{phrase.id}")
    assert "were erased" in supervisor.text() and not supervisor.all("form[action$='/release']")
