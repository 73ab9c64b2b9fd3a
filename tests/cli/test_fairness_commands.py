"""`guildhall fairness` shows, blocks and waives by what the last run found."""

import base64
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import insert, select

from guildhall.cli import main
from guildhall.storage.database import Database
from guildhall.storage.fairness import FairnessStore
from guildhall.storage.governance_schema import board_members
from guildhall.storage.migrating import upgrade
from guildhall.storage.schema import events
from tests.evaluation.test_fairness import compared

DAY = "2026-11-26"
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Council:
    """A data folder with a board of one, and nothing probed yet."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'guildhall.sqlite3'}")
        upgrade(self.database)
        self.key = folder / "ada.pem"
        key = Ed25519PrivateKey.generate()
        self.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.key.chmod(0o600)
        public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
        with self.database.writing() as connection:
            ada = {"council": "avonmere", "name": "Ada Chair", "roles": '["board_chair"]', "public_key": public, "enrolled_at": AT}
            connection.execute(insert(board_members).values(ada))

    def probed(self, worse: int, at: datetime = AT) -> None:
        FairnessStore(self.database, "avonmere", lambda kind: f"{kind}-{worse}").add_run(at, "pack", compared(worse).as_json())

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["fairness", *words])

    def waive(self, *changes: str) -> Result:
        given = {
            "--measure": "served",
            "--points": "40",
            "--by": "Ada Chair",
            "--key": str(self.key),
            "--until": "2026-12-24",
            "--reason": "Advisers with interpreters cover Pashto until new lines are checked",
            "--minute": "AIGB-2026-11 item 4",
        } | dict(zip(changes[::2], changes[1::2], strict=True))
        return self.run("waive", "language.ps", *(word for pair in given.items() for word in pair))


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Council]:
    for name in list(os.environ):
        if name.startswith("GUILDHALL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUILDHALL_TODAY", DAY)
    made = Council(tmp_path)
    yield made
    made.database.close()


def test_what_was_never_run_blocks_a_release_and_says_so(council: Council) -> None:
    result = council.run("check")
    assert result.exit_code == 1
    assert "have never been run here: run `guildhall fairness run`" in result.output
    assert council.run("show").exit_code == 0


def test_a_run_without_a_breach_lets_a_release_pass(council: Council) -> None:
    council.probed(0)
    result = council.run("check")
    assert (result.exit_code, result.output.strip()) == (0, "Nothing about fairness blocks a release.")


def test_an_old_run_is_overdue(council: Council) -> None:
    council.probed(0, AT - timedelta(days=9))
    result = council.run("check")
    assert result.exit_code == 1
    assert "10 days ago, which is overdue" in result.output


def test_a_breach_blocks_and_names_the_language(council: Council) -> None:
    council.probed(8)
    result = council.run("check")
    assert result.exit_code == 1
    assert "BREACH language.ps: right answer or a person is 40.0 points worse (20 pairs" in result.output
    assert "Switch ps to a person, or have it waived." in result.output
    assert json.loads(council.run("check", "--json").output)["breaches"][1]["language"] == "ps"


def test_a_person_takes_over_a_language_that_is_served_worse_and_only_once(council: Council) -> None:
    council.probed(8)
    first = council.run("protect", "--as", "Ada Chair")
    assert first.exit_code == 0, first.output
    assert "A person answers in ps from now on." in first.output
    assert "that a person has not taken over already" in council.run("protect", "--as", "Ada Chair").output
    listed = CliRunner().invoke(main, ["switch", "list", "--json"])
    assert [(row["kind"], row["target"]) for row in json.loads(listed.output)] == [("language", "ps")]


def test_without_a_breach_no_language_is_switched(council: Council) -> None:
    council.probed(0)
    assert "No language is served worse" in council.run("protect", "--as", "Ada Chair").output


def test_what_is_shown_holds_the_gaps_and_what_could_have_been_seen(council: Council) -> None:
    council.probed(8)
    output = council.run("show").output
    assert "language.ps" in output and "BREACH" in output and "takes about 685 pairs" in output
    assert json.loads(council.run("show", "--json").output)["worst"]["slice"] == "language.ps"


def test_a_signed_waiver_is_kept_recorded_and_takes_its_breach_away(council: Council) -> None:
    council.probed(8)
    result = council.waive()
    assert result.exit_code == 0, result.output
    assert "until 24 December 2026, signed by Ada Chair" in result.output
    assert "language.ps:" not in council.run("check").output
    assert "AIGB-2026-11 item 4" in council.run("show").output
    with council.database.reading() as connection:
        kinds = [row.kind for row in connection.execute(select(events.c.kind))]
    assert kinds == ["WaiverSigned"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (("--by", "Bo Nobody"), "Bo Nobody is not on the board"),
        (("--until", "2027-11-24"), "92 days at most"),
        (("--measure", "heard"), "found no breach of heard in language.ps"),
    ],
)
def test_a_waiver_that_may_not_be_is_refused_with_the_reason(council: Council, changes: tuple[str, str], message: str) -> None:
    council.probed(8)
    result = council.waive(*changes)
    assert result.exit_code == 1 and message in result.output


def test_a_key_that_others_can_read_signs_nothing(council: Council) -> None:
    council.probed(8)
    council.key.chmod(0o644)
    assert "others can read this key" in council.waive().output


def test_the_key_of_somebody_else_signs_nothing(council: Council, tmp_path: Path) -> None:
    council.probed(8)
    other = tmp_path / "bo.pem"
    other.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    other.chmod(0o600)
    assert "the signature is not that of Ada Chair" in council.waive("--key", str(other)).output
