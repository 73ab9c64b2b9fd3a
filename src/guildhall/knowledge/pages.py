"""A page as a reader hands it over, and how it becomes a source with passages."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.knowledge.ports import Change
from guildhall.knowledge.sections import Anchors, Section, parts_of
from guildhall.knowledge.sources import KeptSource, kept, source_id
from guildhall.vocabulary.ids import PassageId, ServiceKey
from guildhall.vocabulary.passages import Passage, Source


@dataclass(frozen=True, slots=True)
class Page:
    """A page cut at its headings. `url` is absolute or starts with `/`; dates are ISO or empty."""

    url: str
    title: str
    sections: tuple[Section, ...]
    updated: str = ""
    owner: str = ""
    services: tuple[ServiceKey, ...] = ()
    review_by: str = ""
    tier: str = "council"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where (file, line or address), and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one origin. `complete` is false when something could not be read, so nothing may be taken for vanished."""

    origin: str
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    notes: tuple[str, ...] = ()
    """What was left out on purpose, and why."""


def change_of(page: Page, origin: str) -> Change:
    """The page as a source and its passages. Passages of one section share its deep link; a heading without an id has the page's."""
    identity = source_id(page.url)
    passages: list[Passage] = []
    unnamed, given = Anchors(), set[str]()
    for section in page.sections:
        link = f"{page.url}#{section.anchor}" if section.anchor else page.url
        base = link if section.anchor or not section.heading else f"{page.url}~{unnamed.of(section.heading)}"
        while base in given:  # two elements of a page may carry the same id
            base += "~"
        given.add(base)
        for number, text in enumerate(parts_of(section.text), 1):
            name = base if number == 1 else f"{base}~{number}"
            passages.append(
                Passage(PassageId(name), identity, page.title, section.heading, text, link, page.updated, page.services, len(passages))
            )
    source = Source(identity, page.title, page.url, page.updated, page.owner, page.services)
    return fingerprinted(KeptSource(source, origin, page.tier, page.review_by, len(passages)), passages)


def fingerprinted(about: KeptSource, passages: Sequence[Passage]) -> Change:
    """The change with the digest of everything that is kept of the source, so that any difference shows."""
    source = about.source
    content = [source.title, source.url, source.updated, source.owner, source.services, about.tier, about.review_by]
    content += [[p.id, p.section, p.text, p.url] for p in passages]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
    whole = Source(source.id, source.title, source.url, source.updated, source.owner, source.services, digest)
    return Change(KeptSource(whole, about.origin, about.tier, about.review_by, len(passages)), tuple(kept(passage) for passage in passages))
