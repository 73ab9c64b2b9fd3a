"""Marks are blind; two who differ get a third; who cannot be marked is replaced; a draw counts once it is finished."""

import pytest

from guildhall.value.auditing.marking import MarkError, Verdict, checked
from guildhall.vocabulary.auditing import Fault, Mark
from tests.value.auditing.made import drawn

WEB, NO = "answered/english/web", "declined/english/web"
RIGHT, WRONG = ("ann", Mark.RIGHT, None), ("ann", Mark.WRONG, Fault.MISLEADING)
BEN_RIGHT, BEN_WRONG = ("ben", Mark.RIGHT, None), ("ben", Mark.WRONG, Fault.OUT_OF_DATE)


def test_one_mark_is_a_verdict_unless_two_people_mark_it() -> None:
    draw = drawn({WEB: (50, 4)}, {f"{WEB}:1": [RIGHT], f"{WEB}:2": [WRONG]}, double=25)
    assert draw.doubled == {f"{WEB}:1"}
    one, two = draw.in_order[:2]
    assert draw.verdict(one) is None and draw.needed(one) == 1
    assert draw.verdict(two) == Verdict(Mark.WRONG, Fault.MISLEADING)
    assert draw.needed(draw.in_order[2]) == 1 and not draw.finished


def test_two_who_agree_are_enough_and_two_who_differ_get_a_third_who_decides() -> None:
    agreed = drawn({WEB: (50, 2)}, {f"{WEB}:1": [RIGHT, BEN_RIGHT], f"{WEB}:2": [RIGHT, BEN_WRONG]}, double=100)
    one, two = agreed.in_order
    assert agreed.verdict(one) == Verdict(Mark.RIGHT, None)
    assert agreed.verdict(two) is None and agreed.next_for("cat") == two and agreed.next_for("ann") is None
    third = ("cat", Mark.PARTLY_RIGHT, Fault.MISSED_PART)
    decided = drawn({WEB: (50, 2)}, {f"{WEB}:1": [RIGHT, BEN_RIGHT], f"{WEB}:2": [RIGHT, BEN_WRONG, third]}, double=100)
    assert decided.verdict(decided.in_order[1]) == Verdict(Mark.PARTLY_RIGHT, Fault.MISSED_PART) and decided.finished


def test_nobody_is_given_a_turn_that_they_marked() -> None:
    draw = drawn({WEB: (50, 2)}, {f"{WEB}:1": [RIGHT]}, double=100)
    assert draw.next_for("ann") == draw.in_order[1]
    assert draw.next_for("ben") == draw.in_order[0]  # begun ones first


def test_a_turn_whose_words_are_gone_is_replaced_by_the_next_and_counted() -> None:
    draw = drawn({WEB: (50, 2)}, {f"{WEB}:2": [RIGHT], f"{WEB}:3": [WRONG]}, gone=[f"{WEB}:1"])
    assert [item.id for item in draw.in_order] == [f"{WEB}:2", f"{WEB}:3"]
    assert (draw.dropped, draw.missing, draw.finished) == (1, 0, True)
    nobody_left = drawn({WEB: (50, 2)}, {f"{WEB}:3": [RIGHT]}, stand_by=1, gone=[f"{WEB}:1", f"{WEB}:2"])
    assert (nobody_left.dropped, nobody_left.missing, nobody_left.finished) == (2, 1, True)


def test_a_mark_stands_when_the_words_go_before_the_second() -> None:
    draw = drawn({WEB: (50, 2)}, {f"{WEB}:1": [RIGHT], f"{WEB}:2": [RIGHT, BEN_WRONG]}, double=100, gone=[f"{WEB}:1", f"{WEB}:2"])
    one, two = draw.in_order
    assert draw.verdict(one) == Verdict(Mark.RIGHT, None)
    assert draw.verdict(two) == Verdict(Mark.CANNOT_TELL, None) and draw.finished


def test_who_cannot_be_judged_weighs_nothing_and_the_others_stand_for_them() -> None:
    cannot = ("ann", Mark.CANNOT_TELL, Fault.UNCLEAR_QUESTION)
    draw = drawn(
        {WEB: (60, 3), NO: (4, 2)},
        {f"{WEB}:1": [RIGHT], f"{WEB}:2": [cannot], f"{WEB}:3": [WRONG], f"{NO}:1": [cannot], f"{NO}:2": [cannot]},
    )
    assert {one.item.id: one.weight for one in draw.counted()} == {
        f"{WEB}:1": 30, f"{WEB}:2": 0, f"{WEB}:3": 30, f"{NO}:1": 0, f"{NO}:2": 0,
    }  # fmt: skip


def test_how_many_marks_are_wanted_is_known_before_the_second_is_due() -> None:
    assert drawn({WEB: (50, 4)}, {}, double=50).wanted == 6
    draw = drawn({WEB: (50, 4)}, {f"{WEB}:1": [RIGHT, BEN_WRONG], f"{WEB}:3": [RIGHT]}, double=50)
    assert (draw.given, draw.wanted) == (3, 7)  # a third for the first, two for the second, one for the last


BAD = [
    (WEB, "", "", "mark", "Choose one of right, partly right, wrong, cannot tell"),
    (WEB, "rightly_declined", "", "mark", "Choose one of right"),
    (NO, "right", "", "mark", "Choose one of rightly declined"),
    (WEB, "wrong", "", "fault", "Choose a reason for “wrong”: wrong figure"),
    (WEB, "wrong", "not_found", "fault", "Choose a reason for “wrong”"),
    (WEB, "right", "unsafe", "fault", "Leave the reason out"),
    (NO, "should_have_answered", "unsafe", "fault", "not found, misunderstood, too careful"),
]


@pytest.mark.parametrize(("stratum", "mark", "fault", "field", "message"), BAD)
def test_a_mark_that_means_nothing_is_refused_at_its_field(stratum: str, mark: str, fault: str, field: str, message: str) -> None:
    (item,) = drawn({stratum: (50, 1)}, {}, stand_by=0).items
    with pytest.raises(MarkError, match=message) as told:
        checked(item, mark, fault)
    assert told.value.field == field
