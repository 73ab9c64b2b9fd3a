"""A drill turns a channel off, sees it at a real server over HTTP, times it, turns it on again and records it; and never leaves it off."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from guildhall.bootstrap.drilling import BOUND_SECONDS, Drilled, Probe, drill_channel
from guildhall.bootstrap.house import Guildhall
from guildhall.storage.schema import events, handoffs
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.questions import Understanding
from guildhall.vocabulary.switches import SwitchKind
from tests.web.front_door import open_front_door
from tests.web.serving import serving

WHY, WHO = "wrong fees were quoted this morning", "Priya Shah"


class HearsSmallTalk(FakeUnderstanding):
    def understand(self, text: str, language: str, past: Any) -> Understanding:
        return Understanding(()) if text == "hello" else super().understand(text, language, past)


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path, understanding=HearsSmallTalk())
    yield opened
    opened.close()


def drill(guildhall: Guildhall, address: str, **given: Any) -> Drilled:
    with Probe(address) as probe:
        return drill_channel(guildhall.switchboard, given.pop("probe", probe), SwitchKind.CHANNEL, "web", WHO, lambda _: None, **given)


def recorded(guildhall: Guildhall, kind: str) -> list[dict[str, Any]]:
    with guildhall.database.reading() as connection:
        rows = connection.execute(select(events.c.facts).where(events.c.kind == kind).order_by(events.c.seq)).scalars().all()
    return [json.loads(row) for row in rows]


def test_a_drill_at_a_running_server_times_the_switch_and_leaves_it_on(guildhall: Guildhall) -> None:
    with serving(guildhall) as address:
        done = drill(guildhall, address)
    assert done.passed
    assert done.off_seconds is not None
    assert done.off_seconds < BOUND_SECONDS
    assert not guildhall.switchboard.off().off
    (event,) = recorded(guildhall, "SwitchDrilled")
    assert (event["passed"], event["off_seconds"], event["by"]) == (True, done.off_seconds, WHO)
    assert [turn["off"] for turn in recorded(guildhall, "SwitchTurned")] == [True, False]
    assert event["conversations"] == list(done.conversations)


def test_a_drill_fills_no_queue(guildhall: Guildhall) -> None:
    with serving(guildhall) as address:
        drill(guildhall, address)
    with guildhall.database.reading() as connection:
        assert connection.execute(select(handoffs)).all() == []


def test_without_a_server_nothing_is_turned(guildhall: Guildhall) -> None:
    with serving(guildhall) as address:
        pass
    with pytest.raises(RefusedError, match=r"no Guildhall server answers at .*Start one with `guildhall serve`"):
        drill(guildhall, address)
    assert not guildhall.switchboard.history()


def test_where_answers_are_off_already_a_drill_is_refused_and_they_stay_off(guildhall: Guildhall) -> None:
    guildhall.switchboard.turn_off(SwitchKind.CAPABILITY, "answers", WHY, WHO)
    with serving(guildhall) as address, pytest.raises(RefusedError, match="off there already"):
        drill(guildhall, address)
    assert guildhall.switchboard.off().is_off(SwitchKind.CAPABILITY, "answers")


class Interrupted(Probe):
    """Is stopped while the channel is off."""

    def is_off(self) -> bool:
        if self.conversations:
            raise KeyboardInterrupt
        return super().is_off()


def test_an_interrupted_drill_turns_the_channel_on_again(guildhall: Guildhall) -> None:
    with serving(guildhall) as address, Interrupted(address) as probe, pytest.raises(KeyboardInterrupt):
        drill(guildhall, address, probe=probe)
    assert not guildhall.switchboard.off().off
    assert [turn.off for turn in guildhall.switchboard.history()] == [False, True]


def test_a_drill_that_is_killed_leaves_a_switch_that_lapses(guildhall: Guildhall) -> None:
    turned = guildhall.switchboard.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO, lapses_after=timedelta(seconds=-1))
    assert turned.switch.lapses_at is not None
    assert not guildhall.switchboard.off().off


class SomebodyElse(Probe):
    """A colleague switches the channel off for good while the drill runs."""

    def __init__(self, address: str, guildhall: Guildhall) -> None:
        super().__init__(address)
        self.guildhall = guildhall

    def is_off(self) -> bool:
        off = super().is_off()
        if off:
            self.guildhall.switchboard.turn_off(SwitchKind.CHANNEL, "web", "a real emergency now", "Sam Okoro")
        return off


def test_a_real_switch_during_a_drill_stays_off(guildhall: Guildhall) -> None:
    with serving(guildhall) as address, SomebodyElse(address, guildhall) as probe:
        done = drill(guildhall, address, probe=probe)
    assert [switch.by for switch in guildhall.switchboard.off().off] == ["Sam Okoro"]
    assert not done.passed


def test_a_server_that_does_not_heed_fails_the_drill_and_says_why(guildhall: Guildhall, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = open_front_door(elsewhere, understanding=HearsSmallTalk())
    now = iter(range(10_000))
    with serving(other) as address:
        done = drill(guildhall, address, stopwatch=lambda: float(next(now)), sleep=lambda _: None)
    other.close()
    assert not done.passed
    assert "GUILDHALL_DATABASE_URL" in done.told
    assert not guildhall.switchboard.off().off
    assert recorded(guildhall, "SwitchDrilled")[0]["passed"] is False
