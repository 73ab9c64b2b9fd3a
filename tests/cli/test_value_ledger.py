"""`guildhall value ledger`: from an idea to a budget by three people, refusals in words, CSV with every row, and a replay."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main
from tests.assurance.desks import share_cache
from tests.cli.deployments import deploy

WHY = ("--why", "Agreed at the October review")
LEA, FIN, CY = ("--as", "Lea Lead"), ("--as", "Fin Partner"), ("--as", "Cy Officer")
FIELDS = {
    "service": "council-tax", "gef_class": "cash_releasing", "gef_type": "technical", "recurrence": "recurring", "outputs": "same",
    "planned_council_cash": "£120,000", "measure": "agency hours", "unit": "hours a month", "borne": "staff | £5k | two people move",
    "no_dis_benefits": "yes", "baseline": "none: no comparison", "method": "interrupted time series", "owner": "Head of contact centre",
    "finance_partner": "Finance partner, places", "budget_code": "cs-4410", "power": "At least 20% could be seen by month 6",
    "attribution_percent": "100%", "run_cost": "£10k", "change_cost": "0", "starts_on": "2026-01-01",
}  # fmt: skip


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment with those who answer for money."""
    share_cache(tmp_path / "var")
    deploy(tmp_path, monkeypatch, COUNCILS_DIR=Path("councils").resolve(), TODAY="2026-11-27")
    roles = {"Lea Lead": "programme_lead", "Fin Partner": "finance_partner", "Cy Officer": "chief_finance_officer"}
    for name, role in roles.items():
        assert run_root("staff", "add", name, "--role", role).exit_code == 0
    (tmp_path / "agency-invoices.csv").write_text("shift,pounds\nAG-1,200\n", "utf-8")
    assert run_root("value", "evidence", "add", str(tmp_path / "agency-invoices.csv"), *FIN).exit_code == 0
    return tmp_path


def run_root(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def run(*words: str) -> Result:
    return run_root("value", "ledger", *words)


def done(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def pairs(given: dict[str, str]) -> list[str]:
    return [word for name, value in given.items() for word in ("--set", f"{name}={value}")]


def validated() -> str:
    key = done("add", "--title", "Fewer agency shifts", *pairs(FIELDS), *LEA).split()[0]
    for stage, who in (("identified", LEA), ("baselined", FIN), ("approved", FIN), ("in_delivery", LEA)):
        done("move", key, "--to", stage, *WHY, *who)
    measured = {"measured_council_cash": "£90k", "evidence": "e1", "evidence_refs": "measure:contacts"}
    done("change", key, *pairs(measured), *WHY, *LEA)
    done("move", key, "--to", "measured", *WHY, *LEA)
    done("move", key, "--to", "finance_validated", *WHY, *FIN)
    return key


def claim(key: str, **changes: str) -> Result:
    given = {"budget-code": "CS-4410", "period": "2026-27-Q2", "act": "agency_shift_not_booked", "reference": "AG-1", "amount": "£20,000"}
    given |= {"evidence": "document:agency-invoices"} | changes
    return run("claim", key, *(word for name, value in given.items() for word in (f"--{name}", value)), *FIN)


def test_an_empty_ledger_says_how_to_begin(deployment: Path) -> None:
    assert done("list") == "No benefit is like that. `guildhall value ledger add` enters one.\n"


def test_from_an_idea_to_a_budget_by_three_people(deployment: Path) -> None:
    key = validated()
    assert "lacks: time saved is not cash without a named act: it needs a claim" in done("show", key)
    made = claim(key)
    assert made.exit_code == 0, made.output
    claim_id = made.output.split(":")[0]
    assert "1 claims wait for the chief finance officer and count as nothing" in done("list")
    done("sign", claim_id, *CY)
    done("move", key, "--to", "budget_taken", *WHY, *CY)
    said = done("list")
    assert "£20,000 of council cash at stage budget taken, evidence E1, as at 27 November 2026" in said
    assert "Budget taken, council cash, cash-releasing efficiency: £20,000; attributed £20,000, after haircut £11,000 (1 rows)" in said
    assert "Cost borne by: staff £5,000" in said
    (row,) = (json.loads(line) for line in done("list", "--stage", "budget_taken", "--json").splitlines())
    assert row["headlines"][0]["pence"] == 2_000_000
    shown = json.loads(done("show", key, "--json"))
    assert [entry["by"] for entry in shown["history"] if entry["signed"]][-1] == "Cy Officer"
    again = claim(key, period="2026-08")
    assert again.exit_code == 1 and f"claimed already for 2026-08, by {claim_id}" in again.output
    done("reverse", claim_id, *WHY, *FIN)
    assert "taken back: Agreed at the October review" in done("show", key)
    assert claim(key, period="2026-08", amount="5000").exit_code == 0


def test_refusals_say_what_would_be_right(deployment: Path) -> None:
    key = done("add", "--title", "Answer calls about bins", *LEA).split()[0]
    lacking = run("move", key, "--to", "identified", *WHY, *LEA)
    assert lacking.exit_code == 1 and "choose its class under the Government Efficiency Framework" in lacking.output
    refused = run("move", key, "--to", "identified", *WHY, *CY).output
    assert "It takes the role of programme lead: Lea Lead (programme lead)." in refused
    assert "there is no field “colour”" in run("change", key, "--set", "colour=red", *WHY, *LEA).output
    assert "has no `=`" in run("change", key, "--set", "colour", *WHY, *LEA).output
    assert "no amount of money" in claim(key, amount="lots").output
    assert "there is no benefit none" in run("show", "none").output
    named = run("add", "--title", "Fewer agency shifts", *pairs(FIELDS | {"baseline": "baseline:mine"}), *LEA)
    assert named.exit_code == 1 and "there is no baseline “mine”: `guildhall value baseline list`" in named.output


def test_every_row_is_in_the_sheets_and_no_cell_is_a_formula(deployment: Path) -> None:
    key = validated()
    claim(key)
    done("add", "--title", "=1+1 is a title", *LEA)
    to = deployment / "benefits.csv"
    assert "2 rows" in done("export", "benefits", "--to", str(to))
    rows = {row["title"]: row for row in csv.DictReader(io.StringIO(to.read_text("utf-8")))}
    row = rows["Fewer agency shifts"]
    assert (row["council_cash_pence"], row["whole"]) == ("9000000", "yes")
    assert set(rows) == {"Fewer agency shifts", "'=1+1 is a title"}
    claims = list(csv.DictReader(io.StringIO(done("export", "claims"))))
    assert (claims[0]["cash_action"], claims[0]["counts_pence"]) == ("agency_shift_not_booked:AG-1", "0")
    assert len(list(csv.DictReader(io.StringIO(done("export", "history"))))) == 9


def test_a_replay_prints_what_can_and_cannot_be_said(deployment: Path) -> None:
    said = done("replay", "docs/examples/public-claims/derby.yaml")
    assert "Cannot be said: where £3,600,000 of it comes from: it has no named source (derived)." in said
    assert re.search(r"The honest headline:\n  As at 31 January 2026, no claim here can be followed to a budget: £0", said)
    assert json.loads(done("replay", "docs/examples/public-claims/derby.yaml", "--json"))["headline"]


def test_a_document_is_named_compared_and_withdrawn_and_what_rests_on_it_is_marked(deployment: Path) -> None:
    def evidence(*words: str) -> Result:
        return run_root("value", "evidence", *words)

    file, key = deployment / "agency-invoices.csv", validated()
    assert claim(key).exit_code == 0
    assert evidence("check", "agency-invoices", str(file)).output.endswith("is the document agency-invoices.\n")
    assert "there is no document “elsewhere”" in claim(key, reference="AG-2", evidence="document:elsewhere").output
    file.write_text("shift,pounds\nAG-1,2000\n", "utf-8")
    changed = evidence("check", "agency-invoices", str(file))
    assert changed.exit_code == 1 and "is not the document agency-invoices" in changed.output
    linked = ("add", "--link", "https://example.org/accounts", "--name", "Accounts")
    assert "64 hexadecimal digits" in evidence(*linked, "--dated", "2026-10-01", *FIN).output
    assert evidence(*linked, "--sha256", "ab" * 32, "--dated", "2026-10-01", *FIN).exit_code == 0
    assert "EVIDENCE NO LONGER STANDS" not in done("list")
    assert evidence("withdraw", "agency-invoices", *WHY, *FIN).exit_code == 0
    assert "EVIDENCE NO LONGER STANDS: claim" in done("list") and json.loads(done("list", "--json"))["evidence_fallen"]
    assert "document:agency-invoices  agency-invoices.csv\n  NO LONGER STANDS" in evidence("list").output


def test_an_older_version_is_neither_changed_nor_signed(deployment: Path) -> None:
    key = done("add", "--title", "Fewer agency shifts", *pairs(FIELDS), *LEA).split()[0]
    assert "Version 1" in done("show", key)
    done("change", key, "--set", "unit=days", "--version", "1", *WHY, *LEA)
    for words in (("change", key, "--set", "unit=weeks"), ("move", key, "--to", "identified")):
        refused = run(*words, "--version", "1", *WHY, *LEA)
        assert refused.exit_code == 1 and "somebody else changed it after you looked at it" in refused.output
    assert "is identified now" in done("move", key, "--to", "identified", "--version", "2", *WHY, *LEA)
