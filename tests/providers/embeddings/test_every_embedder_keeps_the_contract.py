"""The conformance suite of embedders: every adapter, and the fake, must pass it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from guildhall.bootstrap.understanding_weights import branch_path
from guildhall.knowledge.ports import Embedder
from guildhall.providers.embeddings.branched import BranchedMiniLm
from guildhall.providers.embeddings.cached import CachedEmbedder
from guildhall.providers.embeddings.minilm import MiniLmEmbedder
from guildhall.providers.embeddings.openai_compatible import OpenAiCompatibleEmbedder
from guildhall.testing.embedder import HashingEmbedder
from tests.providers.embeddings.servers import embeddings_server

BRANCH = branch_path(Path(__file__).parents[3] / "councils" / "_baseline")
TEXTS = ["Where do I take my old fridge?", "bins", "", "Ünïcode ਕੂੜਾ كتاب 🗑️", "word " * 2000, "\x00"]


@pytest.fixture(scope="module", params=["minilm", "branched", "openai", "fake", "cached"])
def embedder(request: pytest.FixtureRequest, models: Path) -> Iterator[Embedder]:
    if request.param == "openai":
        with embeddings_server() as (_, url):
            made = OpenAiCompatibleEmbedder(url, "test-model")
            yield made
            made.close()
        return
    if request.param == "minilm":
        yield MiniLmEmbedder(models, threads=2)
    elif request.param == "branched":
        yield BranchedMiniLm(models, BRANCH, threads=2)
    else:
        yield HashingEmbedder() if request.param == "fake" else CachedEmbedder(HashingEmbedder(), keep=3)


def test_each_text_gets_a_vector_of_length_1(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.width)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_no_texts_get_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.width)


def test_a_text_has_the_same_vector_alone_and_beside_others(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    assert np.array_equal(embedder.embed([TEXTS[0]])[0], together[0])
    assert np.array_equal(embedder.embed(TEXTS[::-1])[::-1], together)


def test_different_texts_point_different_ways(embedder: Embedder) -> None:
    one, other = embedder.embed(["parking permits for residents", "register the birth of a baby"])
    assert float(one @ other) < 0.9


def test_it_says_which_model_it_is(embedder: Embedder) -> None:
    assert "@" in embedder.identity


def test_reading_for_the_detectors_gives_search_the_published_vectors(models: Path) -> None:
    branched, published = BranchedMiniLm(models, BRANCH, threads=2), MiniLmEmbedder(models, threads=2)
    branched.features(TEXTS)
    assert np.allclose(branched.embed(TEXTS), published.embed(TEXTS), atol=1e-5)
