"""For a contact that came to the wrong team: the team that the adviser named, else the one it was passed to, else the one the caller was put through to."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.pictures import Asked, Instead, instead
from guildhall.vocabulary.events import EventKind
from tests.storage.analysis.histories import BEGIN, Made, Step, closed, exporter, record, requested, told
from tests.storage.memory import Memory

TAKEN = told(EventKind.HANDOFF_ACCEPTED, reference="R1", by="A", queue="front-desk")
WORDS = told(EventKind.MESSAGE_SENT, by="A")
PASSED = told(EventKind.HANDOFF_TRANSFERRED, reference="R1", how="to_queue", queue="revenues", **{"from": "front-desk"})
PUT_THROUGH = told(EventKind.CALL_BRIDGED, reference="R1", queue="repairs", waited_seconds=3)
OWN_LINE = told(EventKind.CALL_BRIDGED, reference="R1", queue="front-desk", waited_seconds=3)


def wrong(queue: str = "") -> Step:
    kind, facts = closed(right_team=False)
    return kind, dict(facts) | {"right_queue": queue}


def found(memory: Memory, folder: Path, *contacts: Sequence[Step]) -> tuple[Instead, ...]:
    record(memory, [Made((requested(), TAKEN, WORDS, *steps), 10 * number) for number, steps in enumerate(contacts)])
    exporter(memory, folder).refresh()
    engine = AnalysisEngine(folder, BEGIN + timedelta(days=30))
    rows = instead(engine, Asked(BEGIN.date(), BEGIN.date() + timedelta(days=3)))
    engine.close()
    return rows


@pytest.mark.parametrize(
    ("steps", "right", "by"),
    [
        ((PASSED, wrong("repairs")), "repairs", "said"),
        ((PASSED, wrong()), "revenues", "passed_on"),
        ((PASSED, closed()), "revenues", "passed_on"),
        ((PUT_THROUGH, wrong()), "repairs", "put_through"),
        ((OWN_LINE, wrong()), "", ""),
        ((wrong(),), "", ""),
    ],
)
def test_the_right_team_is_the_surest_that_anybody_named(
    memory: Memory, tmp_path: Path, steps: Sequence[Step], right: str, by: str
) -> None:
    assert found(memory, tmp_path / "export", steps) == (Instead("front-desk", right, by, 1),)


NOBODY_THERE = closed("resident_left")


@pytest.mark.parametrize(
    ("steps", "right"),
    [((WORDS, closed()), True), ((WORDS, wrong()), False), ((PASSED, WORDS, closed()), False), ((WORDS,), None), ((NOBODY_THERE,), None)],
)
def test_the_measure_of_misdirection_judges_whom_the_ladder_says_a_person_took(
    memory: Memory, tmp_path: Path, steps: Sequence[Step], right: bool | None
) -> None:
    record(memory, [Made((requested(), TAKEN, *steps), 0)])
    exporter(memory, tmp_path / "export").refresh()
    engine = AnalysisEngine(tmp_path / "export", BEGIN + timedelta(days=30))
    ((said, rung),) = engine.query("SELECT right_team, rung FROM contacts")
    engine.close()
    assert said is right
    assert (rung == "transferred_wrong") == (right is False) and (right is None or rung.startswith("transferred"))


def test_a_contact_that_came_to_the_right_team_is_in_none(memory: Memory, tmp_path: Path) -> None:
    assert found(memory, tmp_path / "export", (closed(),), (PUT_THROUGH, closed())) == ()
