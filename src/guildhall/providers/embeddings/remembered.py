"""Rows computed lately, by the text they are of."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guildhall.vocabulary.forgetting import may_forget


class Remembered:
    """The rows of the latest `keep` texts; safe to use from many threads. Rows are kept as `kind`."""

    def __init__(self, keep: int, kind: type[np.floating[Any]] = np.float32) -> None:
        self._keep, self._kind = keep, kind
        self._rows: OrderedDict[str, NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()
        may_forget(self)

    def known(self, texts: Iterable[str]) -> dict[str, NDArray[Any]]:
        """The rows of those texts that are remembered."""
        with self._lock:
            found = {text: self._rows[text] for text in texts if text in self._rows}
            for text in found:
                self._rows.move_to_end(text)
        return found

    def forget(self) -> None:
        """Empty it."""
        with self._lock:
            self._rows.clear()

    def holds(self, text: str) -> bool:
        """Whether the text is part of a text that is remembered."""
        with self._lock:
            return any(text in known for known in self._rows)

    def add(self, made: Mapping[str, NDArray[np.float32]]) -> None:
        """Remember these rows, forgetting the oldest."""
        with self._lock:
            for text, row in made.items():
                self._rows[text] = row.astype(self._kind)
                self._rows.move_to_end(text)
            while len(self._rows) > self._keep:
                self._rows.popitem(last=False)
