"""The how-to for changing a rule runs as written, from founding the board to an emergency that is ratified."""

import json
import re
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.bootstrap import governance
from guildhall.cli import main
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.fairness import FairnessStore
from guildhall.storage.migrating import upgrade
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.signals import Category, Grade
from tests.councils.small import write
from tests.evaluation.test_fairness import compared

PAGE = Path("docs/howto/change-a-rule.md")
SHORT_LIFE = "rollout: {shadow_days: 0, shadow_turns: 0, canary: [100], step_turns: 0}"
BEREAVEMENT = """
kind: rule
id: safeguarding.bereavement
version: {version}
title: Someone has been bereaved
why: Condolence, and one person
owner: registration-manager
review_by: 2027-11-01
scope: {{stages: [on_input]}}
cases:
  - when: {{signal: bereavement, grade: screen}}
    then: {{effect: {effect}, signposts: [samaritans]{more}}}
examples:
  fires: [{{text: "My wife has died", effect: {effect}}}]
  quiet: [{{text: "my phone died"}}]
facts_examples:
  fires: [{{signals: [bereavement screen]}}]
  quiet: [{{}}]
{life}
"""
ABUSE = """
kind: rule
id: conduct.abuse
version: 1
title: Somebody is abusive
why: Advisers deserve better
owner: contact-centre-manager
review_by: 2027-11-01
scope: {stages: [on_input]}
parameters:
  sure_from: {what: How sure we must be before we speak of it, default: 0.6, min: 0.5, max: 0.8}
cases:
  - when: {signal: abuse_of_service, at_parameter: sure_from}
    then: {effect: warn}
facts_examples:
  fires: [{signals: [abuse_of_service confirm 0.6]}]
  quiet: [{signals: [abuse_of_service confirm 0.5]}]
"""
FILE = "_baseline/policy/bereavement.yaml"


def bereavement(version: int, effect: str = "offer", more: str = "") -> str:
    return BEREAVEMENT.format(version=version, effect=effect, more=more, life=SHORT_LIFE)


CHANGES = {
    "policy propose": bereavement(2, more=", keep_from: [analytics]"),
    "policy emergency": bereavement(3, more=", keep_from: [analytics, model]"),
}
"""What is edited in the folder before the first of these commands."""


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small council in a folder of the test's own, with detectors that know three words."""
    write(tmp_path / "councils", {FILE: bereavement(1), "_baseline/policy/abuse.yaml": ABUSE})
    listener = FakeUnderstanding(
        {"wife has died": (Category.BEREAVEMENT, Grade.SCREEN), "want to die": (Category.SUICIDE_SELF_HARM, Grade.CONFIRM)}
    )
    monkeypatch.setattr(governance, "open_embedder", lambda _settings: None)
    monkeypatch.setattr(governance, "open_understander", lambda *_given: listener)
    for name, value in {"COUNCILS_DIR": "councils", "DATA_DIR": "var", "DATABASE_URL": "", "MASTER_KEY": "", "COUNCIL": "smallton"}.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", value)
    page = PAGE.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(page, "utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def commands(page: Path) -> list[list[str]]:
    """Every command of the fenced blocks, in order."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("guildhall ")]


def test_the_how_to_runs_as_written(council: Path) -> None:
    edits = dict(CHANGES)
    said = ""
    probed_without_a_breach()
    for words in commands(council / "page.md"):
        if text := edits.pop(" ".join(words[:2]), None):
            (council / "councils" / FILE).write_text(text.lstrip(), "utf-8")
        if words[:2] == ["policy", "rollback"]:
            continue  # it takes back what the page has just put in force; it has a test of its own
        result = run(*words)
        assert result.exit_code == 0, f"{' '.join(words)}\n{result.output}"
        said += result.output
    assert not edits
    for sentence in (
        "The board is founded.",
        "Gained: the words are kept from `analytics`.",
        "For example: “My wife has died”",
        "Everybody who must sign has signed.",
        "change-1 judges 100% of new conversations from now on.",
        "change-1 is in force",
        "change-2 is in force at once, for conversations under way too.",
        "change-2 is ratified and in force for good.",
        "conduct.abuse.sure_from stands at 0.7.",
    ):
        assert sentence in said
    state = json.loads(run("policy", "show", "--json").output)
    assert [change["phase"] for change in state["changes"]] == ["enforced", "enforced"]
    assert [activation["how"] for activation in state["activations"]] == ["founding", "change", "ratified", "parameter"]


def probed_without_a_breach() -> None:
    shutil.copy(Path(__file__).parents[2] / "councils/_baseline/fairness.yaml", "councils/_baseline")
    database = Database(Settings().database)
    upgrade(database)
    FairnessStore(database, "smallton", lambda kind: f"{kind}-1").add_run(datetime.now(UTC), "pack", compared(0).as_json())
    database.close()


def found_board() -> None:
    for name, role in (("Ada", "rule_owner"), ("Olu", "rule_owner"), ("Dev", "data_protection_officer"), ("Chris", "board_chair")):
        assert run("board", "enrol", name, "--role", role, "--key-out", f"{name.lower()}.key").exit_code == 0


def test_a_refusing_gate_is_an_exit_code_and_a_readable_reason(council: Path) -> None:
    found_board()
    (council / "councils" / FILE).write_text(bereavement(2, effect="warn").lstrip(), "utf-8")
    assert run("policy", "propose", "--as", "Ada", "--key", "ada.key", "--why", "Fewer offers").exit_code == 0
    result = run("policy", "check", "change-1")
    assert result.exit_code == 1
    assert "REFUSED  Protection check" in result.output
    assert "“My wife has died”" in result.output
    refused = run("policy", "sign", "change-1", "--as", "Olu", "--key", "olu.key")
    assert refused.exit_code == 1
    assert "declare that the change loosens" in refused.output
    emergency = run("policy", "emergency", "--as", "Ada", "--key", "ada.key", "--why", "Quick")
    assert emergency.exit_code == 1
    assert "An emergency may only tighten" in emergency.output


def test_a_broken_file_is_refused_with_its_line_and_recorded(council: Path) -> None:
    found_board()
    (council / "councils" / FILE).write_text(bereavement(2).replace("signposts", "signpost").lstrip(), "utf-8")
    result = run("policy", "propose", "--as", "Ada", "--key", "ada.key", "--why", "A slip")
    assert result.exit_code == 1
    assert re.search(r"bereavement\.yaml:11 .*this key is not known", result.output)


def test_the_files_of_a_change_can_be_read_as_they_were_written(council: Path) -> None:
    found_board()
    result = run("policy", "files", "active", "out")
    assert result.exit_code == 0, result.output
    assert (council / "out" / FILE).read_text("utf-8") == bereavement(1).lstrip()
    assert run("policy", "files", "active", "out").exit_code == 1


def test_a_key_with_a_passphrase_is_asked_for(council: Path) -> None:
    protected = CliRunner().invoke(
        main, ["board", "enrol", "Ada", "--role", "rule_owner", "--key-out", "ada.key", "--passphrase"], input="sesame\nsesame\n"
    )
    assert protected.exit_code == 0, protected.output
    (council / "councils" / FILE).write_text(CHANGES["policy propose"].lstrip(), "utf-8")
    words = ["policy", "propose", "--as", "Ada", "--key", "ada.key", "--why", "Care"]
    assert "passphrase is wrong" in CliRunner().invoke(main, words, input="guess\n").output
    assert CliRunner().invoke(main, words, input="sesame\n").exit_code == 0


def test_a_rule_is_explained_in_plain_english(council: Path) -> None:
    said = run("policy", "explain", "safeguarding.bereavement").output
    assert "When there is bereavement (a weak sign is enough): offer a person; the signpost `samaritans`." in said
    missing = run("policy", "explain", "bereavement")
    assert missing.exit_code == 1
    assert "is it one of safeguarding.bereavement?" in missing.output


def test_without_a_board_the_commands_say_what_is_in_force_and_how_to_found_one(council: Path) -> None:
    assert "The folder's rules are in force: 3 rules" in run("policy", "show").output
    refused = run("policy", "propose", "--as", "Ada", "--key", "ada.key", "--why", "x")
    assert "guildhall board enrol NAME" in refused.output or "cannot be read" in refused.output
