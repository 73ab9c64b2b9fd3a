"""A page, the part of it that is retrieved, and a claim tied to that part."""

from dataclasses import dataclass

from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId


@dataclass(frozen=True, slots=True)
class Source:
    """One page of council content. `updated` is an ISO date or empty; `digest` is SHA-256 of its text."""

    id: SourceId
    title: str
    url: str
    updated: str = ""
    owner: str = ""
    services: tuple[ServiceKey, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The part of a source under one heading, as Markdown. `url` carries the deep link (`#anchor`)."""

    id: PassageId
    source_id: SourceId
    title: str
    section: str
    text: str
    url: str
    updated: str = ""
    services: tuple[ServiceKey, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A passage search brought back, with its fused score and 1-based rank."""

    passage: Passage
    score: float
    rank: int
    lexical: float = 0.0
    dense: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reply rests on, as shown to the resident."""

    passage_id: PassageId
    title: str
    section: str
    url: str
    updated: str = ""
