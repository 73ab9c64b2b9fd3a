"""Somebody who is to be phoned: whoever works at the desk finds them, sees when the call is due, and takes them."""

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.handoffs import Handoff, HandoffStatus, PassedBack
from guildhall.vocabulary.roles import Role
from tests.web.desk.at_the_desk import Adviser, move, resident_asks

TOLD_WHY = "You did not take what you were offered in time"


def to_be_phoned(guildhall: Guildhall) -> Handoff:
    """Asked while nobody was at the desk."""
    _, handoff = resident_asks(guildhall)
    assert not handoff.live
    return handoff


def test_an_adviser_takes_somebody_who_is_to_be_phoned_and_owes_them_no_written_words(guildhall: Guildhall) -> None:
    handoff = to_be_phoned(guildhall)
    adviser = Adviser(guildhall).comes()
    adviser.open("/desk").open(adviser.one("a[href='/console/callbacks']").attributes["href"] or "")
    adviser.open(f"/console/callbacks/{handoff.reference}").send(f"form[action='/desk/requests/{handoff.reference}/pick']")
    assert adviser.response.url.path == f"/desk/conversations/{handoff.conversation_id}"
    adviser.press("#offer button")
    taken = guildhall.desk.handoffs.get(handoff.reference)
    assert (taken.status, taken.owed_since) == (HandoffStatus.ACCEPTED, None)
    assert not adviser.open(f"/console/callbacks/{handoff.reference}").html.count("/pick")


def test_who_serves_another_queue_is_not_asked_to_take_them(guildhall: Guildhall) -> None:
    handoff = to_be_phoned(guildhall)
    adviser = Adviser(guildhall, profile=False)
    assert "/pick" not in adviser.open(f"/console/callbacks/{handoff.reference}").html
    assert "Show whom to call" in adviser.text()


def test_whoever_runs_the_desk_reaches_everything_of_theirs_from_any_page_of_the_console(guildhall: Guildhall) -> None:
    supervisor = Adviser(guildhall, "Dana Hill", roles=(Role.SUPERVISOR,))
    for start in ("/console/drafts", "/console/gaps", "/console/supervision"):
        menu = [link.attributes["href"] for link in supervisor.open(start).all(".menu__link")]
        assert menu[0] == "/desk" and len(menu) == 5
        assert all(supervisor.open(href or "").status == 200 for href in menu)


def test_an_adviser_whom_the_desk_set_to_busy_reads_why(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    guildhall.desk.advisers.stand_down(adviser.id, PassedBack.NOT_TAKEN, guildhall.house.clock())
    assert TOLD_WHY in adviser.open("/desk").text()
    adviser.press("button[value=available]")
    assert TOLD_WHY not in adviser.text()
    adviser.press("button[value=busy]")
    assert "You are busy, so nothing new comes to you" in adviser.text()


def test_danger_stands_first_among_what_is_offered(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, ordinary = resident_asks(guildhall)
    move(guildhall, seconds=5)
    _, danger = resident_asks(guildhall, "my husband hits me")
    for handoff in (ordinary, danger):
        guildhall.desk.handoffs.offer(handoff.reference, adviser.id, guildhall.house.clock())
    rows = [row.attributes["id"] for row in adviser.open("/desk").all(".row--offered")]
    assert rows == [f"row-{danger.reference}", f"row-{ordinary.reference}"]
