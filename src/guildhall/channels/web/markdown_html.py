"""Markdown of a reply as safe HTML in GOV.UK classes: parsed with HTML off, then cleaned against an allow-list."""

import re
from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from guildhall.channels.web.links import LinkPolicy

PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")  # keeps nothing between texts
GROUPED_NUMBER = re.compile(r"(\+?\d+(?:[ \u00a0]\d+)+)")
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "heading_open": "govuk-heading-s",
}
TAGS = {"p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "strong", "em", "code", "pre", "br", "hr", "blockquote",
        "h5", "div", "span", "bdi"}  # fmt: skip
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "class", "target"},
    "bdi": {"dir"},
    "ol": {"start", "class"},
    "th": {"scope", "class"},
    "div": {"class", "role", "tabindex", "aria-label"},
}


def markdown_to_html(text: str, links: LinkPolicy, *, table_label: str = "Table", new_tab: str = "", rtl: bool = False) -> str:
    """Safe HTML. `new_tab` is the words that say a link opens in a new tab; empty opens links in the same one.

    `rtl` keeps numbers written in groups, such as phone numbers, in their order in words that are read from the right.
    """
    tokens = PARSER.parse(text)
    _dress(tokens, links, new_tab)
    if rtl:
        _keep_numbers_in_order(tokens)
    rendered = PARSER.renderer.render(_with_scrolling_tables(tokens, table_label), PARSER.options, {})
    return nh3.clean(
        rendered, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "tel", "mailto"}, link_rel="noopener", strip_comments=True
    )


def _dress(tokens: Sequence[Token], links: LinkPolicy, new_tab: str) -> None:
    for token in tokens:
        if name := CLASSES.get(token.type):
            token.attrSet("class", name)
        if token.type in ("th_open", "td_open"):
            _align(token)
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h5"  # a reply stands under the page's own headings
        if token.children:
            token.children = _safe_links(token.children, links, new_tab)


def _align(token: Token) -> None:
    style = str(token.attrs.pop("style", ""))
    if style.endswith("right"):
        kind = "header" if token.type == "th_open" else "cell"
        token.attrJoin("class", f"govuk-table__{kind}--numeric")
    if token.type == "th_open":
        token.attrSet("scope", "col")


def _safe_links(children: list[Token], links: LinkPolicy, new_tab: str) -> list[Token]:
    """Links that may not be shown lose their address and keep their words."""
    kept: list[Token] = []
    shown: list[bool] = []
    opens: list[bool] = []
    for child in children:
        if child.type == "image":  # no pictures: only their words
            child = Token("text", "", 0, content=child.content)
        elif child.type == "link_open":
            address = links.resolve(str(child.attrGet("href") or ""))
            shown.append(bool(address))
            if not address:
                continue
            child.attrs = {"href": address, "class": "govuk-link"}
            opens.append(bool(new_tab) and address.startswith("http"))
            if opens[-1]:
                child.attrSet("target", "_blank")
        elif child.type == "link_close":
            if not shown.pop():
                continue
            if opens.pop():
                kept.append(_raw(f'<span class="govuk-visually-hidden"> ({escape(new_tab)})</span>', inline=True))
        kept.append(child)
    return kept


def _keep_numbers_in_order(tokens: Sequence[Token]) -> None:
    """Between words read from the right, the groups of 01632 960100 would change places (Unicode bidirectional algorithm, W2 and N1)."""
    for token in tokens:
        token.children = [piece for child in token.children for piece in _isolated(child)] if token.children else token.children


def _isolated(child: Token) -> list[Token]:
    if child.type != "text":
        return [child]
    pieces = GROUPED_NUMBER.split(child.content)
    tokens = [Token("text", "", 0, content=piece) for piece in pieces]
    for index in range(1, len(pieces), 2):  # every second piece is a number
        tokens[index] = _raw(f'<bdi dir="ltr">{pieces[index]}</bdi>', inline=True)
    return tokens


def _with_scrolling_tables(tokens: Sequence[Token], label: str) -> list[Token]:
    """Each table in a region that scrolls sideways by keyboard too, named after its header cells."""
    out: list[Token] = []
    count = 0
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            count += 1
            name = f"{label}: {', '.join(_header_words(tokens[index:]))}" + (f" ({count})" if count > 1 else "")
            out.append(_raw(f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(name, quote=True)}">'))
        out.append(token)
        if token.type == "table_close":
            out.append(_raw("</div>"))
    return out


def _header_words(tokens: Sequence[Token]) -> list[str]:
    words = []
    for index, token in enumerate(tokens):
        if token.type == "thead_close":
            break
        if token.type == "th_open":
            words.append(tokens[index + 1].content.replace("*", ""))
    return [word for word in words if word]


def _raw(html: str, *, inline: bool = False) -> Token:
    return Token("html_inline" if inline else "html_block", "", 0, content=html)
