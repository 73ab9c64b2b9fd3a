"""The keeper of a running server: forgets within seconds what another process erased, finishes what was cut short, runs retention daily.

Before retention forgets anything, whether recognised residents came again is put into the record, in a thread of its own.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.knowledge import say_to_terminal
from guildhall.bootstrap.rights import Rights
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.forgetting import forget_words

TICK_SECONDS = 1.0
DAILY = timedelta(days=1)
AFTER_FAILURE = timedelta(hours=1)


class Keeper:
    """One a process, in a thread of its own. `tick` may be called by a test instead."""

    def __init__(
        self,
        rights: Rights,
        say: Callable[[str], None] = say_to_terminal,
        tick_seconds: float = TICK_SECONDS,
        before: Callable[[], object] | None = None,
    ) -> None:
        """`before` is what must be done before retention forgets anything; where it fails, that is said and retention runs all the same."""
        self._rights = rights
        self._before = before
        self._doing_before: threading.Thread | None = None
        self._say = say
        self._tick_seconds = tick_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._not_before = rights.memory.clock()
        rights.memory.keys.when_forgotten(_forget)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for what is being done."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._doing_before is not None:
            self._doing_before.join()

    def tick(self) -> None:
        """Look what others erased; run retention when a day has passed since it last ran."""
        try:
            self._rights.memory.keys.watch()
            now = self._rights.memory.clock()
            if now < self._not_before:
                return
            self._not_before = now + AFTER_FAILURE
            for certificate in self._rights.erasing.resume():
                self._rights.keep_certificate(certificate)
            last = self._rights.retention.last_run()
            if last is not None and now - last < DAILY:
                self._not_before = last + DAILY
                return
            if not self._is_ready():
                self._not_before = now
                return
            for certificate in self._rights.retention.run().certificates:
                self._rights.keep_certificate(certificate)
            self._not_before = now + DAILY
        except (GuildhallError, SQLAlchemyError, OSError) as error:
            # Said without the error's own words, which may quote a statement: the next try comes in an hour.
            self._say(f"Retention did not run: {error if isinstance(error, GuildhallError) else type(error).__name__}")

    def _is_ready(self) -> bool:
        """Whether what comes before retention is done; it is begun here where it was not. Raises RefusedError for a clock that cannot be believed."""
        if self._before is None:
            return True
        self._rights.retention.check_clock()
        if self._doing_before is None:
            self._doing_before = threading.Thread(target=self._do_before, args=(self._before,), name="before-retention", daemon=True)
            self._doing_before.start()
        if self._doing_before.is_alive():
            return False
        self._doing_before = None
        return True

    def _do_before(self, before: Callable[[], object]) -> None:
        try:
            before()
        except (GuildhallError, SQLAlchemyError, duckdb.Error, OSError) as error:
            why = error if isinstance(error, GuildhallError) else type(error).__name__
            self._say(f"Whether residents came again could not be put into the record: {why}")

    def _keep(self) -> None:
        while not self._stop.wait(self._tick_seconds):
            self.tick()


def _forget(_conversation_ids: Sequence[str]) -> None:
    forget_words()
