"""Keys apart: moved out of older databases, bound to one conversation and one person, destroyed for good."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from guildhall.bootstrap.keys import open_keys
from guildhall.records.sealing import Sealer, SealError
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.moving_keys import move_old_keys
from guildhall.storage.schema import conversation_keys, payloads
from guildhall.storage.tombstones import Tombstone, TombstoneFile
from guildhall.vocabulary.errors import ConfigurationError, NotFoundError
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.storage.where import OPENED, open_database

SEALER = Sealer(bytes(32))


def ring(path: Path) -> KeyRing:
    return KeyRing(SEALER, open_database(path))


def test_keys_of_an_older_database_are_moved_and_still_open_what_they_sealed(memory: Memory) -> None:
    wrapped = {f"old-{n}": SEALER.new_key(f"old-{n}") for n in range(3)}
    sealed = {c: SEALER.seal(SEALER.unwrap(w, c), {"utterance": c}, "e1") for c, w in wrapped.items()}
    with memory.database.writing() as connection:
        connection.execute(insert(conversation_keys), [{"conversation_id": c, "wrapped": w} for c, w in wrapped.items()])
    memory.keys.destroy(["old-2"], "erasure-1", NOW)
    assert move_old_keys(memory.database, memory.keys) == 3
    for conversation in ("old-0", "old-1"):
        assert SEALER.open(memory.keys.get(conversation), sealed[conversation], "e1") == {"utterance": conversation}
    with pytest.raises(NotFoundError):  # erased before it was moved
        memory.keys.get("old-2")
    with memory.database.reading() as connection:
        assert connection.execute(select(conversation_keys)).all() == []
    assert move_old_keys(memory.database, memory.keys) == 0


def test_a_move_cut_short_goes_on_the_next_time(memory: Memory) -> None:
    wrapped = SEALER.new_key("old")
    memory.keys.add({"old": SEALER.key_of(wrapped, "old")})
    key = memory.keys.get("old")
    with memory.database.writing() as connection:  # it was added there, and the process died before it was deleted here
        connection.execute(insert(conversation_keys).values(conversation_id="old", wrapped=wrapped))
    move_old_keys(memory.database, memory.keys)
    sealed = SEALER.seal(key, {"utterance": "x"}, "e1")
    assert SEALER.open(ring_of(memory).get("old"), sealed, "e1") == {"utterance": "x"}


def ring_of(memory: Memory) -> KeyRing:
    return KeyRing(SEALER, memory.keys.database)


def test_each_conversation_has_a_person_of_its_own_until_they_are_linked(tmp_path: Path) -> None:
    keys = ring(tmp_path / "k")
    for conversation in ("c1", "c2", "c3"):
        keys.create(conversation)
    assert len({keys.subject_of(c) for c in ("c1", "c2", "c3")}) == 3
    sealed = SEALER.seal(keys.get("c2"), {"utterance": "x"}, "e1")
    subject = keys.link(["c1", "c2"])
    assert keys.conversations_of(subject) == ("c1", "c2")
    fresh = KeyRing(SEALER, keys.database)
    assert SEALER.open(fresh.get("c2"), sealed, "e1") == {"utterance": "x"}
    assert keys.link(["c1", "c2"]) == subject


def test_a_key_is_made_once_and_a_destroyed_one_cannot_be_used_or_made_again_by_moving(tmp_path: Path) -> None:
    keys = ring(tmp_path / "k")
    keys.create("c1")
    before = keys.subject_of("c1")
    keys.create("c1")
    assert keys.subject_of("c1") == before
    assert keys.destroy(["c1", "never"], "e1", NOW) == 1
    assert keys.destroy(["c1", "never"], "e1", NOW) == 0
    with pytest.raises(NotFoundError, match="its words were erased"):
        keys.subject_of("c1")
    assert keys.erased_among(["c1", "c9"]) == {"c1"}


def test_linking_what_was_erased_links_nothing(tmp_path: Path) -> None:
    keys = ring(tmp_path / "k")
    keys.create("c1")
    keys.create("c2")
    keys.destroy(["c2"], "e1", NOW)
    with pytest.raises(NotFoundError):
        keys.link(["c1", "c2"])


def test_only_so_many_keys_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.storage.keys.KEPT", 8)
    keys = ring(tmp_path / "k")
    keys.add({f"c{n}": b"" for n in range(12)})
    for n in range(12):
        keys.get(f"c{n}")
    assert list(keys._kept) == [f"c{n}" for n in range(4, 12)]


def test_the_key_store_may_not_be_the_main_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/one.sqlite3"
    with pytest.raises(ConfigurationError, match="GUILDHALL_KEYS_DATABASE_URL"):
        open_keys(Settings(data_dir=tmp_path, database_url=url, keys_database_url=url), Database(url))


def test_opening_the_deployments_keys_moves_old_ones(tmp_path: Path, memory: Memory) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    keys = open_keys(settings, memory.database)
    OPENED.append(keys.database)
    wrapped = keys.sealer.new_key("old")
    with memory.database.writing() as connection:
        connection.execute(insert(conversation_keys).values(conversation_id="old", wrapped=wrapped))
    again = open_keys(settings, memory.database)
    OPENED.append(again.database)
    assert again.get("old")


def test_an_empty_key_store_beside_sealed_words_is_said(tmp_path: Path, memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    memory.conversations.start(Channel.WEB, "en", NOW)
    with memory.database.writing() as connection:
        connection.execute(insert(payloads).values(event_id="e1", conversation_id="c1", sealed=b"sealed"))
    OPENED.append(open_keys(Settings(data_dir=tmp_path / "var"), memory.database).database)
    assert "The key store is empty" in capsys.readouterr().err


def test_a_wrapped_key_opens_only_under_the_key_it_was_wrapped_with() -> None:
    over, other = bytes([1]) * 32, bytes([2]) * 32
    wrapped = SEALER.new_key("c1", over)
    assert SEALER.key_of(wrapped, "c1", over)
    for under in (other, b""):
        with pytest.raises(SealError):
            SEALER.key_of(wrapped, "c1", under)


def test_the_list_of_what_was_erased_is_read_past_a_last_line_cut_short(tmp_path: Path) -> None:
    file = TombstoneFile(tmp_path / "erased.jsonl")
    assert list(file) == []
    file.add([Tombstone("c1", "e1", NOW)])
    file.add([])
    with file.path.open("a") as opened:
        opened.write('{"conversation": "c2", "era')
    assert [stone.conversation_id for stone in file] == ["c1"]


def test_a_spoilt_line_of_the_list_is_told_with_its_number(tmp_path: Path) -> None:
    file = TombstoneFile(tmp_path / "erased.jsonl")
    file.path.write_text("nonsense\n")
    file.add([Tombstone("c1", "e1", NOW)])
    with pytest.raises(ConfigurationError, match=r"erased.jsonl:1: this line is no tombstone"):
        list(file)
