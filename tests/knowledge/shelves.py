"""Passages and stores for the tests of the knowledge room."""

from pathlib import Path

from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.search import SearchIndex
from guildhall.knowledge.sources import embedded_text
from guildhall.storage.database import metadata
from guildhall.storage.knowledge import KnowledgeStore
from guildhall.testing.embedder import HashingEmbedder
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Passage
from tests.storage.where import open_database

PAGES = {
    "/bins/bulky-waste": (
        "Bulky waste collection",
        ("What it costs", "A collection of up to 3 items costs £34."),
        ("How to book", "Book a sofa or fridge collection online."),
    ),
    "/bins/recycling-centres": (
        "Recycling centres",
        ("Opening hours", "The recycling centre opens at 8am every day."),
        ("What you can bring", "Bring garden waste, metal and paint."),
    ),
    "/parking/challenge": (
        "Challenge a penalty charge notice",
        ("How to appeal", "Appeal a penalty charge notice within 28 days."),
        ("If you do nothing", "The charge rises by half."),
    ),
    "/council-tax/discounts": (
        "Council tax discounts",
        ("Living alone", "A person who lives alone pays 25% less council tax."),
        ("Students", "Full-time students pay nothing."),
    ),
}


def passages() -> list[Passage]:
    found = []
    for url, (title, *sections) in PAGES.items():
        for position, (heading, text) in enumerate(sections):
            service = ServiceKey(url.rsplit("/", 1)[-1])
            link = f"{url}#{position}"
            found.append(Passage(PassageId(link), SourceId(url), title, heading, text, link, "2026-09-14", (service,), position))
    return found


def index(lexicon: Lexicon | None = None, extra: list[Passage] | None = None) -> SearchIndex:
    embedder = HashingEmbedder()
    shelf = passages() + (extra or [])
    return SearchIndex(shelf, embedder.embed([embedded_text(p) for p in shelf]), embedder, lexicon)


def store(folder: Path, council: str = "testshire") -> KnowledgeStore:
    database = open_database(folder / "knowledge.sqlite3")
    metadata.create_all(database.engine)
    return KnowledgeStore(database, council)


def page(folder: Path, name: str, body: str, **front: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {value}" for key, value in front.items()]
    path.write_text("\n".join(["---", *lines, "---", body]) if front else body, "utf-8")
    return path
