"""Verify: every fact of a drafted block must be found in the passages it cites, or the sentence, item or row is dropped.

Links must point to the council's own pages or an allowed host, and must stand in a cited passage. Images and HTML are taken out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from guildhall.answers.facts_in_text import EMAIL, LINK, Fact, FactBase, canonical_url, facts_in
from guildhall.answers.markdown_blocks import Block, blocks_of
from guildhall.answers.request import Draft
from guildhall.answers.words import content_words
from guildhall.vocabulary.decisions import DraftFacts
from guildhall.vocabulary.passages import Citation, Found

IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img[^>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
UNSAFE_SCHEME = re.compile(r"^\s*(?:javascript|data|vbscript|file|blob):", re.IGNORECASE)
# Words to a machine, which no council writes for residents: a page that holds them was tampered with, or quotes somebody who did.
TO_THE_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:previous|prior|above|earlier|all|your|these)\b[^.]{0,30}\b(?:instruction|prompt|rule|direction)s?\b"
    r"|\bsystem prompt\b|\byou are (?:now )?(?:an?|the) (?:ai|assistant|language model|chatbot|bot)\b|\bas an ai\b|\bact as (?:an?|the)\b[^.]{0,20}\b(?:ai|admin)\b",
    re.IGNORECASE,
)
SUPPORTED_SHARE = 0.6
"""At least this share of a sentence's content words must stand in its passages or the question (English only)."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be said of a draft, the citations it rests on, and what was found wrong. Empty text: nothing may be said."""

    text: str
    language: str
    citations: tuple[Citation, ...]
    facts: DraftFacts


def verify(draft: Draft, found: Sequence[Found], allowed_hosts: Sequence[str], question: str = "") -> Checked:
    """Check one draft against the passages it cites, which must be among those that were found."""
    cited = [item.passage for item in found if item.passage.id in draft.passage_ids]
    if not cited:
        return Checked("", draft.language, (), DraftFacts(cited=False))
    texts = tuple(f"{p.title}\n{p.section}\n{untainted(p.text)}\n{p.url} {p.updated}" for p in cited)
    checker = _Checker(FactBase(texts), texts, tuple(host.casefold() for host in allowed_hosts), question, draft.language)
    kept = [block.text_of(units) for block in blocks_of(_plain(draft.text)) if (units := checker.keep(block))]
    citations = tuple(Citation(p.id, p.title, p.section, p.url, p.updated) for p in cited)
    text = "\n\n".join(kept)
    facts = DraftFacts(
        unsupported=tuple(checker.unsupported),
        links_off_list=tuple(checker.links_off_list),
        words=len(text.split()),
    )
    return Checked(text, draft.language, citations if text else (), facts)


def untainted(text: str) -> str:
    """A passage without the sentences that speak to a machine: what they claim supports nothing."""
    if not TO_THE_MACHINE.search(text):
        return text
    blocks = blocks_of(text)
    return "\n\n".join(block.text_of(tuple(unit for unit in block.units if not TO_THE_MACHINE.search(unit))) for block in blocks)


def _plain(text: str) -> str:
    """Without images or HTML, which a page never needs and an attacker might."""
    return TAG.sub("", IMAGE.sub("", text))


class _Checker:
    """Keeps the units of a block that its passages support."""

    def __init__(self, base: FactBase, texts: tuple[str, ...], hosts: tuple[str, ...], question: str, language: str) -> None:
        self._base = base
        self._hosts = hosts
        self._links = {canonical_url(match[2]) for text in texts for match in LINK.finditer(text)}
        self._links |= {canonical_url(word) for text in texts for word in re.findall(r"\S+/\S*", text)}
        self._words = frozenset().union(*map(content_words, (*texts, question))) if language == "en" else None
        self.unsupported: list[str] = []
        self.links_off_list: list[str] = []

    def keep(self, block: Block) -> tuple[str, ...]:
        """The supported units of the block."""
        return tuple(unit for unit in block.units if self._is_supported(unit))

    def _is_supported(self, unit: str) -> bool:
        bad_links = [match[2] for match in LINK.finditer(unit) if not self._may_link(match[2])]
        wrong = [fact for fact in facts_in(unit) if not self._fact_holds(fact)]
        if bad_links:
            self.links_off_list += bad_links
            return False
        if wrong:
            self.unsupported += [fact.words for fact in wrong]
            return False
        if TO_THE_MACHINE.search(unit) or not self._is_grounded(unit):
            self.unsupported.append(unit[:80])
            return False
        return True

    def _fact_holds(self, fact: Fact) -> bool:
        if fact.kind == "link":
            return fact.value in self._links
        return self._base.supports(fact)

    def _may_link(self, url: str) -> bool:
        if UNSAFE_SCHEME.match(url) or "\\" in url:
            return False
        if url.startswith("mailto:"):
            return bool(EMAIL.fullmatch(url.removeprefix("mailto:")))
        parts = urlsplit(url)
        if not parts.scheme and not parts.netloc:
            return True
        return parts.scheme in ("http", "https", "") and (parts.hostname or "").casefold() in self._hosts

    def _is_grounded(self, unit: str) -> bool:
        if self._words is None:
            return True
        said = content_words(unit)
        return len(said & self._words) >= SUPPORTED_SHARE * len(said)
