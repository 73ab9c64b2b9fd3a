"""Which turns count as not helped, by what is recorded of them."""

import pytest

from guildhall.learning.unhelped import first_failed, is_private, open_parts, question_of, why_unhelped, without_masks
from guildhall.vocabulary.gaps import WHOLE, Unhelped


@pytest.mark.parametrize(
    ("outcome", "reason", "why"),
    [
        ("declined", "no_evidence", Unhelped.NO_EVIDENCE),
        ("declined", "out_of_scope", Unhelped.NO_EVIDENCE),
        ("partly_answered", "part_unanswered", Unhelped.PART_UNANSWERED),
        ("handed_over", "two_failed_turns", Unhelped.ASKED_BACK_TWICE),
        ("declined", "attack", None),
        ("declined", "other_body", None),
        ("answered", "evidence_found", None),
        ("asked_back", "service_unclear", None),
        ("handed_over", "distress", None),
        ("fail_safe", "unexpected_failure", None),
    ],
)
def test_a_turn_counts_by_how_it_ended(outcome: str, reason: str, why: Unhelped | None) -> None:
    assert why_unhelped({"outcome": outcome, "reason": reason}) == why


def test_words_of_somebody_at_risk_are_left_alone() -> None:
    assert is_private({"sensitive": True})
    assert is_private({"signals": [{"category": "domestic_abuse", "grade": "confirm"}]})
    assert not is_private({"signals": [{"category": "domestic_abuse", "grade": "screen"}, {"category": "greeting", "grade": "confirm"}]})


def test_failures_in_a_row_begin_where_the_first_one_was() -> None:
    turns = [{"outcome": "answered"}, {"outcome": "asked_back"}, {"outcome": "handed_over"}]
    assert first_failed(turns) == 1
    assert first_failed([{"outcome": "handed_over"}]) == 0


def test_of_several_questions_only_those_without_an_answer_are_open() -> None:
    answer = {"kind": "answer", "question": "When is my bin day"}
    words = {"questions": ["when is my bin day?", "can I fly a drone?"], "parts": [answer], "utterance": "both"}
    assert open_parts(Unhelped.PART_UNANSWERED, words) == [1]
    assert question_of(1, words) == "can I fly a drone?"
    assert open_parts(Unhelped.NO_EVIDENCE, words) == [WHOLE]
    assert open_parts(Unhelped.PART_UNANSWERED, words | {"parts": []}) == [WHOLE]
    assert question_of(WHOLE, words) == "both"


def test_marks_of_masked_data_mean_nothing() -> None:
    assert without_masks("ring [phone-1] or [email-2]  please") == "ring or please"
