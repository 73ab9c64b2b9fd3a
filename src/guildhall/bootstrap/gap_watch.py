"""Looks for content gaps while the server runs: once an hour, when something happened that was not looked at."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.learning import Learning
from guildhall.bootstrap.learning_work import LOOK, look
from guildhall.vocabulary.errors import GuildhallError

log = structlog.get_logger("guildhall.learning")
EVERY_SECONDS = 3600.0
FIRST_AFTER_SECONDS = 300.0
"""A server that has just been opened has better things to do."""


class GapWatch:
    """One a process. Several may look at once: what the slower one finds is thrown away, so no gap is there twice."""

    def __init__(self, learning: Learning, every_seconds: float = EVERY_SECONDS, first_after: float = FIRST_AFTER_SECONDS) -> None:
        self._learning, self._every, self._first_after = learning, every_seconds, first_after
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="gap-watch", daemon=True)

    def start(self) -> None:
        """From now on, until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for a look that is under way."""
        self._stop.set()
        self._thread.join()

    def tick(self) -> bool:
        """Look, unless nothing happened since the last look; whether it looked."""
        learning = self._learning
        before, upto = learning.gaps.mark(), learning.reader.newest()
        if not learning.reader.count(before, upto):
            return False
        council = learning.guildhall.profile.slug
        learning.work.do(LOOK, council, "", look(learning), lambda _done, _all: None)
        return True

    def _watch(self) -> None:
        wait = self._first_after
        while not self._stop.wait(wait):
            wait = self._every
            try:
                self.tick()
            except (GuildhallError, SQLAlchemyError, OSError) as error:
                log.error("gaps_not_looked_for", error=type(error).__name__)
