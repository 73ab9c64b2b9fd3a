from pathlib import Path

import numpy as np

from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.ingest import embed_missing, ingest
from guildhall.knowledge.library import Library
from guildhall.knowledge.readers.folder import read_folder
from guildhall.testing.embedder import HashingEmbedder
from tests.knowledge.shelves import page, store


class Ticking:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_change_made_elsewhere_is_seen_after_the_next_look(tmp_path: Path) -> None:
    shelf, embedder, clock = store(tmp_path), HashingEmbedder(), Ticking()
    pages = tmp_path / "pages"
    page(pages, "skips.md", "A skip permit costs £45.", title="Skips")
    ingest(read_folder(pages), shelf, embedder)
    library = Library(shelf, embedder, Lexicon(), clock)
    assert library.search("skip permit")[0].passage.text == "A skip permit costs £45."
    page(pages, "skips.md", "A skip permit costs £50.", title="Skips")
    ingest(read_folder(pages), store(tmp_path), embedder)
    assert library.search("skip permit")[0].passage.text == "A skip permit costs £45."
    clock.now = 3.0
    assert library.search("skip permit")[0].passage.text == "A skip permit costs £50."


def test_an_index_is_not_built_again_when_nothing_changed(tmp_path: Path) -> None:
    clock = Ticking()
    library = Library(store(tmp_path), HashingEmbedder(), Lexicon(), clock)
    first = library.index()
    clock.now = 10.0
    assert library.index() is first


def test_vectors_of_two_embedders_never_mix(tmp_path: Path) -> None:
    shelf, first, second = store(tmp_path), HashingEmbedder(), HashingEmbedder(32, "other")
    pages = tmp_path / "pages"
    page(pages, "skips.md", "A skip permit costs £45.", title="Skips")
    ingest(read_folder(pages), shelf, first)
    assert shelf.holdings(second.identity).vectors.shape == (1, 0)
    assert embed_missing(shelf, second) == 1
    assert shelf.holdings(second.identity).vectors.shape == (1, 32)
    assert np.allclose(np.linalg.norm(shelf.holdings(first.identity).vectors, axis=1), 1)


def test_a_library_whose_vectors_are_missing_still_finds_by_words(tmp_path: Path) -> None:
    shelf = store(tmp_path)
    pages = tmp_path / "pages"
    page(pages, "skips.md", "A skip permit costs £45.", title="Skips")
    page(pages, "bins.md", "Bins are emptied weekly.", title="Bins")
    ingest(read_folder(pages), shelf, HashingEmbedder())
    library = Library(shelf, HashingEmbedder(32, "other"), Lexicon(), Ticking())
    assert library.search("skip permit")[0].passage.title == "Skips"
