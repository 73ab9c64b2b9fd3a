"""Killed at any moment between claiming, sending and marking, the outbox loses no message and sends none twice, whoever takes over."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.records.sealing import Sealer
from guildhall.storage.after_schema import notifications
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database, metadata
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.notifications import FollowUpMessage, put_alert, put_follow_up
from guildhall.vocabulary.aftercare import FollowUpKind
from guildhall.vocabulary.notifications import MessageChannel, MessageStatus, Outgoing
from guildhall.vocabulary.turns import Channel
from tests.providers.notifications.double import NotifyDouble, notify_double

KILLS = int(os.environ.get("GUILDHALL_TEST_KILLS", "12"))
MESSAGES = 30
NOW = datetime.now(UTC)
MOODS = ("drop_after", "junk_after", "500", "429", "drop_before", "ok")


def filled(database_file: Path) -> Database:
    """An outbox with follow-ups and alerts that wait."""
    database = Database(f"sqlite:///{database_file}")
    metadata.create_all(database.engine)
    keys = KeyRing(Sealer(bytes(32)), Database(f"sqlite:///{database_file}.keys"))
    numbers = iter(range(10**6))

    def new_id(kind: str) -> str:
        return f"{kind[:4]}_{next(numbers)}"

    conversations = ConversationStore(database, keys, "testshire", new_id, lambda: "secret")
    asked, writer = FollowUpStore(database, keys, new_id), EventWriter(keys, new_id)
    conversation = conversations.start(Channel.WEB, "en", NOW)[0].id
    asked.ask(conversation, FollowUpKind.TEXT, "07700 900123", "en", NOW)
    with database.writing() as connection:
        lock(connection, conversation)
        for number in range(MESSAGES):
            outgoing = Outgoing(f"{conversation}.even_{number}", MessageChannel.SMS, "07700 900123", "follow_up.text", f"text {number}")
            message = FollowUpMessage(outgoing, conversation, "AAAA-BBBB", "en")
            assert put_follow_up(connection, keys, writer, message, frozenset(), NOW) is None
            alert = Outgoing(f"safe_{number}.0.sms", MessageChannel.SMS, "", "alert.safeguarding", f"alert {number}", "An alert")
            put_alert(connection, writer, alert, f"safe_{number}", "lead", NOW)
    keys.database.close()
    return database


def waiting(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(notifications.c.id).where(notifications.c.status == MessageStatus.WAITING.value)).all())


def life(database_file: Path, where: str, stop_at: int) -> None:
    """One process, killed after so many lines of what it says, or when it has nothing to do for a while."""
    command = [sys.executable, "-m", "tests.chaos.sender", str(database_file), where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, _ in enumerate(line for line in process.stdout if line != "idle\n"):
            if number >= stop_at:
                break
        process.kill()


def finish(database: Database, database_file: Path, where: str) -> None:
    """Two processes at once, until nothing waits."""
    command = [sys.executable, "-m", "tests.chaos.sender", str(database_file), where]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    deadline = time.monotonic() + 50
    with database.writing() as connection:  # what was put off need not be waited for
        connection.execute(notifications.update().where(notifications.c.next_at.is_not(None)).values(next_at=NOW))
    while waiting(database) and time.monotonic() < deadline:
        time.sleep(0.1)
        with database.writing() as connection:
            later = notifications.c.next_at > datetime.now(UTC)
            connection.execute(notifications.update().where(later, notifications.c.trying_at.is_(None)).values(next_at=NOW))
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def double() -> Iterator[NotifyDouble]:
    with notify_double() as served:
        yield served


@pytest.mark.chaos
def test_killed_anywhere_each_message_arrives_once_at_a_service_that_fails_too(tmp_path: Path, double: NotifyDouble) -> None:
    rng = random.Random(20261126)
    file = tmp_path / "outbox.sqlite3"
    database = filled(file)
    for number in range(KILLS):
        double.moods = [rng.choice(MOODS)] if number % 3 == 0 else []
        life(file, double.url, rng.randint(1, 14))
    double.moods = []
    finish(database, file, double.url)
    assert waiting(database) == 0
    assert set(double.deliveries.values()) == {1}
    assert len(double.deliveries) == 2 * MESSAGES
    database.close()


@pytest.mark.chaos
def test_killed_anywhere_each_message_is_one_file(tmp_path: Path) -> None:
    rng = random.Random(7)
    file, folder = tmp_path / "outbox.sqlite3", tmp_path / "outbox"
    database = filled(file)
    for _ in range(KILLS // 2):
        life(file, str(folder), rng.randint(1, 14))
    finish(database, file, str(folder))
    assert waiting(database) == 0
    arrived = Counter(path.name for path in folder.glob("[!.]*.json"))
    assert len(arrived) == 2 * MESSAGES
    database.close()
