"""`guildhall papers` drafts, records, lists and finds drift, as a council's officer would use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, select

from guildhall.cli import main
from guildhall.storage.database import metadata
from guildhall.storage.schema import events
from tests.assurance.desks import changed_councils, share_cache


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment of the demonstration council whose files may be changed, without a database."""
    councils = changed_councils(tmp_path, {"_baseline/policy/person.requested.yaml": str})
    share_cache(tmp_path / "var")
    given = {"COUNCILS_DIR": councils, "DATA_DIR": tmp_path / "var", "DATABASE_URL": "", "COUNCIL": "avonmere", "MASTER_KEY": ""}
    for name, value in {**given, "TODAY": "2026-11-26"}.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
    return tmp_path


def papers(*words: str) -> Result:
    return CliRunner().invoke(main, ["papers", *words])


def test_all_papers_are_written_in_three_forms_with_a_count_each(deployment: Path) -> None:
    result = papers("draft")
    assert result.exit_code == 0, result.output
    written = {path.name for path in (deployment / "var" / "papers").iterdir()}
    kinds = ("atrs", "dpia", "equality", "playbook", "models", "accessibility", "duties")
    assert written == {f"avonmere-{kind}.{ending}" for kind in kinds for ending in ("html", "md", "json")}
    assert "Algorithmic transparency record: 9" in result.output
    assert "There is no database here, so the drafts were not recorded." in result.output


def test_a_kind_and_a_folder_can_be_chosen_and_json_read(deployment: Path) -> None:
    result = papers("draft", "dpia", "--out", str(deployment / "out"), "--json")
    assert result.exit_code == 0, result.output
    paper = json.loads(result.stdout)[0]
    assert (paper["kind"], paper["counts"]["fields"]) == ("dpia", 39)
    assert all(fact["sources"] for fact in paper["facts"].values())
    assert len(list((deployment / "out").iterdir())) == 3


def test_a_draft_is_an_event_of_the_record_where_there_is_one(deployment: Path) -> None:
    url = f"sqlite:///{deployment}/var/guildhall.sqlite3"
    engine = create_engine(url)
    metadata.create_all(engine)
    assert papers("draft", "accessibility").exit_code == 0
    with engine.connect() as connection:
        kept = connection.execute(select(events.c.kind, events.c.facts)).all()
    engine.dispose()
    assert [row.kind for row in kept] == ["PaperDrafted"]
    facts = json.loads(kept[0].facts)
    file = json.loads((deployment / "var/papers/avonmere-accessibility.json").read_text("utf-8"))
    assert (facts["paper"], facts["digest"]) == ("accessibility", file["digest"])


def test_an_unchanged_system_has_no_drift(deployment: Path) -> None:
    papers("draft", "playbook", "duties")
    result = papers("drift")
    assert (result.exit_code, result.output.count("as the system is")) == (0, 2)


def test_drift_is_listed_with_old_new_and_source_and_fails(deployment: Path) -> None:
    papers("draft", "duties")
    rule = deployment / "councils/_baseline/policy/person.requested.yaml"
    text = rule.read_text("utf-8").replace("version: 2", "version: 3")
    rule.unlink()
    rule.write_text(text, "utf-8")
    result = papers("drift")
    assert result.exit_code == 1
    assert "3.1/person.requested/Rule: changed." in result.output
    assert "paper:  person.requested@2" in result.output
    assert "system: person.requested@3" in result.output
    assert "source: rule:person.requested@3" in result.output
    told = json.loads(papers("drift", str(deployment / "var/papers"), "--json").stdout)
    assert {item["key"] for item in told if item["drift"]} >= {"pack", "3.1/person.requested/Rule"}


def test_without_a_draft_there_is_nothing_to_compare(deployment: Path) -> None:
    (deployment / "empty").mkdir()
    result = papers("drift", str(deployment / "empty"))
    assert result.exit_code == 1
    assert "there is no drafted paper of avonmere here. Run `guildhall papers draft` first." in result.output


def test_papers_and_open_questions_are_listed(deployment: Path) -> None:
    result = papers("list")
    assert result.exit_code == 0
    assert "accessibility Accessibility statement" in result.output
    asked = papers("list", "--questions", "--json")
    row = next(row for row in json.loads(asked.stdout) if row["key"] == "data.lawful_basis")
    assert (row["who"], row["answer"]) == ("the data protection officer", "to_be_confirmed")


def test_a_broken_file_is_one_message(deployment: Path) -> None:
    answers = deployment / "councils/avonmere/assurance.yaml"
    answers.unlink()
    answers.write_text("answers:\n  owner.team: Digital\n", "utf-8")
    result = papers("draft")
    assert result.exit_code == 1
    assert "assurance.yaml:2 (key `answers.owner.team`)" in result.output
    assert "Traceback" not in result.output
