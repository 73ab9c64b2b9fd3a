"""Processes that read ahead for a simulation. Each has the understanding of the council and nothing else: no record, no desk, no time."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, Final

from guildhall.bootstrap.knowledge import open_embedder
from guildhall.bootstrap.understanding import open_understander
from guildhall.conversations.ports import Understands
from guildhall.councils.loading import load_council
from guildhall.settings import Settings
from guildhall.simulation.foreseeing import Foreseen, Known, Words, foresee

AHEAD: Final = 48
"""Contacts that each process may be ahead."""
KEPT: Final = 400
"""Contacts whose answers are kept; they begin in their order, and the last ones are long over."""
_understanding: list[Understands] = []


def _open(given: dict[str, Any], slug: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that keeps the time
    settings = Settings(**given)
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
    services = tuple(profile.services.values())
    _understanding[:] = [open_understander(settings, open_embedder(settings), services, slug, profile.council.misdirection)]


def _read(words: Words) -> Known:
    return foresee(words, _understanding[0])


class Ahead:
    """Hands the words of coming contacts to processes, and what they understood to `foreseen`. Nobody ever waits for it."""

    def __init__(self, settings: Settings, slug: str, processes: int, foreseen: Foreseen, words_of: Callable[[int], Words | None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context, _open, (settings.model_dump(), slug))
        self._foreseen, self._words_of = foreseen, words_of
        self._window, self._next = AHEAD * processes, 0
        self._reading: deque[Future[Known]] = deque()
        self._kept: deque[Known] = deque()

    def go_on(self, begun: int) -> None:
        """Contacts up to that number have begun: take in what is ready, and hand out what comes."""
        for reading in [each for each in self._reading if each.done()]:
            self._reading.remove(reading)
            self._take(reading.result())
        self._next = max(self._next, begun + 1)
        while len(self._reading) < self._window and self._next <= begun + self._window:
            words = self._words_of(self._next)
            self._next += 1
            if words is None:
                return
            self._reading.append(self._pool.submit(_read, words))

    def _take(self, known: Known) -> None:
        self._foreseen.known.update(known)
        self._kept.append(known)
        if len(self._kept) > KEPT:
            for key in self._kept.popleft():
                self._foreseen.known.pop(key, None)

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=True, cancel_futures=True)
