"""The papers of a running server: as they would be drafted now, looked up at most once a minute, and as they were last kept."""

import threading
import time
from collections.abc import Callable

from guildhall.assurance.config import PaperKind
from guildhall.assurance.drafting import draft
from guildhall.assurance.keeping import KeptPaper
from guildhall.assurance.papers import Paper
from guildhall.bootstrap.assurance import Desk, Stores, kept_papers, open_desk
from guildhall.bootstrap.house import Guildhall

LOOK_AGAIN_SECONDS = 60.0
"""Everything a paper rests on is looked up, which takes about a second."""


class PaperDesk:
    """The desk of one house. It is opened when somebody first reads."""

    def __init__(self, guildhall: Guildhall, stopwatch: Callable[[], float] = time.monotonic, seconds: float = LOOK_AGAIN_SECONDS) -> None:
        self._guildhall, self._stopwatch, self._seconds = guildhall, stopwatch, seconds
        self._opening = threading.Lock()
        self._desk: Desk | None = None
        self._looked_at = 0.0

    def now(self) -> tuple[Paper, ...]:
        """Every paper as it would be drafted now. Raises ConfigurationError for what is wrong in the files."""
        desk = self._open()
        return tuple(draft(kind, desk.live) for kind in PaperKind)

    def paper(self, kind: PaperKind) -> Paper:
        """One of them."""
        return draft(kind, self._open().live)

    def kept(self) -> dict[PaperKind, KeptPaper]:
        """The papers as they were last drafted into the data folder. Raises ConfigurationError for a file that is no paper."""
        folder = self._guildhall.settings.data_dir / "papers"
        return {paper.kind: paper for paper in kept_papers(folder, self._guildhall.profile.slug)}

    def _open(self) -> Desk:
        with self._opening:
            if self._desk is None or self._stopwatch() - self._looked_at >= self._seconds:
                house = self._guildhall
                stores = Stores(house.database, house.rights.memory.keys)
                self._desk = open_desk(house.settings, house.profile.slug, now=house.house.clock(), stores=stores)
                self._looked_at = self._stopwatch()
            return self._desk
