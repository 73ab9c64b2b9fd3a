"""Puts what was read on the shelves: embeds what is new, replaces what changed, takes away what vanished, and says so."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from guildhall.knowledge.pages import Problem, Reading
from guildhall.knowledge.ports import Change, Embedder, PassageStore
from guildhall.knowledge.sources import KeptSource, embedded_text
from guildhall.vocabulary.ids import SourceId

Progress = Callable[[int, int], None]
"""Told how many passages are embedded, and of how many."""
_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Report:
    """What changed. Pages by title and address; passages by number."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    passages: Mapping[str, int] = field(default_factory=dict)
    """How many passages were `added`, `changed`, `unchanged` and `removed`."""
    embedded: int = 0
    problems: tuple[Problem, ...] = ()
    held_back: int = 0
    """Pages of this origin that were not seen, and were kept because the reading was not complete."""
    version: int = 0


def ingest(reading: Reading, store: PassageStore, embedder: Embedder, progress: Progress = lambda _done, _all: None) -> Report:
    """Bring the store in line with what was read.

    A passage whose words were there before is not embedded again. Vectors are kept as they are made, so an interrupted
    run loses little; sources and passages change together at the end, or not at all.
    """
    before = {kept.source.id: kept for kept in store.sources()}
    others = {kept.source.id for kept in before.values() if kept.origin != reading.origin}
    changes, clashes = _without_clashes(reading, store, others)
    seen = {change.source.source.id for change in changes}
    differing = [c for c in changes if _differs(before.get(c.source.source.id), c.source)]
    gone = [kept for kept in before.values() if kept.origin == reading.origin and kept.source.id not in seen]
    removed = gone if reading.complete and not clashes else _replaced(gone, changes, store)
    passages = _passage_counts(changes, {kept.source.id for kept in removed}, store)
    embedded = _embed(differing, store, embedder, progress)
    version = store.version()
    if differing or removed:
        version = store.apply(differing, [kept.source.id for kept in removed])
        embed_missing(store, embedder)
    return Report(
        added=tuple(_name(c.source) for c in differing if c.source.source.id not in before),
        changed=tuple(_name(c.source) for c in differing if c.source.source.id in before),
        removed=tuple(_name(kept) for kept in removed),
        unchanged=len(changes) - len(differing),
        passages=passages,
        embedded=embedded,
        problems=(*reading.problems, *clashes),
        held_back=len(gone) - len(removed),
        version=version,
    )


def embed_missing(store: PassageStore, embedder: Embedder, progress: Progress = lambda _done, _all: None) -> int:
    """Embed every stored passage that lacks a vector of this embedder; returns how many."""
    return _embed_texts(dict(store.missing(embedder.identity)), store, embedder, progress)


def _embed(changes: Sequence[Change], store: PassageStore, embedder: Embedder, progress: Progress) -> int:
    texts = {kept.digest: embedded_text(kept.passage) for change in changes for kept in change.passages}
    known = store.embedded(tuple(texts), embedder.identity)
    return _embed_texts({digest: text for digest, text in texts.items() if digest not in known}, store, embedder, progress)


def _embed_texts(texts: Mapping[str, str], store: PassageStore, embedder: Embedder, progress: Progress) -> int:
    # Longest first: like lengths are embedded together, and memory trouble would show at once.
    digests = sorted(texts, key=lambda digest: -len(texts[digest]))
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        made = embedder.embed([texts[digest] for digest in some])
        store.add_vectors(dict(zip(some, made, strict=True)), embedder.identity)
        progress(min(start + _AT_ONCE, len(digests)), len(digests))
    return len(digests)


def _replaced(gone: Sequence[KeptSource], changes: Sequence[Change], store: PassageStore) -> list[KeptSource]:
    """Of the sources not seen, those whose passages now stand in another source: they cannot stay even when others must."""
    now = {kept.passage.id for change in changes for kept in change.passages}
    owners = {owner for name, (owner, _) in store.passage_owners().items() if name in now}
    return [kept for kept in gone if kept.source.id in owners]


def _without_clashes(reading: Reading, store: PassageStore, others: AbstractSet[SourceId]) -> tuple[list[Change], list[Problem]]:
    """The changes that can stand beside each other and beside sources of other origins, and a problem for each that cannot."""
    owners = {name: owner for name, (owner, _) in store.passage_owners().items() if owner in others}
    taken: dict[SourceId, str] = {}
    kept: list[Change] = []
    problems: list[Problem] = []
    for change in reading.changes:
        source = change.source.source
        if source.id in taken:
            what = f"this address is also that of “{taken[source.id]}”; give each page its own `url`"
            problems.append(Problem(source.url or source.id, what))
            continue
        clash = next((k.passage.id for k in change.passages if owners.get(k.passage.id, source.id) != source.id), None)
        if clash is not None:
            what = f"the passage id `{clash}` is already used by {owners[clash]}; ids must differ"
            problems.append(Problem(source.url or source.id, what))
            continue
        taken[source.id] = source.title
        owners.update((k.passage.id, source.id) for k in change.passages)
        kept.append(change)
    return kept, problems


def _differs(before: KeptSource | None, now: KeptSource) -> bool:
    return before is None or before.source.digest != now.source.digest or before.origin != now.origin


def _passage_counts(changes: Sequence[Change], removed: set[SourceId], store: PassageStore) -> Mapping[str, int]:
    seen = {change.source.source.id for change in changes}
    before = {name: digest for name, (owner, digest) in store.passage_owners().items() if owner in seen or owner in removed}
    now = {kept.passage.id: kept.digest for change in changes for kept in change.passages}
    counts = Counter(
        "added" if name not in before else "unchanged" if before[name] == digest else "changed" for name, digest in now.items()
    )
    counts["removed"] = len(before.keys() - now.keys())
    return counts


def _name(kept: KeptSource) -> str:
    source = kept.source
    return f"{source.title} ({source.url})" if source.url else source.title
