"""The views say of every contact what the definition in words of Python says."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.ladder import ladder
from guildhall.value.coming_again import Known, again, settled
from guildhall.value.ladder import place
from guildhall.value.requests import requests_of
from guildhall.vocabulary.ladder import Rung
from tests.storage.analysis.histories import BEGIN, Made, contacts, exporter, name_of, placed, record
from tests.storage.memory import Memory


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(contacts(), min_size=1, max_size=8), st.integers(0, 20 * 24))
def test_every_history_is_on_the_same_one_rung_by_the_views_and_by_the_definition(made: list[Made], hours: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, as_at = Path(name), BEGIN + timedelta(hours=hours)
        memory = Memory(folder / "test.sqlite3")
        try:
            histories = record(memory, made)
            exporter(memory, folder / "export", lot=25).refresh()
            engine = AnalysisEngine(folder / "export", as_at, threads=1)
            known = [Known.of(h, m.resident, m.service, "front-desk") if m.resident else None for h, m in zip(histories, made, strict=True)]
            others = [one for one in known if one is not None]
            found = placed(engine)
            assert len(found) == len(made)
            for history, who in zip(histories, known, strict=True):
                came = settled(history) or again(who, others, as_at)
                right = place(history, came)
                expected = (right.rung, right.note, right.answered, right.deflected, right.contained, right.resolved, came.day, came.week)
                assert found[name_of(str(history[0].conversation_id))] == expected
                waits = engine.query("SELECT ending FROM waits WHERE contact = ? ORDER BY seq", [name_of(str(history[0].conversation_id))])
                assert [ending for (ending,) in waits] == [request.ending for request in requests_of(history)]
            rows = ladder(engine, BEGIN.date(), BEGIN.date() + timedelta(days=30), "channel")
            assert rows.contacts == len(made) == sum(rows.total(rung) for rung in Rung)
            engine.close()
        finally:
            memory.database.close()
            memory.keys.database.close()
