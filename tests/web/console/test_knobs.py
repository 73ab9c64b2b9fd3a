"""Knobs: within its bounds a service manager turns one, and nobody else does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.roles import Role
from tests.governance.council_house import care
from tests.web.console.board import BoardHouse
from tests.web.console.staff import Staff, events_of

KNOB = {"sure_from": {"what": "How sure we must be", "default": 0.6, "min": 0.5, "max": 0.8}}
CASES = [{"when": {"signal": "suicide_self_harm", "at_parameter": "sure_from"}, "then": {"effect": "escalate", "queue": "duty"}}]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[BoardHouse]:
    made = BoardHouse(tmp_path, folder=(care(parameters=KNOB, cases=CASES),))
    yield made
    made.guildhall.close()


def test_no_knob_is_said_so(tmp_path: Path) -> None:
    without = BoardHouse(tmp_path, folder=(care(),))
    assert Staff(without.guildhall, Role.AUDITOR).open("/console/knobs").text(".empty") == "No rule in force declares a knob."
    without.guildhall.close()


def test_the_shipped_rules_let_a_service_manager_say_when_words_are_said(guildhall: Guildhall) -> None:
    assert "safeguarding.bereavement.words_from" in Staff(guildhall, Role.AUDITOR).open("/console/knobs").text("tbody")


def test_a_service_manager_turns_a_knob_within_its_bounds(board: BoardHouse) -> None:
    staff = Staff(board.guildhall, Role.SERVICE_MANAGER)
    staff.open("/console/knobs")
    staff.send("main form", value="0.9")
    assert (staff.status, staff.one("main input[name=value]").attributes["value"]) == (400, "0.9")
    assert "Enter a number from 0.5 to 0.8" in staff.text(".govuk-error-summary")
    staff.send("main form", value="high")
    assert staff.status == 400
    staff.send("main form", value="0.7")
    assert "The new value holds for new conversations" in staff.text(".govuk-notification-banner")
    assert staff.one("main input[name=value]").attributes["value"] == "0.7"
    assert events_of(board.guildhall, "PackActivated")[0]["why"] == "care.sure_from set to 0.7"
    staff.send("main form", value="0.7")
    assert "stands at 0.7 already" in staff.text(".govuk-error-summary")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BOARD_CHAIR, Role.DATA_PROTECTION_OFFICER])
def test_others_read_where_a_knob_stands(board: BoardHouse, role: Role) -> None:
    staff = Staff(board.guildhall, role)
    staff.open("/console/knobs")
    assert "care.sure_from" in staff.text("tbody") and not staff.all("main form")
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post("/console/knobs", data={"token": token, "knob": "care.sure_from", "value": "0.7"}))
    assert staff.status == 403
    assert len(events_of(board.guildhall, "PackActivated")) == 1, "the founding alone"
