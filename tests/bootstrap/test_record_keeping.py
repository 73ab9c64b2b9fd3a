"""Checkpoints are signed in time, witnesses are asked, and one that fails is tried again later and stops nobody."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from guildhall.bootstrap.record_keeping import KeepingThread, RecordKeeper, next_try
from guildhall.providers.witnesses.tlog_witness import TlogWitness
from guildhall.records.checkpoints import Signer
from guildhall.storage.checkpoints import CheckpointStore, WitnessState
from guildhall.storage.log import log_checkpoints, log_records
from guildhall.storage.schema import events
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.witness.memory import Memory as WitnessMemory
from guildhall.witness.serving import Witness, serve
from tests.records.logs import AUDIT, LOG, OPERATOR_KEY, WITNESS_KEY
from tests.storage.memory import NOW, Memory
from tests.storage.memory import memory as memory


@contextmanager
def witness_at(folder: Path) -> Iterator[str]:
    """A real witness on loopback."""
    server = serve(Witness(AUDIT, {LOG.name: OPERATOR_KEY}, WitnessMemory(folder)), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def keeper(memory: Memory, clock: FakeClock) -> Iterator[Callable[[str], RecordKeeper]]:
    opened: list[RecordKeeper] = []

    def open_keeper(url: str = "", signer: Signer = LOG) -> RecordKeeper:
        witnesses = [TlogWitness(url, WITNESS_KEY, timeout_seconds=2)] if url else []
        opened.append(
            RecordKeeper(CheckpointStore(memory.database, clock), signer, witnesses, memory.record, clock, memory.new_id, 10, 300.0)
        )
        return opened[-1]

    yield open_keeper
    for made in opened:
        made.close()


Open = Callable[..., RecordKeeper]


def fill(memory: Memory, count: int) -> None:
    memory.record.append([Event(EventId(memory.new_id("event")), EventKind.KNOWLEDGE_CHANGED, NOW) for _ in range(count)])


def sizes(memory: Memory) -> list[int]:
    with memory.database.reading() as connection:
        return list(connection.execute(select(log_checkpoints.c.size).order_by(log_checkpoints.c.size)).scalars())


def test_a_checkpoint_is_signed_after_so_many_records_or_so_long_and_not_before(memory: Memory, keeper: Open, clock: FakeClock) -> None:
    kept = keeper()
    kept.tick()
    assert sizes(memory) == []
    fill(memory, 1)
    kept.tick()
    assert sizes(memory) == [1]  # the first at once; its own event makes 2
    fill(memory, 9)
    kept.tick()
    assert sizes(memory) == [1]
    fill(memory, 1)
    kept.tick()
    assert sizes(memory) == [1, 12]
    fill(memory, 1)
    kept.tick()
    clock.move(minutes=5)
    kept.tick()
    assert sizes(memory) == [1, 12, 14]
    clock.move(hours=5)
    kept.tick()
    assert sizes(memory) == [1, 12, 14]  # nothing happened but the checkpoint itself


def test_the_witness_cosigns_and_the_record_says_so(memory: Memory, keeper: Open, tmp_path: Path) -> None:
    with witness_at(tmp_path / "witness") as url:
        kept = keeper(url)
        for count in (3, 20, 30):
            fill(memory, count)
            kept.tick()
    newest = kept.store.latest()
    assert newest is not None
    assert newest.note.signed_at(WITNESS_KEY)
    with memory.database.reading() as connection:
        said = connection.execute(select(events.c.facts).where(events.c.kind == "CheckpointWitnessed")).scalars().all()
    assert len(said) == 3


def test_a_witness_that_is_away_is_noted_left_alone_for_a_while_and_asked_again(
    memory: Memory, keeper: Open, clock: FakeClock, tmp_path: Path
) -> None:
    fill(memory, 1)
    keeper("http://127.0.0.1:9").tick()
    (state,) = keeper().store.witnesses()
    assert (state.size, state.failures) == (0, 1)
    assert "could not be reached" in state.problem
    with witness_at(tmp_path / "witness") as url:
        kept = keeper(url)
        kept.tick()
        assert kept.store.witnesses()[0].failures == 1
        clock.move(seconds=31)
        kept.tick()
        assert kept.store.witnesses()[0].failures == 0
        assert kept.store.witnesses()[0].size == 1


def test_a_witness_that_holds_more_than_we_believe_is_asked_from_there(memory: Memory, keeper: Open, tmp_path: Path) -> None:
    with witness_at(tmp_path / "witness") as url:
        fill(memory, 3)
        kept = keeper(url)
        kept.tick()
        with memory.database.writing() as connection:
            connection.exec_driver_sql("delete from log_witnesses")
        fill(memory, 20)
        kept.tick()
        assert kept.store.witnesses()[0].size == sizes(memory)[-1]


def test_a_record_whose_tail_was_cut_with_its_checkpoints_is_told_by_the_witness(memory: Memory, keeper: Open, tmp_path: Path) -> None:
    with witness_at(tmp_path / "witness") as url:
        kept = keeper(url)
        fill(memory, 20)
        kept.tick()
        with memory.database.writing() as connection:
            connection.execute(delete(log_checkpoints))
            connection.execute(delete(log_records).where(log_records.c.seq >= 15))
        kept.sign()
        kept.ask_witnesses(patient=False)
        assert "has seen 20 records, and we hold 15: our tail was cut" in kept.store.witnesses()[0].problem


def test_a_thread_signs_once_more_when_it_is_stopped_and_survives_a_fork(memory: Memory, keeper: Open) -> None:
    fill(memory, 2)
    thread = KeepingThread(keeper(), every_seconds=0.01)
    thread.start()
    thread.stop()
    assert sizes(memory)[0] == 2
    with memory.database.writing() as connection:
        connection.execute(delete(log_records).where(log_records.c.seq >= 1))
    fill(memory, 11)
    thread = KeepingThread(keeper(), every_seconds=0.01)
    thread.start()
    thread.stop()
    assert not thread.is_alive()


def test_pauses_grow_to_an_hour() -> None:
    pauses = [next_try(WitnessState("w", 0, failures, "away", NOW)) - NOW for failures in (0, 1, 2, 3, 20)]
    assert pauses == [timedelta(seconds=seconds) for seconds in (0, 30, 60, 120, 3600)]
