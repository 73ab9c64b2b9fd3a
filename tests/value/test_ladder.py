"""Each rung of the ladder by the history that leads to it, with its windows to the second."""

from datetime import datetime, timedelta

import pytest

from guildhall.value.coming_again import Known, again
from guildhall.value.ladder import Again, Note, Placed, TurnKind, kind_of_turn, place
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.ladder import Rung
from guildhall.vocabulary.outcomes import Outcome, Reason
from tests.storage.analysis.histories import BEGIN, Step, answered, closed, requested, told, turn

QUIET = Again(recognised=True, matter=True, day=False, week=False)
YES, NO = told(EventKind.FEEDBACK_GIVEN, helpful=True), told(EventKind.FEEDBACK_GIVEN, helpful=False)
ACCEPTED, MESSAGE = told(EventKind.HANDOFF_ACCEPTED, reference="R1"), told(EventKind.MESSAGE_SENT, by="A")
REFUSED = turn(Outcome.DECLINED, Reason.ATTACK)
PARTLY = turn(Outcome.PARTLY_ANSWERED, Reason.PART_UNANSWERED)
NOTHING_FOUND = turn(Outcome.DECLINED, Reason.NO_EVIDENCE)
HUNG_UP = told(EventKind.HANDOFF_GIVEN_UP, reference="R1", why="hung_up")
TO_TEAM = told(EventKind.HANDOFF_TRANSFERRED, reference="R1", how="to_queue")
BOOKED, CANCELLED = (told(EventKind.CALLBACK_BOOKED, reference="R1", cancelled=taken_back) for taken_back in (False, True))
ALONE = told(EventKind.HANDOFF_WITHDRAWN, requests=1, owner="assistant")


def history(*steps: Step) -> list[Event]:
    begun = Event(EventId("e"), EventKind.CONVERSATION_STARTED, BEGIN, ConversationId("c"))
    later = [BEGIN + timedelta(minutes=number) for number in range(1, len(steps) + 1)]
    return [
        begun,
        *(
            Event(EventId(f"e{at}"), kind, at, begun.conversation_id, TurnId("t"), facts)
            for at, (kind, facts) in zip(later, steps, strict=True)
        ),
    ]


def placed(*steps: Step, came: Again | None = None) -> Placed:
    return place(history(*steps), came or Again())


@pytest.mark.parametrize(
    ("steps", "came", "rung", "note"),
    [
        ((), Again(), Rung.ABANDONED_BEFORE, ""),
        ((answered(),), Again(), Rung.UNVERIFIED, ""),
        ((answered(), YES), Again(), Rung.VERIFIED, ""),
        ((answered(), NO), QUIET, Rung.UNVERIFIED, "said_no"),
        ((answered(), YES, NOTHING_FOUND), Again(), Rung.ABANDONED_AFTER, ""),
        ((answered(),), QUIET, Rung.VERIFIED, ""),
        ((answered(quoted=False),), QUIET, Rung.UNVERIFIED, ""),
        ((answered(), answered(quoted=False)), QUIET, Rung.UNVERIFIED, ""),
        ((answered(),), Again(True, True, False, None), Rung.UNVERIFIED, "too_early"),
        ((answered(),), Again(True, True, True, True), Rung.UNVERIFIED, ""),
        ((turn(Outcome.TASK_STARTED, Reason.EVIDENCE_FOUND, receipt="T1"),), Again(), Rung.VERIFIED, ""),
        ((turn(Outcome.TASK_STARTED, Reason.EVIDENCE_FOUND),), Again(), Rung.ABANDONED_AFTER, ""),
        ((turn(Outcome.DECLINED, Reason.OTHER_BODY),), QUIET, Rung.SIGNPOSTED, ""),
        ((answered(), turn(Outcome.ANSWERED, Reason.SMALL_TALK)), QUIET, Rung.VERIFIED, ""),
        ((PARTLY,), QUIET, Rung.ABANDONED_AFTER, ""),
        ((PARTLY, YES), Again(), Rung.VERIFIED, ""),
        ((NOTHING_FOUND,), Again(), Rung.ABANDONED_BEFORE, ""),
        ((REFUSED,), Again(), Rung.BLOCKED, ""),
        ((answered(), REFUSED), Again(), Rung.ABANDONED_AFTER, ""),
        ((turn(Outcome.FAIL_SAFE, Reason.UNEXPECTED_FAILURE),), Again(), Rung.BLOCKED, ""),
        ((requested(),), Again(), Rung.ABANDONED_BEFORE, "waits_still"),
        ((requested(), HUNG_UP), Again(), Rung.ABANDONED_BEFORE, ""),
        ((answered(), requested(), HUNG_UP), Again(), Rung.ABANDONED_AFTER, ""),
        ((requested(), ACCEPTED, MESSAGE, closed()), Again(), Rung.TRANSFERRED_RIGHT, ""),
        ((requested(), ACCEPTED, closed("no_reply")), Again(), Rung.ABANDONED_BEFORE, ""),
        ((requested(), BOOKED), Again(), Rung.ABANDONED_BEFORE, "callback_waits"),
        ((requested(), BOOKED, CANCELLED), Again(), Rung.ABANDONED_BEFORE, "waits_still"),
        ((requested(), BOOKED, ACCEPTED, closed("called_back")), Again(), Rung.TRANSFERRED_RIGHT, ""),
        ((requested(), ACCEPTED, MESSAGE, closed(right_team=False)), Again(), Rung.TRANSFERRED_WRONG, ""),
        ((requested(), ACCEPTED, MESSAGE, TO_TEAM, closed()), Again(), Rung.TRANSFERRED_WRONG, ""),
        ((requested(), ALONE, answered()), Again(), Rung.UNVERIFIED, ""),
        ((answered(), told(EventKind.DRAFT_DECIDED, status="approved")), QUIET, Rung.TRANSFERRED_RIGHT, ""),
    ],
)
def test_a_history_leads_to_its_rung(steps: tuple[Step, ...], came: Again, rung: Rung, note: str) -> None:
    found = placed(*steps, came=came)
    assert (found.rung, found.note) == (rung, note)


def test_a_wrap_up_that_was_taken_back_says_nothing_of_the_team() -> None:
    reopened = told(EventKind.HANDOFF_REOPENED, reference="R1", by="A")
    assert placed(requested(), ACCEPTED, MESSAGE, closed(right_team=False), reopened, closed()).rung == Rung.TRANSFERRED_RIGHT


def test_what_a_caller_did_not_hear_was_not_said() -> None:
    answer = answered("phone")[1]
    assert kind_of_turn(answer, heard=False) == TurnKind.OPEN
    assert kind_of_turn(answer, heard=True) == TurnKind.ANSWER


def test_hanging_up_is_deflected_and_neither_contained_nor_resolved() -> None:
    found = placed()
    assert (found.deflected, found.contained, found.resolved) == (True, False, False)


def test_a_callback_asked_for_within_a_day_uncounts_containment_and_not_the_rung() -> None:
    came = Again(True, True, True, True, person_day=True)
    assert placed(answered(), came=QUIET).contained
    found = placed(answered(), came=came)
    assert (found.contained, found.rung, found.note) == (False, Rung.UNVERIFIED, Note.NONE)


def known(started: datetime, wants_person: bool = False, resident: str = "ann", matter: str = "bins") -> Known:
    return Known(resident, matter, started, started + timedelta(minutes=5), wants_person)


@pytest.mark.parametrize(
    ("after", "day", "week"),
    [
        (timedelta(minutes=-5), False, False),
        (timedelta(minutes=-5, seconds=1), True, True),
        (timedelta(0), True, True),
        (timedelta(hours=24), True, True),
        (timedelta(hours=24, seconds=1), False, True),
        (timedelta(days=7), False, True),
        (timedelta(days=7, seconds=1), False, False),
    ],
)
def test_coming_again_counts_to_the_second(after: timedelta, day: bool, week: bool) -> None:
    first = known(BEGIN)
    second = known(first.ended_at + after, wants_person=True)
    came = again(first, [first, second], BEGIN + timedelta(days=20))
    assert (came.day, came.week, came.person_day) == (day, week, day)


def test_only_the_same_resident_about_the_same_matter_comes_again() -> None:
    first = known(BEGIN)
    others = [known(BEGIN + timedelta(hours=2), resident="bob"), known(BEGIN + timedelta(hours=2), matter="tax"), first]
    assert again(first, others, BEGIN + timedelta(days=20)).week is False


def test_until_a_window_is_over_nobody_knows() -> None:
    first = known(BEGIN)
    just_before, over = first.ended_at + timedelta(days=7, seconds=-1), first.ended_at + timedelta(days=7)
    assert again(first, [first], just_before).week is None
    assert again(first, [first], over).week is False
    assert again(None, [first], over) == Again()
