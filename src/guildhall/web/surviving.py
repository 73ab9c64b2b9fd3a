"""What may fail at the web's edge while whoever asked still gets an answer, or a stream its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

log = structlog.get_logger("guildhall.web")


@dataclass
class Attempt:
    """Something that was tried, and what it failed with."""

    error: Exception | None = None


@contextmanager
def surviving(failing: str) -> Iterator[Attempt]:
    """What fails within is logged as `failing` and kept, and the caller goes on to what a person needs: a way to a person, or the end.

    It catches everything: once a stream has begun no page of an error can follow, and on the way to that page nothing may fail. The log
    has the kind of error alone: its message may hold what a resident wrote.
    """
    attempt = Attempt()
    try:
        yield attempt
    except Exception as error:  # noqa: BLE001  # boundary: the web edge, once a stream has begun or a request has failed
        log.error(failing, error=type(error).__name__)
        attempt.error = error
