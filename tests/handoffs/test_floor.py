"""The floor at a glance: promises in opening hours, danger first, an adviser who owes replies."""

from datetime import UTC, datetime, timedelta

from guildhall.handoffs.config import Queue
from guildhall.handoffs.floor import adviser_now, busiest_first, queue_now
from guildhall.vocabulary.handoffs import Adviser, AdviserStatus, Handoff, HandoffStatus, Lane
from tests.handoffs.test_snoozing import CALENDAR

NOW = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)  # five minutes after the lunch break of an hour
QUEUE = Queue(name="front desk", hours="office", join_within_minutes=10)


def handoff(number: int, asked: datetime, **more: object) -> Handoff:
    known = {"queue": "front", "reason": "", "category": "", "lane": Lane.ORDINARY, "status": HandoffStatus.REQUESTED, "live": True}
    return Handoff(id=f"h{number}", reference=f"R{number}", conversation_id=f"c{number}", requested_at=asked, **(known | more))  # type: ignore[arg-type]


def test_a_queue_counts_its_waits_in_opening_hours() -> None:
    before_lunch = datetime(2026, 11, 25, 11, 58, tzinfo=UTC)
    found = [handoff(1, before_lunch), handoff(2, NOW, live=False, status=HandoffStatus.BOOKED), handoff(3, NOW, queue="other")]
    now = queue_now("front", QUEUE, CALENDAR, found, 2, 1, NOW)
    assert (now.waiting, now.callbacks, now.present, now.breached_today) == (1, 1, 2, 1)
    assert now.longest == timedelta(minutes=7)  # two before lunch and five after
    assert (now.due_at, now.late) == (datetime(2026, 11, 25, 13, 8, tzinfo=UTC), 0)
    later = queue_now("front", QUEUE, CALENDAR, found, 2, 1, NOW + timedelta(minutes=3))
    assert (later.due_at, later.late) == (None, 1)


def test_somebody_in_danger_puts_a_queue_first_whether_they_wait_here_or_for_a_call() -> None:
    danger = [handoff(1, NOW, lane=Lane.DANGER, live=False)]
    calm = queue_now("front", QUEUE, CALENDAR, [handoff(n, NOW) for n in range(2, 9)], 1, 0, NOW)
    urgent = queue_now("front", QUEUE, CALENDAR, danger, 1, 0, NOW)
    assert urgent.in_danger == 1
    assert busiest_first([calm, urgent]) == [urgent, calm]


def test_a_conversation_with_two_requests_is_one_that_an_adviser_has() -> None:
    one, two = (
        Handoff(f"h{n}", f"R{n}", "c1", "front", "", "", Lane.ORDINARY, HandoffStatus.ACCEPTED, NOW, adviser_id="s1") for n in (1, 2)
    )
    assert queue_now("front", QUEUE, CALENDAR, [one, two], 1, 0, NOW).held == 1


def test_an_adviser_who_owes_a_reply_for_longer_than_promised_is_quiet() -> None:
    adviser = Adviser("s1", "Ann", frozenset(), frozenset(), False, 3, AdviserStatus.AVAILABLE)
    owed = NOW - timedelta(minutes=6)
    found = [
        handoff(1, NOW, status=HandoffStatus.ACCEPTED, adviser_id="s1", owed_since=owed),
        handoff(2, NOW, status=HandoffStatus.SNOOZED, adviser_id="s1", owed_since=owed),
        handoff(3, NOW, status=HandoffStatus.OFFERED, adviser_id="s1"),
        handoff(4, NOW, status=HandoffStatus.ACCEPTED, adviser_id="s2", owed_since=owed),
    ]
    now = adviser_now(adviser, found, True, lambda _queue: timedelta(minutes=5), NOW)
    assert (now.has, now.aside, now.offered, now.owes, now.owes_longest, now.quiet) == (1, 1, 1, 1, owed, True)
    assert not adviser_now(adviser, found, True, lambda _queue: timedelta(minutes=7), NOW).quiet
