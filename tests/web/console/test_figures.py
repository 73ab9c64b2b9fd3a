"""Measures and published figures on the console: defined, published by those who answer for money, opened, and made again."""

import threading
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from guildhall.bootstrap import figure_work
from guildhall.bootstrap.figure_desk import FigureDesk
from guildhall.bootstrap.house import Guildhall
from guildhall.storage.analysis.export import Exporter
from guildhall.testing.contacts import made_contacts
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of, residents_ask

PATH = "/console/value/published"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for long work waits until it is done, unless a test says otherwise."""
    monkeypatch.setattr(figure_work, "PATIENCE_SECONDS", 120.0)


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
    assert "1 recomputed, 0 superseded." in lead.text()


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
    assert "Shown with it: Contact again within 7 days" in partner.text() and "made by the simulator" in partner.text()
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
    assert "1 recomputed, 1 superseded." in partner.text() and "The record now gives" in partner.text()
    assert partner.open(f"{PATH}/{figure}").status == 200 and "it is the same" in partner.text(), "what came of it stays, with its time"
    assert len(events_of(guildhall, "FigureSuperseded")) == 1


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        ("Most of them.", {}, "the sentence does not contain the figure"),
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


def narrowed(last: date, **where: str) -> str:
    asked = {"measure": "verified_share", "since": (last - timedelta(days=27)).isoformat(), "until": last.isoformat()} | where
    return f"/console/value/publish?{urlencode(asked)}"


@pytest.mark.usefixtures("made_up")
def test_a_figure_of_some_contacts_says_which_and_keeps_the_filter(guildhall: Guildhall) -> None:
    last = exported(guildhall)
    lead = Staff(guildhall, Role.PROGRAMME_LEAD)
    lead.open(narrowed(last, channel="web", language="en"))
    assert lead.status == 200 and "by web, in English" in lead.text(".govuk-summary-list")
    sent(lead, last, "Of all contacts {value} were resolved.", channel="web", language="en")
    assert lead.status == 400 and "does not say that only some contacts were counted" in lead.text(".govuk-error-summary")
    assert lead.all("input[type='hidden'][name='channel'][value='web']"), "what was asked stays in the form"
    sent(lead, last, "Of contacts {group}, {value} were resolved.", channel="web", language="en")
    assert lead.text("h1").startswith("Of contacts by web, in English, ") and "Only channel" in lead.text(".govuk-summary-list")
    (event,) = events_of(guildhall, "FigurePublished")
    assert event["where"] == {"channel": "web", "language": "en"}
    lead.send(f"form[action='{PATH}/{event['figure']}/recompute']")
    assert "it is the same" in lead.text()


@pytest.mark.usefixtures("made_up")
def test_a_figure_of_few_people_is_neither_shown_nor_published(guildhall: Guildhall) -> None:
    where = {"language": "so"}
    last = exported(guildhall)
    lead = Staff(guildhall, Role.PROGRAMME_LEAD)
    lead.open(narrowed(last, **where))
    assert "so few people" in lead.text(".govuk-error-summary") or "is not shown" in lead.text(".govuk-error-summary"), lead.text("main")
    assert not lead.all(".govuk-summary-list")
    sent(lead, last, "Of contacts {group}, {value} were resolved.", **where)
    assert lead.status == 400 and events_of(guildhall, "FigurePublished") == []


@pytest.mark.usefixtures("made_up")
def test_a_group_that_there_is_not_is_said_at_its_field(guildhall: Guildhall) -> None:
    last = exported(guildhall)
    lead = Staff(guildhall, Role.PROGRAMME_LEAD).open(PATH)
    sent(lead, last, "{value} {group}", ward="Nowhere")
    assert lead.status == 400 and "Choose a ward from the list" in lead.text(".govuk-error-summary a[href='#ward']")


@pytest.mark.usefixtures("made_up")
def test_long_work_is_done_behind_the_readers_back_and_once(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    last, go, begun = exported(guildhall), threading.Event(), []
    lead = Staff(guildhall, Role.PROGRAMME_LEAD).open(PATH)
    sent(lead, last)
    recompute = FigureDesk.recompute

    def slowly(desk: FigureDesk, *rest: object) -> object:
        begun.append(1)
        assert go.wait(60)
        return recompute(desk, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(FigureDesk, "recompute", slowly)
    monkeypatch.setattr(figure_work, "PATIENCE_SECONDS", 0.0)
    lead.open(PATH)
    token = lead.hidden("form[action='/console/sign-out']")["token"]
    for _ in range(2):
        lead.take(lead.client.post(f"{PATH}/recompute", data={"token": token}))
    assert lead.all("progress") and lead.text("label[for='figures_again']").startswith("Recomputing the figures")
    assert not lead.all(f"form[action='{PATH}/recompute']"), "it is under way"
    go.set()
    for _ in range(400):
        if not lead.open(PATH).all("progress"):
            break
    assert "1 recomputed, 0 superseded." in lead.text() and begun == [1]


@pytest.mark.usefixtures("made_up")
def test_work_that_fails_is_said_and_can_be_begun_again(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    last = exported(guildhall)
    monkeypatch.setattr(figure_work, "PATIENCE_SECONDS", 60.0)
    lead = Staff(guildhall, Role.PROGRAMME_LEAD).open(PATH)
    sent(lead, last)

    def broken(*_: object) -> object:
        raise OSError("/secret/path is full")

    with monkeypatch.context() as patched:
        patched.setattr(FigureDesk, "recompute", broken)
        lead.open(PATH).send(f"form[action='{PATH}/recompute']")
    assert "The figures could not be recomputed: OSError" in lead.text() and "/secret" not in lead.text()
    lead.send(f"form[action='{PATH}/recompute']")
    assert "1 recomputed, 0 superseded." in lead.text()


@pytest.mark.usefixtures("made_up")
def test_rows_are_written_once_for_all_who_ask(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    last, made = exported(guildhall), []
    lead = Staff(guildhall, Role.PROGRAMME_LEAD).open(PATH)
    sent(lead, last)
    (figure,) = [event["figure"] for event in events_of(guildhall, "FigurePublished")]
    rows = FigureDesk.rows

    def counted(desk: FigureDesk, *rest: object) -> object:
        made.append(1)
        return rows(desk, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(FigureDesk, "rows", counted)
    first = lead.client.get(f"{PATH}/{figure}/rows.csv").text
    assert lead.client.get(f"{PATH}/{figure}/rows.csv").text == first and len(first.splitlines()) == 401
    lead.client.get(f"{PATH}/{figure}/rows.parquet")
    assert made == [1]
