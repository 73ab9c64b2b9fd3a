"""What everybody at the desk sees in one moment is read once, and again as soon as anything happens."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from guildhall.bootstrap.desk_moment import Moment

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_it_is_read_once_until_something_happens_or_a_second_passes() -> None:
    happened, read = [1], []
    moment = Moment(lambda: happened[-1])

    def look() -> int:
        read.append("looked")
        return len(read)

    assert [moment.of("load", NOON, look), moment.of("load", NOON + timedelta(milliseconds=900), look)] == [1, 1]
    assert moment.of("names", NOON, look) == 2
    happened.append(2)
    assert moment.of("load", NOON, look) == 3
    assert moment.of("load", NOON + timedelta(seconds=1), look) == 4


def test_a_reading_that_failed_is_not_kept() -> None:
    moment = Moment(lambda: 1)
    answers: Iterator[int | ValueError] = iter([ValueError("gone"), 7])

    def look() -> int:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    with contextlib.suppress(ValueError):
        moment.of("load", NOON, look)
    assert moment.of("load", NOON, look) == 7
