"""A look finds gaps, goes on from the look before, keeps ids, and stores nobody's words."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import select

from guildhall.storage.learning_schema import content_gaps, gap_questions
from guildhall.storage.unhelped import DRAFT_DECIDED
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gaps import Unhelped
from tests.learning.house import Council, FakeEncoder


class Drafts(StrEnum):
    """What deployments where drafts are approved put into the record."""

    DECIDED = DRAFT_DECIDED


DRONES = ("can I fly a drone in the park", "where can I fly a drone", "drone rules for the park please")
BEES = ("can I keep bees on my allotment", "keep bees at the allotment", "are bees allowed on the allotment")


def test_questions_that_mean_the_same_become_a_gap_and_a_stray_does_not(council: Council) -> None:
    for text in (*DRONES, *BEES, "who won the village show"):
        council.ask(text)
    looked = council.gathering().look()
    assert (looked.questions, looked.in_gaps, looked.new_gaps) == (7, 6, 2)
    drones, bees = council.store.gaps()
    assert [len(council.store.questions(gap.id)) for gap in (drones, bees)] == [3, 3]
    assert "drone" in drones.words and "bees" in bees.words
    assert [event["gap"] for event in council.events(EventKind.GAP_FOUND)] == [drones.id, bees.id]


def test_two_turns_of_one_person_are_no_gap(council: Council) -> None:
    conversation, _ = council.ask(DRONES[0])
    council.ask(DRONES[1], conversation)
    assert council.gathering().look().new_gaps == 0


def test_a_later_look_goes_on_and_a_gap_keeps_its_id(council: Council) -> None:
    for text in DRONES[:2]:
        council.ask(text)
    council.gathering().look()
    (gap,) = council.store.gaps()
    council.ask(DRONES[2])
    council.ask(BEES[0])
    looked = council.gathering().look()
    assert (looked.questions, looked.in_gaps, looked.new_gaps) == (2, 1, 0)
    assert len(council.store.questions(gap.id)) == 3
    council.ask(BEES[1])
    assert council.gathering().look().new_gaps == 1  # the one that waited has found another
    assert gap.id in {found.id for found in council.store.gaps()}
    assert len(council.store.questions("")) == 0


def test_nothing_new_is_nothing_found(council: Council) -> None:
    council.ask(DRONES[0])
    council.gathering().look()
    read = len(council.encoder.read)
    assert council.gathering().look().questions == 0
    assert len(council.encoder.read) == read


def test_the_slower_of_two_looks_is_thrown_away(council: Council) -> None:
    for text in DRONES:
        council.ask(text)
    slow, quick = council.gathering(), council.gathering()
    keep = council.store.keep
    raced: list[int] = []

    def other_first(new: object, at: object) -> bool:
        if not raced:
            raced.append(1)
            quick.look()
        return keep(new, at)  # type: ignore[arg-type]

    object.__setattr__(slow.store, "keep", other_first)
    slow.look()
    assert len(council.store.gaps()) == 1
    assert len(council.store.questions()) == 3


def test_later_events_say_that_a_turn_did_not_help(council: Council) -> None:
    fine: dict[str, Any] = {"outcome": "answered", "reason": "evidence_found"}
    conversation, turn = council.ask("is the tip open", **fine)
    council.note(EventKind.FEEDBACK_GIVEN, conversation, turn, {"helpful": False})
    routed, _ = council.ask("my drain is blocked", outcome="handed_over", reason="person_requested", reference="REF-1")
    council.ask("hello", routed, **fine)
    council.note(EventKind.HANDOFF_CLOSED, routed, "", {"reference": "REF-1", "right_team": False})
    content, _ = council.ask("thanks that helped", **fine)
    council.note(EventKind.HANDOFF_CLOSED, content, "", {"reference": "REF-2", "right_team": True})
    council.gathering().look()
    assert sorted(one.why.value for one in council.store.questions()) == ["judged_unhelpful", "wrongly_routed"]
    assert {"is the tip open", "my drain is blocked"} == set(council.encoder.read)


def test_two_failed_turns_count_once_by_the_question_as_it_was_first_put(council: Council) -> None:
    conversation, first = council.ask("the green thing", outcome="asked_back", reason="service_unclear")
    council.ask("none of these", conversation, outcome="handed_over", reason="two_failed_turns", person="brought")
    council.gathering().look()
    (one,) = council.store.questions()
    assert (one.turn_id, one.why) == (first, Unhelped.ASKED_BACK_TWICE)
    assert council.encoder.read == ["the green thing"]


def test_a_draft_that_was_rejected_counts(council: Council) -> None:
    conversation, turn = council.ask("can I put up a fence", outcome="handed_over", reason="rule")
    council.note(Drafts.DECIDED, conversation, turn, {"draft": "draf_1", "status": "rejected"})  # type: ignore[arg-type]
    other, turn = council.ask("can I put up a shed", outcome="answered", reason="evidence_found")
    council.note(Drafts.DECIDED, other, turn, {"draft": "draf_2", "status": "approved"})  # type: ignore[arg-type]
    council.gathering().look()
    (one,) = council.store.questions()
    assert (one.conversation_id, one.why) == (conversation, Unhelped.DRAFT_REJECTED)


def test_people_at_risk_are_left_out(council: Council) -> None:
    council.ask("he will find me if I move", sensitive=True)
    assert council.gathering().look().questions == 0
    assert council.encoder.read == []


def test_personal_data_are_masked_before_anything_reads_them(council: Council) -> None:
    council.ask("fly a drone, ring me on 07700 900123")
    council.gathering().look()
    assert council.encoder.read == ["fly a drone, ring me on"]


def test_neither_words_nor_their_meaning_stand_open_in_the_tables(council: Council) -> None:
    for text in DRONES:
        council.ask(text)
    council.gathering().look()
    with council.memory.database.reading() as connection:
        rows = [tuple(row) for table in (gap_questions, content_gaps) for row in connection.execute(select(table))]
    meaning = council.encoder.features(DRONES[:1])[0]
    flat = repr(rows)
    assert all(text not in flat for text in DRONES)
    sealed = [value for row in rows for value in row if isinstance(value, bytes)]
    assert not any(meaning.astype("float16").tobytes()[:64] in value for value in sealed)


def test_another_encoder_reads_old_questions_again(council: Council) -> None:
    for text in DRONES[:2]:
        council.ask(text)
    council.gathering().look()
    other = FakeEncoder("fake@2")
    council.ask(DRONES[2])
    council.gathering(other).look()
    assert set(other.read) == set(DRONES)
    (gap,) = council.store.gaps()
    assert len(council.store.meanings("fake@2", gap.id)) == 3


def test_an_erased_question_counts_and_means_nothing_any_more(council: Council) -> None:
    for text in DRONES:
        council.ask(text)
    council.gathering().look()
    (gap,) = council.store.gaps()
    gone = council.store.questions(gap.id)[0]
    council.memory.keys.destroy([gone.conversation_id], "erasure-1", council.clock())
    assert len(council.store.questions(gap.id)) == 3
    assert len(council.store.meanings("fake@1", gap.id)) == 2
    with pytest.raises(NotFoundError):
        council.memory.keys.get(gone.conversation_id)


def test_only_one_councils_turns_are_looked_at(council: Council) -> None:
    other = council.memory.conversations
    other._council = "elsewhere"
    council.ask(DRONES[0])
    assert council.gathering().look().questions == 0


def test_a_gap_is_due_by_its_demand_and_knows_the_page_that_came_nearest(council: Council) -> None:
    for number in range(5):
        council.ask(f"can I fly a drone in the park {number}", passages=[{"id": "gone"}, {"id": "p1"}], services=[[{"key": "parks"}]])
    council.ask("can I fly a drone in the park", ago=timedelta(days=90))
    council.gathering().look()
    (gap,) = council.store.gaps()
    assert gap.due_on == council.clock().date() + timedelta(days=14)
    assert (gap.page, gap.service) == ("/page", "parks")
