"""Haystack: its in-memory store, BM25 and embedding retrievers, joined by reciprocal rank fusion, as its hybrid tutorial does."""

import sys
from collections.abc import Sequence

import numpy as np
from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.search.same_model import SameModel
from benchmarks.search.task import Job, Rank, joined, main


@component
class Embedder:
    def __init__(self, model: SameModel) -> None:
        self.model = model

    @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator]
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": self.model.embed(text)}


def open_haystack(job: Job) -> dict[str, tuple[Rank, bool]]:
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    vectors = np.load(job.vectors)
    texts = [f"{row['title']}. {row['text']}" for row in job.passages]
    store.write_documents(
        [
            Document(id=row["id"], content=text, embedding=vector.tolist())
            for row, text, vector in zip(job.passages, texts, vectors, strict=True)
        ]
    )
    pipeline = Pipeline()
    pipeline.add_component("embedder", Embedder(SameModel(job.model, job.graph)))
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=10))
    pipeline.add_component("lexical", InMemoryBM25Retriever(store, top_k=10))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=10))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("lexical", "joiner")

    def ranking(turns: int) -> Rank:
        def rank(question: str, history: Sequence[str]) -> list[str]:
            text = joined(question, history, turns)
            found = pipeline.run({"embedder": {"text": text}, "lexical": {"query": text}})
            return [document.id for document in found["joiner"]["documents"]]

        return rank

    return {"question alone": (ranking(0), False), "with 2 turns": (ranking(2), True), "with all turns": (ranking(99), True)}


if __name__ == "__main__":
    main("Haystack", open_haystack, sys.argv)
