"""What a waiting resident is told to expect holds for most of them, and where it cannot be known nothing is said."""

import heapq
import random
from datetime import timedelta

import pytest

from guildhall.handoffs.expecting import AT_LEAST, Join, expected_seconds
from tests.handoffs.a_desk import WEDNESDAY


def joins(*waited: float, every: float = 2) -> list[Join]:
    """Residents one after another, each alone in the queue, the last joined now."""
    ends = [WEDNESDAY - timedelta(minutes=every * n) for n in range(len(waited))]
    return [Join(end - timedelta(minutes=wait), end) for end, wait in zip(ends, waited, strict=True)]


def test_nothing_is_said_from_too_few_waits_or_old_ones() -> None:
    assert expected_seconds(1, joins(*[1] * (AT_LEAST - 1)), WEDNESDAY) is None
    assert expected_seconds(1, joins(*[1] * AT_LEAST), WEDNESDAY + timedelta(hours=3)) is None
    assert expected_seconds(0, joins(*[1] * AT_LEAST), WEDNESDAY) is None


def test_it_is_a_wait_that_eight_in_ten_did_not_exceed_for_each_place() -> None:
    told = expected_seconds(1, joins(1, 1, 1, 1, 1, 1, 1, 1.5, 1.9, 1.9, every=3), WEDNESDAY)
    assert told == 90
    assert expected_seconds(3, joins(1, 1, 1, 1, 1, 1, 1, 1.5, 1.9, 1.9, every=3), WEDNESDAY) == 270


def test_nothing_is_said_when_the_queue_has_come_to_a_standstill() -> None:
    later = WEDNESDAY + timedelta(minutes=10)
    recent = joins(*[1] * 6)
    assert expected_seconds(1, recent, later, first_since=WEDNESDAY) is None
    assert expected_seconds(1, recent, later, first_since=later) == 60
    assert expected_seconds(1, recent, later) == 60


@pytest.mark.parametrize(("advisers", "gap"), [(1, 6.5), (3, 2.2), (8, 0.8)])
def test_most_residents_of_a_busy_desk_wait_no_longer_than_they_are_told(advisers: int, gap: float) -> None:
    chance = random.Random(7)
    free = [0.0] * advisers
    clock = 0.0
    queue: list[float] = []
    done: list[Join] = []
    kept = told = 0
    for _ in range(3000):
        clock += chance.expovariate(1 / gap)
        now = WEDNESDAY + timedelta(minutes=clock)
        joined = max(clock, heapq.heappop(free))
        heapq.heappush(free, joined + chance.expovariate(1 / 6))
        queue = [at for at in queue if at > clock]
        mine = WEDNESDAY + timedelta(minutes=joined)
        expected = expected_seconds(len(queue) + 1, [join for join in done if join.joined_at <= now][-30:], now)
        if joined > clock:
            queue.append(joined)
            if expected is not None:
                told += 1
                kept += (mine - now).total_seconds() <= expected + 60
        done.append(Join(now, mine))
    assert told > 300
    assert kept / told >= 0.75
