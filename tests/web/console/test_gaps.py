"""Content gaps on the console: what is asked, who sees to it, words only for a purpose, and the same questions asked again."""

from datetime import timedelta

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.learning import open_learning
from guildhall.bootstrap.learning_work import LOOK, RERUN
from guildhall.vocabulary.gaps import GapStatus
from guildhall.vocabulary.roles import Role
from tests.web.console.learning import DRAGONS, a_gap, finished, with_fake_encoder
from tests.web.console.staff import Staff, events_of, residents_ask


@pytest.fixture
def manager(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.SERVICE_MANAGER)


def test_nothing_found_is_said(manager: Staff) -> None:
    manager.open("/console/gaps")
    assert "No gap has been found yet" in manager.text(".empty")


def test_a_look_from_the_page_finds_the_gap(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    with_fake_encoder(monkeypatch)
    manager = Staff(guildhall, Role.SERVICE_MANAGER)
    residents_ask(guildhall, *DRAGONS)
    manager.open("/console/gaps")
    manager.send("form[action='/console/gaps/look']")
    finished(open_learning(guildhall), LOOK, guildhall.profile.slug)
    manager.open("/console/gaps?looked=1")
    assert "3 new questions, 1 new gaps." in manager.text(".govuk-notification-banner")
    row = manager.text("tbody tr")
    assert "Dragon" in row and "nobody yet" in row and "English 3" in row and "Open" in row


def test_the_words_are_closed_until_a_purpose_is_recorded(guildhall: Guildhall, manager: Staff) -> None:
    gap = a_gap(guildhall)
    manager.open(f"/console/gaps/{gap.id}")
    assert not any(text in manager.html for text in DRAGONS)
    manager.send(f"form[action^='/console/gaps/{gap.id}/questions']")
    assert all(text in manager.text() for text in DRAGONS)
    looked = events_of(guildhall, "PersonalDataRead")
    assert [event["purpose"] for event in looked] == ["improving"] * 3


def test_a_turn_is_a_link_only_for_whoever_may_open_it(guildhall: Guildhall, manager: Staff) -> None:
    gap, supervisor = a_gap(guildhall), Staff(guildhall, Role.SUPERVISOR, name="Sue Pervisor")
    for reader in (manager, supervisor):
        reader.open(f"/console/gaps/{gap.id}")
        reader.send(f"form[action^='/console/gaps/{gap.id}/questions']")
    assert len(manager.all("a[href^='/console/turns/conv']")) == 3
    assert DRAGONS[0] in supervisor.text() and not supervisor.all("a[href^='/console/turns/']")


def test_an_auditor_reads_and_can_change_nothing(guildhall: Guildhall) -> None:
    gap = a_gap(guildhall)
    auditor = Staff(guildhall, Role.AUDITOR)
    auditor.open(f"/console/gaps/{gap.id}")
    assert auditor.all("form[action$='/questions#questions']")
    assert not auditor.all("form[action$='/rerun']") and not auditor.all(f"form[action='/console/gaps/{gap.id}']")
    token = auditor.hidden("form[action='/console/sign-out']")["token"]
    auditor.take(auditor.client.post(f"/console/gaps/{gap.id}", data={"token": token, "status": "fixed"}))
    assert auditor.status == 403
    assert open_learning(guildhall).gaps.get(gap.id).status == GapStatus.OPEN


def test_a_gap_gets_an_owner_a_date_and_a_status_and_the_record_says_by_whom(guildhall: Guildhall, manager: Staff) -> None:
    gap = a_gap(guildhall)
    ann = Staff(guildhall, Role.RULE_OWNER, name="Ann Writer")
    owner = ann.door.staff.by_name("Ann Writer").id
    manager.open(f"/console/gaps/{gap.id}")
    manager.send(f"form[action='/console/gaps/{gap.id}']", owner=owner, due_on="2026-12-03", status="being_written")
    assert "Your changes are saved" in manager.text()
    assert "Ann Writer" in manager.text() and "3 December 2026" in manager.text()
    (event,) = events_of(guildhall, "GapChanged")
    assert event["changed"]["owner"] == ["", owner] and event["changed"]["status"] == ["open", "being_written"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"owner": "staf_nobody"}, "Choose somebody who is here"),
        ({"due_on": "soon"}, "as a real date"),
        ({"status": "will_not_fix", "reason": ""}, "why it will not be fixed"),
        ({"page": "/nowhere"}, "Choose a page of the council"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(guildhall: Guildhall, manager: Staff, sent: dict[str, str], said: str) -> None:
    gap = a_gap(guildhall)
    manager.open(f"/console/gaps/{gap.id}")
    manager.send(f"form[action='/console/gaps/{gap.id}']", **{"status": "open", **sent})
    assert manager.status == 400 and said in manager.text(".govuk-error-summary")
    assert events_of(guildhall, "GapChanged") == []


def test_a_gap_that_is_overdue_needs_attention(guildhall: Guildhall, manager: Staff) -> None:
    gap = a_gap(guildhall)
    learning = open_learning(guildhall)
    learning.gaps.change(gap.id, "x", learning.clock(), due_on=learning.clock().date() - timedelta(days=1))
    manager.open("/console")
    assert "1 content gap is overdue" in manager.text(".attention")
    manager.open("/console/gaps?order=due")
    assert "Overdue" in manager.text("tbody tr")


def test_asking_again_shows_each_question_then_and_now(guildhall: Guildhall, manager: Staff) -> None:
    gap = a_gap(guildhall)
    manager.open(f"/console/gaps/{gap.id}")
    manager.send(f"form[action='/console/gaps/{gap.id}/rerun']")
    finished(open_learning(guildhall), RERUN, gap.id)
    manager.open(f"/console/gaps/{gap.id}")
    assert "0 of 3 → 0 of 3 answered" in manager.text()
    assert len([cell for cell in manager.all("td") if "Declined" in cell.text()]) == 3
    assert "0 of 3 answered, with version" in manager.text("main > ul")


def test_a_gap_that_is_not_there_is_not_found(manager: Staff) -> None:
    assert manager.open("/console/gaps/gap_none").status == 404


def test_a_look_that_runs_shows_how_far_it_is(guildhall: Guildhall, manager: Staff) -> None:
    learning = open_learning(guildhall)
    job = learning.jobs.begin(LOOK, guildhall.profile.slug, "x", learning.clock())
    learning.jobs.beat(job.id, 40, 100, learning.clock())
    manager.open("/console/gaps")
    progress = manager.one("progress")
    assert (progress.attributes["value"], progress.attributes["max"]) == ("40", "100")
