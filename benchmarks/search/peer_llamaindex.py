"""LlamaIndex: its BM25 retriever and its in-memory vector index, fused by its reciprocal rerank."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever

from benchmarks.search.same_model import SameModel
from benchmarks.search.task import Job, Rank, joined, main

MODELS: dict[str, SameModel] = {}


class Embedder(BaseEmbedding):  # type: ignore[misc]
    def _get_query_embedding(self, query: str) -> list[float]:
        return MODELS["same"].embed(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return MODELS["same"].embed(text)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def open_llamaindex(job: Job) -> dict[str, tuple[Rank, bool]]:
    MODELS["same"] = SameModel(job.model, job.graph)
    vectors = np.load(job.vectors)
    nodes = [
        TextNode(id_=row["id"], text=f"{row['title']}. {row['text']}", embedding=vector.tolist())
        for row, vector in zip(job.passages, vectors, strict=True)
    ]
    dense = VectorStoreIndex(nodes, embed_model=Embedder(model_name="same")).as_retriever(similarity_top_k=10)
    lexical = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10, language="en")
    retriever: Any = QueryFusionRetriever(
        [lexical, dense], llm=MockLLM(), similarity_top_k=10, num_queries=1, mode="reciprocal_rerank", use_async=False
    )

    def ranking(turns: int) -> Rank:
        def rank(question: str, history: Sequence[str]) -> list[str]:
            return [hit.node.node_id for hit in retriever.retrieve(joined(question, history, turns))]

        return rank

    return {"question alone": (ranking(0), False), "with 2 turns": (ranking(2), True), "with all turns": (ranking(99), True)}


if __name__ == "__main__":
    main("LlamaIndex", open_llamaindex, sys.argv)
