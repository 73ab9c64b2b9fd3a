"""The list: what I am offered, what I have and who waits for a reply, who waits in the queue; my status; what I chose."""

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.handoffs import AdviserStatus, WrapUp
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import events_of
from tests.web.desk.at_the_desk import Adviser, move, resident_asks


def status_of(guildhall: Guildhall, adviser: Adviser) -> AdviserStatus:
    found = guildhall.desk.advisers.get(adviser.id)
    assert found is not None
    return found.status


def test_signing_in_leads_to_the_desk_and_signing_out_goes_offline(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall)
    assert adviser.response.url.path == "/desk"
    adviser.comes()
    assert status_of(guildhall, adviser) == AdviserStatus.AVAILABLE
    adviser.send(".bar__links form")
    assert "You are signed out" in adviser.text()
    assert status_of(guildhall, adviser) == AdviserStatus.OFFLINE


def test_an_adviser_without_a_place_is_told_kindly_what_is_missing(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall, profile=False)
    assert "You have no place at the desk yet" in adviser.heading
    assert "Ask whoever runs the desk" in adviser.text()
    _, handoff = resident_asks(guildhall)
    token = adviser.one("body").attributes["data-token"] or ""
    for path in ("/desk/next", f"/desk/requests/{handoff.reference}/accept"):
        adviser.take(adviser.client.post(path, data={"token": token}))
        assert adviser.status == 403 and "You have no place at the desk yet" in adviser.heading


def test_status_is_said_once_and_recorded(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    for _ in range(2):
        adviser.open("/desk").press("button[value=busy]")
    assert adviser.one("button[aria-pressed=true]").attributes["value"] == "busy"
    assert [event["status"] for event in events_of(guildhall, "AdviserStatusChanged")] == ["busy", "available"]


def test_the_next_one_is_who_needs_it_most(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident_asks(guildhall)
    _, danger = resident_asks(guildhall, "my husband hits me")
    adviser.open("/desk").press("button[data-key=t]")
    assert danger.reference in adviser.heading
    adviser.press("button[data-key=d]")
    assert adviser.response.url.path == "/desk"
    assert guildhall.desk.handoffs.get(danger.reference).waits


def test_when_a_colleague_took_the_next_one_in_the_same_moment_it_is_the_one_after(
    guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch
) -> None:
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    (_, first), (_, second) = resident_asks(guildhall), resident_asks(guildhall)
    adviser.open("/desk")
    other.takes(first)
    monkeypatch.setattr(guildhall.desk.line, "waiting", lambda _now, _queues: (first, second))  # as it was a moment ago
    adviser.press("button[data-key=t]")
    assert second.reference in adviser.heading


def test_when_somebody_was_quicker_the_list_says_so(guildhall: Guildhall) -> None:
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    _, handoff = resident_asks(guildhall)
    adviser.open("/desk")
    other.takes(handoff)
    adviser.press(f"#row-{handoff.reference} button")
    assert "Somebody else took it" in adviser.text()


def test_only_my_queues_are_shown_and_picked_from(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    now = guildhall.house.clock()
    guildhall.desk.advisers.set(adviser.id, ["planning"], ["en"], False, 3, "a test", now)
    assert "Nobody waits." in adviser.open("/desk").text("#list")
    token = adviser.one("body").attributes["data-token"] or ""
    for way in ("pick", "accept"):
        adviser.take(adviser.client.post(f"/desk/requests/{handoff.reference}/{way}", data={"token": token}))
        assert "Somebody else took it" in adviser.text()
    assert guildhall.desk.handoffs.get(handoff.reference).waits


def test_who_waits_for_a_reply_comes_first_with_what_is_unread(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _first, one = resident_asks(guildhall)
    second, two = resident_asks(guildhall)
    adviser.takes(one).writes("Hello")
    adviser.takes(two).writes("Hello")
    move(guildhall, minutes=3)
    second.ask("Are you there?")
    adviser.open("/desk")
    rows = [row.attributes["id"] for row in adviser.all(".row--mine")]
    assert rows == [f"row-{two.reference}", f"row-{one.reference}"]
    assert "1 new" in adviser.text(f"#row-{two.reference}") and "Waits for your reply" in adviser.text(f"#row-{two.reference}")
    assert adviser.one("#list").attributes["data-waiting"] == "1"
    adviser.open(f"/desk/conversations/{two.conversation_id}")
    assert "1 new" not in adviser.open("/desk").text("#list")


def test_a_page_that_nobody_looks_at_marks_nothing_as_read(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    resident.ask("Are you there?")
    path = f"/desk/conversations/{handoff.conversation_id}"
    adviser.open(path, **{"x-desk-refresh": "1"})
    assert "1 new" in adviser.open("/desk/list").text("#list")
    adviser.open(path, **{"x-desk-refresh": "1", "x-desk-seen": "1"})
    assert "1 new" not in adviser.open("/desk/list").text("#list")


def test_after_danger_a_break_is_offered_taken_and_ended(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall, "my husband hits me")
    adviser.takes(handoff)
    move(guildhall, minutes=20)
    adviser.press("#panel-wrap-up button", wrap_up="referred", right_team="yes")
    assert "That was a hard one" in adviser.text("#rest")
    adviser.press("#rest button")
    assert status_of(guildhall, adviser) == AdviserStatus.BREAK
    assert "5 minutes" in adviser.text("#rest")
    move(guildhall, minutes=6)
    assert "Your break is over when you say so" in adviser.open("/desk").text("#rest")
    assert status_of(guildhall, adviser) == AdviserStatus.BREAK
    adviser.press("#rest button")
    assert status_of(guildhall, adviser) == AdviserStatus.AVAILABLE
    assert adviser.text("#rest") == ""


def test_the_break_can_be_declined_and_comes_after_danger_only(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, ordinary = resident_asks(guildhall)
    adviser.takes(ordinary)
    guildhall.desk.handoffs.close(ordinary.reference, adviser.id, WrapUp.RESOLVED, True, guildhall.house.clock())
    assert adviser.open("/desk").text("#rest") == ""
    _, danger = resident_asks(guildhall, "my husband hits me")
    adviser.takes(danger)
    move(guildhall, minutes=1)
    guildhall.desk.handoffs.close(danger.reference, adviser.id, WrapUp.REFERRED, True, guildhall.house.clock())
    adviser.open("/desk").press("button[data-key=x]")
    assert adviser.text("#rest") == ""
    assert status_of(guildhall, adviser) == AdviserStatus.AVAILABLE


def test_choices_are_kept_in_the_browser(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall)
    adviser.open("/desk/choices").send("main form", theme="dark", sound="off", keys="off")
    assert adviser.one("html").attributes["data-theme"] == "dark"
    assert adviser.one("body").attributes["data-sound"] == "off" and adviser.one("body").attributes["data-keys"] == "off"
    adviser.client.cookies.delete("guildhall-desk")
    adviser.client.cookies.set("guildhall-desk", "theme=%22%3E&keys=maybe", path="/desk")
    assert adviser.open("/desk").one("html").attributes["data-theme"] == "auto"
    assert adviser.one("body").attributes["data-keys"] == "on"


def test_who_runs_the_desk_sees_everybody_who_waits(guildhall: Guildhall) -> None:
    Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    lead = Adviser(guildhall, "Sam Lead", roles=(Role.SUPERVISOR,), profile=False)
    assert handoff.reference in lead.open("/desk").text("#list")
    assert not lead.all(f"#row-{handoff.reference} button")


def test_after_a_status_one_is_back_where_one_was_and_nowhere_else(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff).press("button[value=busy]")
    assert adviser.response.url.path == f"/desk/conversations/{handoff.conversation_id}"
    for odd in ("https://elsewhere.example", "//elsewhere.example", "/desk//elsewhere", "/console"):
        adviser.press("button[value=available]", back=odd)
        assert adviser.response.url.path == "/desk"


def test_without_a_script_each_page_says_that_the_adviser_is_there(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    clock = guildhall.house.clock
    clock.move(minutes=2)  # type: ignore[attr-defined]
    assert guildhall.desk.present("front-desk", clock()) == 0
    adviser.open("/desk")
    assert guildhall.desk.present("front-desk", clock()) == 1
