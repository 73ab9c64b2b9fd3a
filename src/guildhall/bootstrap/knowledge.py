"""Wires the knowledge room: an embedder by the settings, a council's store, and the library over both."""

import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.ingest import embed_missing
from guildhall.knowledge.library import Library
from guildhall.knowledge.ports import Embedder
from guildhall.providers.embeddings.cached import CachedEmbedder
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.knowledge import KnowledgeStore
from guildhall.vocabulary.errors import ConfigurationError


def say_to_terminal(message: str) -> None:
    """Progress goes to the error stream, so that what a command prints stays machine-readable."""
    print(message, file=sys.stderr, flush=True)


def open_embedder(settings: Settings, say: Callable[[str], None] = say_to_terminal) -> Embedder:
    """The embedder the settings name, behind a cache. One a process: it holds about 80 MB."""
    return _embedder(
        settings.embeddings_kind,
        settings.data_dir / "models",
        settings.threads,
        settings.embeddings_url,
        settings.embeddings_name,
        settings.embeddings_key.get_secret_value(),
        say,
    )


@lru_cache(maxsize=4)
def _embedder(kind: str, models_dir: Path, threads: int, url: str, name: str, key: str, say: Callable[[str], None]) -> Embedder:
    if kind == "openai":
        from guildhall.providers.embeddings.openai_compatible import OpenAiCompatibleEmbedder

        if not url or not name:
            raise ConfigurationError(
                "the embeddings server needs an address and a model name.",
                file="environment",
                key="GUILDHALL_EMBEDDINGS_URL",
                fix="Set GUILDHALL_EMBEDDINGS_URL and GUILDHALL_EMBEDDINGS_NAME, or GUILDHALL_EMBEDDINGS_KIND=embedded.",
            )
        return CachedEmbedder(OpenAiCompatibleEmbedder(url, name, key))
    from guildhall.providers.embeddings.minilm import MiniLmEmbedder

    return CachedEmbedder(MiniLmEmbedder(models_dir, threads=threads, say=say))


def ordinary_words(settings: Settings) -> frozenset[str]:
    """Common English words, taken from the embedded model's own vocabulary: they are not slips of typing."""
    from guildhall.providers.embeddings.minilm import whole_words

    return whole_words() if settings.embeddings_kind == "embedded" else frozenset()


def open_store(database: Database, council_slug: str) -> KnowledgeStore:
    """A council's sources and passages."""
    return KnowledgeStore(database, council_slug)


def open_library(
    settings: Settings, database: Database, council_slug: str, embedder: Embedder | None = None, lexicon: Lexicon | None = None
) -> Library:
    """A council's library. Passages that another embedder embedded are embedded again first, with progress."""
    embedder = embedder or open_embedder(settings)
    store = open_store(database, council_slug)
    embed_missing(store, embedder, lambda done, total: say_to_terminal(f"Embedding passages: {done} of {total}"))
    return Library(store, embedder, lexicon or Lexicon(), time.monotonic, ordinary=ordinary_words(settings))
