"""What next, wired: notes are masked before they are stored, proposals are made once, the demo goes into an empty register only."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from guildhall.bootstrap.opportunities import Opportunities, open_opportunities
from guildhall.bootstrap.opportunities_demo import load_demo
from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.demo.making import WEIGHTS
from guildhall.opportunities.objective import Money, Unvalued
from guildhall.opportunities.portfolio import Constraints
from guildhall.opportunities.register import Answer, Details, Opportunity, Status
from guildhall.opportunities.robustness import Doubt
from guildhall.opportunities.scoring import BY_KEY
from guildhall.opportunities.sums import sums_of
from guildhall.opportunities.workshops import Workshop
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.understanding.redaction import redact
from guildhall.vocabulary.benefits import Column, EvidenceLevel
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.staff import StaffId, StaffMember
from tests.storage.where import open_database
from tests.web.front_door import open_front_door

NOTES = "Clerk: We type every form by hand, 40 a week, and it takes 10 minutes. Ring 07700 900123.\n\nNothing else."


class Ledger:
    def __init__(self) -> None:
        self.opened: list[tuple[str, str]] = []

    def open_benefit(self, opportunity: Opportunity, run: str, member: StaffMember, titles: Mapping[str, Opportunity]) -> str:
        assert opportunity.id in titles
        self.opened.append((opportunity.id, run))
        return f"benefit-{len(self.opened)}"


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Opportunities]:
    guildhall = open_front_door(tmp_path, database=open_database(tmp_path / "front.sqlite3"))
    yield open_opportunities(guildhall)
    guildhall.close()


def a_workshop(found: Opportunities) -> Workshop:
    return found.record(Workshop("", "blue-badge", "Adults", date(2026, 5, 6), "Facilitator", {"Clerk": 2}, NOTES), "ann")


def test_personal_data_in_notes_are_masked_before_they_are_stored(found: Opportunities, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeUnderstanding, "redact", lambda _self, text: redact(text))
    kept = a_workshop(found)
    assert "900123" not in kept.notes and "40 a week" in kept.notes


def test_proposals_wait_for_people_and_are_made_once(found: Opportunities) -> None:
    kept = a_workshop(found)
    made, failed = found.propose(kept.id, "ann")
    assert len(made) == 1 and not failed
    each = found.register.get(made[0])
    assert (each.status, each.details.volume_pa, each.details.minutes_each) == (Status.PROPOSED, 2000, 10)
    assert all(quote.text in kept.notes for quote in each.quotes)
    assert found.propose(kept.id, "ann")[0] == ()


def test_the_demo_goes_into_an_empty_register_only(found: Opportunities) -> None:
    a_workshop(found)
    with pytest.raises(RefusedError, match="not empty"):
        load_demo(found, workshops=3, count=15, draws=3)
    loaded = load_demo(found, workshops=3, count=15, draws=3, beside=True)
    assert (loaded.workshops, loaded.opportunities) == (3, 15)
    with pytest.raises(RefusedError, match="already"):
        load_demo(found, beside=True)


def test_the_whole_demo_loads_chooses_54_and_its_pounds_come_back(found: Opportunities, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.opportunities.turning.MOST_TRIED", 0)  # turning costs and weights have tests of their own
    loaded = load_demo(found, draws=1)
    kept = found.runs.get(loaded.run)
    assert (loaded.workshops, loaded.opportunities, len(kept.chosen)) == (44, 261, 54)
    assert len(found.register.everything()) == 261 and len(found.register.workshops()) == 44
    sums = sums_of(kept.judged, kept.asked.weights, kept.chosen)
    assert sums.cost_pence == kept.result["cost_pence"] <= 125_000_000 and all(sums.columns.values())


def test_the_haircut_is_the_councils_own(found: Opportunities) -> None:
    assert found.haircut_percent == found.guildhall.profile.value.haircuts[EvidenceLevel.E0] > 0


def test_in_pounds_nothing_with_figures_is_refused_when_the_others_are_left_out(found: Opportunities) -> None:
    (one,) = found.register.add([(Details("Copying forms", "Typed twice.", answer=Answer.FORM), ())], "ann", found.clock(), Status.ACCEPTED)
    found.scores.give(one, "ann", dict.fromkeys(BY_KEY, (4, "")), found.clock())
    asked = Asked(Constraints(), WEIGHTS, Doubt(draws=1), Money(Column.COUNCIL_CASH, 60, Unvalued.LEFT_OUT))
    with pytest.raises(RefusedError, match="give opportunities their figures"):
        found.choose("x", asked, "ann", lambda _done, _all: None)


def test_nothing_to_choose_from_is_refused(found: Opportunities) -> None:
    with pytest.raises(RefusedError, match="accept opportunities"):
        found.choose("x", Asked(Constraints(), {}), "ann", lambda _done, _all: None)


def test_each_chosen_one_becomes_one_row_of_the_ledger(tmp_path: Path) -> None:
    guildhall, ledger = open_front_door(tmp_path), Ledger()
    found = open_opportunities(guildhall, ledger)
    run = _demo_without_rules(found)
    member = StaffMember(StaffId("staf_1"), "Ann")
    made = found.make_benefits(run, member)
    assert len(made) == len(found.runs.get(run).chosen) > 0
    assert found.make_benefits(run, member) == ()
    assert found.runs.get(run).benefits[ledger.opened[0][0]] == "benefit-1"
    guildhall.close()


def test_without_a_ledger_no_benefit_is_made(found: Opportunities) -> None:
    run = _demo_without_rules(found)
    with pytest.raises(RefusedError, match="not open"):
        found.make_benefits(run, StaffMember(StaffId("staf_1"), "Ann"))


def _demo_without_rules(found: Opportunities) -> str:
    """The demo's own floors want more than a part of it has."""
    load_demo(found, workshops=3, count=15, draws=3)
    return found.choose("Small", Asked(Constraints(at_most=4), WEIGHTS, Doubt(draws=3)), "ann", lambda _done, _all: None)
