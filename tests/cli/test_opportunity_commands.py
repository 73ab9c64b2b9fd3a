"""`guildhall opportunities`: what is known is changed and put back, and what cannot be is said with its field."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.bootstrap.opportunities import Opportunities, open_opportunities
from guildhall.cli import main
from guildhall.opportunities.register import Answer, Details, Status
from tests.web.front_door import open_front_door

ANN = ("--as", "Ann Lead")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A register with two opportunities, which every command opens."""
    house = open_front_door(tmp_path)
    found = open_opportunities(house)

    @contextmanager
    def opened(_council: str) -> Iterator[Opportunities]:
        yield found

    monkeypatch.setattr("guildhall.cli.opportunities._opened", opened)
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("GUILDHALL_DATABASE_URL", "")
    made = [(Details(title, "Typed twice.", answer=Answer.FORM), ()) for title in ("Copying forms", "The groundwork")]
    one, other = found.register.add(made, "ann", found.clock(), Status.ACCEPTED)
    yield one, other
    house.close()


def run(*given: str) -> Result:
    return CliRunner().invoke(main, ["opportunities", *given])


def test_a_change_is_kept_refused_with_its_field_and_put_back(two: tuple[str, str]) -> None:
    one, other = two
    said = run(
        "change", one, "volume_pa=6000", "minutes_each=10", "staff_pounds_an_hour=19.50", "saves_percent=50", f"depends_on={other}", *ANN
    )
    assert said.exit_code == 0 and f"depends_on='{other}'" in said.output
    shown = json.loads(run("show", one, "--json").output)
    assert (shown["reinvested_capacity_pence_pa"], shown["depends_on"], shown["valued"]) == (975_000, other, True)
    for wrong, words in (("volume_pa=many", "volume_pa: Give a whole number"), ("luck=3", "the fields are title"), (f"depends_on={one}", "itself"),
                         ("excludes=groundwrok", "excludes: “groundwrok” is not an opportunity")):  # fmt: skip
        refused = run("change", one, wrong, *ANN)
        assert refused.exit_code != 0 and words in refused.output, refused.output
    assert "not both" in run("change", one, *ANN).output
    changed = next(line["id"] for line in shown["history"] if line["what"] == "changed")
    assert run("change", one, "--put-back", changed, *ANN).exit_code == 0
    assert json.loads(run("show", one, "--json").output)["valued"] is False


def test_a_change_of_an_older_version_is_refused(two: tuple[str, str]) -> None:
    one, _ = two
    seen = json.loads(run("show", one, "--json").output)["version"]
    assert f"version {seen}" in run("show", one).output
    assert run("change", one, "volume_pa=400", "--version", str(seen), *ANN).exit_code == 0
    refused = run("change", one, "volume_pa=9", "--version", str(seen), *ANN)
    assert refused.exit_code != 0 and "changed “How many a year” after you looked at it" in refused.output
    assert run("change", one, "owner=The post room", *ANN).exit_code == 0
    assert "400" in run("change", one, "volume_pa=400", *ANN).output
