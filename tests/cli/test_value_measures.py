"""The commands of measures: listed with their definitions, computed with their interval, published, made again, and opened to rows."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildhall.cli import main
from guildhall.storage.analysis.export import Exporter
from guildhall.testing.contacts import made_contacts
from tests.cli.deployments import Run, deploy

PERIOD = ("--since", "2026-10-26", "--until", "2026-11-08")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    deploy(tmp_path, monkeypatch, TODAY="2026-11-25")
    monkeypatch.setattr(Exporter, "refresh", lambda *_: None)  # what was made up stays as it is
    made_contacts(tmp_path / "var" / "export" / "avonmere", 300, 14, first=date(2026, 10, 26))
    return lambda *words: CliRunner().invoke(main, ["value", *words])


def test_figures_are_listed_computed_published_and_made_again(run: Run, tmp_path: Path) -> None:
    assert "verified_share: Resolved (verified) (share; window 7 days)" in run("measures").stdout
    told = run("compute", "deflected", *PERIOD).stdout
    assert "95% interval" in told and "Beside it: Contact again within 7 days" in told and "made by the simulator" in told
    split = json.loads(run("compute", "contacts", *PERIOD, "--by", "week", "--json").stdout)
    assert sum(row["n"] for row in split["rows"]) == 300 and len(split["query_hash"]) == 64
    said = run("publish", "verified_share", "--text", "{value} were resolved.", *PERIOD, "--as", "Fin").stdout
    assert "% were resolved." in said and "Fin, 2026-11-25" in said
    assert "1 made again, 0 superseded." in run("recompute", "--as", "Fin").stdout
    figure = json.loads(run("published", "--json").stdout)
    assert figure["stands"] and figure["n"] == 300
    assert run("published", "--rows", figure["id"]).stdout.count("\n") == 301
    assert run("published", "--rows", figure["id"], "--into", str(tmp_path / "rows.parquet")).exit_code == 0
    assert (tmp_path / "rows.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compute", "nope"), "there is no measure `nope`"),
        (("compute", "contacts", "--by", "shoe"), "cannot be split by `shoe`"),
        (("compute", "contacts", "--where", "web"), "`web` has no `=`; write it as channel=web"),
        (("publish", "contacts", "--text", "Many.", *PERIOD, "--as", "Fin"), "put {value} where it belongs"),
        (("recompute", "figure-0", "--as", "Fin"), "there is no published figure figure-0"),
    ],
)
def test_a_mistake_is_said_in_one_line(run: Run, words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code != 0 and message in result.output and "Traceback" not in result.output
