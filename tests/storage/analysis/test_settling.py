"""Whether a recognised resident came again is put into the record once, and outlasts that they are recognised."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from guildhall.bootstrap.value import Value, Views
from guildhall.storage.after_schema import contacts_known
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.settling import Settling
from guildhall.storage.schema import events
from guildhall.vocabulary.events import EventKind
from tests.storage.analysis.histories import BEGIN, Made, answered, exporter, name_of, placed, record, requested
from tests.storage.memory import Memory

WEEK_OVER = BEGIN + timedelta(days=7, hours=1)
BINS = answered(services=[[{"key": "bins", "lgsl": 1, "confidence": 0.9}]])
TAX = answered(services=[[{"key": "tax", "lgsl": 2, "confidence": 0.9}]])


def settled(memory: Memory, folder: Path) -> int:
    exporter(memory, folder).refresh()
    engine = AnalysisEngine(folder, WEEK_OVER)
    done = Settling(memory.database, memory.keys, memory.new_id, "testshire", name_of).settle(engine, WEEK_OVER)
    engine.close()
    return done


def rungs(memory: Memory, folder: Path) -> list[str]:
    exporter(memory, folder).refresh(rebuild=True)
    engine = AnalysisEngine(folder, WEEK_OVER + timedelta(days=100))
    found = [row[0] for _, row in sorted(placed(engine).items())]
    engine.close()
    return found


def test_what_was_found_out_outlasts_who_they_were(memory: Memory, tmp_path: Path) -> None:
    again = Made((requested(), TAX), minutes=60, resident="bob", service="tax")
    record(memory, [Made((BINS,), resident="ann"), Made((TAX,), resident="bob"), again, Made((BINS,))])
    assert settled(memory, tmp_path / "e") == 2
    with memory.database.reading() as connection:
        told = connection.scalars(select(events.c.facts).where(events.c.kind == EventKind.RECONTACT_KNOWN.value).order_by(events.c.seq))
        facts = [json.loads(each) for each in told]
    assert {"within_24_hours": True, "within_7_days": True, "asked_for_person": True} in facts
    before = rungs(memory, tmp_path / "e")
    with memory.database.writing() as connection:
        connection.execute(delete(contacts_known))
    assert rungs(memory, tmp_path / "e") == before
    assert before.count("verified") == 1


def test_each_contact_is_settled_once_and_not_before_its_week_is_over(memory: Memory, tmp_path: Path) -> None:
    record(memory, [Made((BINS,), resident="ann"), Made((TAX,), minutes=3 * 60, resident="bob")])
    assert settled(memory, tmp_path / "e") == 1
    assert settled(memory, tmp_path / "e") == 0


def value(memory: Memory, folder: Path, now: datetime) -> Value:
    settling = Settling(memory.database, memory.keys, memory.new_id, "testshire", name_of)
    return Value(exporter(memory, folder), Views(folder, lambda: now), settling)


def test_nobody_needs_to_look_for_it_to_be_found_out_in_time(memory: Memory, tmp_path: Path) -> None:
    again = Made((requested(), TAX), minutes=60, resident="bob", service="tax")
    record(memory, [Made((BINS,), resident="ann"), Made((TAX,), resident="bob"), again, Made((BINS,))])
    assert value(memory, tmp_path / "e", BEGIN + timedelta(days=6, hours=23)).before_forgetting() == 0
    assert not (tmp_path / "e").exists(), "nothing is built while nobody's week is over"
    assert value(memory, tmp_path / "e", WEEK_OVER).before_forgetting() == 2
    assert value(memory, tmp_path / "another", WEEK_OVER).before_forgetting() == 0, "another process finds nothing left to do"
    late = value(memory, tmp_path / "e", WEEK_OVER + timedelta(hours=1))
    assert late.before_forgetting() == 1 and not late.settling.due(WEEK_OVER + timedelta(days=3))


def test_several_at_once_settle_each_contact_once(memory: Memory, tmp_path: Path) -> None:
    record(memory, [Made((BINS,), resident=f"r{number}") for number in range(6)])
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda one: value(memory, tmp_path / one, WEEK_OVER).before_forgetting(), ("a", "b", "b")))
    assert sum(done) == 6
    with memory.database.reading() as connection:
        told = select(events.c.conversation_id).where(events.c.kind == EventKind.RECONTACT_KNOWN.value)
        assert len(set(connection.scalars(told))) == len(connection.scalars(told).all()) == 6
