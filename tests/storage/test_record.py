"""The record: durable, all or none, many writers, and no words in the open."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from guildhall.storage.record import RecordError
from guildhall.storage.schema import events
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory


def event(memory: Memory, conversation: str, text: str = "", event_id: str = "") -> Event:
    words = {"utterance": text} if text else {}
    return Event(
        EventId(event_id or memory.new_id("event")),
        EventKind.UTTERANCE_RECEIVED,
        NOW,
        ConversationId(conversation),
        TurnId("t1"),
        {"n": 1},
        words,
    )


def count(memory: Memory) -> int:
    with memory.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(events).where(events.c.kind == "UtteranceReceived")).scalar_one()


def test_what_was_appended_is_there_for_another_connection(memory: Memory) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    memory.record.append([event(memory, conversation.id, "where is my bin")])
    (turn,) = memory.conversations.transcript(conversation.id)
    assert turn.utterance == "where is my bin"
    assert not turn.completed


def test_words_are_nowhere_in_the_database_file(memory: Memory, tmp_path: Path) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    memory.record.append([event(memory, conversation.id, "canary-in-the-mine")])
    memory.database.close()
    assert all(b"canary-in-the-mine" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_batch_with_one_bad_event_is_refused_whole(memory: Memory) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    with pytest.raises(RecordError):
        memory.record.append([event(memory, conversation.id, event_id="same"), event(memory, conversation.id, event_id="same")])
    assert count(memory) == 0


def test_events_of_a_conversation_without_a_key_are_refused(memory: Memory) -> None:
    with pytest.raises(RecordError, match="NotFoundError"):
        memory.record.append([event(memory, "nobody", "hello")])


def test_many_writers_lose_nothing_and_a_bad_one_harms_no_other(memory: Memory) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    failed: list[str] = []

    def write(worker: int) -> None:
        for number in range(20):
            try:
                memory.record.append(
                    [event(memory, conversation.id if (worker, number) != (3, 7) else "nobody", "hi", f"{worker}-{number}")]
                )
            except RecordError:
                failed.append(f"{worker}-{number}")

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == ["3-7"]
    assert count(memory) == 8 * 20 - 1
