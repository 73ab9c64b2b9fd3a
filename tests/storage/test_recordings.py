"""Recordings as files: their keys hang on the conversation's, erasure reaches them, and a crash loses a second."""

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.records.recordings import RATE, Piece
from guildhall.records.sealing import Sealer, SealError
from guildhall.storage.recordings import NewRecordings, RecordingFile, RecordingsFolder
from guildhall.vocabulary.errors import NotFoundError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SEALER = Sealer(bytes(32))
KEYS = {name: AESGCM(bytes([n]) * 32) for n, name in enumerate(("conv_1", "conv_2"))}
SECOND = Piece(0.0, b"\x11" * RATE, b"\x22" * RATE)


class Names:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self, kind: str) -> str:
        self.made += 1
        return f"{kind}_{self.made}"


NAMES = Names()


def record(folder: Path, conversation: str = "conv_1", at: datetime = NOON, seconds: int = 2) -> RecordingFile:
    head, key = NewRecordings(SEALER, KEYS.__getitem__, lambda: at, NAMES).begin(conversation)
    file = RecordingFile(folder, head, key)
    for n in range(seconds):
        file.add(replace(SECOND, at=float(n)))
    return file


def test_a_recording_opens_with_its_conversation_s_key_and_no_other(tmp_path: Path) -> None:
    record(tmp_path).close()
    folder = RecordingsFolder(tmp_path)
    (kept,) = folder.all()
    assert folder.tracks(kept, SEALER, KEYS["conv_1"]) == (b"\x11" * 2 * RATE, b"\x22" * 2 * RATE)
    with pytest.raises(SealError):
        folder.tracks(kept, SEALER, KEYS["conv_2"])


def test_what_was_written_before_a_crash_can_be_opened_and_nothing_lies_about_unsealed(tmp_path: Path) -> None:
    record(tmp_path)  # never closed, as by a process that dies
    folder = RecordingsFolder(tmp_path)
    (kept,) = folder.all()
    with kept.path.open("ab") as torn:
        torn.write(b"\x00\x00\x40\x00half a piece")
    assert len(folder.tracks(kept, SEALER, KEYS["conv_1"])[0]) == 2 * RATE
    assert all(b"\x11" * 32 not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_only_the_owner_of_the_process_can_read_the_files(tmp_path: Path) -> None:
    record(tmp_path).close()
    (kept,) = RecordingsFolder(tmp_path).all()
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700


def test_a_recording_without_sound_is_none(tmp_path: Path) -> None:
    record(tmp_path, seconds=0).close()
    assert RecordingsFolder(tmp_path).all() == ()


def test_erasure_takes_the_recordings_of_these_conversations_and_leaves_others(tmp_path: Path) -> None:
    for conversation in ("conv_1", "conv_1", "conv_2"):
        record(tmp_path, conversation).close()
    folder = RecordingsFolder(tmp_path)
    assert folder.holding(["conv_1", "conv_3"]) == {"conv_1"}
    assert folder.purge(["conv_1"]) == 2
    assert [kept.head.conversation for kept in folder.all()] == ["conv_2"]
    assert folder.purge(["conv_1"]) == 0 and folder.holding(["conv_1"]) == frozenset()


def test_a_call_whose_recording_is_erased_meanwhile_writes_no_more(tmp_path: Path) -> None:
    file = record(tmp_path)
    RecordingsFolder(tmp_path).purge(["conv_1"])
    with pytest.raises(OSError, match="deleted"):
        file.add(SECOND)
    file.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_those_that_are_over_are_told_by_when_they_began(tmp_path: Path) -> None:
    for days in (0, 40, 80):
        record(tmp_path, at=NOON - timedelta(days=days)).close()
    folder = RecordingsFolder(tmp_path)
    over = folder.before(NOON - timedelta(days=30))
    assert [kept.head.began_at for kept in over] == [NOON - timedelta(days=40), NOON - timedelta(days=80)]
    assert folder.delete(over) == 2 and folder.delete(over) == 0
    assert len(folder.all()) == 1


def test_a_recording_is_found_by_its_name_or_said_to_be_gone(tmp_path: Path) -> None:
    record(tmp_path).close()
    folder = RecordingsFolder(tmp_path)
    assert folder.find(folder.all()[0].head.recording) == folder.all()[0]
    with pytest.raises(NotFoundError, match="never made, or its time is over"):
        folder.find("recording_none")
    for strange in ("*", "../recording_1", "", "recording_?"):
        with pytest.raises(NotFoundError):
            folder.find(strange)


def test_other_files_in_the_folder_are_no_recordings(tmp_path: Path) -> None:
    (tmp_path / "2026-03-02").mkdir()
    (tmp_path / "2026-03-02" / "note.ghrec").write_bytes(b"hello")
    assert RecordingsFolder(tmp_path).all() == ()
