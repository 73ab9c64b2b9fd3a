"""Long work in a thread of its own: begun once, waited for, and over whatever happens."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from guildhall.bootstrap.long_work import LongWork, Progress
from guildhall.storage.learning_jobs import DONE, FAILED, JobStore
from tests.learning.house import Council


@pytest.fixture
def work(tmp_path: Path) -> LongWork:
    council = Council(tmp_path / "work.sqlite3")
    return LongWork(JobStore(council.memory.database, "testshire", council.memory.new_id), council.clock, lambda: 0.0)


def test_what_is_under_way_is_not_begun_again_and_whoever_waits_sees_it_end(work: LongWork) -> None:
    go = threading.Event()

    def waits(progress: Progress) -> Mapping[str, Any]:
        assert go.wait(30)
        progress(1, 1)
        return {"made": 1}

    first = work.begin("again", "all", "Sam", waits)
    assert work.begin("again", "all", "Ann", waits).id == first.id
    assert work.wait(first, 0.0).runs(work.clock())
    go.set()
    ended = work.wait(first, 30)
    assert (ended.id, ended.state, ended.result) == (first.id, DONE, {"made": 1})


@pytest.mark.parametrize(
    "error", [OSError("/secret/path"), pytest.param(KeyError("nobody foresaw it"), marks=pytest.mark.filterwarnings("ignore"))]
)
def test_work_that_fails_ends_however_it_fails(work: LongWork, error: Exception) -> None:
    def breaks(progress: Progress) -> Mapping[str, Any]:
        raise error

    ended = work.wait(work.begin("again", "all", "Sam", breaks), 30)
    assert ended.state == FAILED and "secret" not in str(ended.result)
    assert not ended.runs(work.clock()), "it can be begun again"
