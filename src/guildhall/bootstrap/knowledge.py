"""Wires the knowledge room: an embedder by the settings, a council's store, and the library over both."""

import re
import sys
import time
from collections.abc import Callable, Collection
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.understanding_weights import branch_path, tuned_nine_path
from guildhall.councils.config import CouncilFile
from guildhall.councils.yaml_files import YamlReader
from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.ingest import Progress, Report, embed_missing
from guildhall.knowledge.library import Library
from guildhall.knowledge.pages import Reading
from guildhall.knowledge.ports import Embedder
from guildhall.knowledge.readers.folder import can_read, read_folder, read_single
from guildhall.knowledge.readers.ready_passages import is_ready_passages, read_ready_passages
from guildhall.providers.embeddings.branched import BranchedMiniLm
from guildhall.providers.embeddings.cached import CachedEmbedder
from guildhall.providers.embeddings.multilingual import TunedE5
from guildhall.providers.websites.addresses import AddressPolicy
from guildhall.providers.websites.crawler import Crawler
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.knowledge import KnowledgeStore
from guildhall.storage.record import write_events
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.languages import Language

REMEMBERED = 4096
"""Texts whose vectors are kept in memory."""
REMEMBERED_IN_A_TURN = 64
"""The same without caches: enough that one turn reads no text twice."""


def say_to_terminal(message: str) -> None:
    """Progress goes to the error stream, so that what a command prints stays machine-readable."""
    print(message, file=sys.stderr, flush=True)


def open_embedder(settings: Settings, say: Callable[[str], None] = say_to_terminal) -> Embedder:
    """The embedder the settings name, remembering what it embedded lately. One a process: it holds about 80 MB."""
    if settings.embeddings_kind == "openai":
        return _served(settings.embeddings_url, settings.embeddings_name, settings.embeddings_key.get_secret_value())
    return open_branched(settings, say)


def open_branched(settings: Settings, say: Callable[[str], None] = say_to_terminal) -> BranchedMiniLm:
    """The embedded encoder with its branch; one run serves search and the detectors alike."""
    remembered = REMEMBERED if settings.caches else REMEMBERED_IN_A_TURN
    return _branched(settings.data_dir / "models", branch_path(settings.councils_dir / "_baseline"), settings.threads, remembered, say)


def open_multilingual(settings: Settings, say: Callable[[str], None] = say_to_terminal) -> TunedE5:
    """The encoder that hears the nine other languages. It is made ready at the first such message, or by its `open`."""
    remembered = REMEMBERED if settings.caches else REMEMBERED_IN_A_TURN
    return _multilingual(
        settings.data_dir / "models", tuned_nine_path(settings.councils_dir / "_baseline"), settings.threads, remembered, say
    )


@lru_cache(maxsize=2)
def _multilingual(models_dir: Path, tuned: Path, threads: int, remembered: int, say: Callable[[str], None]) -> TunedE5:
    return TunedE5(models_dir, tuned, threads=threads, remembered=remembered, say=say)


@lru_cache(maxsize=2)
def _branched(models_dir: Path, tuned: Path, threads: int, remembered: int, say: Callable[[str], None]) -> BranchedMiniLm:
    return BranchedMiniLm(models_dir, tuned, threads=threads, remembered=remembered, say=say)


@lru_cache(maxsize=2)
def _served(url: str, name: str, key: str) -> Embedder:
    from guildhall.providers.embeddings.openai_compatible import OpenAiCompatibleEmbedder

    if not url or not name:
        raise ConfigurationError(
            "the embeddings server needs an address and a model name.",
            file="environment",
            key="GUILDHALL_EMBEDDINGS_URL",
            fix="Set GUILDHALL_EMBEDDINGS_URL and GUILDHALL_EMBEDDINGS_NAME, or GUILDHALL_EMBEDDINGS_KIND=embedded.",
        )
    return CachedEmbedder(OpenAiCompatibleEmbedder(url, name, key))


def ordinary_words(settings: Settings) -> frozenset[str]:
    """Common English words, taken from the embedded model's own vocabulary: they are not slips of typing."""
    from guildhall.providers.embeddings.minilm import whole_words

    return whole_words() if settings.embeddings_kind == "embedded" else frozenset()


def open_store(database: Database, council_slug: str) -> KnowledgeStore:
    """A council's sources and passages."""
    return KnowledgeStore(database, council_slug)


def open_library(
    settings: Settings,
    database: Database,
    council_slug: str,
    embedder: Embedder | None = None,
    lexicon: Lexicon | Callable[[], Lexicon] | None = None,
) -> Library:
    """A council's library. Passages that another embedder embedded are embedded again first, with progress."""
    embedder = embedder or open_embedder(settings)
    store = open_store(database, council_slug)
    embed_missing(store, embedder, lambda done, total: say_to_terminal(f"Embedding passages: {done} of {total}"))
    return Library(store, embedder, lexicon or Lexicon(), time.monotonic, ordinary=ordinary_words(settings))


def note_changed(database: Database, council_slug: str, report: Report, at: datetime) -> None:
    """Put into the record that content changed, when it did: counts and the version, so that what rests on a page can be looked at again."""
    if not (report.added or report.changed or report.removed):
        return
    counts = {"added": len(report.added), "changed": len(report.changed), "removed": len(report.removed)}
    facts = {"council": council_slug, "version": report.version, **counts}
    with database.writing() as connection:
        write_events(connection, None, [Event(EventId(new_id("event")), EventKind.KNOWLEDGE_CHANGED, at, facts=facts)])


def ensure_council(councils_dir: Path, slug: str, website: str = "") -> bool:
    """Make a minimal `councils/<slug>/council.yaml` when there is none; whether one was made. Raises ConfigurationError for a bad slug."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise ConfigurationError(
            f"`{slug}` cannot be a council's slug.",
            file="--council",
            fix="Use lower-case letters, digits and single hyphens, such as brackley-vale.",
        )
    folder = councils_dir / slug
    if folder.is_dir():
        return False
    name = " ".join(word.capitalize() for word in slug.split("-"))
    lines = [
        f"name: {name} Council",
        f"short_name: {name}",
        f"slug: {slug}",
        "inherits: _baseline",
        f"website: {website or f'https://www.{slug}.example'}",
        f"languages: [{', '.join(Language)}]",
    ]
    folder.mkdir(parents=True)
    (folder / "council.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return True


def council_lexicon(councils_dir: Path, slug: str) -> Lexicon:
    """The council's lexicon, or an empty one. Raises ConfigurationError when the file is wrong."""
    path = councils_dir / slug / "lexicon.yaml"
    return YamlReader().read(path, Lexicon) if path.exists() else Lexicon()


def council_hosts(councils_dir: Path, slug: str) -> frozenset[str]:
    """Hosts that may be read without being named again: the council's own website, and those it may link to."""
    path = councils_dir / slug / "council.yaml"
    if not path.exists():
        return frozenset()
    council = YamlReader().read(path, CouncilFile)
    return frozenset(filter(None, (urlsplit(council.website).netloc.lower(), *council.allowed_link_hosts)))


def open_crawler(hosts: Collection[str], *, allow_loopback: bool = False) -> Crawler:
    """A reader of websites on these hosts. `allow_loopback` is for rehearsals with a server on this machine."""
    return Crawler(AddressPolicy(hosts, allow_loopback=allow_loopback), time.monotonic, time.sleep)


def read_source(source: str, hosts: Collection[str], progress: Progress, *, allow_loopback: bool = False) -> Reading:
    """Read a folder, a file, a JSON Lines file of passages, or a website. Raises ConfigurationError for a source that is none of them."""
    if source.startswith(("http://", "https://")):
        crawler = open_crawler(hosts, allow_loopback=allow_loopback)
        try:
            return crawler.read(source, progress)
        finally:
            crawler.close()
    path = Path(source)
    if path.is_dir():
        return read_folder(path, progress)
    if path.is_file() and is_ready_passages(path):
        return read_ready_passages(path)
    if path.is_file() and can_read(path):
        return read_single(path)
    what = "this kind of file cannot be read." if path.exists() else "there is nothing here."
    raise ConfigurationError(
        what, file=path, fix="Give a folder of pages, a .md, .html, .pdf, .docx or .jsonl file, or the https:// address of a sitemap."
    )
