"""Measures and published figures on the console: defined, published by those who answer for money, opened, and made again."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.analysis.export import Exporter
from guildhall.testing.contacts import made_contacts
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of, residents_ask

PATH = "/console/value/published"


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made up stays as it is: the export is not brought up to date with the record."""
    monkeypatch.setattr(Exporter, "refresh", lambda *_: None)


def exported(guildhall: Guildhall, seed: int = 1) -> date:
    """Contacts of four weeks that ended a fortnight ago; gives their last day."""
    last = guildhall.house.clock().date() - timedelta(days=14)
    folder = Path(guildhall.settings.data_dir) / "export" / guildhall.profile.slug
    for old in folder.glob("*.parquet"):
        old.unlink()
    made_contacts(folder, 400 if seed == 1 else 390, 28, seed, first=last - timedelta(days=27))
    return last


def sent(staff: Staff, last: date, text: str = "Of all contacts {value} were resolved.", **more: str) -> None:
    token = staff.hidden("form[action='/console/sign-out']")["token"]
    form = {
        "token": token,
        "measure": "verified_share",
        "since": (last - timedelta(days=27)).isoformat(),
        "until": last.isoformat(),
        "text": text,
    }
    staff.take(staff.client.post("/console/value/publish", data=form | more))


def test_a_figure_of_the_record_itself_is_published_and_made_again(guildhall: Guildhall) -> None:
    residents_ask(guildhall, "When are my bins collected?", "How much is a bulky waste collection?")
    today = guildhall.house.clock().date()
    guildhall.house.clock.move(days=2)  # type: ignore[attr-defined]  # the test's own clock
    lead = Staff(guildhall, Role.PROGRAMME_LEAD)
    lead.open(PATH)
    sent(lead, today, "{value} contacts.", measure="contacts", since=today.isoformat())
    assert "2 contacts." in lead.text("h1"), lead.text()
    lead.open(PATH)
    lead.send(f"form[action='{PATH}/recompute']")
    assert "1 made again, 0 superseded." in lead.text()


def test_before_there_is_anything_it_is_said(guildhall: Guildhall) -> None:
    partner = Staff(guildhall, Role.FINANCE_PARTNER)
    partner.open(PATH)
    assert "No figure has been published yet." in partner.text(".empty")
    partner.open("/console/value/measures")
    assert partner.status == 200 and "Old" in partner.text() and "not known" in partner.text()


@pytest.mark.usefixtures("made_up")
def test_a_figure_is_published_opened_made_again_and_superseded(guildhall: Guildhall) -> None:
    last = exported(guildhall)
    partner = Staff(guildhall, Role.FINANCE_PARTNER)
    partner.open(f"/console/value/publish?measure=deflected&since={last - timedelta(days=27)}&until={last}")
    assert "Beside it: Contact again within 7 days" in partner.text() and "made by the simulator" in partner.text()
    sent(partner, last)
    assert "The figure is published." in partner.text() and "%" in partner.text("h1")
    (figure,) = [event["figure"] for event in events_of(guildhall, "FigurePublished")]
    rows = partner.client.get(f"{PATH}/{figure}/rows.csv")
    assert len(rows.text.splitlines()) == 401 and "contact,day," in rows.text
    assert partner.client.get(f"{PATH}/{figure}/rows.parquet").content[:4] == b"PAR1"
    partner.open(f"{PATH}/{figure}")
    partner.send(f"form[action='{PATH}/{figure}/recompute']")
    assert "it is the same" in partner.text()
    exported(guildhall, seed=2)
    partner.open(PATH)
    partner.send(f"form[action='{PATH}/recompute']")
    assert "1 made again, 1 superseded." in partner.text() and "The record now gives" in partner.text()
    assert len(events_of(guildhall, "FigureSuperseded")) == 1


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        ("Most of them.", {}, "the sentence does not say the figure"),
        ("{value}", {"since": "soon"}, "Enter the first day as a real date"),
        ("{value}", {"until": "2020-01-01"}, "Enter a last day that is not before the first"),
        ("{value}", {"measure": "nope"}, "Choose a measure from the list"),
    ],
)
@pytest.mark.usefixtures("made_up")
def test_a_mistake_is_said_at_its_field_and_nothing_is_published(
    guildhall: Guildhall, text: str, more: dict[str, str], message: str
) -> None:
    last = exported(guildhall)
    lead = Staff(guildhall, Role.PROGRAMME_LEAD)
    lead.open(PATH)
    sent(lead, last, text, **more)
    assert lead.status == 400 and message in lead.text(".govuk-error-summary")
    assert events_of(guildhall, "FigurePublished") == []


@pytest.mark.usefixtures("made_up")
def test_an_auditor_reads_and_publishes_nothing(guildhall: Guildhall) -> None:
    last = exported(guildhall)
    auditor = Staff(guildhall, Role.AUDITOR)
    auditor.open(f"/console/value/publish?measure=verified_share&since={last}&until={last}")
    assert auditor.status == 200 and not auditor.all("form[action='/console/value/publish'][method='post']")
    sent(auditor, last)
    assert auditor.status == 403
    auditor.open(f"{PATH}/nothing")
    assert auditor.status == 404
