"""The line of a long queue: read again where something happened, and made anew less often than things happen."""

from pathlib import Path

import pytest

from guildhall.bootstrap import desk_line
from guildhall.storage.lines import LineReader
from guildhall.vocabulary.handoffs import Handoff
from tests.bootstrap.at_the_desk import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def all_read_again(_reader: LineReader) -> tuple[Handoff, ...]:
    raise AssertionError("everything was read again")


def waiting(place: Place) -> list[str]:
    return [handoff.reference for handoff in place.desk.line.waiting(place.clock(), list(place.desk.profile.handoffs.queues))]


def test_what_happened_is_read_again_and_the_rest_is_not(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.adviser("priya")
    first, second = place.asks(), place.asks()
    line = place.desk.line
    assert [handoff.reference for handoff in line.open(place.clock())] == [first, second]
    monkeypatch.setattr(type(line.reader), "open", all_read_again)
    place.accepts(first, "priya")
    third = place.asks()
    found = {handoff.reference: handoff for handoff in line.open(place.clock())}
    assert list(found) == [first, second, third]
    assert found[first].adviser_id == "priya"


def test_with_the_next_second_everything_is_read_anew(place: Place) -> None:
    first = place.asks()
    place.desk.line.open(place.clock())
    place.clock.move(seconds=1)
    assert [handoff.reference for handoff in place.desk.line.open(place.clock())] == [first]


def test_the_order_of_a_short_line_is_never_old(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_line, "LONG_SECONDS", 1e9)
    place.adviser("priya")
    first, second = place.asks(), place.asks()
    assert waiting(place) == [first, second]
    place.accepts(first, "priya")
    assert waiting(place) == [second]


def test_an_order_that_took_long_is_shown_a_moment_longer(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_line, "LONG_SECONDS", 0.0)
    monkeypatch.setattr(desk_line, "KEPT_TIMES", 1e9)
    monkeypatch.setattr(desk_line, "KEPT_AT_MOST", 1e9)
    place.adviser("priya")
    first, second = place.asks(), place.asks()
    assert waiting(place) == [first, second]
    place.accepts(first, "priya")
    assert waiting(place) == [first, second]
    monkeypatch.setattr(place.desk.line, "_kept", None)
    assert waiting(place) == [second]
