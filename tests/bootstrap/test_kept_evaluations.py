"""A kept evaluation over the record is made again as at its own time, and superseded when the record or a definition has changed."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.bootstrap.baselines import Asked, Baselines
from guildhall.councils.loading import load_council
from guildhall.storage import auditing_schema, baselines_schema
from guildhall.storage.baselines import BaselineStore
from guildhall.storage.database import metadata
from guildhall.storage.evidence import EvidenceStore
from guildhall.storage.schema import events
from guildhall.value.baselines.frozen import About
from guildhall.value.baselines.mapping import Kind
from guildhall.value.evaluation.designs import Design
from guildhall.value.evaluation.keeping import KeptEvaluation
from guildhall.value.measures.result import Result, Row
from guildhall.vocabulary.events import EventKind
from tests.storage.memory import Memory

NOW = datetime(2026, 11, 27, 11, tzinfo=UTC)
PROFILE = load_council(Path("councils"), "avonmere")
LINES = [f"{2024 + (number + 5) // 12}-{(number + 5) % 12 + 1:02},{900 + 17 * (number % 5)}" for number in range(24)]


class Kept:
    """An evaluation that was kept, over a record whose months can be changed."""

    def __init__(self, path: Path) -> None:
        assert auditing_schema.audit_marks is not None and baselines_schema.baselines is not None
        self.memory = Memory(path)
        metadata.create_all(self.memory.database.engine)
        self.months = {f"2026-{month:02}": 400.0 + month for month in range(6, 11)}
        self.definition, self.asked_at = "d1", list[datetime | None]()
        database, new_id = self.memory.database, self.memory.new_id
        evidence = EvidenceStore(database, PROFILE.slug, new_id, lambda: NOW)
        store = BaselineStore(database, PROFILE.slug, new_id)
        self.baselines = Baselines(store, PROFILE, lambda: NOW, self.recorded, evidence)
        file = io.BytesIO("\n".join(["Month,Calls", *LINES]).encode())
        reading = self.baselines.read(file, "contacts.csv", Kind.MONTHS, measure="contacts", unit="count")
        draft = self.baselines.draft(reading, About("Calls", "The call system", "Head of contact"), "fin")
        self.baseline = self.baselines.freeze(draft.id, "fin").id
        self.evaluation = self.baselines.keep(self.asked, "Contacts after June", "fin")

    @property
    def asked(self) -> Asked:
        return Asked(self.baseline, "contacts", Design.INTERRUPTED, date(2026, 6, 1), after="record:contacts")

    def recorded(self, key: str, since: date, until: date, as_at: datetime | None) -> Result:
        self.asked_at.append(as_at)
        rows = tuple(Row(month, value, None, None, 400) for month, value in self.months.items() if month <= f"{until:%Y-%m}")
        measure = PROFILE.value.measures[key]
        return Result(measure, since, until, "month", rows, 2000, (), "q", NOW, as_at or NOW, definition_hash=self.definition)

    def again(self) -> KeptEvaluation:
        return self.baselines.evidence.evaluation(self.evaluation.id)

    def stands(self) -> str:
        return self.baselines.evidence.look([f"evaluation:{self.evaluation.id}"])[f"evaluation:{self.evaluation.id}"].why

    def told(self) -> list[dict[str, str]]:
        with self.memory.database.reading() as connection:
            rows = connection.execute(select(events.c.facts).where(events.c.kind == EventKind.EVALUATION_SUPERSEDED.value))
            return [json.loads(row.facts) for row in rows]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path / "k.sqlite3")
    yield made
    made.memory.database.close()


def test_while_the_months_are_the_same_it_stands_also_when_later_ones_have_ended(kept: Kept) -> None:
    kept.months["2026-11"] = 999.0
    ((checked, why),) = kept.baselines.check_kept("the daily check")
    assert (checked.id, why, kept.stands()) == (kept.evaluation.id, "", "")
    assert kept.asked_at[-1] == NOW  # as at the time for which its months were made
    assert kept.again().now == kept.again().digest


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"2026-08": 500.0}, "The record now gives 500 for August 2026, instead of 408"),
        ({"2026-08": None}, "for August 2026, instead of 408"),
    ],
)
def test_a_corrected_month_supersedes_it_once_with_its_event(kept: Kept, changed: dict[str, float], said: str) -> None:
    kept.months |= changed
    ((_, why),) = kept.baselines.check_kept("the daily check")
    assert said in why and why in kept.stands() and "was superseded" in kept.stands()
    (event,) = kept.told()
    assert (event["evaluation"], event["by"], event["why"]) == (kept.evaluation.id, "the daily check", why)
    assert kept.baselines.check_kept("the daily check") == () and len(kept.told()) == 1
    assert kept.again().now == kept.again().digest  # what was kept is as it was


def test_a_new_definition_supersedes_it(kept: Kept) -> None:
    kept.definition = "d2"
    ((_, why),) = kept.baselines.check_kept("fin")
    assert why == "The definition of “Contacts” has changed since" and why in kept.stands()


def test_a_measure_that_is_gone_supersedes_it(kept: Kept) -> None:
    without = replace(PROFILE.value, measures={key: one for key, one in PROFILE.value.measures.items() if key != "contacts"})
    poorer = replace(kept.baselines, profile=replace(PROFILE, value=without))
    ((_, why),) = poorer.check_kept("fin")
    assert why == "The council no longer defines `contacts`"
