"""One page on the command line: plain sentences, numbered figures, what is not known, and simulated contacts said to be so."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.value_taking import open_value_pages
from guildhall.cli import main
from guildhall.cli.value_summary import as_plain, as_text
from guildhall.testing.contacts import made_contacts
from guildhall.value.telling import NEEDED, told
from tests.cli.deployments import Run, deploy
from tests.web.browser import guildhall as guildhall
from tests.web.console.staff import residents_ask
from tests.web.console.value import FIRST
from tests.web.front_door import open_front_door


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    deploy(tmp_path, monkeypatch, TODAY="2026-11-25")
    return lambda *words: CliRunner().invoke(main, ["value", "summary", *words])


def test_a_record_where_nobody_was_claims_nothing(run: Run) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "Residents got in touch 0 [1] times" in result.output
    assert "not known" in result.output and "%" not in result.output.split("What this page does not know")[0]
    assert json.loads(run("--json").output)["simulated"] is False


def test_days_that_are_the_wrong_way_round_are_refused(run: Run) -> None:
    result = run("--since", "2026-11-02", "--until", "2026-11-01")
    assert result.exit_code == 1 and "give the earlier day first" in result.output


def test_every_figure_is_numbered_and_its_measure_named(tmp_path: Path) -> None:
    made_contacts(tmp_path / "made", 3000, 35, 3, first=FIRST)
    house = open_front_door(tmp_path)
    snapshot = open_value_pages(house, tmp_path / "made").refresh()
    results = {key: found for key in NEEDED if (found := snapshot.measure(key, FIRST, snapshot.today)) is not None}
    page = told("Example Council", FIRST, snapshot.today, results)
    text = as_text(page, snapshot)
    assert "SIMULATED: every figure here is of 3,000 made-up contacts." in text
    assert "[1] Contacts: contacts" in text and "[2] Resolved (verified): verified_share" in text
    assert max(len(line) for line in text.splitlines()) <= 110
    keys = {part["measure"] for paragraph in as_plain(page, snapshot)["paragraphs"] for one in paragraph["sentences"] for part in one}  # type: ignore[attr-defined]
    assert {"contacts", "verified_share", "wait_p50"} <= keys
    house.close()


def test_residents_who_ask_are_on_the_page_at_once(guildhall: Guildhall) -> None:
    pages = open_value_pages(guildhall)
    assert pages.refresh().extent.real == 0 and not pages.refresh().simulated
    residents_ask(guildhall, "How much is bulky waste?", "let me talk to a person")
    snapshot = pages.refresh()
    assert snapshot.extent.real == 2
    result = snapshot.measure("contacts", snapshot.today, snapshot.today)
    assert result is not None and result.rows[0].value == 2
