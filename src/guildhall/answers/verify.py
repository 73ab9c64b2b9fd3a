"""Verify: every fact of a drafted block must be found in the passages it cites, or the sentence, item or row is dropped.

Links must point to the council's own pages or an allowed host, and must stand in a cited passage. Images and HTML are taken out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from guildhall.answers.addresses import addresses_in
from guildhall.answers.facts_in_text import EMAIL, LINK, Fact, FactBase, canonical_url, facts_in
from guildhall.answers.markdown_blocks import Block, blocks_of
from guildhall.answers.request import Draft
from guildhall.answers.tampering import speaks_to_a_machine, untainted
from guildhall.answers.words import content_words
from guildhall.vocabulary.decisions import DraftFacts
from guildhall.vocabulary.passages import Citation, Found

IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img[^>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
UNSAFE_SCHEME = re.compile(r"^\s*(?:javascript|data|vbscript|file|blob):", re.IGNORECASE)
TURNS_ROUND = re.compile(
    r"\b(?:no longer|never|not|no|nobody|nothing|none|without|cannot|void|abolished|cancelled)\b|n['’]t\b", re.IGNORECASE
)
SUPPORTED_SHARE = 0.6
"""At least this share of a sentence's content words must stand in its passages or the question (English only)."""

OWN_SHARE = 0.5
"""More than this share must stand in the passages alone: the question's own words, said back, are no answer."""


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


def _plain(text: str) -> str:
    """Without images or HTML, which a page never needs and an attacker might."""
    return TAG.sub("", IMAGE.sub("", text))


class _Checker:
    """Keeps the units of a block that its passages support."""

    def __init__(self, base: FactBase, texts: tuple[str, ...], hosts: tuple[str, ...], question: str, language: str) -> None:
        self._base = base
        self._whole = "\n\n".join(texts)
        self._hosts = hosts
        self._links = {canonical_url(match[2]) for text in texts for match in LINK.finditer(text)}
        self._links |= {canonical_url(word) for text in texts for word in re.findall(r"\S+/\S*", text)}
        self._words = frozenset().union(*map(content_words, (*texts, question))) if language == "en" else None
        self._passage_words = frozenset().union(*map(content_words, texts))
        self.unsupported: list[str] = []
        self.links_off_list: list[str] = []

    def keep(self, block: Block) -> tuple[str, ...]:
        """The supported units of the block."""
        return tuple(unit for unit in block.units if self._is_supported(unit))

    def _is_supported(self, unit: str) -> bool:
        bad_links = [match[2] for match in LINK.finditer(unit) if not self._may_link(match[2])] + self._bare_off_list(unit)
        wrong = [fact for fact in facts_in(unit) if not self._fact_holds(fact)]
        if bad_links:
            self.links_off_list += bad_links
            return False
        if wrong:
            self.unsupported += [fact.words for fact in wrong]
            return False
        if speaks_to_a_machine(unit) or not self._is_grounded(unit) or self._turns_round(unit):
            self.unsupported.append(unit[:80])
            return False
        return True

    def _fact_holds(self, fact: Fact) -> bool:
        if fact.kind == "link":
            return fact.value in self._links
        return self._base.supports(fact)

    def _bare_off_list(self, unit: str) -> list[str]:
        """Addresses written out in words, which a resident may type or tap: the allow-list holds for them too."""
        return [address for address in addresses_in(LINK.sub(lambda match: match[1], unit)) if not self._may_link(address)]

    def _turns_round(self, unit: str) -> bool:
        """Whether the unit says no, never or no longer where no sentence of its passages does about the same thing (English only)."""
        if self._words is None or unit in self._whole:
            return False
        turning = {match[0].casefold() for match in TURNS_ROUND.finditer(unit)}
        said = content_words(unit)
        return bool(turning) and not any(
            turning <= {match[0].casefold() for match in TURNS_ROUND.finditer(sentence)}
            and len(said & words) >= SUPPORTED_SHARE * len(said)
            for sentence, words in self._sentences
        )

    @cached_property
    def _sentences(self) -> list[tuple[str, frozenset[str]]]:
        return [(unit, frozenset(content_words(unit))) for block in blocks_of(self._whole) for unit in block.units]

    def _may_link(self, url: str) -> bool:
        if UNSAFE_SCHEME.match(url) or "\\" in url:
            return False
        if url.startswith("mailto:"):
            return bool(EMAIL.fullmatch(url.removeprefix("mailto:")))
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").casefold()
        except ValueError:  # an address no browser could read
            return False
        if not parts.scheme and not parts.netloc:
            return True
        return parts.scheme in ("http", "https", "") and (host in self._hosts or f"www.{host}" in self._hosts)

    def _is_grounded(self, unit: str) -> bool:
        if self._words is None:
            return True
        said = content_words(unit)
        own = len(said & self._passage_words)
        return len(said & self._words) >= SUPPORTED_SHARE * len(said) and (own > OWN_SHARE * len(said) or not said)
