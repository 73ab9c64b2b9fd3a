"""Nasty spreadsheets: what can be taken is taken, and every other row is refused with its number and the reason."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from guildhall.value.baselines.frozen import gaps_said
from guildhall.value.baselines.headings import find_headings
from guildhall.value.baselines.mapping import Kind, Role
from guildhall.value.baselines.months import Tally
from guildhall.value.baselines.reading import Reading, guess_mapping
from guildhall.value.baselines.report import in_words
from guildhall.value.baselines.rows import CallRow, MonthRow, row_of
from guildhall.value.baselines.tables import Row, Table, UnreadableFileError, open_table
from tests.value.baselines.files import TERMS, csv_of, read, why, workbook_of

GOLDEN: list[list[Any]] = [
    ["Testshire contact centre: calls April 2025"],
    [],
    ["Call", None, None, "Caller", None, "Times", None, "Cost"],
    ["Date", "Queue", "Outcome", "Phone number", "Name", "Wait time", "Talk time", "Amount"],
    [datetime(2025, 4, 23, 9, 1, 5), "Council Tax", "Answered", "01632 960001", "A. Nother", "00:00:35", 240, "£2.83"],
    ["25/04/2025 09:02:11", "Council Tax", "Abandoned", "01632 960002", "B. Nother", 61, None, None],
    ["26 April 2025 10:00", " Bins ", "answered", None, None, 5, "3:20", "(1,204.50)"],
    [45774.5, "Bins", "Answered", "x", "y", 12, 100, 1],
    [],
    ["25/04/2025 09:02:11", "Council Tax", "Abandoned", "01632 960002", "B. Nother", 61, None, None],
    ["04/31/2025 09:00", "Bins", "Answered", None, None, 5, 10, None],
    ["03/04/2025 09:00", "Bins", "Answered", None, None, 5, 10, None],
    ["yesterday", "Bins", "Answered", None, None, 5, 10, None],
    ["27/04/2025 09:00", "Bins", "Voicemail", None, None, 5, 10, None],
    ["27/04/2025 09:00", "01632 960123", "Answered", None, None, 5, 10, None],
    ["27/04/2025 09:00", "Bins", "Answered", None, None, "long", 10, None],
    ["27/04/2025 09:00", "Bins", "Answered", None, None, 5, 10, "£2.8.3"],
    ["Date", "Queue", "Outcome", "Phone number", "Name", "Wait time", "Talk time", "Amount"],
    ["28/04/2025 11:00:01", "Bins", "Answered", None, None, 5, "=A1+1", None],
    ["Total", None, None, None, None, 999, 999, "£5,000"],
    ["Note: figures exclude the out-of-hours line, which another firm runs for us."],
]


@pytest.fixture(scope="module")
def golden() -> tuple[list[Any], Reading]:
    return read(workbook_of(GOLDEN, merged=("A3:C3", "D3:E3", "F3:G3"), hidden="Lookups"), "April calls.xlsx")


def test_the_golden_workbook_under_merged_headings_of_two_rows(golden: tuple[list[Any], Reading]) -> None:
    rows, reading = golden
    assert (reading.headings.first, reading.headings.last) == (3, 4)
    assert reading.mapping.columns[Role.WHEN] == "Call Date" and reading.mapping.columns[Role.WAIT] == "Times Wait time"
    assert [(row.when, row.queue, row.ending, row.wait, row.talk, row.amount) for row in rows] == [
        (datetime(2025, 4, 23, 9, 1, 5), "Council Tax", "answered", 35, 240, 283),
        (datetime(2025, 4, 25, 9, 2, 11), "Council Tax", "abandoned", 61, None, None),
        (datetime(2025, 4, 26, 10, 0), "Bins", "answered", 5, 200, -120450),
        (datetime(2025, 4, 27, 12, 0), "Bins", "answered", 12, 100, 100),
    ]


def test_every_refused_row_has_its_number_and_reason(golden: tuple[list[Any], Reading]) -> None:
    _, reading = golden
    assert why(reading) == [
        (10, "duplicate"),
        (11, "date"),
        (12, "date"),
        (13, "date"),
        (14, "ending"),
        (15, "personal"),
        (16, "time"),
        (17, "number"),
        (18, "headings"),
        (19, "formula"),
        (20, "totals"),
        (21, "note"),
    ]
    said = {one.row: (one.column, one.said) for one in reading.report.refused}
    assert said[12][0] == "Call Date" and "ambiguous" in said[12][1]
    assert "“Voicemail” says neither" in said[14][1]
    assert reading.report.read == reading.report.kept + reading.report.left_out
    assert reading.report.blank == 1


def test_personal_data_stay_at_the_door_and_the_report_says_so(golden: tuple[list[Any], Reading]) -> None:
    rows, reading = golden
    assert reading.report.personal == ("Caller Phone number", "Caller Name")
    everything = "".join(row.line() for row in rows) + str(reading.report.as_data())
    assert "Nother" not in everything and "960" not in everything
    assert "Not imported, because they look like personal data" in " ".join(in_words(reading.report))


def test_a_row_is_the_same_after_it_was_kept(golden: tuple[list[Any], Reading]) -> None:
    rows, _ = golden
    assert [row_of(row.line(), Kind.CALLS) for row in rows] == rows


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16")],
)
@pytest.mark.parametrize(("separator", "named"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")])
def test_encodings_and_separators_are_found_out(encoding: str, said: str, separator: str, named: str) -> None:
    lines = [
        separator.join(cells)
        for cells in (("Date", "Queue", "Amount"), ("03/04/2025", "Café licences", "£5.00"), ("04/04/2025", "Café licences", "£6"))
    ]
    rows, reading = read(csv_of(*lines, encoding=encoding))
    assert [(row.queue, row.amount) for row in rows if isinstance(row, CallRow)] == [("Café licences", 500), ("Café licences", 600)]
    assert reading.report.about[0] == f"{said}, separated by {named}"


def test_semicolons_hold_though_amounts_have_commas() -> None:
    rows, _ = read(csv_of("Date;Queue;Amount", "03/04/2025;Bins, and more;£1,234.50", "04/04/2025;Bins;£2,000"))
    assert [row.amount for row in rows] == [123450, 200000]


def test_lines_end_as_they_will_and_a_quoted_cell_may_hold_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.value.baselines.separated.PIECE", 3)
    for end in ("\r\n", "\n", "\r"):
        content = end.join(["Date,Queue,Notes", f'03/04/2025,Bins,"one{end}two"', "04/04/2025,Tax,é", ""])
        rows, reading = read(io.BytesIO(content.encode()))
        assert [row.queue for row in rows] == ["Bins", "Tax"] and reading.report.blank == 0


def test_a_broken_quotation_is_said_with_its_row() -> None:
    lines = ["Date,Queue", *["03/04/2025,Bins"] * 3, '04/04/2025,"Bins', *["05/04/2025," + "x" * 1000] * 200]
    with pytest.raises(UnreadableFileError, match="a quotation mark is opened there and not closed"):
        read(csv_of(*lines))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "a.xls", "old or a password-protected"),
        (b"%PDF-1.7 and so on", "a.csv", "neither a workbook"),
        (b"PK\x03\x04 broken", "a.xlsx", "damaged or locked"),
        (b"just some words\nand more of them", "a.csv", "no row of headings"),
        (b"Date,Queue\n\x81\x8d\xff,x", "a.csv", "save it anew as"),
        (b"\xff\xfeD", "a.csv", "not so throughout"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(content: bytes, name: str, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said) as refused:
        read(io.BytesIO(content), name)
    assert str(refused.value).startswith(f"{name}: ")


def test_a_workbook_made_to_harm_is_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<row/>" + b" " * 20_000_000)
    with pytest.raises(UnreadableFileError, match="grows 400 times over"):
        open_table(out, "bomb.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><a/>')
    with pytest.raises(UnreadableFileError, match="declares entities"):
        open_table(out, "laughs.xlsx")


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnreadableFileError, match="no sheet “Mai”; there are “Calls”"):
        open_table(workbook_of(GOLDEN), "a.xlsx", "Mai")


def test_a_formula_counts_as_the_value_saved_beside_it() -> None:
    book = workbook_of([["Month", "Value"], [date(2025, 4, 1), "=1+1"]])
    out = io.BytesIO()
    with zipfile.ZipFile(book) as packed, zipfile.ZipFile(out, "w") as saved:
        for part in packed.infolist():
            content = packed.read(part)
            saved.writestr(
                part, content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            )
    rows, reading = read(out, "a.xlsx")
    assert rows == [MonthRow(date(2025, 4, 1), value="2")]
    assert any("the value that was saved" in said for said in reading.report.about)


def test_monthly_figures_with_a_queue_each_and_a_month_twice() -> None:
    rows, reading = read(
        csv_of(
            "Month,Service,Cost,Calls",
            'Apr-25,Bins,"£1,000.50",100',
            "May 2025,Bins,(£20),90",
            "2025-04,Tax,£3,10",
            "01/04/2025,Bins,£9,9",
            "Total,,£5,5",
        )
    )
    assert reading.mapping.kind == Kind.MONTHS
    assert [(row.month, row.queue, row.amount, row.count) for row in rows if isinstance(row, MonthRow)] == [
        (date(2025, 4, 1), "Bins", 100050, 100),
        (date(2025, 5, 1), "Bins", -2000, 90),
        (date(2025, 4, 1), "Tax", 300, 10),
    ]
    assert why(reading) == [(5, "duplicate"), (6, "totals")]


def test_a_mapping_repeats_itself_on_the_next_file_and_says_what_is_not_there() -> None:
    _, first = read(csv_of("Date,Team,Result,Wait (mins)", "03/04/2025,Bins,Answered,2"))
    assert first.mapping.columns == {Role.WHEN: "Date", Role.QUEUE: "Team", Role.ENDING: "Result", Role.WAIT: "Wait (mins)"}
    rows, _ = read(csv_of("Result,Wait (mins),Date,Team,More", "Lost,1.5,03/05/2025,Bins,x"), mapping=first.mapping)
    assert [(row.ending, row.wait) for row in rows if isinstance(row, CallRow)] == [("abandoned", 90)]
    with pytest.raises(UnreadableFileError, match="does not have; it has “Date”, “Result”"):
        read(csv_of("Date,Result", "03/05/2025,Lost"), mapping=first.mapping)


def test_a_column_that_says_abandoned_yes_or_no_is_read_so() -> None:
    rows, _ = read(csv_of("Date,Abandoned", "03/04/2025,Yes", "03/04/2025,No"))
    assert [row.ending for row in rows if isinstance(row, CallRow)] == ["abandoned", "answered"]


def test_two_calls_of_a_day_without_a_clock_are_two_calls() -> None:
    rows, reading = read(csv_of("Date,Queue", "03/04/2025,Bins", "03/04/2025,Bins"))
    assert len(rows) == 2 and any("found only where the whole row" in said for said in reading.report.about)


def test_a_reference_tells_calls_that_are_there_twice_and_is_not_kept() -> None:
    rows, reading = read(csv_of("Call ID,Date,Queue", "77,03/04/2025,Bins", "78,03/04/2025,Bins", "77,03/04/2025,Bins"))
    assert [row[0] for row in why(reading)] == [4] and "77" not in "".join(row.line() for row in rows)


def test_a_reference_under_a_merged_heading_is_still_one() -> None:
    cells: list[list[Any]] = [
        ["Call", None, "How"],
        ["Ref", "Start", "Disposition"],
        ["A1", "03/03/2025 10:00", "Answered"],
        ["A1", "03/03/2025 10:01", "Answered"],
    ]
    rows, reading = read(workbook_of(cells, merged=("A1:B1",)), "calls.xlsx")
    assert reading.mapping.columns[Role.REFERENCE] == "Call Ref" and len(rows) == 1


def test_a_column_of_names_is_hardly_a_queue() -> None:
    lines = [f"03/04/2025,Somebody {number}" for number in range(600)]
    with pytest.raises(UnreadableFileError, match="more than 500 different names"):
        read(csv_of("Date,Queue", *lines))


def test_months_of_a_log_leave_out_those_that_are_not_whole() -> None:
    rows = [
        CallRow(datetime(2025, month, day, 9), "Bins", "", "abandoned" if day % 4 == 0 else "answered", day, 60)
        for month in (1, 2, 4)
        for day in range(1, 29)
    ]
    rows += [CallRow(datetime(2025, 4, day, 9), "Bins", "", "answered", 1, 60) for day in (29, 30)]
    rows.append(CallRow(datetime(2025, 5, 2, 9), "Bins", "", "answered", 1, 60))
    tally = Tally()
    for row in rows:
        tally.add(row)
    series = {(each.measure, each.queue): each for each in tally.series()}
    contacts = series["contacts", ""]
    assert [(point.month.month, point.value) for point in contacts.points] == [(1, 28.0), (2, 28.0), (4, 30.0)]
    assert series["abandonment", ""].points[0].value == 7 / 28 and series["wait_p50", ""].points[0].value == 14
    assert "May 2025 is not covered wholly" in tally.left_out()[0]
    assert gaps_said(tally.series())[0] == "Contacts: March 2025 missing."


def many_calls(rows: int) -> Table:
    def made() -> Iterator[Row]:
        yield Row(1, ("Call ID", "Date", "Queue", "Outcome", "Wait time"))
        for number in range(rows):
            day = f"{number % 28 + 1:02}/{number // 28 % 12 + 1:02}/2025 09:{number % 60:02}:{number // 60 % 60:02}"
            yield Row(number + 2, (str(number), day, ("Bins", "Tax")[number % 2], "Answered", str(number % 600)))

    return Table("many.csv", made, ("made",), 0)


def peak_of(rows: int) -> int:
    table = many_calls(rows)
    headings, mapping = guess_mapping(table)
    tracemalloc.start()
    tally, reading = Tally(), Reading(table, headings, mapping, TERMS)
    for row in reading.rows():
        tally.add(row)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.report.kept == rows
    return peak


def test_memory_hardly_grows_with_the_rows() -> None:
    few, many = peak_of(2_000), peak_of(12_000)
    assert many - few < 10_000 * 60, f"{(many - few) / 10_000:.0f} bytes a row"  # three arrays of eight bytes while digests are compared


def test_the_headings_are_found_under_titles() -> None:
    found = find_headings(open_table(csv_of("Report", "", "Run on 3 May 2025", "Date,Queue,Wait", "03/04/2025,Bins,3"), "a.csv"))
    assert (found.first, found.names) == (4, ("Date", "Queue", "Wait"))
