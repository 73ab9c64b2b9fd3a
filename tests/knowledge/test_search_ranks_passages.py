from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from guildhall.knowledge.postings import build_postings
from guildhall.knowledge.search import SearchIndex, best_rows
from guildhall.testing.embedder import HashingEmbedder
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Passage
from tests.knowledge.shelves import index, passages

INDEX = index()


def test_the_passage_that_holds_the_words_comes_first() -> None:
    assert INDEX.search("how much does a collection cost")[0].passage.id == "/bins/bulky-waste#0"


def test_scores_lie_between_0_and_1_and_never_rise_with_the_rank() -> None:
    found = INDEX.search("council tax for a person who lives alone")
    scores = [f.score for f in found]
    assert [f.rank for f in found] == list(range(1, len(found) + 1))
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_a_question_about_something_else_has_little_evidence() -> None:
    assert INDEX.search("zebra xylophone")[0].score < 0.3 < INDEX.search("appeal a penalty charge notice within 28 days")[0].score


def best_rank(service: str, services: dict[ServiceKey, float] | None) -> int:
    return min(f.rank for f in INDEX.search("how much to pay for it", services=services) if service in f.passage.services)


def test_pages_of_the_service_that_is_meant_gain_by_how_surely_it_is_meant() -> None:
    surely, maybe = ({ServiceKey("recycling-centres"): confidence} for confidence in (1.0, 0.1))
    assert best_rank("recycling-centres", surely) <= best_rank("recycling-centres", maybe) <= best_rank("recycling-centres", None)
    assert best_rank("recycling-centres", surely) < best_rank("recycling-centres", None)


def test_a_service_nobody_has_pages_of_changes_nothing() -> None:
    assert INDEX.search("fees", services={ServiceKey("unknown"): 1.0}) == INDEX.search("fees")


def test_search_can_be_kept_within_services() -> None:
    found = INDEX.search("collection", within=[ServiceKey("challenge")])
    assert {f.passage.source_id for f in found} == {"/parking/challenge"}


def test_one_and_many_find_the_same() -> None:
    queries = ["bulky waste", "council tax students", "penalty charge"]
    assert INDEX.search_many(queries, limit=3) == [INDEX.search(query, limit=3) for query in queries]


@pytest.mark.parametrize("query", ["", "   ", "?!", "\x00\x01", "\u200b", "ਕੂੜਾ", "bin " * 10_000])
def test_any_text_can_be_asked(query: str) -> None:
    assert len(INDEX.search(query, limit=3)) == 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_it(query: str) -> None:
    assert len(INDEX.search(query, limit=2)) == 2


def test_an_empty_library_finds_nothing() -> None:
    assert SearchIndex([], np.empty((0, 64), np.float32), HashingEmbedder()).search("bins") == ()


def test_equal_scores_keep_the_order_of_the_pages() -> None:
    assert best_rows(np.array([1.0, 2.0, 1.0, 1.0, 2.0], np.float32), 3) == [1, 4, 0]


def test_postings_score_as_the_formula_of_bm25_says() -> None:
    texts = [[1, 2, 2], [1], [3, 3, 3, 3]]
    score = build_postings(texts).score([(2, 1.0)])
    rarity, length = np.log1p((3 - 1 + 0.5) / 1.5), 3 / (8 / 3)
    assert score[0] == pytest.approx(rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * length)), rel=1e-6)
    assert score[1] == score[2] == 0


def test_a_passage_without_a_page_of_its_own_still_ranks() -> None:
    lonely = Passage(PassageId("x"), SourceId("y"), "", "", "kerbside glass", "")
    assert index(extra=[lonely]).search("kerbside glass")[0].passage.id == "x"


class Failing(HashingEmbedder):
    """Embeds passages, and fails when it is asked a question."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(texts) == 1:
            raise ProviderError("the embeddings server could not be reached")
        return super().embed(texts)


def test_words_alone_still_find_the_page_when_the_embedder_fails() -> None:
    embedder, shelf = Failing(), passages()
    found = SearchIndex(shelf, embedder.embed([p.text for p in shelf]), embedder).search("appeal a penalty charge")
    assert found[0].passage.source_id == "/parking/challenge"
    assert found[0].dense == 0
