"""Full, gone, replaced or locked: the resident gets safety words and a number, and the record says so when it can be written again."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from guildhall.conversations.runner import run_turn
from guildhall.storage import database as storage
from guildhall.storage.spool import SpooledRecord
from guildhall.vocabulary.outcomes import Outcome, Person
from guildhall.vocabulary.turns import Channel, Conversation, ReplyPart, Turn, Utterance
from tests.chaos.trouble import Wire, full_disk, locked, removed, replaced_by_a_copy
from tests.conversations.talk import Talk, profile
from tests.storage import where
from tests.storage.memory import Memory
from tests.storage.where import SERVER

BULKY = "How much is a bulky waste collection?"
sqlite_only = pytest.mark.skipif(bool(SERVER), reason="about SQLite files")
postgresql_only = pytest.mark.skipif(not SERVER, reason="needs GUILDHALL_TEST_POSTGRESQL")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 300)
    monkeypatch.setattr(storage, "REST_SECONDS", 0.2)


def spooled_talk(memory: Memory, folder: Path) -> Talk:
    spool = SpooledRecord(memory.record, memory.database, folder / "spool" / "events.jsonl")
    return Talk(memory, records=spool, spool=spool)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    memory = Memory(tmp_path / "trouble.sqlite3")
    yield spooled_talk(memory, tmp_path)
    memory.database.close()


Trouble = Callable[[Talk, Path], AbstractContextManager[None]]
TROUBLES: dict[str, Trouble] = {
    "full disk": lambda talk, folder: full_disk(talk.memory.database),
    "file removed": lambda talk, folder: removed(folder / "trouble.sqlite3"),
    "file locked": lambda talk, folder: locked(folder / "trouble.sqlite3"),
}


def facts(talk: Talk) -> list[dict[str, Any]]:
    return [turn.facts for turn in talk.memory.conversations.transcript(talk.id) if turn.completed]


@pytest.fixture(params=list(TROUBLES))
def trouble(request: pytest.FixtureRequest, talk: Talk, tmp_path: Path) -> AbstractContextManager[None]:
    talk.say(BULKY)  # all was well before
    for number in range(8):  # no free room inside the pages that are there
        talk.memory.conversations.start(talk.conversation().channel, "", talk.clock.now)
        talk.say(f"{BULKY} {number} {'x' * 3000}")
    return TROUBLES[request.param](talk, tmp_path)


@sqlite_only
def test_a_question_gets_the_number_of_a_person_and_the_record_says_so_later(talk: Talk, trouble: AbstractContextManager[None]) -> None:
    before = len(facts(talk))
    conversation = talk.conversation()
    with trouble:
        turn = in_trouble(talk, conversation, BULKY)
        happened_at = talk.clock.now
    assert (turn.outcome, turn.reply.person) == (Outcome.FAIL_SAFE, Person.OFFERED)
    assert "we could not keep your message" in turn.reply.text
    assert (profile().council.contact.phone or "") in turn.reply.text
    time.sleep(0.25)
    talk.clock.move(minutes=7)
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    after = facts(talk)
    assert len(after) == before + 2
    (late,) = [fact for fact in after if fact.get("recorded_late")]
    assert (late["outcome"], late["received_at"]) == ("fail_safe", happened_at.isoformat())


@sqlite_only
def test_somebody_in_distress_reads_safety_words_first_although_nothing_can_be_kept(
    talk: Talk, trouble: AbstractContextManager[None]
) -> None:
    conversation = talk.conversation()
    with trouble:
        turn = in_trouble(talk, conversation, "I want to kill myself")
    assert turn.reply.parts[0].wording == "crisis.suicide_self_harm"
    assert "116 123" in turn.reply.text
    assert turn.reply.sensitive
    time.sleep(0.25)
    talk.say(BULKY)
    (late,) = [fact for fact in facts(talk) if fact.get("recorded_late")]
    assert late["signals"][0]["category"] == "suicide_self_harm"
    assert "crisis.suicide_self_harm" in late["wording"]


def in_trouble(talk: Talk, conversation: Conversation, words: str) -> Turn:
    items = list(run_turn(talk.house, conversation, Utterance(words, Channel.WEB, talk.clock())))
    shown, turn = [item for item in items if isinstance(item, ReplyPart)], items[-1]
    assert isinstance(turn, Turn)
    assert tuple(shown) == turn.reply.parts
    return turn


@sqlite_only
def test_a_file_that_is_put_back_from_a_copy_is_used_without_a_restart(talk: Talk, tmp_path: Path) -> None:
    talk.say(BULKY)
    replaced_by_a_copy(tmp_path / "trouble.sqlite3")
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    talk.memory.database.close()
    fresh = Memory(tmp_path / "trouble.sqlite3")  # as another process finds the file that lies there
    assert len(fresh.conversations.transcript(talk.id)) == 2


@sqlite_only
def test_a_removed_file_is_never_made_anew_and_empty(talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "trouble.sqlite3"
    conversation = talk.conversation()
    with removed(file):
        in_trouble(talk, conversation, BULKY)
        assert not file.exists()


@sqlite_only
def test_residents_do_not_queue_behind_a_locked_database(talk: Talk, tmp_path: Path) -> None:
    talk.say(BULKY)
    conversation = talk.conversation()
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda: outcomes.append(in_trouble(talk, conversation, BULKY).outcome)) for _ in range(16)]
    started = time.monotonic()
    with locked(tmp_path / "trouble.sqlite3"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == [Outcome.FAIL_SAFE] * 16
    assert time.monotonic() - started < 16 * 0.3  # one after the other, each with its own wait, would take far longer


@postgresql_only
def test_a_stopped_postgresql_ends_in_the_human_route_and_a_late_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = make_url(SERVER)
    wire = Wire(server.host or "127.0.0.1", server.port or 5432)
    monkeypatch.setattr(where, "SERVER", server.set(port=wire.port).render_as_string(hide_password=False))
    memory = Memory(tmp_path / "wired.sqlite3")
    talk = spooled_talk(memory, tmp_path)
    talk.say(BULKY)
    conversation = talk.conversation()
    wire.cut()
    turn = in_trouble(talk, conversation, "I want to kill myself")
    assert turn.reply.parts[0].wording == "crisis.suicide_self_harm"
    assert "we could not keep your message" in turn.reply.text
    wire.mend()
    time.sleep(0.25)
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    assert [fact["outcome"] for fact in facts(talk)].count("fail_safe") == 1
    memory.database.close()
    wire.cut()
