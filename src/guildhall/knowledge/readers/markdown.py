"""A Markdown page: front matter, then sections. Comments and hidden markup are dropped, for nobody reads them on the page."""

import re
from typing import Final

from guildhall.knowledge.analyser import visible
from guildhall.knowledge.pages import Page
from guildhall.knowledge.readers.front_matter import FrontMatter, split_front_matter
from guildhall.knowledge.readers.html import markdown_of
from guildhall.knowledge.sections import Section, sections_of

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# The usual ways of hiding a note in Markdown: a link definition that nothing can refer to.
_HIDDEN_NOTE: Final = re.compile(
    r"^ {0,3}\[(?://|comment|_)\]:.*$|^ {0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)(?:[ \t].*)?$", re.MULTILINE | re.IGNORECASE
)
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>\n]*>")
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>")


def read_markdown(text: str, url: str, name: str) -> Page:
    """The page of a Markdown text. `url` and `name` stand in where the front matter has no url and nothing gives a title."""
    about, body = split_front_matter(visible(text))
    sections = sections_of(cleaned(body))
    title, sections = _titled(about, sections, name)
    return Page(about.url or url, title, tuple(sections), about.updated, about.owner, about.services, about.review_by, about.tier)


def cleaned(body: str) -> str:
    """Markdown without comments, and with any HTML in it turned into Markdown or dropped when it is hidden."""
    body = _HIDDEN_NOTE.sub("", _COMMENT.sub("", body))
    body = _AUTOLINK.sub(r"\1", body)
    if not _TAG.search(body):
        return body
    from markdown_it import MarkdownIt

    return markdown_of(MarkdownIt("commonmark", {"html": True}).enable("table").render(body))


def _titled(about: FrontMatter, sections: list[Section], name: str) -> tuple[str, list[Section]]:
    """The page's title, and its sections with the words under a first-level heading as the introduction."""
    top = next((s for s in sections if s.level == 1), None)
    title = about.title or (top.heading if top else "") or name
    if top and top is sections[0]:
        sections = [Section("", "", top.text, 0), *sections[1:]]
    return title, sections
