"""Two processes decide the same drafts and are killed at any moment: each draft ends once, is told once, and has its person exactly when it should."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.conversations.ports import ToCheck
from guildhall.records.sealing import Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database, metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.reconciling import compare_log
from guildhall.storage.schema import events, handoffs
from guildhall.storage.threads import EntryKind, ThreadReader
from guildhall.testing.library import PASSAGES
from guildhall.vocabulary.ids import ServiceKey, TurnId
from guildhall.vocabulary.passages import Citation, Found
from guildhall.vocabulary.supervision import DraftStatus, Topic, TopicKind
from guildhall.vocabulary.turns import Channel, PartKind, ReplyPart
from tests.chaos.decider import open_at

LIVES = max(4, int(os.environ.get("GUILDHALL_TEST_KILLS", "12")) // 3)


def drafts_wait(address: str, many: int) -> None:
    """So many residents were told that a colleague is checking."""
    database, keys = Database(address), KeyRing(Sealer(bytes(32)), Database(f"{address}.keys"))
    metadata.create_all(database.engine)
    supervised = open_at(address, "9000")
    numbers = iter(range(10**6))
    store = ConversationStore(database, keys, "avonmere", lambda kind: f"{kind}-first-{next(numbers)}", lambda: "secret")
    page = PASSAGES["bulky"]
    cited = (Citation(page.id, page.title, page.section, page.url, page.updated),)
    answer = ReplyPart(PartKind.ANSWER, "You can book a collection of up to 5 large items.", "en", cited, service=ServiceKey("bulky-waste"))
    for number in range(many):
        conversation = store.start(Channel.WEB, "", supervised.clock())[0].id
        topic = Topic(TopicKind.SERVICE, "bulky-waste")
        supervised.queue(
            ToCheck(
                conversation, TurnId(f"turn-{number}"), topic, "bulky-waste", "front-desk", "en", "quoting@1", f"Question {number}?",
                (answer,), (Found(page, 0.9, 1),), supervised.clock(),
            )
        )  # fmt: skip
    database.close()


def decide_and_die(address: str, life: int, after: int) -> None:
    """Two deciders at once; each is killed once it was about to decide so many drafts."""
    command = [sys.executable, "-m", "tests.chaos.decider", address]
    deciders = [subprocess.Popen([*command, str(life + n)], stdout=subprocess.PIPE, text=True) for n in (0, 1)]
    for decider in deciders:
        assert decider.stdout is not None
        for _ in range(after):
            if decider.stdout.readline().strip() in ("done", ""):
                break
        decider.send_signal(signal.SIGKILL)
        decider.wait()
        decider.stdout.close()


@pytest.mark.chaos
def test_killed_at_any_moment_each_draft_ends_once_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    rng = random.Random(20261126)
    address = f"sqlite:///{tmp_path}/checking.sqlite3"
    drafts_wait(address, 12 * LIVES)
    for life in range(LIVES):
        decide_and_die(address, 2 * life, rng.randint(2, 12))
    supervised = open_at(address, "9001")
    supervised.tick(supervised.clock() + timedelta(hours=1))
    assert supervised.drafts.waiting() == ()
    database, keys = Database(address), KeyRing(Sealer(bytes(32)), Database(f"{address}.keys"))
    with database.reading() as connection:
        decided = Counter(connection.scalars(select(events.c.conversation_id).where(events.c.kind == "DraftDecided")))
        asked = Counter(connection.scalars(select(handoffs.c.conversation_id)))
        assert list(compare_log(connection, keys)) == []
    threads = ThreadReader(database, keys)
    ended = supervised.drafts.find()
    assert Counter(draft.status for draft in ended)[DraftStatus.APPROVED] >= 1
    for draft in ended:
        assert decided[draft.conversation_id] == 1
        assert asked[draft.conversation_id] == (1 if draft.status in (DraftStatus.REJECTED, DraftStatus.TIMED_OUT) else 0)
        replies = [entry for entry in threads.read(draft.conversation_id) if entry.kind == EntryKind.REPLY]
        assert len(replies) == 1
    database.close()
