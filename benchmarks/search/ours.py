"""Guildhall's own search, as a conversation uses it."""

import sys
from collections.abc import Sequence

import numpy as np

from benchmarks.search.task import Job, Rank, main
from guildhall.knowledge.search import SearchIndex
from guildhall.knowledge.standalone import standalone
from guildhall.providers.embeddings.minilm import MiniLmEmbedder, whole_words
from guildhall.vocabulary.ids import PassageId, SourceId
from guildhall.vocabulary.passages import Passage


def open_ours(job: Job) -> dict[str, tuple[Rank, bool]]:
    embedder = MiniLmEmbedder(job.graph.parent, threads=1)
    passages = [passage_of(row) for row in job.passages]
    index = SearchIndex(passages, np.load(job.vectors), embedder, ordinary=whole_words())

    def rank(question: str, history: Sequence[str]) -> list[str]:
        return [found.passage.id for found in index.search(standalone(question, history))]

    return {"question alone": (rank, False), "with history": (rank, True)}


def passage_of(row: dict[str, str]) -> Passage:
    return Passage(PassageId(row["id"]), SourceId(row["doc"]), row["title"], "", row["text"], "")


if __name__ == "__main__":
    main("Guildhall", open_ours, sys.argv)
