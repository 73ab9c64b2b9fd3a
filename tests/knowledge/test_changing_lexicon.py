"""A lexicon that changes while the library is open takes effect within seconds, and nothing is indexed or embedded again."""

import numpy as np

from guildhall.knowledge.config import Lexicon, Saying
from guildhall.knowledge.library import Library
from guildhall.knowledge.ports import Holdings
from guildhall.testing.embedder import HashingEmbedder
from guildhall.vocabulary.ids import PassageId, SourceId
from guildhall.vocabulary.passages import Passage

PASSAGES = tuple(
    Passage(PassageId(name), SourceId(name), title, "", f"{title}. How to report it.", f"/{name}", "2026-11-26")
    for name, title in (("alleys", "Rubbish in an alleyway"), ("trees", "A fallen tree"), ("lamps", "A broken street light"))
)


class Shelves:
    """A store that never changes, and counts how often it is read."""

    def __init__(self, embedder: HashingEmbedder) -> None:
        self.read = 0
        self._vectors = embedder.embed([passage.text for passage in PASSAGES])

    def version(self) -> int:
        return 1

    def holdings(self, embedder: str) -> Holdings:
        self.read += 1
        return Holdings(1, PASSAGES, np.ascontiguousarray(self._vectors))


def test_a_new_word_is_understood_after_the_next_look_and_forgotten_after_the_one_after_that() -> None:
    embedder, seconds, lexicon = HashingEmbedder(), [0.0], [Lexicon()]
    shelves = Shelves(embedder)
    library = Library(shelves, embedder, lambda: lexicon[0], lambda: seconds[0])  # type: ignore[arg-type]

    def lexical() -> float:
        return next(found.lexical for found in library.search("who sees to the jitty") if found.passage.id == "alleys")

    without = lexical()
    lexicon[0] = Lexicon(dialect=(Saying(say="jitty", means="alleyway"),))
    assert lexical() == without
    seconds[0] += 3
    assert lexical() > without
    lexicon[0] = Lexicon()
    seconds[0] += 3
    assert lexical() == without
    assert shelves.read == 1
