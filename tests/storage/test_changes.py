"""What happens in one process is heard in another: ids only, and nothing is missed."""

import queue
from pathlib import Path

from guildhall.storage.changes import Change, Changes, say_typing
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.storage.where import open_database


def test_events_and_typing_of_another_connection_are_heard(memory: Memory, tmp_path: Path) -> None:
    heard: queue.Queue[Change] = queue.Queue()
    changes = Changes(open_database(tmp_path / "test.sqlite3"), poll_seconds=0.01)
    stop = changes.listen(heard.put)
    conversation = memory.conversations.start(Channel.WEB, "", NOW)[0].id
    first = heard.get(timeout=5)
    assert (first.kind, first.conversation_id) == ("ConversationStarted", conversation)
    say_typing(memory.database, conversation, "resident", NOW)
    typed = heard.get(timeout=5)
    assert (typed.kind, typed.by) == ("typing", "resident")
    stop()
    changes.close()
