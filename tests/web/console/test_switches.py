"""Switches: turned off with a reason and a second look, by those who may; what is off is said everywhere."""

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.roles import GOVERNING_ROLES, Role
from guildhall.vocabulary.switches import SwitchKind
from guildhall.web.console.switches import MAY_TURN
from tests.web.console.staff import Staff, events_of, residents_ask

WHY = "Wrong <fees> were quoted"


def test_what_is_off_what_was_turned_and_no_drill(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    staff.open("/console/switches")
    assert staff.text(".all-well") == "Nothing is off."
    assert [item.text() for item in staff.all(".empty")] == ["It has not been drilled yet.", "No switch was ever turned."]
    assert not staff.all("main .govuk-button")
    assert "The kill switch has never been drilled" in staff.notices()


def test_automatic_answers_go_off_after_a_second_look_and_on_again(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.SERVICE_MANAGER)
    staff.open("/console/switches").open(staff.one("main .govuk-button").attributes["href"] or "")
    staff.send("main form", what="", reason="short")
    assert (staff.status, len(staff.all(".govuk-error-summary li"))) == (400, 2)
    staff.send("main form", what="channel:web", reason=WHY)
    assert staff.heading == "Turn this off now?"
    assert guildhall.switchboard.off().off == (), "asked first"
    staff.send("main form")
    assert "It is off." in staff.text(".govuk-notification-banner")
    assert f"{WHY}" in staff.text("[aria-label='Off now'] tbody") and "<fees>" not in staff.html
    assert events_of(guildhall, "SwitchTurned")[0]["by"] == "Pat Okafor"
    assert residents_ask(guildhall, "How much is bulky waste?").all("[data-outcome=handed_over], .turn")
    assert any(notice.startswith("Off since") and "Automatic answers on the web" in notice for notice in staff.notices())
    staff.open("/console/switches").open(staff.one("main tbody a").attributes["href"] or "")
    assert staff.one("#what option[selected]").attributes["value"] == "channel:web"
    staff.send("main form", what="channel:web", reason="The fees page was put right")
    staff.send("main form")
    assert "It is on again." in staff.text(".govuk-notification-banner")
    assert len(staff.all("[aria-label='History of the switches'] tbody tr")) == 2
    staff.open("/console/pack")
    assert "The fees page was put right" in staff.text()


def test_what_a_colleague_turned_on_meanwhile_is_said_so(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.BOARD_CHAIR)
    guildhall.switchboard.turn_off(SwitchKind.LANGUAGE, "pl", "Polish answers are odd", "Sam Reed")
    staff.open("/console/switches/on?what=language:pl")
    staff.send("main form", what="language:pl", reason="Somebody looked at them")
    guildhall.switchboard.turn_on(SwitchKind.LANGUAGE, "pl", "Somebody looked at them", "Sam Reed")
    staff.send("main form")
    assert staff.status == 400
    assert "Polish is not off any more" in staff.text(".govuk-error-summary")
    assert staff.text(".empty") == "Nothing is off."


@pytest.mark.parametrize("role", sorted(GOVERNING_ROLES - MAY_TURN))
def test_others_cannot_turn_one(guildhall: Guildhall, role: Role) -> None:
    staff = Staff(guildhall, role)
    token = staff.hidden(".who form")["token"]
    assert staff.open("/console/switches").status == 200
    for way in ("off", "on"):
        assert staff.open(f"/console/switches/{way}").status == 403
        data = {"token": token, "what": "channel:web", "reason": "a reason that is long", "confirmed": "yes"}
        staff.take(staff.client.post(f"/console/switches/{way}", data=data))
        assert staff.status == 403
    assert guildhall.switchboard.history() == ()


@pytest.mark.parametrize("what", ["channel:pigeon", "pigeon:web", "web", "channel:"])
def test_a_target_that_is_none_is_refused_and_so_is_a_form_of_another_site(guildhall: Guildhall, what: str) -> None:
    staff = Staff(guildhall, Role.BOARD_CHAIR)
    token = staff.hidden(".who form")["token"]
    data = {"token": token, "what": what, "reason": "a reason that is long", "confirmed": "yes"}
    staff.take(staff.client.post("/console/switches/off", data=data))
    assert staff.status == 400
    data = {"token": "0" * 64, "what": "channel:web", "reason": "a reason that is long", "confirmed": "yes"}
    staff.take(staff.client.post("/console/switches/off", data=data))
    assert staff.status == 403
    assert guildhall.switchboard.history() == ()


def test_the_last_drill_is_shown_with_its_seconds(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    facts = {"off_seconds": 0.913, "on_seconds": None, "bound_seconds": 5.0, "passed": False, "by": "Switch drill"}
    guildhall.switchboard.note_drill(facts)
    staff.open("/console/switches")
    assert "0.91 seconds (promised: 5)" in staff.text() and "Not seen" in staff.text()
    assert "The last drill of the kill switch failed" in staff.notices()
    guildhall.switchboard.note_drill(facts | {"off_seconds": 0.5, "on_seconds": 0.6, "passed": True})
    assert not any("drill" in notice for notice in staff.notices())
