"""What was computed is found again as it was, and what is not whole was never there."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from guildhall.storage.analysis.pictures import Hour, Passage
from guildhall.storage.analysis.shelf import KeptResult, Shelf
from guildhall.value.measures.result import Excluded, Row

NAME = ("measure", "abc", date(2026, 11, 1), {"ward": "Ansel"})
AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
RESULT = KeptResult(
    (Row("web", 0.5, None, 0.75, 10, 5), Row("phone", None, None, None, 0, None, True, "Too few.")), 10, (Excluded("contacts", "Why.", 3),),
    "query", AT, AT, {"ward": "Ansel"}, "Wilson", "definition", 0,
)  # fmt: skip


def test_what_was_put_there_is_found_as_it_was(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put(NAME, KeptResult, RESULT)
    assert shelf.find(NAME, KeptResult) == RESULT
    drawn = (Hour(date(2026, 11, 1), 9, 4),)
    shelf.put(("hours",), tuple[Hour, ...], drawn)
    assert shelf.find(("hours",), tuple[Hour, ...]) == drawn
    assert shelf.find(("measure", "abd"), KeptResult) is None


def damaged(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"n": 10', b'"n": 11'))


@pytest.mark.parametrize("damage", [damaged, lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"\xff\xfe" * 60)])
def test_what_is_not_as_it_was_written_was_never_there(tmp_path: Path, damage: object) -> None:
    shelf = Shelf(tmp_path)
    shelf.put(NAME, KeptResult, RESULT)
    (path,) = tmp_path.iterdir()
    damage(path)  # type: ignore[operator]  # one of the three above
    assert shelf.find(NAME, KeptResult) is None


def test_what_has_another_shape_today_was_never_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put(NAME, tuple[Hour, ...], (Hour(date(2026, 11, 1), 9, 4),))
    assert shelf.find(NAME, tuple[Passage, ...]) is None


def test_a_shelf_that_was_taken_away_is_no_error(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "gone")
    shelf.put(NAME, KeptResult, RESULT)
    assert shelf.find(NAME, KeptResult) is None
