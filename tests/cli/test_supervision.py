"""`guildhall supervision`: topics listed with their evidence, tightened by one person, loosened by two."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main
from tests.assurance.desks import share_cache
from tests.cli.deployments import deploy

WHY = "Because the fees have just changed"


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment with a supervisor and an adviser."""
    share_cache(tmp_path / "var")
    deploy(tmp_path, monkeypatch, COUNCILS_DIR=Path("councils").resolve())
    for name, role in (("Sue Price", "supervisor"), ("Tom Webb", "supervisor"), ("Priya Shah", "adviser")):
        run("staff", "add", name, "--role", role)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_tightened_by_one_person_and_listed_with_who_and_the_evidence(deployment: Path) -> None:
    before = run("supervision", "list")
    assert "service:domestic-abuse  Approved text only  set by the files; no drafts decided" in before.output
    assert "bulky" not in before.output
    done = run("supervision", "tighten", "service:bulky-waste", "--to", "adviser_approves_draft", "--reason", WHY, "--as", "Sue Price")
    assert done.exit_code == 0, done.output
    assert "service:bulky-waste  An adviser approves  set by Sue Price" in run("supervision", "list").output
    rows = {row["topic"]: row for row in json.loads(run("supervision", "list", "--json").output)}
    assert (rows["service:bulky-waste"]["mode"], rows["service:bulky-waste"]["why"]) == ("adviser_approves_draft", WHY)


def test_without_evidence_nothing_is_loosened(deployment: Path) -> None:
    run("supervision", "tighten", "service:bulky-waste", "--to", "adviser_approves_draft", "--reason", WHY, "--as", "Sue Price")
    refused = run("supervision", "loosen", "service:bulky-waste", "--reason", WHY, "--as", "Tom Webb")
    assert refused.exit_code == 1 and "0 of the 50 decided drafts that are needed" in refused.output


def test_two_people_loosen_from_approved_text_to_checked_drafts(deployment: Path) -> None:
    run("supervision", "tighten", "service:bulky-waste", "--to", "approved_text_only", "--reason", WHY, "--as", "Sue Price")
    loosen = ("supervision", "loosen", "service:bulky-waste", "--reason", WHY, "--as")
    assert "A second person runs the same command" in run(*loosen, "Sue Price").output
    assert "you proposed this yourself" in run(*loosen, "Sue Price").output
    assert "is `adviser_approves_draft` now" in run(*loosen, "Tom Webb").output
    assert "nobody has proposed" in run("supervision", "refuse", "service:bulky-waste", "--reason", WHY, "--as", "Tom Webb").output


@pytest.mark.parametrize(
    ("topic", "by", "said"),
    [
        ("service:dragons", "Sue Price", "`service:dragons` is no topic here"),
        ("bulky-waste", "Sue Price", "is no topic: write service:KEY"),
        ("service:bulky-waste", "Priya Shah", "Priya Shah may not change this; it takes one of these roles"),
        ("service:bulky-waste", "Nobody", "nobody is called `Nobody` here"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(deployment: Path, topic: str, by: str, said: str) -> None:
    done = run("supervision", "tighten", topic, "--to", "adviser_approves_draft", "--reason", WHY, "--as", by)
    assert done.exit_code != 0 and said in done.output
