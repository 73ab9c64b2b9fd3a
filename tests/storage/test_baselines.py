"""Baselines: nothing is half imported, nothing frozen is edited, and a check of the kept rows finds whatever was changed."""

import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from guildhall.storage.baselines import BaselineStore
from guildhall.storage.baselines_schema import baseline_drafts, baseline_rows, baselines
from guildhall.storage.schema import events
from guildhall.value.baselines.frozen import About, Baseline, Draft, months_said, why_no_comparison
from guildhall.value.baselines.reading import Reading, guess_mapping
from guildhall.value.baselines.tables import UnreadableFileError, open_table
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from tests.storage.memory import NOW, Memory
from tests.value.baselines.files import TERMS, csv_of

ABOUT = About("Calls before", "Telephony export", "Head of contact")
LINES = [f"{day:02}/{month:02}/2025 09:00:{day:02},Bins,{'Lost' if day % 7 == 0 else 'Answered'},{day}" for month in range(1, 13) for day in range(1, 32 if month in (1, 3, 5, 7, 8, 10, 12) else 29)]  # fmt: skip


def reading_of(*lines: str) -> Reading:
    table = open_table(csv_of("Date,Queue,Outcome,Wait", *lines), "calls.csv")
    return Reading(table, *guess_mapping(table), TERMS)


@pytest.fixture
def store(memory: Memory) -> BaselineStore:
    return BaselineStore(memory.database, "testshire", memory.new_id)


def drafted(store: BaselineStore, *lines: str) -> Draft:
    return store.draft(reading_of(*(lines or LINES)), ABOUT, "pat", NOW)


def frozen(store: BaselineStore) -> Baseline:
    return store.freeze(drafted(store).id, "pat", NOW)


def recorded(memory: Memory) -> list[dict[str, Any]]:
    with memory.database.reading() as connection:
        return [json.loads(facts) for facts in connection.scalars(select(events.c.facts).where(events.c.kind == "BaselineFrozen"))]


def test_an_import_is_looked_at_confirmed_and_frozen_with_its_event(store: BaselineStore, memory: Memory) -> None:
    draft = drafted(store, *LINES, "soon,Bins,Answered,3")
    assert store.all() == () and recorded(memory) == []
    assert (draft.contents.rows, draft.contents.report.left_out) == (len(LINES), 1)
    baseline = store.freeze(draft.id, "fin", NOW)
    (event,) = recorded(memory)
    assert (event["sha256"], event["by"], event["rows"]) == (baseline.contents.sha256, "fin", len(LINES))
    assert (event["from"], event["until"]) == ("2025-01-01", "2025-12-31")
    assert store.verify(baseline.id).matches
    assert store.drafts() == ()
    with pytest.raises(NotFoundError):
        store.freeze(draft.id, "fin", NOW)


def test_the_same_rows_have_the_same_digest_and_others_another(store: BaselineStore) -> None:
    first, again, other = (drafted(store, *lines).contents.sha256 for lines in (LINES, LINES, LINES[:-1]))
    assert first == again != other


def test_nothing_stays_of_an_import_that_fails_half_way(store: BaselineStore, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.storage.baselines.PIECE", 5)
    lines = [f"03/04/2025 09:00,Team {number},Answered,3" for number in range(600)]
    with pytest.raises(UnreadableFileError, match="more than 500"):
        drafted(store, *lines)
    with pytest.raises(RefusedError, match="none of the 2 rows can be taken"):
        drafted(store, "soon,Bins,Answered,1", "later,Bins,Answered,1")
    with memory.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(baseline_rows)) == 0
        assert connection.scalar(select(func.count()).select_from(baseline_drafts)) == 0


def test_a_changed_row_a_changed_digest_and_changed_months_are_found(store: BaselineStore, memory: Memory) -> None:
    one, two, three, four = (frozen(store).id for _ in range(4))
    with memory.database.writing() as connection:
        packed = connection.scalar(select(baseline_rows.c.packed).where(baseline_rows.c.baseline_id == one))
        changed = zlib.compress(zlib.decompress(packed).replace(b"abandoned", b"answered", 1))  # type: ignore[arg-type]
        connection.execute(update(baseline_rows).where(baseline_rows.c.baseline_id == one).values(packed=changed))
        connection.execute(update(baselines).where(baselines.c.id == two).values(sha256="0" * 64))
        series = str(connection.scalar(select(baselines.c.series).where(baselines.c.id == three))).replace("28.0", "29.0")
        connection.execute(update(baselines).where(baselines.c.id == three).values(series=series))
        connection.execute(update(baseline_rows).where(baseline_rows.c.baseline_id == four).values(packed=b"none"))
    assert "they were changed" in store.verify(one).said
    assert "was frozen with 0000" in store.verify(two).said
    assert "the months kept beside them" in store.verify(three).said
    assert "cannot be read any more" in store.verify(four).said
    assert not any(store.verify(each).matches for each in (one, two, three, four))


def test_rows_and_digest_changed_together_still_do_not_match_the_record(store: BaselineStore, memory: Memory) -> None:
    baseline, other = frozen(store), drafted(store, *LINES[:-1])
    with memory.database.writing() as connection:
        packed = connection.scalar(select(baseline_rows.c.packed).where(baseline_rows.c.baseline_id == other.id))
        connection.execute(update(baseline_rows).where(baseline_rows.c.baseline_id == baseline.id).values(packed=packed))
        connection.execute(update(baselines).where(baselines.c.id == baseline.id).values(sha256=other.contents.sha256))
    assert store.verify(baseline.id).said.startswith("The record says that it was frozen with")


def test_a_baseline_is_superseded_once_with_a_reason_and_both_stay(store: BaselineStore, memory: Memory) -> None:
    old = frozen(store)
    with pytest.raises(RefusedError, match="say in a sentence why"):
        store.freeze(drafted(store).id, "pat", NOW, supersedes=old.id)
    new = store.freeze(drafted(store, *LINES[:-1]).id, "pat", NOW, supersedes=old.id, reason="The December file was cut short")
    assert (store.get(old.id).superseded_by, store.get(old.id).in_force, new.in_force) == (new.id, False, True)
    assert store.verify(old.id).matches
    assert recorded(memory)[-1]["supersedes"] == old.id
    with pytest.raises(RefusedError, match="superseded by"):
        store.freeze(drafted(store).id, "pat", NOW, supersedes=old.id, reason="again")
    with pytest.raises(NotFoundError):
        store.freeze(drafted(store).id, "pat", NOW, supersedes="baseline-none", reason="what")


def test_what_nobody_confirms_for_a_day_is_thrown_away(store: BaselineStore, memory: Memory) -> None:
    draft = drafted(store)
    store.sweep(NOW + timedelta(hours=23))
    assert store.get_draft(draft.id)
    store.sweep(NOW + timedelta(hours=25))
    with pytest.raises(NotFoundError, match="more than a day old"):
        store.get_draft(draft.id)
    assert list(store.lines(draft.id)) == []


def test_another_council_sees_none_of_it(store: BaselineStore, memory: Memory) -> None:
    baseline = frozen(store)
    other = BaselineStore(memory.database, "elsewhere", memory.new_id)
    assert other.all() == ()
    with pytest.raises(NotFoundError):
        other.verify(baseline.id)


def test_without_a_baseline_no_comparison_is_shown_and_the_reason_is_said(store: BaselineStore) -> None:
    assert "no baseline has been frozen" in why_no_comparison((), "contacts")
    baseline = frozen(store)
    assert why_no_comparison(store.all(), "contacts") == ""
    assert "no frozen baseline has the measure “satisfaction”" in why_no_comparison(store.all(), "satisfaction")
    assert "before the launch in January 2025" in why_no_comparison(store.all(), "contacts", NOW.date().replace(year=2025, month=1))
    assert "12 months, so each season is seen once" in months_said(baseline.series("contacts"))
    assert "only 0 months" in months_said(None)


@pytest.mark.parametrize("about", [("", "a", "b"), ("a", " ", "b"), ("a", "b", ""), ("a" * 201, "b", "c")])
def test_name_source_and_owner_are_needed(about: tuple[str, str, str]) -> None:
    with pytest.raises(RefusedError, match="nothing was imported"):
        About(*about)
