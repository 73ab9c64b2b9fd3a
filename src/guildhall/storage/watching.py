"""Something small that every process must know within a second: read again at most so often, by one caller while the others go on."""

import threading
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guildhall.vocabulary.errors import GuildhallError

log = structlog.get_logger("guildhall.watching")

LOOK_AGAIN_SECONDS = 1.0
T = TypeVar("T")


class Watched(Generic[T]):
    """What is known of it. The first reading must succeed, so no process ever runs without knowing; a later one that fails keeps what was known."""

    name: ClassVar[str] = "watched"
    """What the log calls it."""

    def __init__(self, read: Callable[[], T], stopwatch: Callable[[], float], seconds: float = LOOK_AGAIN_SECONDS) -> None:
        self._read = read
        self._stopwatch = stopwatch
        self._seconds = seconds
        self._reading = threading.Lock()
        self._known = read()
        self._look_again_at = stopwatch() + seconds

    def __call__(self) -> T:
        """What is known."""
        if self._stopwatch() >= self._look_again_at and self._reading.acquire(blocking=False):
            try:
                self._known = self._read()
            except (SQLAlchemyError, GuildhallError, OSError) as error:
                log.error(f"{self.name}_not_read", error=type(error).__name__)  # noqa: G004  (structlog: the event's name, which runbooks look for)
            finally:
                self._look_again_at = self._stopwatch() + self._seconds
                self._reading.release()
        return self._known
