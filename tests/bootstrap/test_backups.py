"""A copy that is put back brings back no erased word, and copies of words and of keys lie apart."""

import os
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap.backups import Backups, What, open_backups
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError, NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from tests.bootstrap.deployment import CANARY, Deployment, bytes_everywhere
from tests.storage.where import SERVER

pytestmark = pytest.mark.skipif(bool(SERVER), reason="PostgreSQL has its own means of copying")


def copies(deployment: Deployment) -> tuple[Backups, Path, Path]:
    backups = Backups(deployment.rights)
    main, _ = backups.make(What.MAIN, "Pat")
    keys, _ = backups.make(What.KEYS, "Pat")
    return backups, main, keys


def restore(backups: Backups, what: What, copy: Path, drill: bool = False) -> int:
    return backups.restore(what, copy, "Pat Officer", "disk lost", drill).erased_again


def test_after_both_copies_are_put_back_the_erased_words_stay_gone(deployment: Deployment) -> None:
    erased, kept = deployment.say(CANARY), deployment.say("kept words")
    deployment.callback(erased, CANARY)
    backups, main, keys = copies(deployment)
    deployment.erase(erased)
    lost = deployment.say("said after the copy")
    assert restore(backups, What.MAIN, main) == 3
    assert restore(backups, What.KEYS, keys) == 1
    assert deployment.words(erased) == []
    with pytest.raises(NotFoundError):
        deployment.keys.get(erased)
    assert Deployment(deployment.folder).words(kept) == ["kept words"]
    assert deployment.words(lost) == []
    assert bytes_everywhere(deployment.folder, CANARY) == []
    noted = deployment.events(EventKind.BACKUP_RESTORED)
    assert [(n["what"], n["erased_again"], n["reason"]) for n in noted] == [("main", 3, "disk lost"), ("keys", 1, "disk lost")]


def test_a_drill_says_what_would_happen_and_changes_nothing(deployment: Deployment) -> None:
    erased = deployment.say(CANARY)
    backups, main, _ = copies(deployment)
    deployment.erase(erased)
    kept = deployment.say("said after the copy")
    assert restore(backups, What.MAIN, main, drill=True) == 2
    assert deployment.words(kept) == ["said after the copy"]
    assert not list(deployment.folder.glob("restore-*"))


def test_files_copied_back_by_hand_are_caught_when_the_house_opens(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "var")
    erased = deployment.say(CANARY)
    _, main, keys = copies(deployment)
    deployment.erase(erased)
    deployment.rights.close()
    for copy, live in ((main, tmp_path / "var" / "guildhall.sqlite3"), (keys, tmp_path / "var" / "keys" / "keys.sqlite3")):
        for ending in ("-wal", "-shm"):
            Path(f"{live}{ending}").unlink(missing_ok=True)
        shutil.copy(copy, live)
    again = Deployment(tmp_path / "var")
    with pytest.raises(NotFoundError):
        again.keys.get(erased)
    assert again.words(erased) == []
    assert Backups(again.rights).replay() == 1
    assert Backups(again.rights).replay() == 0


def test_the_list_of_what_was_erased_survives_the_loss_of_the_key_store(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "var")
    erased = deployment.say(CANARY)
    deployment.erase(erased)
    deployment.rights.close()
    shutil.rmtree(tmp_path / "var" / "keys")
    assert [stone.conversation_id for stone in Deployment(tmp_path / "var").keys.all_erased()] == [erased]


def test_the_list_is_written_again_from_the_key_store(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "var")
    erased = deployment.say(CANARY)
    deployment.erase(erased)
    deployment.settings.erased.unlink()
    assert Deployment(tmp_path / "var").settings.erased.read_text().count(erased) == 1


def test_copies_hold_no_word_in_the_open_and_only_their_owner_reads_them(deployment: Deployment) -> None:
    deployment.say(CANARY)
    _, main, keys = copies(deployment)
    assert bytes_everywhere(deployment.folder, CANARY) == []
    assert main.parent != keys.parent
    assert [path.stat().st_mode & 0o077 for path in (main, keys)] == [0, 0]
    with sqlite3.connect(main) as opened:
        assert opened.execute("select count(*) from conversation_keys").fetchone() == (0,)
    opened.close()


def test_copies_of_keys_past_their_schedule_are_deleted_with_the_next_copy(deployment: Deployment) -> None:
    backups, _, keys = copies(deployment)
    old = (deployment.clock() - timedelta(days=36)).timestamp()
    os.utime(keys, (old, old))
    deployment.clock.move(seconds=1)
    path, deleted = backups.make(What.KEYS, "Pat")
    assert (deleted, keys.exists(), path.exists()) == (1, False, True)


def test_what_is_no_sound_copy_is_refused_and_nothing_changes(deployment: Deployment, tmp_path: Path) -> None:
    conversation = deployment.say(CANARY)
    backups, main, keys = copies(deployment)
    with pytest.raises(RefusedError, match="there is no copy at"):
        restore(backups, What.MAIN, tmp_path / "nothing")
    (tmp_path / "text").write_text("not a database, but long enough to be looked at " * 50)
    with pytest.raises(RefusedError, match="is no copy of a database"):
        restore(backups, What.MAIN, tmp_path / "text")
    with pytest.raises(RefusedError, match="is no copy of the database; is it the one of `keys`"):
        restore(backups, What.MAIN, keys)
    broken = bytearray(main.read_bytes())
    broken[len(broken) // 2 : len(broken) // 2 + 4096] = b"\xff" * 4096
    (tmp_path / "broken").write_bytes(broken)
    with pytest.raises(RefusedError, match=r"is damaged|is no copy of a database"):
        restore(backups, What.MAIN, tmp_path / "broken")
    with pytest.raises(RefusedError, match="a name and a reason"):
        backups.restore(What.MAIN, main, "", "disk lost", drill=False)
    assert deployment.words(conversation) == [CANARY]


def test_one_folder_for_both_kinds_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, backups_dir=str(tmp_path / "b"), key_backups_dir=str(tmp_path / "b"))
    with pytest.raises(ConfigurationError, match="GUILDHALL_KEY_BACKUPS_DIR"):
        open_backups(settings)
