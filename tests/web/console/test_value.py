"""The pages of value: figures that sum, lead to their definitions and rows, keep what is asked in the address, and say what is simulated."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.analysis.masking import HIDDEN_VALUE
from guildhall.value.measures.suppression import HIDDEN, HIDDEN_TOO
from guildhall.vocabulary.ladder import RUNG_LABELS
from guildhall.vocabulary.roles import Role
from guildhall.web.console.value.pages import PAGES
from guildhall.web.console.value.waits import thinned
from tests.web.console.staff import Staff
from tests.web.console.value import FIRST, over_made_contacts
from tests.web.front_door import open_front_door

EVERY = [page.path for page in PAGES]


@pytest.fixture(scope="module")
def finance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """Somebody who reads money, at a console over made-up contacts."""
    with pytest.MonkeyPatch.context() as patched:
        over_made_contacts(patched, tmp_path_factory.mktemp("made") / "export")
        house = open_front_door(tmp_path_factory.mktemp("house"))
        staff = Staff(house, Role.FINANCE_PARTNER).open("/console/value")
    yield staff
    house.close()


@pytest.fixture(scope="module")
def nothing_yet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """Somebody at a console where nobody was yet."""
    house = open_front_door(tmp_path_factory.mktemp("empty"))
    yield Staff(house, Role.PROGRAMME_LEAD)
    house.close()


def table(staff: Staff, path: str) -> list[dict[str, str]]:
    """A figure's file, row by row."""
    staff.open(path)
    assert staff.status == 200 and staff.response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(staff.response.text)))


def number(words: str) -> int:
    found = re.search(r"[\d,]+", words)
    assert found, words
    return int(found[0].replace(",", ""))


@pytest.mark.parametrize("path", EVERY)
def test_every_page_is_shown_to_finance_and_says_that_it_is_simulated_and_as_at_when(finance: Staff, path: str) -> None:
    finance.open(path)
    assert finance.status == 200
    assert "4,000 made-up contacts" in finance.text(".simulated")
    assert "As at" in finance.text(".as-at")
    assert len(finance.all("h1")) == 1


@pytest.mark.parametrize("path", EVERY)
def test_an_empty_record_is_said_to_be_empty_and_nothing_is_claimed(nothing_yet: Staff, path: str) -> None:
    staff = nothing_yet.open(path)
    assert staff.status == 200
    assert "The record has no contacts yet" in staff.text(".empty")
    assert staff.all(".tile__value") == [] and staff.all("svg.chart__svg") == []


def test_whoever_has_no_role_for_it_is_told_so(guildhall: Guildhall) -> None:
    assert Staff(guildhall, Role.ADVISER).open("/console/value").status == 403


def test_the_ladder_sums_to_all_contacts_and_each_rung_leads_to_its_contacts(finance: Staff) -> None:
    everyone = number(finance.open("/console/value").text(".tile__value"))
    rungs = {row["Rung"]: int(row["Contacts"]) for row in table(finance, "/console/value/figures/ladder.csv")}
    assert list(rungs) == [label for label, _ in RUNG_LABELS.values()]
    assert sum(rungs.values()) == everyone > 1000
    for link in finance.open("/console/value").all("#ladder tbody a"):
        finance.open(link.attributes["href"] or "")
        assert number(finance.text(".count")) == rungs[link.text()]


def test_the_flows_are_all_contacts_at_every_stage(finance: Staff) -> None:
    everyone = number(finance.open("/console/value").text(".tile__value"))
    flows = table(finance, "/console/value/outcomes/figures/flows.csv")
    assert sum(int(float(row["Contacts"])) for row in flows if row["From"] == "All contacts") == everyone
    last = ("Did not come again", "Came again in 7 days", "Not known")
    assert sum(int(float(row["Contacts"])) for row in flows if row["To"] in last) == everyone


@pytest.mark.parametrize("path", EVERY)
def test_every_tile_and_figure_of_a_sentence_leads_to_its_definition(finance: Staff, path: str) -> None:
    links = {link.attributes["href"] or "" for link in finance.open(f"{path}?days=7").all(".tile__link, .one-page__figure")}
    for href in links:
        assert "days=7" in href
        finance.open(href)
        assert finance.status == 200 and "Formula" in finance.text(".govuk-summary-list")


def test_a_definition_has_its_value_its_interval_what_was_left_out_and_can_be_split_and_taken_away(finance: Staff) -> None:
    finance.open("/console/value/measures/verified_share?by=channel")
    assert re.search(r"[\d.]+% \(95% interval [\d.]+% to [\d.]+%\)", finance.text(".definition__value"))
    words = finance.text()
    assert "share(verified of everyone)" in words and "Less than 7 days old" in words and "Wilson" in words
    assert [row.text() for row in finance.all("tbody th")] == ["Phone", "Web"]
    rows = table(finance, "/console/value/measures/verified_share/split.csv?by=channel")
    assert [row["Channel"] for row in rows] == ["phone", "web"] and 0 < float(rows[0]["Value"]) < 1
    assert finance.open("/console/value/measures/nothing").status == 404


def test_filters_stay_in_the_address_of_every_link_and_narrow_the_figures(finance: Staff) -> None:
    everyone = number(finance.open("/console/value").text(".tile__value"))
    finance.open("/console/value?channel=web&days=28")
    assert 0 < number(finance.text(".tile__value")) < everyone
    for link in finance.all(".value-menu a, .tile__link"):
        assert "channel=web" in (link.attributes["href"] or "")
    assert "channel=web" in (finance.one("#ladder a.govuk-link").attributes["href"] or "")


def test_a_period_that_cannot_be_is_said_at_its_field_and_the_usual_one_is_shown(finance: Staff) -> None:
    finance.open("/console/value?from=yesterday")
    assert finance.status == 400
    assert "The first day is not a real date. Write it like this: 2026-11-27" in finance.text("#from-error")
    assert finance.one(".govuk-error-summary a").attributes["href"] == "#from"
    finance.open("/console/value?from=2026-11-02&to=2026-11-01")
    assert "The last day is before the first" in finance.text("#to-error")


def test_a_filter_that_nobody_matches_shows_no_figure_and_breaks_nothing(finance: Staff) -> None:
    for path in EVERY:
        finance.open(f"{path}?ward=Nowhere")
        assert finance.status == 200
    assert "No contact matches your filters" in finance.open("/console/value/contacts?ward=Nowhere").text(".empty")


def test_rows_are_pseudonyms_that_can_be_taken_away(finance: Staff, tmp_path: Path) -> None:
    finance.open("/console/value/contacts?rung=verified&channel=phone")
    count = number(finance.text(".count"))
    rows = table(finance, "/console/value/contacts.csv?rung=verified&channel=phone")
    assert len(rows) == count > 0
    assert {row["rung"] for row in rows} == {"verified"} and {row["channel"] for row in rows} == {"phone"}
    assert all(re.fullmatch(r"[0-9a-f]{16}", row["contact"]) for row in rows)
    finance.open("/console/value/contacts.parquet?rung=verified&channel=phone")
    (tmp_path / "rows.parquet").write_bytes(finance.response.content)
    assert duckdb.connect().execute(f"SELECT count(*) FROM '{tmp_path}/rows.parquet'").fetchall() == [(count,)]
    assert finance.open("/console/value/contacts.exe").status == 404


def test_a_list_of_few_is_not_shown_and_its_file_neither(finance: Staff) -> None:
    finance.open("/console/value/contacts?days=7&language=so")
    said = finance.text(".govuk-inset-text")
    assert (HIDDEN in said or HIDDEN_TOO in said) and not finance.all("table") and "shown by a pseudonym" not in finance.text()
    for kind in ("csv", "parquet"):
        finance.open(f"/console/value/contacts.{kind}?days=7&language=so")
        assert finance.text(".govuk-inset-text") == said and "text/html" in finance.response.headers["content-type"]


def test_a_line_that_would_tell_a_small_group_apart_says_so(finance: Staff) -> None:
    finance.open("/console/value/contacts?days=7")
    assert HIDDEN_VALUE in {row["language"] for row in table(finance, "/console/value/contacts.csv?days=7")}
    assert "fewer than 5 of these contacts" in finance.open("/console/value/contacts?days=7&language=ur").text(".govuk-hint")


def test_a_figure_can_be_taken_away_as_parquet_with_numbers_as_numbers(finance: Staff, tmp_path: Path) -> None:
    finance.open("/console/value/figures/ladder.parquet")
    (tmp_path / "ladder.parquet").write_bytes(finance.response.content)
    described = duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{tmp_path}/ladder.parquet'").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    assert kinds["Rung"] == "VARCHAR" and kinds["Contacts"] == "DOUBLE"
    assert finance.open("/console/value/figures/nothing.csv").status == 404


def test_the_one_page_says_what_it_does_not_know_and_compares_nothing_without_a_baseline(finance: Staff) -> None:
    words = finance.open("/console/value/summary").text(".one-page")
    assert "less than 7 days old" in words
    assert "There is no frozen baseline" in words and "nothing is compared with before" in words
    assert "Computed from the record of simulated contacts" in words
    assert not re.search(r"\b(success|customer|user)\b", words)


def test_equity_shows_each_measure_and_every_gap(finance: Staff) -> None:
    finance.open("/console/value/equity?measure=human_honoured")
    assert finance.one("#measure option[selected]").attributes["value"] == "human_honoured"
    assert len(finance.all("[aria-label='Every gap'] tbody tr")) == 9
    assert {node.attributes["id"] for node in finance.all("figure")} == {"by-language", "by-channel", "by-ward"}


def test_content_gaps_are_not_shown_to_who_reads_money_only(finance: Staff) -> None:
    said = finance.open("/console/value/demand").text()
    assert "Only people who govern the assistant can see content gaps" in said and "There are no open content gaps" not in said


def test_a_note_below_a_figure_is_never_kept_on_one_line(finance: Staff) -> None:
    finance.open("/console/value/measures")
    assert finance.all("td .under") and not finance.all(".nowrap .under")


def test_the_name_of_the_console_leads_where_its_reader_may_go(finance: Staff) -> None:
    assert finance.open("/console/value/waits").one(".council-header__bar a").attributes["href"] == "/console/value"


def test_a_sentence_about_a_measure_quotes_its_name(finance: Staff) -> None:
    assert "On “Half have waited less than”, " in finance.open("/console/value/waits").text()


def test_minutes_have_room_beside_hours_where_waits_are_long() -> None:
    places = [(0.0, 1.0), (30.0, 0.8), (90.0, 0.5), (600.0, 0.3), (40_000.0, 0.0)]
    assert thinned(places, 40_000.0) == places


def test_the_pages_break_no_rule_of_the_content_policy(finance: Staff) -> None:
    for path in EVERY:
        assert not re.search(r"<style|\sstyle=|<script|\son\w+=", finance.open(path).html), path


def test_while_figures_are_prepared_and_when_the_export_is_damaged_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "made"
    over_made_contacts(monkeypatch, folder, 300)
    (folder / "manifest.json").write_text("not a list of files", "utf-8")
    house = open_front_door(tmp_path)
    staff = Staff(house, Role.AUDITOR)
    for path in ("/console/value", "/console/value/measures", "/console/value/contacts.csv"):
        assert staff.open(path).status == 503
        assert staff.heading == "There are no figures" and "guildhall value export" in staff.text()
    house.close()


def test_a_measure_that_may_not_be_shown_alone_stands_beside_the_others_with_their_values(finance: Staff) -> None:
    said = finance.open("/console/value/measures/deflected").text("main")
    for label in ("Contact again within 24 hours", "Contact again within 7 days", "Resolved \\(verified\\)"):
        assert re.search(rf"{label}: [\d.]+% \(95% interval ", said), label


def test_the_ladder_says_why_its_first_rung_is_not_the_measure_of_it(finance: Staff) -> None:
    note = finance.open("/console/value/outcomes").text("#ladder")
    assert "less than 7 days old and may still become verified. “Resolved (verified)” leaves them out." in note
    assert "may still become" not in finance.open(f"/console/value/outcomes?from={FIRST}&to={FIRST}").text("#ladder")


def test_a_part_of_a_week_is_not_set_beside_whole_ones(finance: Staff) -> None:
    finance.open("/console/value/cost")
    said = finance.text("#saving")
    assert "In each whole week that can be judged, from £" in said and "Only a part of the week counts for" in said


@pytest.mark.parametrize("page", ["/console/value", "/console/value/waits", "/console/value/misdirection", "/console/value/equity"])
def test_the_best_and_the_worst_of_a_chart_are_in_the_chart(finance: Staff, page: str) -> None:
    finance.open(page)
    found = 0
    for figure in finance.all("figure"):
        said = re.findall(r"(?:, |\. )([^,.]+) does (?:best|worst), at", "".join(each.text() for each in figure.css(".chart__finding")))
        names = {cell.text().strip() for cell in figure.css("tbody tr > :first-child")}
        assert set(said) <= names, said
        found += len(said)
    assert found


def test_misdirection_says_which_team_instead_with_n_and_method_and_as_a_file(finance: Staff) -> None:
    finance.open("/console/value/misdirection?days=365")
    said = finance.text("#instead")
    assert "Which team was the right one" in said and "came to the wrong team first. For" in said and "as phone.yaml lists them" in said
    rows = table(finance, "/console/value/misdirection/figures/instead.csv?days=365")
    assert rows and all("→" in row["First team → right team"] or row["First team → right team"] == "Other pairs" for row in rows)
    assert all(float(row["Value"]) >= 5 for row in rows)
    assert {row["Remark"].split(" ")[0] for row in rows} <= {"adviser’s", "passed", "together", "put"}
