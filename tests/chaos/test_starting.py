"""What is wrong is said at the start: which file, what is wrong with it and what would be right; and the door stays shut."""

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from guildhall.bootstrap.identifiers import new_id, new_secret
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.starting import check_keys_fit
from guildhall.bootstrap.understanding_weights import load_weights
from guildhall.cli import main
from guildhall.councils.loading import load_council
from guildhall.records.sealing import Sealer
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW

COUNCILS = Path("councils").resolve()
CACHE = Path("var/cache/yaml").resolve()


@pytest.fixture
def councils(tmp_path: Path) -> Path:
    """The real files, of which a test may change those it takes for itself."""
    folder = tmp_path / "councils"
    for council in ("_baseline", "avonmere"):
        (folder / council).mkdir(parents=True)
        for path in (COUNCILS / council).iterdir():
            (folder / council / path.name).symlink_to(path)
    return folder


def own(path: Path) -> Path:
    """A copy in place of the link."""
    real = path.resolve()
    path.unlink()
    if real.is_dir():
        shutil.copytree(real, path)
    else:
        shutil.copyfile(real, path)
    return path


def serve(councils: Path, data: Path, monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    """What `guildhall serve` says when it does not start."""
    (data / "cache").mkdir(parents=True, exist_ok=True)
    (data / "cache" / "yaml").symlink_to(CACHE)
    settings = {"COUNCILS_DIR": str(councils), "DATA_DIR": str(data), "DATABASE_URL": "", "MASTER_KEY": "", **given}
    for name, value in settings.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", value)
    result = CliRunner().invoke(main, ["serve", "--port", "0"])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert "front door is open" not in result.output
    return result.output


def cut_short(path: Path) -> None:
    content = path.read_bytes()
    text = content.rfind(b': "')  # in the middle of a text, if there is one: elsewhere what is left may be a whole file
    path.write_bytes(content[: text + 4 if text >= 0 else len(content) // 2])


def not_yaml(path: Path) -> None:
    path.write_text("kind: rule\n  id: [", "utf-8")


def not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00rule")


@pytest.mark.parametrize("spoil", [cut_short, not_yaml, not_text])
@pytest.mark.parametrize("name", ["policy/hazard.gas.yaml", "wording/pl.yaml", "handoffs.yaml"])
def test_a_broken_file_of_the_baseline_is_named(councils: Path, name: str, spoil: Callable[[Path], None]) -> None:
    first, _, rest = name.partition("/")
    own(councils / "_baseline" / first)
    (councils / "avonmere" / "handoffs.yaml").unlink()  # so that the baseline's is read
    spoil(councils / "_baseline" / first / rest)
    with pytest.raises(ConfigurationError, match=Path(name).name):
        load_council(councils, "avonmere", CACHE)


def test_a_broken_rule_keeps_the_door_shut(councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    not_yaml(own(councils / "_baseline" / "policy") / "hazard.gas.yaml")
    assert "hazard.gas.yaml:2: this is not valid YAML" in serve(councils, tmp_path / "var", monkeypatch)


def test_a_missing_council_is_named(councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nowhere" in serve(councils, tmp_path / "var", monkeypatch, COUNCIL="nowhere")


@pytest.mark.parametrize("name", ["signals-en.npz", "languages.npz", "signals-nine.npz", "signals-en.json"])
def test_broken_weights_of_a_detector_are_named(councils: Path, name: str) -> None:
    cut_short(own(councils / "_baseline" / "detectors") / name)
    with pytest.raises(ConfigurationError, match=name):
        load_weights(councils / "_baseline")


def conversation_under(settings: Settings) -> None:
    """A deployment that has served somebody."""
    database = Database(settings.database)
    upgrade(database)
    ConversationStore(database, open_keys(settings, database), "avonmere", new_id, new_secret).start(Channel.WEB, "", NOW)
    database.close()


@pytest.mark.parametrize("lost", [True, False], ids=["missing", "another"])
def test_a_key_that_does_not_open_what_is_stored_is_said_before_anybody_comes(
    councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    data = tmp_path / "var"
    conversation_under(Settings(data_dir=data))
    file = data / "keys" / "master.key"
    if lost:
        file.unlink()
    else:
        file.write_bytes(secrets.token_bytes(32))
    said = serve(councils, data, monkeypatch)
    assert "master.key" in said
    assert "Put the right key back" in said


def test_a_key_of_the_wrong_size_or_shape_is_said(councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "base64" in serve(councils, tmp_path / "a", monkeypatch, MASTER_KEY="ä" * 40)
    assert "32 random bytes" in serve(councils, tmp_path / "b", monkeypatch, MASTER_KEY="c2hvcnQ=")


def test_the_right_key_opens_and_an_empty_database_needs_none(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    database = Database(settings.database)
    upgrade(database)
    check_keys_fit(settings, database, KeyRing(Sealer(secrets.token_bytes(32)), Database(f"sqlite:///{tmp_path}/other-keys.sqlite3")))
    conversation_under(settings)
    check_keys_fit(settings, database, open_keys(settings, database))
    database.close()


def test_a_database_that_is_no_database_is_said(councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "db.sqlite3").mkdir()
    said = serve(councils, tmp_path / "var", monkeypatch, DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")
    assert "the database cannot be used" in said
    assert "GUILDHALL_DATABASE_URL" in said


def test_a_database_of_a_newer_version_is_said(councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.sqlite3")
    upgrade(database)
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    database.close()
    said = serve(councils, tmp_path / "var", monkeypatch, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert "install the newer Guildhall" in said


def test_a_postgresql_that_does_not_answer_is_said(councils: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = serve(councils, tmp_path / "var", monkeypatch, DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    assert "the database cannot be used" in said
