"""A source and its passages as they are kept: what the vocabulary says of them, and where they came from."""

import hashlib
from dataclasses import dataclass

from guildhall.vocabulary.ids import SourceId
from guildhall.vocabulary.passages import Passage, Source


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A page with its origin (the folder, file or site it was added from), tier and next review date (ISO, or empty)."""

    source: Source
    origin: str
    tier: str = "council"
    review_by: str = ""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A passage, and the digest of all that is embedded and shown of it."""

    passage: Passage
    digest: str


def embedded_text(passage: Passage) -> str:
    """What is embedded of a passage: its title and heading say what the words are about."""
    parts = [passage.title, passage.section if passage.section != passage.title else ""]
    heading = ": ".join(part for part in parts if part)
    return f"{heading}. {passage.text}" if heading else passage.text


def kept(passage: Passage) -> KeptPassage:
    """The passage with its digest: SHA-256 of its embedded text."""
    return KeptPassage(passage, hashlib.sha256(embedded_text(passage).encode()).hexdigest())


def source_id(url: str) -> SourceId:
    """A source is known by its address: adding the same page again replaces it, wherever it was read from."""
    return SourceId(url)
