"""Changes of the rules, as the board reads them before it signs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.governance.activating import roll_back, tighten_at_once
from guildhall.governance.proposing import into_shadow, onto_next_share
from guildhall.storage.governance_schema import policy_packs
from guildhall.vocabulary.roles import Role
from tests.governance.council_house import ADA, CHRIS, DEV, OLU, care
from tests.web.console.board import BoardHouse
from tests.web.console.staff import Staff, residents_ask

LOOSER, TIGHTER = care(sure="offer"), care(2)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[BoardHouse]:
    made = BoardHouse(tmp_path, folder=(LOOSER,))
    yield made
    made.guildhall.close()


def states(staff: Staff) -> dict[str, str]:
    """What the page says of each gate."""
    rows = staff.all("[aria-label=Gates] tbody tr")
    return {row.css_first("th").text(deep=False): row.css_first("td .govuk-tag").text() for row in rows}  # type: ignore[union-attr]


def commands(staff: Staff) -> list[str]:
    return [item.text() for item in staff.all("main .govuk-summary-list .code") if item.text().startswith("guildhall policy")]


def test_without_a_board_the_page_says_whose_rules_they_are(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    staff.open("/console/changes")
    assert "Nobody is on the board yet" in staff.text(".govuk-inset-text")
    assert [item.text() for item in staff.all(".empty")] == ["No change has been proposed.", "No pack was put in force by a board yet."]
    assert "Nobody is on the board yet, so whoever edits the files makes the rules" in staff.notices()
    assert staff.open("/console/changes/change-1").status == 404


def test_a_change_is_told_from_proposal_to_the_missing_signatures(board: BoardHouse) -> None:
    residents_ask(board.guildhall, "I want to kill myself")
    staff = Staff(board.guildhall, Role.AUDITOR)
    change = board.proposed(ADA, TIGHTER, why="More <b>care</b>")
    staff.open("/console/changes/change-1")
    assert staff.heading == "change-1: More <b>care</b>"
    assert set(states(staff).values()) == {"Waiting", "Refused"}, "fairness was never probed, and refuses"
    assert commands(staff) == ["guildhall policy check change-1"]
    assert "version 1 to 2" in staff.text(".case")
    board.test(change)
    staff.open("/console/changes/change-1")
    assert (states(staff)["Protection check"], states(staff)["Replay"]) == ("Passed", "Passed")
    assert "Changed action Suicide or self-harm English 1" in staff.text("[aria-label=Replay] tbody").replace("suicide", "Suicide")
    assert "rule owner, because a rule’s owner answers for it" in staff.text().replace("'", "’")
    board.sign(change, OLU)
    staff.open("/console/changes/change-1")
    assert "Olu Owner" in staff.text("[aria-label=Signatures] tbody")
    assert "guildhall policy sign change-1 --as 'Dev Data' --key KEY-FILE" in commands(staff)
    assert not [command for command in commands(staff) if "Olu" in command or "Ada" in command]
    staff.open("/console/changes")
    assert "data protection officer" in staff.text("[aria-label='Proposed changes'] tbody")
    assert "change-1 waits for the signature of the data protection officer" in staff.notices()


def test_a_refused_gate_says_why_with_a_message_that_shows_it(board: BoardHouse) -> None:
    staff = Staff(board.guildhall, Role.RULE_OWNER)
    words = {"fires": [{"text": "I feel low"}], "quiet": [{"text": "hello"}]}
    board.test(board.proposed(ADA, care(2, low="allow", examples=words)))
    staff.open("/console/changes/change-1")
    assert states(staff)["Protection check"] == "Refused"
    assert "less protectively" in staff.text("[aria-label=Gates] tbody")
    assert commands(staff) == ["guildhall policy propose --as NAME --key KEY-FILE --why SENTENCE"]


def test_shadow_and_canary_show_what_was_seen(board: BoardHouse) -> None:
    staff = Staff(board.guildhall, Role.BOARD_CHAIR)
    change = board.proposed(ADA, care(2, rollout={"shadow_days": 1, "shadow_turns": 1, "canary": [50, 100]}))
    board.test(change)
    into_shadow(board.again(change))
    board.judge()
    residents_ask(board.guildhall, "I want to kill myself", "I lost my badge")
    staff.open("/console/changes/change-1")
    assert "Bring in a person" in staff.text("[aria-label=Disagreements] tbody").replace("bring", "Bring")
    assert "The change 2 50%" in staff.text("[aria-label='Seen so far'] tbody")
    board.clock.move(days=2)
    board.sign(change, OLU, DEV)
    object.__setattr__(board.office, "unfair", tuple)
    onto_next_share(board.again(change))
    staff.sign_in().open("/console/changes")
    assert "on 50% of new conversations" in staff.text("main .govuk-summary-list")
    assert "change-1 is being tried on 50% of new conversations" in staff.notices()
    roll_back(board.office, CHRIS, board.keys[CHRIS], "too many were asked twice")
    assert "change-1 was rolled back" in staff.notices()
    staff.open("/console/pack")
    assert "Rolled back" in staff.text()


def test_an_emergency_says_how_long_it_has_left(board: BoardHouse) -> None:
    staff = Staff(board.guildhall, Role.SAFEGUARDING_LEAD)
    board.folder = (TIGHTER,)
    tighten_at_once(board.office, ADA, board.keys[ADA], "fake calls go round")
    board.clock.move(minutes=10)
    staff.open("/console/changes/change-1")
    assert "in 2 days 23 hours, unless it is ratified" in staff.text()
    assert staff.notices()[0] == "An emergency rule lapses in 71 hours unless it is ratified: change-1"
    board.clock.now += timedelta(hours=71)
    staff.sign_in()
    assert staff.notices()[0] == "An emergency rule lapses in under an hour unless it is ratified: change-1"


def test_a_change_whose_pack_was_altered_is_shown_as_unreadable(board: BoardHouse) -> None:
    change = board.proposed(ADA, TIGHTER)
    with board.guildhall.database.writing() as connection:
        connection.execute(policy_packs.update().where(policy_packs.c.id == change.after.id).values(rules="[]"))
    staff = Staff(board.guildhall, Role.AUDITOR)
    staff.open("/console/changes/change-1")
    assert "cannot be read and is never used" in staff.text(".govuk-inset-text")
    assert any("change-1 cannot be read" in notice for notice in staff.notices())


def test_the_register_shows_the_rules_that_the_board_put_in_force(board: BoardHouse) -> None:
    staff = Staff(board.guildhall, Role.AUDITOR)
    staff.open("/console/rules")
    assert [row.css_first("a").text() for row in staff.all("tbody tr")] == ["Somebody may need care"]  # type: ignore[union-attr]


def test_nobody_posts_to_a_change(board: BoardHouse) -> None:
    staff = Staff(board.guildhall, *Role).open("/console")
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post("/console/changes/change-1", data={"token": token}))
    assert staff.status == 405
