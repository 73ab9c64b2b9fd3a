"""The tick that serves all calls: a call that fails harms no other, is not ended for one bad packet, and is ended when it goes on failing."""

from guildhall.providers.telephony.sip.ticker import FAILURES_AT_MOST, Ticker


class Call:
    def __init__(self, ticker: Ticker) -> None:
        self.ticks, self.bad, self.failed = 0, 0, 0
        self.stop = ticker.add(self.tick, self.fail)

    def tick(self) -> None:
        self.ticks += 1
        if self.bad:
            self.bad -= 1
            raise ValueError("a packet like no other")

    def fail(self) -> None:
        self.failed += 1


def test_one_bad_packet_ends_no_call() -> None:
    ticker = Ticker()
    call, other = Call(ticker), Call(ticker)
    for _ in range(3):
        call.bad = FAILURES_AT_MOST - 1
        for _ in range(FAILURES_AT_MOST):
            ticker.tick()
    assert call.failed == 0 and call.ticks == other.ticks == 3 * FAILURES_AT_MOST


def test_a_call_that_goes_on_failing_is_told_once_and_the_others_hear_on() -> None:
    ticker = Ticker()
    call, other = Call(ticker), Call(ticker)
    call.bad = 10 * FAILURES_AT_MOST
    for _ in range(2 * FAILURES_AT_MOST):
        ticker.tick()
    assert (call.failed, call.ticks, ticker.served) == (1, FAILURES_AT_MOST, 1)
    assert other.ticks == 2 * FAILURES_AT_MOST


def test_a_call_may_stop_twice() -> None:
    ticker = Ticker()
    call = Call(ticker)
    call.stop()
    call.stop()
    ticker.tick()
    assert (call.ticks, ticker.served) == (0, 0)
