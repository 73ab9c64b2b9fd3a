"""The commands of baselines and evaluations: looked at before anything is kept, and said in plain words."""

import json
import sys
from datetime import date
from pathlib import Path
from subprocess import run as run_process

import numpy as np
import pytest
from click.testing import CliRunner

from guildhall.cli import main
from guildhall.settings import Settings
from guildhall.testing.contacts import made_contacts
from tests.cli.deployments import Run, deploy

ABOUT = ("--name", "Calls before", "--source", "Telephony export", "--owner", "Head of contact", "--as", "Fin")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    deploy(tmp_path, monkeypatch, TODAY="2026-11-25")
    return lambda *words, said="": CliRunner().invoke(main, ["value", *words], input=said)


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """Three years of a share by month, a quarter less from January 2026; and a queue beside it that stays as it is."""
    random, lines = np.random.default_rng(3), ["Month,Service,Abandoned share,Calls"]
    for number in range(34):
        fell = 0.7 if number >= 24 else 1.0
        month = f"{2024 + number // 12}-{number % 12 + 1:02}"
        lines += [
            f"{month},Bins,{0.2 * fell * (1 + random.normal() * 0.04):.4f},1000",
            f"{month},Tax,{0.2 * (1 + random.normal() * 0.04):.4f},1000",
        ]
    file = tmp_path / "months.csv"
    file.write_text("\n".join([*lines, "Total,,9,9"]), "utf-8")
    return file


def imported(run: Run, months: Path, *more: str) -> str:
    result = run("baseline", "import", str(months), *ABOUT, "--measure", "abandonment", "--unit", "share", "--yes", "--json", *more)
    assert result.exit_code == 0, result.output
    return str(json.loads(result.stdout)["id"])


def test_a_file_is_mapped_looked_at_frozen_and_verified(run: Run, months: Path, tmp_path: Path) -> None:
    mapping, refused = tmp_path / "mapping.yaml", tmp_path / "refused.csv"
    assert run("baseline", "map", str(months), "--into", str(mapping)).exit_code == 0
    assert "month: Month # Month" in mapping.read_text("utf-8")
    words = ("baseline", "import", str(months), *ABOUT, "--mapping", str(mapping), "--refused", str(refused))
    said_no = run(*words, said="n\n")
    assert said_no.exit_code == 1 and "nothing was imported" in said_no.output
    assert run("baseline", "list").output == "0 baselines.\n"
    said_yes = run(*words, said="y\n")
    assert (
        "68 of 69 rows can be imported. Refused: 1. Blank: " in said_yes.output and "row 70: a row that adds up others" in said_yes.output
    )
    assert "Totals row" in refused.read_text("utf-8")
    found = json.loads(run("baseline", "list", "--json").output)
    assert run("baseline", "verify", found["id"]).output.startswith("68 rows hash to what was frozen")
    shown = run("baseline", "show", found["id"]).output
    assert "Head of contact answers for it" in shown and "2024-01" in shown
    assert run("baseline", "show", found["id"], "--csv").output.startswith("measure,label,unit,queue,month,value,n")


def test_a_mapping_that_is_wrong_names_its_line(run: Run, months: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("kind: months\ncolumns:\n  month: Month\nchanel: phone\n", "utf-8")
    result = run("baseline", "import", str(months), *ABOUT, "--mapping", str(mapping))
    assert result.exit_code == 1 and "mapping.yaml:4 (key `chanel`)" in result.output
    mapping.write_text("kind: [months\n", "utf-8")
    assert "mapping.yaml:" in run("baseline", "import", str(months), *ABOUT, "--mapping", str(mapping)).output
    mapping.write_text("kind: months\ncolumns:\n  month: Month\n", "utf-8")
    assert "say which column holds the figure" in run("baseline", "import", str(months), *ABOUT, "--mapping", str(mapping)).output


def test_a_change_is_found_with_its_evidence_and_what_it_cannot_show(run: Run, months: Path) -> None:
    baseline = imported(run, months)
    asked = ("evaluate", baseline, "--measure", "abandonment", "--queue", "Bins", "--launch", "2026-01")
    found = run(*asked)
    assert found.exit_code == 0
    assert "fell by" in found.output and "Evidence E3" in found.output
    assert "pretended launches before the real one. It found nothing there" in found.output
    assert "It cannot separate the change from anything else that began in the same month." in found.output
    assert "With your data, you could only see a saving of at least" in found.output
    beside = json.loads(run(*asked, "--design", "comparator", "--comparator", "Tax", "--json").output)
    assert (beside["evidence"], beside["found"]) == ("E3", True) and beside["estimate"] < 0
    plain = run(*asked, "--design", "before_after").output
    assert "Evidence E2" in plain and "would find a change in" in plain and "of 100 cases" in plain


def test_what_came_of_an_evaluation_is_kept_for_a_benefit_to_rest_on(run: Run, months: Path) -> None:
    baseline = imported(run, months)
    asked = ("evaluate", baseline, "--measure", "abandonment", "--queue", "Bins", "--launch", "2026-01", "--keep", "Bins after January")
    assert "say with --as who you are" in run(*asked).output
    kept = run(*asked, "--as", "Fin").output
    assert "It carries E3." in kept
    reference = kept.split("Kept as ")[1].split(". ")[0]
    assert f"{reference}  Bins after January\n  carries E3" in run("evidence", "list").output
    imported(run, months, "--supersedes", baseline, "--reason", "The export was cut short")
    told = json.loads(run("evidence", "list", "--json").output)
    assert not told["stands"] and "which was superseded by" in told["why"]


def test_what_cannot_be_said_is_refused_with_what_would_be_needed(run: Run, months: Path) -> None:
    baseline = imported(run, months)
    early = run("evaluate", baseline, "--measure", "abandonment", "--launch", "2024-10")
    assert (
        early.exit_code == 1
        and "needs 12 months before" in early.output
        and "With fewer than 12, only a before and after (E2) is possible" in early.output
    )
    assert "it has abandonment" in run("evaluate", baseline, "--measure", "waits", "--launch", "2026-01").output
    staggered = run(
        "evaluate",
        baseline,
        "--measure",
        "abandonment",
        "--launch",
        "2026-01",
        "--design",
        "staggered",
        "--began",
        "Bins=2026-01",
        "--drawn",
    )
    assert staggered.exit_code == 1 and "needs 4 teams" in staggered.output
    assert "is not QUEUE=MONTH" in run("evaluate", baseline, "--measure", "abandonment", "--launch", "2026-01", "--began", "Bins").output


def test_what_could_be_seen_is_said_before_anything_is_launched(run: Run, months: Path) -> None:
    baseline = imported(run, months)
    said = run("power", baseline, "--measure", "abandonment")
    assert "you could only see a saving of at least" in said.output and "months after the launch" in said.output
    assert [each["months_after"] for each in json.loads(run("power", baseline, "--measure", "abandonment", "--json").output)] == [
        3,
        6,
        9,
        12,
        18,
        24,
    ]


def test_a_superseded_baseline_is_not_evaluated(run: Run, months: Path) -> None:
    old = imported(run, months)
    new = imported(run, months, "--supersedes", old, "--reason", "The export was cut short")
    result = run("evaluate", old, "--measure", "abandonment", "--launch", "2026-01")
    assert result.exit_code == 1 and f"superseded by {new}" in result.output


HEAVY = "print([m for m in ('scipy.stats', 'statsmodels', 'openpyxl') if m in sys.modules])"


@pytest.mark.parametrize(
    ("imported", "heavy"), [("guildhall.cli.value, guildhall.bootstrap.baselines", "[]"), ("guildhall.web.app", "['scipy.stats']")]
)
def test_who_does_not_evaluate_pays_no_import_of_statistics(imported: str, heavy: str) -> None:
    """The console's turns are judged with scipy already; statsmodels and openpyxl wait until they are needed."""
    found = run_process([sys.executable, "-c", f"import sys, {imported}; {HEAVY}"], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == heavy


def test_the_months_after_may_come_from_the_record(run: Run, tmp_path: Path) -> None:
    made_contacts(tmp_path / "var" / "export" / Settings().council, 3000, 150, first=date(2026, 6, 1))
    lines = [f"{2024 + (number + 5) // 12}-{(number + 5) % 12 + 1:02},{900 + 17 * (number % 5)}" for number in range(24)]
    file = tmp_path / "contacts.csv"
    file.write_text("\n".join(["Month,Calls", *lines]), "utf-8")
    imported = run(
        "baseline", "import", str(file), *ABOUT, "--kind", "months", "--measure", "contacts", "--unit", "count", "--yes", "--json"
    )
    baseline = json.loads(imported.stdout)["id"]
    asked = ("evaluate", baseline, "--measure", "contacts", "--launch", "2026-06", "--after")
    found = run(*asked, "record:contacts")
    assert "fell by" in found.output, found.output
    assert "make sure that both count in the same way" in found.output
    kept = run(*asked, "record:contacts", "--keep", "Contacts after June", "--as", "Fin")
    assert kept.exit_code == 1 and "made-up contacts" in kept.output
    assert "there is no measure `laughter`" in run(*asked, "record:laughter").output
    late = run("evaluate", baseline, "--measure", "contacts", "--launch", "2026-12", "--after", "record:contacts").output
    assert "the record has no whole month of `contacts` from December 2026 on" in late
