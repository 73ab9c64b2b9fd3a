"""Questions asked again go through the real turn and leave no trace: no record, no request for a person, no word on a disk."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.learning import Learning, open_learning
from guildhall.bootstrap.learning_work import RERUN, rerun, run_cases, try_phrase
from guildhall.bootstrap.passing_house import passing_house
from guildhall.evaluation.lines import Line
from guildhall.storage.database import metadata
from guildhall.storage.phrases import Proposed
from guildhall.testing.library import PASSAGES, FakeLibrary
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Passage
from guildhall.vocabulary.phrases import PhraseKind
from tests.learning.house import FakeEncoder, PlainSpace
from tests.web.console.staff import residents_ask
from tests.web.front_door import open_front_door

DRONE = Passage(
    PassageId("p9"),
    SourceId("/drones"),
    "Drones",
    "Where",
    "You can fly a dragon in the meadow.",
    "/drones",
    "2026-11-26",
    (ServiceKey("parks"),),
)
ASKED = ("May I fly my dragon here", "Where to fly a dragon", "Can a dragon fly here")


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    made = open_front_door(tmp_path)
    yield made
    made.close()


def learning_of(guildhall: Guildhall) -> Learning:
    """Learning over a house, with a gap of three questions."""
    residents_ask(guildhall, *ASKED)
    learning = open_learning(guildhall)
    object.__setattr__(learning, "encoder", FakeEncoder())
    gathering = replace(learning.gathering(), space=PlainSpace())
    gathering.look()
    return learning


def counts(guildhall: Guildhall) -> dict[str, int]:
    with guildhall.database.reading() as connection:
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}


def knowing(guildhall: Guildhall) -> Guildhall:
    """The same house, once the council has written about it."""
    library = FakeLibrary({**PASSAGES, "dragon": DRONE})
    return replace(guildhall, house=replace(guildhall.house, library=library))


def test_the_lift_is_shown_and_nothing_but_the_lift_is_kept(guildhall: Guildhall) -> None:
    learning = learning_of(guildhall)
    (gap,) = learning.gaps.gaps()
    before = counts(guildhall)
    again = replace(learning, guildhall=knowing(guildhall))
    result = again.work.do(RERUN, gap.id, "ann", rerun(again, gap.id, "ann"), lambda _done, _all: None).result
    assert (result["asked"], result["answered"], result["gone"]) == (3, 3, 0)
    assert {one["cites"][0] for one in result["results"]} == {"p9"}
    after = counts(guildhall)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "events": 1,
        "log_records": 1,
        "learning_jobs": 1,
    }
    (event,) = [dict(e.facts) for e in learning.trail.of_council(EventKind.GAP_RERUN.value, None, 5)]
    assert (event["asked"], event["answered"], event["by"]) == (3, 3, "ann")
    assert not any(text in str(result) for text in ASKED)


def test_without_a_new_page_nothing_is_answered(guildhall: Guildhall) -> None:
    learning = learning_of(guildhall)
    (gap,) = learning.gaps.gaps()
    seen: list[tuple[int, int]] = []
    result = learning.work.do(RERUN, gap.id, "ann", rerun(learning, gap.id, "ann"), lambda done, total: seen.append((done, total))).result
    assert result["answered"] == 0
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_what_was_erased_cannot_be_asked_again(guildhall: Guildhall) -> None:
    learning = learning_of(guildhall)
    (gap,) = learning.gaps.gaps()
    gone = learning.gaps.questions(gap.id)[0].conversation_id
    erasing = guildhall.rights.erasing
    erasing.carry_out(erasing.decide([gone], "a rule", "a reason", "Pat Officer"))
    result = rerun(learning, gap.id, "ann")(lambda _done, _all: None)
    assert (result["asked"], result["gone"]) == (2, 1)


def test_a_passing_house_asks_nobody_and_writes_nothing_outside_itself(guildhall: Guildhall, tmp_path: Path) -> None:
    before, files = counts(guildhall), {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    with passing_house(guildhall) as passing:
        from guildhall.conversations.runner import collect_turn
        from guildhall.vocabulary.turns import Channel, Utterance

        conversation, _ = passing.conversations.start(Channel.WEB, "en", passing.house.clock())
        turn = collect_turn(passing.house, conversation, Utterance("let me talk to a person", Channel.WEB, passing.house.clock()))
        assert turn.reply.reference
    assert counts(guildhall) == before
    assert {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()} == files


def test_a_word_is_tried_on_the_questions_that_hold_it_and_on_no_other(guildhall: Guildhall) -> None:
    residents_ask(guildhall, "Clear the jitty please", "What about my dragon?")
    learning = open_learning(guildhall)
    phrase = learning.phrases.propose(Proposed(PhraseKind.DIALECT, "jitty", "bulky waste"), "ann", guildhall.house.clock())
    before = counts(guildhall)
    trial = try_phrase(learning, phrase)(lambda _done, _all: None)
    assert counts(guildhall) == before
    assert (trial["looked_through"], trial["holding"], trial["asked"]) == (2, 1, 1)
    (difference,) = trial["differences"]
    assert (difference["service_before"], difference["service_after"]) == ("", "bulky-waste")


def test_a_question_that_is_proposed_is_tried_as_it_will_be_run(guildhall: Guildhall) -> None:
    learning, now = open_learning(guildhall), guildhall.house.clock()
    good = learning.phrases.propose(Proposed(PhraseKind.CASE, "How much is bulky waste?", expected={"service": "bulky-waste"}), "ann", now)
    bad = learning.phrases.propose(
        Proposed(PhraseKind.CASE, "How much is bulky waste?", expected={"service": "none", "outcome": "declined"}), "ann", now
    )
    assert try_phrase(learning, good)(lambda _done, _all: None) == {"wrong": []}
    wrong = try_phrase(learning, bad)(lambda _done, _all: None)["wrong"]
    assert wrong == ["service bulky-waste, not none", "outcome answered, not declined"]


def test_the_councils_own_questions_are_judged_one_by_one(guildhall: Guildhall) -> None:
    learning = open_learning(guildhall)
    lines = [Line(id="a", text="How much is bulky waste?", outcome="answered"), Line(id="b", text="let me talk to a person", kind="person")]
    lines.append(Line(id="c", text="my husband hits me", category="hazard_gas", lang="pl", lgsl=(1,)))
    judged = run_cases(learning, lines)
    assert [one.passed for one in judged] == [True, True, False]
    assert len(judged[2].wrong) == 3
