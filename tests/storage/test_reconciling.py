"""Whatever is changed, cut or written around the log in the database is found by comparing, and an honest erasure is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, text, update

from guildhall.records.checkpoints import Signer
from guildhall.records.findings import FINDING_LABELS, FindingKind
from guildhall.storage.checkpoints import CheckpointStore
from guildhall.storage.log import log_records
from guildhall.storage.people import CallbackDetails
from guildhall.storage.reconciling import compare_log, compare_rows
from guildhall.storage.schema import events, payloads
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lived_in(memory: Memory) -> Memory:
    """A conversation with a turn, a request for a person and a callback, all under a checkpoint."""
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    for kind, words in ((EventKind.UTTERANCE_RECEIVED, "help"), (EventKind.TURN_COMPLETED, "here is help")):
        event = Event(EventId(memory.new_id("event")), kind, NOW, conversation.id, TurnId("turn_1"), {"n": 1}, {"utterance": words})
        memory.record.append([event])
    reference = memory.people.request(conversation.id, "front-desk", "person_requested", "", False, NOW)
    memory.people.book(conversation.id, reference, CallbackDetails("Sam", "07700 900123", True), None, NOW)
    CheckpointStore(memory.database, lambda: NOW).sign(Signer("council.example/record", bytes(32)))
    return memory


def found(memory: Memory) -> set[FindingKind]:
    with memory.database.reading() as connection:
        return {finding.kind for finding in (*compare_log(connection, memory.keys), *compare_rows(connection, LATER))}


def change(memory: Memory, how: Callable[[Connection], object]) -> None:
    with memory.database.writing() as connection:
        how(connection)


def test_an_untouched_record_fits_itself(lived_in: Memory) -> None:
    assert found(lived_in) == set()


TURN = events.c.kind == "TurnCompleted"


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        (lambda c: c.execute(update(events).where(TURN).values(facts='{"n":2}')), FindingKind.FACTS_CHANGED),
        (lambda c: c.execute(update(events).where(TURN).values(at=LATER)), FindingKind.EVENT_CHANGED),
        (lambda c: c.execute(update(events).where(TURN).values(kind="FeedbackGiven")), FindingKind.EVENT_CHANGED),
        (lambda c: c.execute(delete(events).where(TURN)), FindingKind.EVENT_MISSING),
        (lambda c: c.execute(delete(payloads)), FindingKind.WORDS_MISSING),
        (lambda c: c.execute(update(payloads).values(sealed=b"another" * 9)), FindingKind.WORDS_CHANGED),
        (lambda c: c.execute(update(payloads).values(words_salt=bytes(32))), FindingKind.WORDS_CHANGED),
        (lambda c: c.execute(update(log_records).where(log_records.c.seq == 1).values(leaf=bytes(32))), FindingKind.LOG_CHANGED),
        (lambda c: c.execute(update(log_records).where(log_records.c.seq == 1).values(record=b"none")), FindingKind.LOG_CHANGED),
        (lambda c: c.execute(delete(log_records).where(log_records.c.seq == 1)), FindingKind.NUMBER_GAP),
        (lambda c: c.execute(delete(log_records).where(log_records.c.seq == 4)), FindingKind.ROOT_DIFFERS),
        (
            lambda c: c.execute(insert(events).values(id="x", kind="TurnCompleted", at=NOW, facts="{}", turn_id="turn_1")),
            FindingKind.EVENT_NOT_IN_LOG,
        ),
        (lambda c: c.execute(delete(events).where(events.c.kind == "ConversationStarted")), FindingKind.ROW_WITHOUT_EVENT),
        (lambda c: c.execute(delete(events).where(events.c.kind == "HandoffRequested")), FindingKind.ROW_WITHOUT_EVENT),
        (lambda c: c.execute(delete(events).where(events.c.kind == "CallbackBooked")), FindingKind.ROW_WITHOUT_EVENT),
        (lambda c: c.execute(delete(events).where(TURN)), FindingKind.TURN_UNFINISHED),
    ],
)
def test_what_was_done_to_the_database_is_found(lived_in: Memory, how: Callable[[Connection], object], kind: FindingKind) -> None:
    change(lived_in, how)
    assert kind in found(lived_in)


def test_words_that_an_erasure_names_may_be_gone(lived_in: Memory) -> None:
    with lived_in.database.reading() as connection:
        conversation = connection.execute(text("select id from conversations")).scalar_one()
    change(lived_in, lambda c: c.execute(delete(payloads)))
    lived_in.record.append([Event(EventId("erased"), EventKind.WORDS_ERASED, NOW, ConversationId(conversation), facts={"rule": "asked"})])
    assert found(lived_in) == set()


def test_a_turn_that_is_still_running_is_no_finding(lived_in: Memory) -> None:
    change(lived_in, lambda c: c.execute(delete(events).where(TURN)))
    with lived_in.database.reading() as connection:
        assert list(compare_rows(connection, NOW + timedelta(minutes=1))) == []


def test_every_finding_has_a_sentence() -> None:
    assert set(FINDING_LABELS) == set(FindingKind)
