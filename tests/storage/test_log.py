"""Every event has its place in the log, with its transaction or not at all; checkpoints lead on from each other."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import column, delete, insert, select, table, update

from guildhall.records.checkpoints import OPERATOR, Signer, parse_checkpoint
from guildhall.records.commitments import as_stored, opens
from guildhall.records.log_record import read_record
from guildhall.records.merkle import consistent, includes, leaf_hash, root_of
from guildhall.records.sealing import Sealer
from guildhall.storage.checkpoints import CheckpointStore, ForkError
from guildhall.storage.database import UtcDateTime
from guildhall.storage.keys import KeyRing
from guildhall.storage.log import LogHashes, log_records, log_tiles
from guildhall.storage.migrating import alembic_config, upgrade
from guildhall.storage.reconciling import compare_log
from guildhall.storage.record import Record, RecordError
from guildhall.storage.schema import events, payloads
from guildhall.vocabulary.errors import GuildhallError, NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.storage.where import open_database

LOG = Signer("council.example/record", bytes(range(32)))
OLD_EVENTS = table("events", *(column(name) for name in ("id", "kind", "conversation_id", "turn_id", "facts")), column("at", UtcDateTime()))
OLD_PAYLOADS = table("payloads", column("event_id"), column("conversation_id"), column("sealed"))


def said(memory: Memory, conversation: str = "", words: str = "hello", facts: dict[str, float] | None = None) -> Event:
    return Event(
        EventId(memory.new_id("event")),
        EventKind.TURN_COMPLETED if conversation else EventKind.KNOWLEDGE_CHANGED,
        NOW,
        ConversationId(conversation) if conversation else None,
        TurnId("turn_1") if conversation else None,
        facts or {"confidence": 0.5},
        {"utterance": words} if conversation else {},
    )


def filled(memory: Memory, count: int) -> None:
    memory.record.append([said(memory) for _ in range(count)])


def records(memory: Memory) -> list[bytes]:
    with memory.database.reading() as connection:
        return list(connection.execute(select(log_records.c.record).order_by(log_records.c.seq)).scalars())


def store(memory: Memory) -> CheckpointStore:
    return CheckpointStore(memory.database, lambda: NOW)


def test_every_event_has_a_record_in_order_that_names_the_one_before(memory: Memory) -> None:
    first, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    second, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    memory.record.append([said(memory, first.id), said(memory, second.id), said(memory), said(memory, first.id)])
    memory.people.request(first.id, "front-desk", "person_requested", "", False, NOW)
    kept = [read_record(data) for data in records(memory)]
    assert [record.seq for record in kept] == list(range(7))
    assert [record.number for record in kept if record.conversation == first.id] == [1, 2, 3, 4]
    assert [record.number for record in kept if record.conversation == second.id] == [1, 2]
    assert [record.previous for record in kept[1:]] == [leaf_hash(data).hex() for data in records(memory)[:-1]]
    with memory.database.reading() as connection:
        assert list(connection.execute(select(events.c.id).order_by(events.c.log_seq)).scalars()) == [record.id for record in kept]


def test_commitments_open_with_the_salts_that_are_kept_beside_what_they_pin_down(memory: Memory) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    memory.record.append([said(memory, conversation.id, "canary")])
    record = read_record(records(memory)[-1])
    with memory.database.reading() as connection:
        columns = (events.c.facts, events.c.facts_salt, payloads.c.words_salt)
        query = select(*columns).join(payloads, payloads.c.event_id == events.c.id).where(events.c.id == record.id)
        row = connection.execute(query).one()
    assert opens(record.facts_commit, row.facts_salt, row.facts.encode())
    assert opens(record.words_commit, row.words_salt, as_stored({"utterance": "canary"}).encode())
    assert record.payload == "words"
    assert b"canary" not in b"".join(records(memory))


def test_the_same_words_are_committed_to_differently_each_time(memory: Memory) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    memory.record.append([said(memory, conversation.id, "yes"), said(memory, conversation.id, "yes")])
    one, other = (read_record(data) for data in records(memory)[-2:])
    assert one.words_commit != other.words_commit
    assert one.facts_commit != other.facts_commit


def test_a_batch_that_fails_leaves_nothing_in_the_log(memory: Memory) -> None:
    filled(memory, 2)
    again = said(memory)
    with pytest.raises(RecordError):
        memory.record.append([again, again])
    assert len(records(memory)) == 2


def test_an_event_whose_turn_id_carries_words_is_refused(memory: Memory) -> None:
    worded = Event(EventId("e"), EventKind.TURN_COMPLETED, NOW, None, TurnId("I am Sam Jones"))
    with pytest.raises(RecordError, match="CanonicalError"):
        memory.record.append([worded])
    assert records(memory) == []


def test_writers_with_connections_of_their_own_append_to_one_log(memory: Memory, tmp_path: Path) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)

    def write(worker: int) -> None:
        record = Record(open_database(tmp_path / "test.sqlite3"), KeyRing(Sealer(bytes(32)), open_database(tmp_path / "test.keys")))
        for number in range(10):
            event = Event(EventId(f"{worker}-{number}"), EventKind.FEEDBACK_GIVEN, NOW, conversation.id, facts={"n": number})
            record.append([event])

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [read_record(data) for data in records(memory)]
    assert [(record.seq, record.number) for record in kept] == [(number, number + 1) for number in range(41)]
    with memory.database.reading() as connection:
        assert list(compare_log(connection, memory.keys)) == []


def test_a_checkpoint_covers_everything_recorded_and_is_signed_once(memory: Memory) -> None:
    filled(memory, 3)
    made, new = store(memory).sign(LOG)
    assert new
    assert made.root == root_of(leaf_hash(data) for data in records(memory))
    assert parse_checkpoint(made.note.body).size == 3
    assert made.note.signed_at(LOG.key(OPERATOR)) == 0
    assert store(memory).sign(LOG) == (made, False)
    assert store(memory).latest() == made


def test_checkpoints_of_a_long_log_use_kept_subtrees_and_lead_on_from_each_other(memory: Memory) -> None:
    filled(memory, 300)
    first, _ = store(memory).sign(LOG)
    filled(memory, 400)
    second, _ = store(memory).sign(LOG)
    leaves = [leaf_hash(data) for data in records(memory)]
    assert (first.root, second.root) == (root_of(leaves[:300]), root_of(leaves))
    with memory.database.reading() as connection:
        assert connection.execute(select(log_tiles.c.level, log_tiles.c.number).order_by(log_tiles.c.number)).all() == [(8, 0), (8, 1)]
        assert list(LogHashes(connection).read(8, 0, 2)) == [root_of(leaves[:256]), root_of(leaves[256:512])]
    assert consistent(300, first.root, 700, second.root, store(memory).proof(300, 700))


def test_nothing_is_signed_over_a_past_that_was_changed_or_cut(memory: Memory) -> None:
    filled(memory, 5)
    store(memory).sign(LOG)
    filled(memory, 1)
    with memory.database.writing() as connection:
        connection.execute(update(log_records).where(log_records.c.seq == 2).values(leaf=bytes(32)))
    with pytest.raises(ForkError, match="no longer lead to the root"):
        store(memory).sign(LOG)
    with memory.database.writing() as connection:
        connection.execute(delete(log_records).where(log_records.c.seq >= 2))
    with pytest.raises(ForkError, match="its tail was cut"):
        store(memory).sign(LOG)


def test_another_key_goes_on_signing_only_under_another_name_and_begins_with_no_witness(memory: Memory) -> None:
    filled(memory, 1)
    first, _ = store(memory).sign(LOG)
    store(memory).cosigned(1, "w", LOG.cosign(first.note.body, 5))
    with pytest.raises(GuildhallError, match="Put that key back, or give the record a new name"):
        store(memory).sign(Signer(LOG.name, bytes(32)))
    renamed = Signer("council.example/record-2", bytes(32))
    made, new = store(memory).sign(renamed)
    assert new
    assert (made.size, made.root) == (first.size, first.root)
    assert made.note.names(renamed.key(OPERATOR))
    assert store(memory).latest() == made
    assert store(memory).witnesses() == []


def test_a_receipt_leads_from_the_event_to_the_root(memory: Memory) -> None:
    filled(memory, 20)
    last = said(memory)
    memory.record.append([last])
    with pytest.raises(NotFoundError, match="make one with `guildhall log checkpoint`"):
        store(memory).receipt(last.id)
    store(memory).sign(LOG)
    found = store(memory).receipt(last.id)
    assert includes(found.checkpoint.root, 21, found.index, leaf_hash(found.record), found.path)
    with pytest.raises(NotFoundError, match="no event nobody"):
        store(memory).receipt("nobody")


def test_what_waits_does_not_count_events_about_checkpoints(memory: Memory) -> None:
    filled(memory, 2)
    assert store(memory).waiting().fresh == 2
    store(memory).sign(LOG)
    own = Event(EventId("own"), EventKind.CHECKPOINT_SIGNED, NOW)
    memory.record.append([own])
    assert store(memory).waiting().fresh == 0
    assert store(memory).waiting().size == 3


def test_a_witness_is_remembered_with_its_line_and_its_failures(memory: Memory) -> None:
    filled(memory, 1)
    made, _ = store(memory).sign(LOG)
    assert store(memory).failed("w", "away").failures == 1
    assert store(memory).failed("w", "still away").failures == 2
    store(memory).cosigned(1, "w", LOG.cosign(made.note.body, 5))
    (state,) = store(memory).witnesses()
    assert (state.size, state.failures, state.problem) == (1, 0, "")
    newest = store(memory).latest()
    assert newest is not None
    assert len(newest.note.lines) == 2


def test_events_older_than_the_log_are_taken_in(tmp_path: Path) -> None:
    database = open_database(tmp_path / "old.sqlite3")
    command.upgrade(alembic_config(database), "0001")
    with database.writing() as connection:
        for number in range(5):
            row = {
                "id": f"old-{number}",
                "kind": "TurnCompleted",
                "at": NOW + timedelta(seconds=number),
                "conversation_id": f"conv_{number % 2}",
            }
            turn = f"turn_{number} with words" if number == 3 else f"turn_{number}"
            facts = json.dumps({"decisions": [{"pack": "ab"}], "p": 0.5})
            connection.execute(insert(OLD_EVENTS), row | {"turn_id": turn, "facts": facts})
        connection.execute(insert(OLD_PAYLOADS), {"event_id": "old-1", "conversation_id": "conv_1", "sealed": b"sealed bytes"})
    assert upgrade(database)
    with database.reading() as connection:
        kept = [read_record(data) for data in connection.execute(select(log_records.c.record).order_by(log_records.c.seq)).scalars()]
        assert list(compare_log(connection, None)) == []
        salt = connection.execute(select(payloads.c.words_salt)).scalar_one()
    assert [(record.id, record.number, record.pack) for record in kept] == [
        ("old-0", 1, "ab"), ("old-1", 1, "ab"), ("old-2", 2, "ab"), ("old-3", 2, "ab"), ("old-4", 3, "ab"),
    ]  # fmt: skip
    assert [record.payload for record in kept] == ["none", "sealed", "none", "none", "none"]
    assert opens(kept[1].words_commit, salt, b"sealed bytes")
    assert kept[3].turn == ""
    database.close()
