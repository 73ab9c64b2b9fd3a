"""Killed at any moment, nothing that was shown is missing from the record, and the conversation goes on after a restart."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from guildhall.conversations.recording import part_as_json
from guildhall.records.sealing import Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.reconciling import compare_log

KILLS = int(os.environ.get("GUILDHALL_TEST_KILLS", "12"))


def live_and_die(database: Path, conversation: str, life: int, lines: int) -> tuple[str, list[dict[str, object]]]:
    """Run the speaker until it has shown some lines, kill it, and give back all that was seen."""
    command = [sys.executable, "-m", "tests.chaos.speaker", str(database), conversation, str(life)]
    seen: list[dict[str, object]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as speaker:
        assert speaker.stdout is not None
        for line in speaker.stdout:
            seen.append(json.loads(line))
            if len(seen) >= lines:
                speaker.send_signal(signal.SIGKILL)
                break
        seen += [json.loads(line) for line in speaker.stdout if line.endswith("}\n")]
    assert seen, "the speaker died before it could speak"
    return str(seen[0]["conversation"]), seen[1:]


@pytest.mark.chaos
def test_a_process_killed_at_any_moment_loses_nothing_that_was_shown(tmp_path: Path) -> None:
    rng = random.Random(20261125)
    database_file = tmp_path / "chaos.sqlite3"
    conversation, shown, finished = "", [], []
    for life in range(KILLS):
        conversation, seen = live_and_die(database_file, conversation, life, rng.randint(2, 25))
        shown += [item["part"] for item in seen if "part" in item]
        finished += [item["turn"] for item in seen if "turn" in item]
    keys = KeyRing(Sealer(bytes(32)), Database(f"sqlite:///{database_file}.keys"))
    database = Database(f"sqlite:///{database_file}")
    store = ConversationStore(database, keys, "avonmere", str, str)
    kept = store.transcript(conversation)
    parts = [part_as_json(part) for turn in kept for part in turn.parts]
    assert len(shown) > KILLS
    missing = Counter(map(json.dumps, shown)) - Counter(map(json.dumps, parts))
    assert not missing
    assert set(finished) <= {turn.id for turn in kept if turn.completed}
    with database.reading() as connection:
        assert list(compare_log(connection, keys)) == []  # each event with its place in the log, or neither
    database.close()
