"""What a server does about value once a day goes on where kept evaluations cannot be checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.value_daily import BY, daily_value
from guildhall.vocabulary.errors import RefusedError
from tests.web.front_door import open_front_door


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    made = open_front_door(tmp_path)
    yield made
    made.close()


def test_evaluations_are_checked_and_what_is_due_is_settled(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def checks(_self: object, by: str) -> tuple[object, ...]:
        asked.append(by)
        return ()

    monkeypatch.setattr("guildhall.bootstrap.baselines.Baselines.check_kept", checks)
    assert daily_value(guildhall)() == 0 and asked == [BY]


def test_a_failure_to_check_is_said_and_the_rest_is_done(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_self: object, _by: str) -> tuple[object, ...]:
        raise RefusedError("the export is damaged")

    said: list[str] = []
    monkeypatch.setattr("guildhall.bootstrap.baselines.Baselines.check_kept", fails)
    assert daily_value(guildhall, said.append)() == 0 and said == ["Kept evaluations could not be checked: the export is damaged"]
