"""How far each side has read only moves on, and every process hears of it."""

import queue
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guildhall.storage.changes import Change, Changes
from guildhall.storage.read_marks import RESIDENT, SEEN, ReadMarks
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.storage.where import open_database


@pytest.fixture
def conversation(memory: Memory) -> str:
    return memory.conversations.start(Channel.WEB, "", NOW)[0].id


def test_a_mark_moves_on_and_never_back(memory: Memory, conversation: str) -> None:
    marks = ReadMarks(memory.database)
    assert marks.mark(conversation, RESIDENT, 7, NOW)
    assert not marks.mark(conversation, RESIDENT, 7, NOW)
    assert not marks.mark(conversation, RESIDENT, 3, NOW)
    assert marks.mark(conversation, RESIDENT, 9, NOW)
    assert marks.of(conversation) == {RESIDENT: 9}


def test_what_staff_have_seen_is_the_furthest_of_them_and_not_the_residents_own(memory: Memory, conversation: str) -> None:
    marks = ReadMarks(memory.database)
    assert marks.seen_by_staff(conversation) == 0
    marks.mark(conversation, RESIDENT, 20, NOW)
    marks.mark(conversation, "staff-1", 5, NOW)
    marks.mark(conversation, "staff-2", 8, NOW)
    assert marks.seen_by_staff(conversation) == 8


def test_another_process_hears_that_somebody_read_further(memory: Memory, conversation: str, tmp_path: Path) -> None:
    heard: queue.Queue[Change] = queue.Queue()
    changes = Changes(open_database(tmp_path / "test.sqlite3"), poll_seconds=0.01)
    changes.listen(heard.put)
    ReadMarks(memory.database).mark(conversation, "staff-1", 5, NOW)
    change = heard.get(timeout=5)
    assert (change.kind, change.by, change.conversation_id) == ("typing", SEEN, conversation)
    changes.close()


def test_marks_set_at_the_same_time_by_many_leave_the_furthest(memory: Memory, conversation: str) -> None:
    marks = ReadMarks(memory.database)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seq: marks.mark(conversation, RESIDENT, seq, NOW), range(1, 41)))
    assert marks.of(conversation) == {RESIDENT: 40}
