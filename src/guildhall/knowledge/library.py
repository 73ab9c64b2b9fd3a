"""The library: search over whatever is stored now. It notices when another process has changed the shelves."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence

from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.ports import Embedder, PassageStore
from guildhall.knowledge.search import SearchIndex
from guildhall.knowledge.standalone import Standalone
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.passages import Found, Passage


class Library:
    """Keeps one index and swaps it whole for a new one when the stored version has moved on.

    The version is looked at no more often than every `poll_seconds`. While one question builds a new index (under a
    second for 2,000 passages), all others are answered from the old one. `lexicon` may be a function, for one that changes.
    """

    def __init__(
        self,
        store: PassageStore,
        embedder: Embedder,
        lexicon: Lexicon | Callable[[], Lexicon],
        clock: Callable[[], float],
        *,
        ordinary: Collection[str] = (),
        poll_seconds: float = 2.0,
    ) -> None:
        self._store, self._embedder, self._clock = store, embedder, clock
        self._lexicon: Callable[[], Lexicon] = (lambda: lexicon) if isinstance(lexicon, Lexicon) else lexicon
        self._spoken: Lexicon | None = None
        self._ordinary, self._poll_seconds = ordinary, poll_seconds
        self._building = threading.Lock()
        self._index: SearchIndex | None = None
        self._version = -1
        self._look_again_at = 0.0

    @property
    def version(self) -> int:
        """The stored version that the index in use was built from; -1 before the first."""
        return self._version

    def search(self, query: str | Standalone, *, services: Mapping[ServiceKey, float] | None = None, limit: int = 10) -> tuple[Found, ...]:
        """As `SearchIndex.search`, over the newest index there is."""
        return self.index().search(query, services=services, limit=limit)

    def search_many(
        self, queries: Sequence[str | Standalone], *, services: Mapping[ServiceKey, float] | None = None, limit: int = 10
    ) -> list[tuple[Found, ...]]:
        """As `SearchIndex.search_many`, over the newest index there is."""
        return self.index().search_many(queries, services=services, limit=limit)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id in the newest index there is; None when the council no longer says it."""
        return self.index().passage(passage_id)

    def index(self) -> SearchIndex:
        """The index in use, rebuilt first when the stored version has moved on and nobody else is rebuilding it."""
        index = self._index
        if index is not None and self._clock() < self._look_again_at:
            return index
        if index is None:
            with self._building:
                return self._index or self._rebuilt()
        if self._building.acquire(blocking=False):
            try:
                if self._store.version() != self._version:
                    return self._rebuilt()
                if (lexicon := self._lexicon()) != self._spoken:
                    self._index, self._spoken = index.speaking(lexicon), lexicon
                    index = self._index
                self._look_again_at = self._clock() + self._poll_seconds
            finally:
                self._building.release()
        return index

    def _rebuilt(self) -> SearchIndex:
        held, self._spoken = self._store.holdings(self._embedder.identity), self._lexicon()
        self._index = SearchIndex(held.passages, held.vectors, self._embedder, self._spoken, ordinary=self._ordinary)
        self._version = held.version
        self._look_again_at = self._clock() + self._poll_seconds
        return self._index
