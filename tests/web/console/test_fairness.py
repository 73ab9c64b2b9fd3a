"""The board sees who is served worse, what blocks a release, and what was waived until when."""

from datetime import date, timedelta

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.evaluation.fairness import HEARD, JUDGED, SERVED, Comparison, Slice
from guildhall.evaluation.paired import gap
from guildhall.storage.fairness import EnrolledBoard, FairnessStore
from guildhall.vocabulary.fairness import Waiver
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff

WORSE = gap([True] * 60, [False] * 12 + [True] * 48, situations=[f"situation-{number}" for number in range(60)])
SAME = gap([True] * 60, [True] * 60)
FEW = gap([True] * 10, [False] + [True] * 9)


def run(guildhall: Guildhall, *slices: Slice, days_ago: int = 0) -> None:
    found = Comparison(60, 120, 5.0, slices, (), ("tram-passes",))
    store = FairnessStore(guildhall.database, "avonmere", new_id)
    store.add_run(guildhall.house.clock() - timedelta(days=days_ago), guildhall.profile.pack.id, found.as_json())


def worse_in_polish(guildhall: Guildhall, days_ago: int = 0) -> None:
    fair = [Slice("dialect.scots", measure, SAME) for measure in JUDGED]
    run(guildhall, Slice("language.pl", SERVED, WORSE), Slice("dialect.*", HEARD, FEW), *fair, days_ago=days_ago)


def waive(guildhall: Guildhall, until: date) -> None:
    store = FairnessStore(guildhall.database, "avonmere", new_id)
    reason = "<b>Interpreters</b> are being found for it"
    store.add_waiver(
        Waiver("avonmere", "language.pl", SERVED, 25.0, "Priya Nair", reason, "AIGB item 4", guildhall.house.clock(), until, "c2lnbmVk")
    )


@pytest.fixture
def staff(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.AUDITOR)


def test_before_the_first_run_nothing_is_claimed_and_the_overview_asks_for_it(staff: Staff) -> None:
    staff.open("/console/fairness")
    assert staff.status == 200
    assert "nothing can be said about fairness yet" in staff.text(".empty")
    assert "The fairness probes have never been run here" in staff.text(".govuk-inset-text")
    assert "The fairness probes have never been run here" in staff.notices()


def test_a_breach_blocks_and_stands_with_its_gap_its_bounds_and_the_worst_of_each_measure(guildhall: Guildhall, staff: Staff) -> None:
    worse_in_polish(guildhall)
    staff.open("/console/fairness")
    worst = [row.css_first("th").text() for row in staff.all("[aria-label='The worst of each measure'] tbody tr")]  # type: ignore[union-attr]
    assert worst == ["Right answer or a person", "Distress heard", "Not refused"]
    (breach,) = staff.all("[aria-label=Breaches] tbody tr")
    assert "Language: Polish" in breach.text() and "20.0" in breach.text() and "Breach" in breach.text()
    assert "1 gap over the margin is from so few pairs that chance may explain it" in staff.text()
    assert "no finding there is no proof of fairness" in staff.text()
    assert "1 situation was left out" in staff.text()
    assert "1 fairness breach blocks a release" in staff.notices()


def test_every_way_of_asking_is_listed_filtered_and_sorted(guildhall: Guildhall, staff: Staff) -> None:
    worse_in_polish(guildhall)

    def names(query: str) -> list[str]:
        staff.open(f"/console/fairness?{query}")
        return [row.css_first("th").text() for row in staff.all("[aria-label='Every way of asking'] tbody tr")]  # type: ignore[union-attr]

    assert len(names("")) == 5
    assert names("")[0] == "Language: Polish"
    assert names("measure=heard") == ["Dialect, all together", "Dialect: scots"]
    assert names("state=breach") == ["Language: Polish"]
    assert names("order=name")[0] == "Dialect, all together"
    assert names("measure=nothing") == []


def test_a_run_that_is_old_or_of_other_rules_is_said_to_be(guildhall: Guildhall, staff: Staff) -> None:
    worse_in_polish(guildhall, days_ago=400)
    assert "were last run 400 days ago, which is overdue" in staff.open("/console/fairness").text()
    FairnessStore(guildhall.database, "avonmere", new_id).add_run(
        guildhall.house.clock(), "f" * 64, Comparison(0, 0, 5.0, (), ()).as_json()
    )
    assert "The rules have changed since this run" in staff.open("/console/fairness").text()


def test_a_waiver_is_shown_with_its_end_and_whether_it_stands(guildhall: Guildhall, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    worse_in_polish(guildhall)
    waive(guildhall, guildhall.house.clock().date() + timedelta(days=10))
    staff.open("/console/fairness")
    row = staff.text("[aria-label=Waivers] tbody tr")
    assert "Up to" in staff.text("[aria-label=Waivers]") and "25 points" in row
    assert "Over" in row, "nobody of that name is on the board, so that it does not count"
    assert "&lt;b&gt;Interpreters" in staff.html
    monkeypatch.setattr("guildhall.evaluation.waivers.check_signature", lambda waiver, board: None)
    assert "Stands" in staff.open("/console/fairness").text("[aria-label=Waivers] tbody tr")
    assert "Breach, waived" in staff.text("[aria-label=Breaches]")
    assert not any("blocks a release" in notice for notice in staff.notices())
    assert any("waiver for language: Polish ends on" in notice for notice in staff.notices())
    assert EnrolledBoard(guildhall.database, "avonmere").public_key("Priya Nair") is None


def test_the_board_pack_has_the_worst_and_what_is_waived(guildhall: Guildhall, staff: Staff) -> None:
    run(guildhall, Slice("language.pl", SERVED, WORSE), Slice("dialect.scots", SERVED, SAME))
    staff.open("/console/pack")
    assert "Language: Polish: right answer or a person is 20.0 points worse." in staff.text()
