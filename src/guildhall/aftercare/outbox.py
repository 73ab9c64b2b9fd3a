"""Sends what waits in the outbox: never lost, because it was stored with the change that it tells of; never twice, because a message whose
sending was cut short is looked for at the provider by our own reference first.

Any number of processes may do this at once. A worker holds a message by a lease; whoever comes after an expired lease takes it that the
message may have been sent.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guildhall.aftercare.ports import Claimed, KeepsMessages, Notifies, NotSentError, UnsureIfSentError
from guildhall.vocabulary.notifications import MessageKind

LEASE: Final = timedelta(minutes=2)
"""Longer than any call to a provider may take, and long enough for an accepted message to be found by its reference."""
SAFE_SHARE: Final = 0.25
"""A worker that was held up for more of its lease than this does not begin to send any more: the next one looks first."""
AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a kind of message is tried: after `first`, then twice as long each time up to `longest`, `tries` times in all."""

    first: timedelta
    longest: timedelta
    tries: int

    def after(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        return min(self.first * (1 << min(max(attempts - 1, 0), 20)), self.longest)


PATIENCE: Final[dict[MessageKind, Patience]] = {
    MessageKind.ALERT: Patience(timedelta(seconds=5), timedelta(minutes=1), 60),
    MessageKind.FOLLOW_UP: Patience(timedelta(seconds=30), timedelta(hours=1), 24),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What a tick did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Outbox:
    """Messages on their way. `worker` names this process; `stopwatch` counts seconds."""

    store: KeepsMessages
    notifies: Notifies
    worker: str
    lease: timedelta = LEASE
    stopwatch: Callable[[], float] = time.monotonic

    def tick(self, now: datetime) -> Tally:
        """Send what is due, a bounded number. Safe at any time, in several processes, and again after a crash at any point."""
        started = self.stopwatch()
        sent = put_off = failed = 0

        def time_now() -> datetime:
            return now + timedelta(seconds=self.stopwatch() - started)

        for _ in range(AT_MOST):
            claimed_from = self.stopwatch()
            claimed = self.store.claim(time_now(), self.worker, self.lease)
            if claimed is None:
                break
            try:
                went = self._deliver(claimed, claimed_from, time_now)
            except NotSentError as error:
                if self._put_off(claimed, error, time_now()):
                    put_off += 1
                else:
                    failed += 1
            except UnsureIfSentError as error:
                self.store.again(claimed, self.worker, time_now() + max(self._wait(claimed), self.lease), uncertain=True, why=str(error))
                put_off += 1
                break  # the provider is in trouble: one message found that out, the others need not
            else:
                sent += went
        return Tally(sent, put_off, failed)

    def _deliver(self, claimed: Claimed, claimed_from: float, time_now: Callable[[], datetime]) -> bool:
        """Send it unless the provider has it. False when this worker was held up for too long to be sure of its claim."""
        found = self.notifies.find(claimed.outgoing.reference, claimed.outgoing.channel) if claimed.uncertain else None
        if found is None:
            if self.stopwatch() - claimed_from > self.lease.total_seconds() * SAFE_SHARE:
                return False
            found = self.notifies.send(claimed.outgoing)
        self.store.sent(claimed, self.worker, self.notifies.name, found, time_now())
        return True

    def _put_off(self, claimed: Claimed, error: NotSentError, at: datetime) -> bool:
        if not error.retry or claimed.attempts >= PATIENCE[claimed.kind].tries:
            self.store.failed(claimed, self.worker, at, str(error))
            return False
        wait = max(self._wait(claimed), timedelta(seconds=error.wait_seconds))
        self.store.again(claimed, self.worker, at + wait, uncertain=False, why=str(error))
        return True

    def _wait(self, claimed: Claimed) -> timedelta:
        return PATIENCE[claimed.kind].after(claimed.attempts)
