from datetime import UTC, datetime, timedelta

from guildhall.handoffs.waiting import Wait, spread, together

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def minutes(*lengths: float) -> list[timedelta]:
    return [timedelta(minutes=length) for length in lengths]


def wait(**changed: object) -> Wait:
    given: dict[str, object] = {
        "reference": "R", "conversation_id": "c", "queue": "duty", "reason": "distress", "category": "", "urgent": False,
        "requested_at": NOON, "desk_open": True, "is_open": True,
    }  # fmt: skip
    return Wait(**(given | changed))  # type: ignore[arg-type]


def test_each_percentile_is_a_wait_that_somebody_had() -> None:
    found = spread(minutes(*range(1, 21)))
    assert (found.count, found.p50, found.p95) == (20, *minutes(10, 19))
    assert spread(minutes(5)).p95 == timedelta(minutes=5)


def test_without_waits_there_are_no_figures() -> None:
    assert (spread([]).p50, spread([]).p95) == (None, None)
    assert together([]).out_of_hours_share == 0


def test_requests_are_counted_by_what_they_met() -> None:
    met, promised = NOON + timedelta(minutes=4), NOON + timedelta(hours=2)
    waits = together([wait(met_at=met, is_open=False), wait(desk_open=False, urgent=True), wait(promised_at=promised)])
    assert (waits.count, waits.urgent, waits.out_of_hours, waits.still_open) == (3, 1, 1, 2)
    assert (waits.met.p50, waits.promised.p95) == (timedelta(minutes=4), timedelta(hours=2))
