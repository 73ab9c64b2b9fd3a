"""An HTML page: what a sighted reader would see of its main part, as Markdown. Nothing hidden, no menus, no scripts."""

import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from guildhall.knowledge.analyser import visible
from guildhall.knowledge.pages import Page
from guildhall.knowledge.readers.html_dates import published_on
from guildhall.knowledge.readers.html_text import Writer
from guildhall.knowledge.readers.html_visibility import Visibility
from guildhall.knowledge.sections import Anchors, Section

_CANONICAL: Final = "link[rel=canonical]"
_SITE_NAME: Final = re.compile(r"\s+(?:[|–—·]|-)\s+.*$")
_MAIN: Final = ("main", "[role=main]", "#main-content", "#content", "article")


def read_html(text: str, url: str, name: str) -> Page:
    """The page of an HTML text; `url` is where it was read, unless it names its own canonical address."""
    tree = LexborHTMLParser(visible(text))
    root = _main(tree)
    sections, first = _sections(root, tree)
    heading = tree.css_first("title")
    title = first or (_SITE_NAME.sub("", heading.text().strip()) if heading else "") or name
    return Page(_address(tree, url), title, tuple(sections), published_on(tree))


def markdown_of(html: str) -> str:
    """The visible part of a piece of HTML as Markdown."""
    tree = LexborHTMLParser(html)
    return Writer(Visibility(tree)).markdown(tree.body) if tree.body else ""


def _main(tree: LexborHTMLParser) -> Any:
    return next((found for selector in _MAIN if (found := tree.css_first(selector))), tree.body)


def _address(tree: LexborHTMLParser, url: str) -> str:
    link = tree.css_first(_CANONICAL)
    address = (link.attributes.get("href") or "").strip() if link else ""
    # A page on one host must not pass itself off as a page of another.
    if address.startswith("/") and not url.startswith("http"):
        return address
    same_host = address.startswith("http") and url.startswith("http") and address.split("/")[2] == url.split("/")[2]
    return address if same_host else url


def _sections(root: Any, tree: LexborHTMLParser) -> tuple[list[Section], str]:
    """The sections under each heading, and the text of the first first-level heading."""
    if root is None:
        return [], ""
    anchors, title, parent = Anchors(), "", ""
    sections: list[Section] = []
    for block in Writer(Visibility(tree)).blocks(root):
        if block.level == 0:
            heading = ("", "", 0) if not sections else None
            if heading is not None:
                sections.append(Section(*heading[:2], "", 0))
            last = sections[-1]
            sections[-1] = Section(last.heading, last.anchor, f"{last.text}\n\n{block.text}".strip(), last.level)
            continue
        anchor = block.anchor or anchors.of(block.text)
        if block.level == 1 and not title:
            title = block.text
            sections.append(Section("", "", "", 0))
            continue
        parent = block.text if block.level <= 2 else parent
        name = f"{parent}: {block.text}" if block.level > 2 and parent else block.text
        sections.append(Section(name, anchor if block.anchor else "", "", block.level))
    return [section for section in sections if section.text], title
