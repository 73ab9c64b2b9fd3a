"""A reply as blocks of safe HTML, in the order they are shown; the same blocks whether streamed one by one or shown whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guildhall.channels.web.links import LinkPolicy
from guildhall.channels.web.markdown_html import markdown_to_html
from guildhall.vocabulary.languages import direction
from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.turns import Option, PartKind, ReplyPart


@dataclass(frozen=True, slots=True)
class ShownSource:
    """One citation as it is shown. `url` is empty when the link may not be shown; `updated` is ISO or empty."""

    title: str
    section: str
    url: str
    updated: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a reply: a heading (a question), a break after the last question, a body, or the sources."""

    kind: str
    language: str
    direction: str
    html: str = ""
    heading: str = ""
    part: str = ""
    sensitive: bool = False
    options: tuple[Option, ...] = ()
    sources: tuple[ShownSource, ...] = ()


@dataclass
class ReplyPresenter:
    """Turns parts into blocks as they come: a question heads its parts once, and its sources follow them once.

    Tables are named by the number of the turn and their own, so that no two of a page share a name.
    """

    links: LinkPolicy
    table_label: str
    turn: int = 1
    new_tab: str = ""
    _question: str = ""
    _cited: tuple[Citation, ...] = ()
    _language: str = "en"
    _tables: int = 0

    def add(self, part: ReplyPart) -> Iterator[Block]:
        """The blocks that one more part brings."""
        if self._cited and (part.question != self._question or part.kind != PartKind.ANSWER):
            yield from self.finish()
        if part.question and part.question != self._question:
            yield Block("heading", "", "auto", heading=part.question)
        elif self._question and not part.question:
            yield Block("break", "", "auto")
        self._question, self._language = part.question, part.language
        self._cited = tuple(dict.fromkeys((*self._cited, *part.citations)))
        yield self._body(part)

    def finish(self) -> Iterator[Block]:
        """The sources of what was said last, if they have not been shown yet."""
        if self._cited:
            yield Block("sources", self._language, direction(self._language), sources=tuple(shown_sources(self._cited, self.links)))
        self._cited = ()

    def all(self, parts: Iterable[ReplyPart]) -> Iterator[Block]:
        """Every block of a whole reply."""
        for part in parts:
            yield from self.add(part)
        yield from self.finish()

    def _body(self, part: ReplyPart) -> Block:
        self._tables += "|" in part.text
        label = f"{self.table_label} {self.turn}.{self._tables}"
        rtl = direction(part.language) == "rtl"
        html = markdown_to_html(part.text, self.links, table_label=label, new_tab=self.new_tab, rtl=rtl)
        urgent = part.wording.startswith(("crisis.", "hazard."))
        kind = "urgent" if urgent else part.kind.value
        sensitive = part.wording.startswith("crisis.")
        return Block(kind, part.language, direction(part.language), html, part=part.wording, sensitive=sensitive, options=part.options)


def shown_sources(citations: Iterable[Citation], links: LinkPolicy) -> Iterator[ShownSource]:
    """Each source once, with its link where that may be shown."""
    seen: set[tuple[str, str]] = set()
    for citation in citations:
        section = "" if citation.section == citation.title else citation.section
        if (citation.title, section) not in seen:
            seen.add((citation.title, section))
            yield ShownSource(citation.title, section, links.resolve(citation.url), citation.updated)
