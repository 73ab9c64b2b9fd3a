"""A process that starts shows at once what the last one kept, computes nothing again that was computed, and takes newer figures meanwhile."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap import value_taking
from guildhall.bootstrap.value_pages import Snapshot, ValuePages, warmed
from guildhall.bootstrap.value_taking import SHOWN_AGAIN, kept_before, taken
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.storage.analysis.measuring import Measuring
from guildhall.storage.analysis.pictures import Asked, passages
from guildhall.testing.contacts import made_contacts
from guildhall.value.measures.result import Result

DAYS = 35
FIRST = date(2026, 10, 20)


class Clock:
    now = datetime(2026, 11, 24, 12, 0).astimezone()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def profile() -> CouncilProfile:
    return load_council(Path("councils"), "avonmere", Path("var/cache/yaml"))


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(value_taking, "MANY", 100)
    return made_contacts(tmp_path / "e", 400, DAYS, 1, first=FIRST).folder


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The measures that were computed and not found."""
    names: list[str] = []
    compute = Measuring.compute

    def noted(self: Measuring, key: str, *rest: object, **more: object) -> Result:
        names.append(key)
        return compute(self, key, *rest, **more)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Measuring, "compute", noted)
    return names


def test_what_was_computed_before_a_restart_is_not_computed_again(export: Path, profile: CouncilProfile, computed: list[str]) -> None:
    before = warmed(taken(export, profile, Clock(), {}))
    assert computed
    computed.clear()
    after = kept_before(export, profile, Clock(), {})
    assert after is not None
    since = after.today - timedelta(days=27)
    for key in after.book.measures:
        assert after.measure(key, since, after.today) == before.measure(key, since, before.today)
    asked = Asked(since, after.today, {}, after.simulated)
    assert after.picture(passages, asked) == before.picture(passages, asked)
    assert computed == []


def test_a_changed_definition_or_small_number_is_computed_anew(export: Path, profile: CouncilProfile, computed: list[str]) -> None:
    warmed(taken(export, profile, Clock(), {}))
    book = profile.value
    changed = replace(book, texts=dict(book.texts) | {"measure deflected": "another text"})
    for one in (changed, replace(book, small_number=50)):
        after = kept_before(export, replace(profile, value=one), Clock(), {})
        assert after is not None
        computed.clear()
        after.measure("deflected", after.today - timedelta(days=27), after.today)
        assert computed == ["deflected"]


def test_old_figures_are_shown_while_newer_ones_are_taken(export: Path, profile: CouncilProfile) -> None:
    clock = Clock()
    taken(export, profile, clock, {})
    made_contacts(export, 300, DAYS, 2, first=FIRST)
    clock.now += timedelta(minutes=5)
    pages = ValuePages(
        lambda before: taken(export, profile, clock, {}, before), clock, first=lambda: kept_before(export, profile, clock, {}), warm=warmed
    )
    shown = pages.snapshot()
    assert shown is not None and shown.extent.simulated == 400 and shown.as_at == clock.now - timedelta(minutes=5)
    pages.close()
    newer = pages.snapshot()
    assert newer is not None and newer.extent.simulated == 300 and newer.as_at == clock.now


def test_what_is_old_or_built_in_no_time_is_not_shown_again(export: Path, profile: CouncilProfile, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    taken(export, profile, clock, {})
    clock.now += SHOWN_AGAIN
    assert kept_before(export, profile, clock, {}) is None
    clock.now -= timedelta(seconds=1)
    assert kept_before(export, profile, clock, {}) is not None
    monkeypatch.setattr(value_taking, "MANY", 401)
    assert kept_before(export, profile, clock, {}) is None


def test_where_nothing_can_be_kept_figures_are_there_all_the_same(
    export: Path, profile: CouncilProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(value_taking, "views_as_at", full)
    snapshot: Snapshot = taken(export, profile, Clock(), {})
    assert snapshot.shelf is None and snapshot.extent.simulated == 400
