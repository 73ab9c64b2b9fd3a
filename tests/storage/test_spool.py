"""What the record could not take waits without words, and is recorded with its own time when it works again."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from guildhall.storage.record import Record, RecordError
from guildhall.storage.schema import events
from guildhall.storage.spool import SpooledRecord
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from tests.storage.memory import NOW, Memory


def event(number: int) -> Event:
    facts = {"outcome": "fail_safe", "number": number}
    words = {"utterance": "canary-in-the-mine"}
    at = NOW - timedelta(hours=1)
    return Event(EventId(f"late-{number}"), EventKind.TURN_COMPLETED, at, ConversationId("c"), TurnId(f"t{number}"), facts, words)


def other(number: int) -> Event:
    return Event(EventId(f"other-{number}"), EventKind.KNOWLEDGE_CHANGED, NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "testshire.jsonl"


@pytest.fixture
def spooled(memory: Memory, file: Path) -> SpooledRecord:
    return SpooledRecord(memory.record, memory.database, file)


def late(memory: Memory) -> list[Any]:
    with memory.database.reading() as connection:
        return list(connection.execute(select(events).where(events.c.id.like("late-%")).order_by(events.c.seq)).all())


def test_the_next_append_takes_in_what_waits_with_its_own_time(spooled: SpooledRecord, memory: Memory) -> None:
    spooled.keep(event(1))
    spooled.keep(event(2))
    assert spooled.waiting
    spooled.append([other(1)])
    assert not spooled.waiting
    rows = late(memory)
    assert [row.id for row in rows] == ["late-1", "late-2"]
    assert {row.at for row in rows} == {NOW - timedelta(hours=1)}
    assert json.loads(rows[0].facts) == {"outcome": "fail_safe", "number": 1, "recorded_late": True}


def test_no_words_are_in_the_file(spooled: SpooledRecord, file: Path) -> None:
    spooled.keep(event(1))
    assert "late-1" in file.read_text("utf-8")
    assert "canary" not in file.read_text("utf-8")


def test_another_process_takes_in_what_a_dead_one_left(spooled: SpooledRecord, memory: Memory, file: Path) -> None:
    spooled.keep(event(1))
    assert SpooledRecord(memory.record, memory.database, file).take_in() == 1
    assert [row.id for row in late(memory)] == ["late-1"]
    assert not spooled.waiting


def test_what_is_in_the_record_already_is_not_taken_in_twice(spooled: SpooledRecord, memory: Memory, file: Path) -> None:
    spooled.keep(event(1))
    left = file.read_bytes()
    spooled.take_in()
    file.write_bytes(left)  # as after a crash between taking in and emptying
    spooled.keep(event(2))
    assert spooled.take_in() == 1
    assert [row.id for row in late(memory)] == ["late-1", "late-2"]


class FailingRecord(Record):
    def append(self, batch: Any) -> None:
        raise RecordError("the disk is full")


def test_what_cannot_be_recorded_yet_stays(memory: Memory, file: Path, spooled: SpooledRecord) -> None:
    spooled.keep(event(1))
    failing = SpooledRecord(FailingRecord(memory.database, memory.keys), memory.database, file)
    assert failing.take_in() == 0
    assert failing.waiting
    spooled.append([other(1)])
    assert len(late(memory)) == 1


def test_a_line_that_was_cut_short_loses_no_other(spooled: SpooledRecord, memory: Memory, file: Path) -> None:
    spooled.keep(event(1))
    whole = file.read_text("utf-8")
    file.write_text(whole[: len(whole) // 2] + "\n" + whole, "utf-8")
    assert spooled.take_in() == 1
    assert [row.id for row in late(memory)] == ["late-1"]


def test_when_the_file_cannot_be_written_the_facts_wait_in_memory(spooled: SpooledRecord, memory: Memory, file: Path) -> None:
    file.mkdir(parents=True)  # nothing can be written there
    spooled.keep(event(1))
    assert spooled.waiting
    spooled.append([other(1)])
    assert spooled.waiting
    file.rmdir()
    spooled.append([other(2)])
    assert [row.id for row in late(memory)] == ["late-1"]
    assert not spooled.waiting


def test_an_append_that_fails_takes_nothing_in_and_says_so(memory: Memory, file: Path) -> None:
    failing = SpooledRecord(FailingRecord(memory.database, memory.keys), memory.database, file)
    failing.keep(replace(event(1), conversation_id=None, turn_id=None))
    with pytest.raises(RecordError):
        failing.append([other(1)])
    assert failing.waiting
