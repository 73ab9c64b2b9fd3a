"""The memory of content gaps: changes and their events stand together, and only known things change."""

from datetime import date
from pathlib import Path

import pytest

from guildhall.storage.learning_jobs import DONE, SILENT_AFTER, JobStore
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gaps import GapStatus
from tests.learning.house import Council


@pytest.fixture
def council(tmp_path: Path) -> Council:
    made = Council(tmp_path / "gaps.sqlite3")
    for text in ("fly a drone in the park", "drone in the park"):
        made.ask(text)
    made.gathering().look()
    return made


def test_a_change_and_its_event_are_one(council: Council) -> None:
    (gap,) = council.store.gaps()
    changed = council.store.change(
        gap.id, "staf_1", council.clock(), owner="staf_2", due_on=date(2026, 12, 3), status=GapStatus.BEING_WRITTEN
    )
    assert (changed.owner, changed.due_on, changed.status) == ("staf_2", date(2026, 12, 3), GapStatus.BEING_WRITTEN)
    (event,) = council.events(EventKind.GAP_CHANGED)
    assert event["by"] == "staf_1"
    assert event["changed"]["status"] == ["open", "being_written"]


def test_a_reason_stays_out_of_the_record(council: Council) -> None:
    (gap,) = council.store.gaps()
    council.store.change(gap.id, "staf_1", council.clock(), status=GapStatus.WILL_NOT_FIX, reason="a matter of the county's")
    assert council.store.get(gap.id).reason == "a matter of the county's"
    assert "county" not in str(council.events(EventKind.GAP_CHANGED))


def test_a_change_to_what_it_is_already_says_nothing(council: Council) -> None:
    (gap,) = council.store.gaps()
    council.store.change(gap.id, "staf_1", council.clock(), status=GapStatus.OPEN, owner="")
    assert council.events(EventKind.GAP_CHANGED) == []


def test_what_cannot_be_changed_is_said(council: Council) -> None:
    (gap,) = council.store.gaps()
    with pytest.raises(RefusedError, match="found_at cannot be changed"):
        council.store.change(gap.id, "staf_1", council.clock(), found_at=council.clock())
    with pytest.raises(NotFoundError, match="guildhall gaps list"):
        council.store.change("gap_none", "staf_1", council.clock(), owner="x")


def test_of_two_that_began_at_the_same_time_the_later_one_is_the_newest(council: Council) -> None:
    names = ["job_a", "job_b", "job_c"]
    jobs = JobStore(council.memory.database, "testshire", lambda _: names.pop())
    for _ in range(3):
        jobs.begin("rerun", "gap_1", "staf_1", council.clock())
    assert [job.id for job in jobs.all("rerun", "gap_1")] == ["job_a", "job_b", "job_c"]


def test_work_that_said_nothing_for_long_has_died(council: Council) -> None:
    jobs = JobStore(council.memory.database, "testshire", council.memory.new_id)
    job = jobs.begin("rerun", "gap_1", "staf_1", council.clock())
    jobs.beat(job.id, 3, 14, council.clock())
    kept = jobs.latest("rerun", "gap_1")
    assert kept is not None and (kept.done, kept.total, kept.runs(council.clock()), kept.died(council.clock())) == (3, 14, True, False)
    council.clock.now += SILENT_AFTER
    assert kept.died(council.clock())
    jobs.end(job.id, DONE, {"answered": 12}, council.clock())
    ended = jobs.latest("rerun", "gap_1")
    assert ended is not None and ended.result == {"answered": 12} and not ended.died(council.clock())
    assert jobs.latest("rerun", "gap_2") is None
