"""Baselines and evaluations on the console: who may import, what is shown before anything is kept, and what stands beside an answer."""

import io

import numpy as np
import pytest
from sqlalchemy import func, select

from guildhall.bootstrap.baselines import open_baselines
from guildhall.bootstrap.house import Guildhall
from guildhall.storage.baselines_schema import baseline_drafts, baseline_rows
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of

PATH = "/console/value/baselines"
SAID = {"name": "Calls before", "source": "Telephony export", "owner": "Head of contact", "kind": "", "sheet": "", "measure": "abandonment", "unit": "share", "mapping": ""}  # fmt: skip


def monthly(months: int = 34) -> bytes:
    """A share a month of two queues, of which one falls by three in ten from September 2025."""
    random, lines = np.random.default_rng(3), ["Month,Service,Abandoned share,Calls,Phone number"]
    for number in range(months):
        month, fell = f"{2023 + (number + 8) // 12}-{(number + 8) % 12 + 1:02}", 0.7 if number >= 24 else 1.0
        lines += [
            f"{month},Bins,{0.2 * fell * (1 + random.normal() * 0.04):.4f},1000,01632 960001",
            f"{month},Tax,{0.2 * (1 + random.normal() * 0.04):.4f},1000,",
        ]
    return "\n".join([*lines, "Total,,9,9,", "soon,Bins,0.2,5,"]).encode()


@pytest.fixture
def partner(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.FINANCE_PARTNER, name="Fin Partner")


def send(staff: Staff, content: bytes = monthly(), called: str = "months.csv", **changed: str) -> Staff:
    staff.open(PATH + "/new")
    fields = {**staff.hidden("main form"), **SAID, **changed}
    return staff.take(
        staff.client.post(PATH + "/new", data=fields, files={"file": (called, io.BytesIO(content), "text/csv")} if called else None)
    )


def freeze(staff: Staff) -> str:
    send(staff)
    staff.send("form[action$='/freeze']")
    return str(staff.response.url).rpartition("/")[2].partition("?")[0]


def drafts(guildhall: Guildhall) -> tuple[int, int]:
    with guildhall.database.reading() as connection:
        return tuple(connection.scalar(select(func.count()).select_from(table)) for table in (baseline_drafts, baseline_rows))  # type: ignore[return-value]


def test_without_a_baseline_the_pages_say_what_is_missing(partner: Staff) -> None:
    assert "No baseline has been frozen yet" in partner.open(PATH).text(".empty")
    assert "No comparison is shown, because no baseline has been frozen" in partner.open("/console/value/evaluations").text(".empty")


def test_a_file_is_shown_with_every_refused_row_before_it_is_frozen(guildhall: Guildhall, partner: Staff) -> None:
    send(partner)
    assert partner.heading == "Calls before: check before you freeze"
    text = partner.text()
    assert "68 of 70 rows can be imported. Refused: 2. Blank: " in text
    assert "they look like personal data: Phone number" in text
    assert [row.text(separator=" ").split()[0] for row in partner.all("tbody tr")] == ["70", "71"]
    assert "01632" not in partner.html
    assert open_baselines(guildhall).store.all() == () and events_of(guildhall, "BaselineFrozen") == []
    partner.open(PATH)
    assert "Waiting to be confirmed" in partner.text()


def test_confirmed_it_is_frozen_under_the_name_of_who_did_it_and_can_be_checked(guildhall: Guildhall, partner: Staff) -> None:
    baseline = freeze(partner)
    assert "Its hash is in the record" in partner.text() and "by Fin Partner" in partner.text()
    (event,) = events_of(guildhall, "BaselineFrozen")
    assert event["baseline"] == baseline and event["by"] == partner.door.staff.by_name("Fin Partner").id
    partner.open(f"{PATH}/{baseline}/check")
    assert "It matches 68 rows hash to what was frozen" in partner.text("[role=status]")
    assert partner.open(f"{PATH}/{baseline}?measure=abandonment&queue=Bins").all("svg.chart__svg")
    partner.open(f"{PATH}/{baseline}/months.csv")
    assert partner.response.headers["content-disposition"].endswith(f'{baseline}.csv"') and partner.html.count("\n") > 34
    assert drafts(guildhall) == (0, 1)


def test_thrown_away_nothing_stays(guildhall: Guildhall, partner: Staff) -> None:
    send(partner)
    partner.send("form[action$='/discard']")
    assert "Nothing was kept" in partner.text() and drafts(guildhall) == (0, 0)


@pytest.mark.parametrize("field", ["name", "source", "owner"])
def test_what_is_left_out_is_asked_for_at_its_field(partner: Staff, field: str) -> None:
    send(partner, monthly(), "months.csv", **{field: ""})
    assert partner.status == 400 and partner.all(f"#{field}-error") and partner.all(f".govuk-error-summary a[href='#{field}']")


@pytest.mark.parametrize(
    ("content", "changed", "field", "said"),
    [
        (b"", {}, "file", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", {}, "file", "old or a password-protected workbook"),
        (b"Month,Value\nsoon,1\n", {}, "file", "none of the 1 rows can be taken"),
        (b"Month,Value\n2025-01,1\n", {"mapping": "kind: ["}, "mapping", "cannot be read"),
        (
            b"Month,Value\n2025-01,1\n",
            {"mapping": "kind: months\ncolumns:\n  month: Monat\n  value: Value\n"},
            "file",
            "does not have; it has “Month”",
        ),
        (b"Month,Value\n2025-01,1\n", {"kind": "weeks"}, "kind", "Choose what is in each row"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_filled_in(
    guildhall: Guildhall, partner: Staff, content: bytes, changed: dict[str, str], field: str, said: str
) -> None:
    send(partner, content, **changed)
    assert partner.status == 400 and said in partner.text(f"#{field}-error")
    assert partner.one("#source").attributes["value"] == "Telephony export"
    assert drafts(guildhall) == (0, 0)


def test_a_form_without_a_file_asks_for_one(partner: Staff) -> None:
    send(partner, called="")
    assert partner.status == 400 and "Choose a CSV file" in partner.text("#file-error")


def test_too_large_a_file_is_refused_and_other_pages_take_no_more_than_before(partner: Staff) -> None:
    send(partner, b"x" * (21 * 1024 * 1024))
    assert partner.status == 413 and partner.heading == "Too much was sent at once"
    partner.take(partner.client.post("/console/switches", data={"reason": "x" * 300_000}))
    assert partner.status == 413


def test_who_does_not_answer_for_money_reads_and_cannot_import(guildhall: Guildhall, partner: Staff) -> None:
    baseline = freeze(partner)
    auditor = Staff(guildhall, Role.AUDITOR, name="Au Ditor")
    assert auditor.open(f"{PATH}/{baseline}").status == 200 and not auditor.open(PATH).all("a[href$='/new']")
    token = auditor.hidden("form[action='/console/sign-out']")["token"]
    auditor.take(auditor.client.post(PATH + "/new", data={**SAID, "token": token}, files={"file": ("a.csv", monthly())}))
    assert auditor.status == 403
    adviser = Staff(guildhall, Role.ADVISER, name="Ad Viser")
    assert adviser.open(PATH).status == 403


def test_a_file_from_another_site_or_from_nobody_is_not_read(guildhall: Guildhall, partner: Staff) -> None:
    send(partner, token="0" * 64)
    assert partner.status == 403 and drafts(guildhall) == (0, 0)
    partner.client.cookies.clear()
    partner.take(partner.client.post(PATH + "/new", data=SAID, files={"file": ("a.csv", monthly())}))
    assert "/console/sign-in" in str(partner.response.url) and drafts(guildhall) == (0, 0)


def test_a_better_import_takes_the_place_of_another_with_a_reason(partner: Staff) -> None:
    old = freeze(partner)
    send(partner)
    partner.send("form[action$='/freeze']", supersedes=old, reason="")
    assert partner.status == 400 and "say in a sentence why" in partner.text("#reason-error").casefold()
    partner.send("form[action$='/freeze']", supersedes=old, reason="The export was cut short")
    assert "The export was cut short" in partner.text()
    partner.open(f"{PATH}/{old}")
    assert "A newer import has replaced it" in partner.text()


def test_a_change_is_evaluated_with_all_that_belongs_beside_it(partner: Staff) -> None:
    baseline = freeze(partner)
    asked = f"/console/value/evaluations?baseline={baseline}&measure=abandonment&queue=Bins"
    partner.open(asked)
    assert "you could only see a saving of at least" in partner.text()
    partner.open(asked + "&launch=2025-09&design=interrupted")
    text = partner.text()
    assert "fell by" in text and "E3: Time series or comparison" in text and "98% interval" in text
    assert "pretended launches" in text and "anything else that began in the same month" in text
    assert partner.all("svg.chart__svg")
    partner.open(partner.one("a[href^='/console/value/evaluations/months.csv']").attributes["href"] or "")
    assert partner.html.startswith("\ufeffwhat,value") and "evidence,E3" in partner.html
    partner.open(asked + "&launch=2025-09&design=before_after")
    assert (
        "E2: Before and after" in partner.text()
        and "How often this design finds a change that nobody made, on months like yours" in partner.text()
    )
    partner.open(asked + "&launch=2025-09&design=comparator&comparator=Tax")
    assert "against a comparison" in partner.text()


def test_an_evaluation_is_kept_with_a_name_and_can_be_found_again(partner: Staff, guildhall: Guildhall) -> None:
    baseline, form = freeze(partner), "form[action='/console/value/evaluations/keep']"
    partner.open(f"/console/value/evaluations?baseline={baseline}&measure=abandonment&queue=Bins&launch=2025-09&design=interrupted")
    partner.send(form, name="no")
    assert "name of 5 to 200 characters" in partner.text("#name-error") and "E3: Time series or comparison" in partner.text()
    partner.send(form, name="Bins after September")
    assert partner.heading == "Evidence" and "Bins after September" in partner.text() and "Stands" in partner.text()
    (told,) = events_of(guildhall, "EvaluationKept")
    assert told["evidence"] == "E3" and told["inputs"][0].startswith(f"baseline:{baseline}:")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("&launch=soon", 400, "Enter the month as a year and a month"),
        ("&launch=2024-02&design=interrupted", 200, "needs 12 months before and 3 after"),
        ("&launch=2023-01", 200, "no frozen baseline of this measure has a month before the launch"),
        ("&launch=2025-09&design=comparator", 400, "Choose the queue that was left alone"),
        ("&launch=2025-09&design=staggered", 400, "Enter each queue with its first month"),
        ("&launch=2025-09&design=staggered&began=Bins%3D2025-09&drawn=1", 200, "needs 4 teams or more"),
        ("&launch=2025-09&design=tarot", 400, "Choose a design"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(partner: Staff, query: str, status: int, said: str) -> None:
    baseline = freeze(partner)
    partner.open(f"/console/value/evaluations?baseline={baseline}&measure=abandonment{query}")
    assert (partner.status, said in partner.text()) == (status, True)


def test_nothing_of_it_is_there_is_not_found(partner: Staff) -> None:
    assert partner.open(f"{PATH}/none").status == 404
    assert partner.open(f"{PATH}/drafts/none").status == 404
    assert partner.open(f"{PATH}/none/months.csv").status == 404
    assert partner.open("/console/value/evaluations?baseline=none&measure=x").status == 400
    assert partner.open("/console/value/evaluations/months.csv").status == 404
