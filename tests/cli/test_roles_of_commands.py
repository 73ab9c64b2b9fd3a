"""Commands that take a role: who does not hold it is refused, and told who does; on a machine where nobody is staff yet, a name stands as given."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main

PERIOD = ("--since", "2026-10-26", "--until", "2026-11-08")
COMMANDS = {
    "publish": (("value", "publish", "contacts", "--text", "{value}", *PERIOD), "publish a figure"),
    "recompute": (("value", "recompute"), "make published figures again"),
    "import": (("value", "baseline", "import", "{file}", "--name", "n", "--source", "s", "--owner", "o", "--yes"), "freeze a baseline"),
    "workshop": (("opportunities", "workshop", "{file}", "--service", "parking", "--date", "2026-11-05"), "record a workshop"),
    "propose": (("opportunities", "propose", "workshop-1"), "have opportunities proposed"),
    "merge": (("opportunities", "merge", "a", "b"), "merge opportunities"),
    "score": (("opportunities", "score", "a", "worth=4"), "give scores"),
    "portfolio": (("opportunities", "portfolio"), "run the portfolio"),
    "add": (("value", "ledger", "add", "--title", "Fewer shifts"), "enter a benefit"),
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A month of calls, in a deployment without staff."""
    given = {"DATA_DIR": tmp_path / "var", "DATABASE_URL": "", "KEYS_DATABASE_URL": "", "MASTER_KEY": "", "TODAY": "2026-11-25"}
    for name, value in given.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
    found = tmp_path / "months.csv"
    found.write_text("Month,Calls\n2025-01,900\n2025-02,950\n", "utf-8")
    return str(found)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def add(name: str, role: str) -> None:
    assert run("staff", "add", name, "--role", role).exit_code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_who_does_not_hold_the_role_is_told_which_it_takes_and_who_has_it(command: str, file: str) -> None:
    add("Ada Desk", "adviser")
    add("Lea Lead", "programme_lead")
    words, what = COMMANDS[command]
    result = run(*(word.replace("{file}", file) if command in ("import", "workshop") else word for word in words), "--as", "Ada Desk")
    assert result.exit_code == 1 and f"Ada Desk may not {what}. It takes the role of" in result.output, result.output
    assert "Lea Lead (programme lead)" in result.output


def test_a_name_that_nobody_has_is_refused_with_who_could_do_it(file: str) -> None:
    add("Fin Partner", "finance_partner")
    said = run("value", "recompute", "--as", "Fin Partnr").output
    assert "nobody is called `Fin Partnr` here" in said and "Fin Partner (finance partner)" in said


def test_where_nobody_holds_the_role_the_refusal_says_how_somebody_comes_to(file: str) -> None:
    add("Ada Desk", "adviser")
    said = run("value", "recompute", "--as", "Ada Desk").output
    assert "nobody holds it: `guildhall staff add NAME --role board_chair`" in said


def test_who_is_kept_out_may_not_act(file: str) -> None:
    add("Lea Lead", "programme_lead")
    assert run("staff", "keep-out", "Lea Lead").exit_code == 0
    assert "Lea Lead is kept out and may not make published figures again" in run("value", "recompute", "--as", "Lea Lead").output


def test_on_a_machine_without_staff_a_name_stands_as_it_is_given(file: str) -> None:
    words = ("value", "baseline", "import", file, "--name", "Calls", "--source", "Export", "--owner", "Head", "--yes", "--as", "Sam Reed")
    assert run(*words, "--measure", "calls", "--unit", "count").exit_code == 0
    assert "0 made again" in run("value", "recompute", "--as", "Sam Reed").output


def test_what_staff_do_is_kept_by_their_id_and_shown_by_their_name(file: str) -> None:
    add("Fin Partner", "finance_partner")
    words = (
        "value",
        "baseline",
        "import",
        file,
        "--name",
        "Calls",
        "--source",
        "Export",
        "--owner",
        "Head",
        "--yes",
        "--as",
        "Fin Partner",
    )
    result = run(*words, "--measure", "calls", "--unit", "count")
    assert result.exit_code == 0, result.output
    key = result.output.split("Frozen as ")[1].split(",")[0]
    assert "Frozen by Fin Partner on" in run("value", "baseline", "show", key).output
