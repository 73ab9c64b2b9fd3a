"""Whose turn it is to write into an SQLite file that several processes share.

SQLite's own waiting sleeps longer each time it finds the file taken (up to a tenth of a second), so that a writer who waited loses against one who
has just come. Here a writer looks every millisecond, through a lock on a file beside the database, which the system frees when its process ends
in whatever way. SQLite's own lock still holds for everybody; this only makes the wait for it short.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOOKS_EVERY: Final = 0.001
"""Seconds."""
SUFFIX: Final = "-writer"


class WriteTurn:
    """The turn of one process's writers. They must come one at a time: `turn` is not for several threads at once."""

    def __init__(self, database: Path, longest_seconds: float) -> None:
        self._file, self._longest, self._handle = database.with_name(database.name + SUFFIX), longest_seconds, -1

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until nobody else writes; after the longest wait, or where no lock can be had, go on and let SQLite judge."""
        had = self._take()
        try:
            yield
        finally:
            if had:
                fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the file back."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1

    def __del__(self) -> None:
        self.close()

    def _take(self) -> bool:
        until = time.monotonic() + self._longest
        while True:
            try:
                if self._handle < 0:
                    self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(LOOKS_EVERY)
            except OSError:  # a folder that cannot be written, a file system without locks
                return False
