"""An adviser's words as safe HTML: escaped, paragraphs and lines as they were written, and links only where the council allows them."""

import re
from html import escape

from guildhall.channels.web.links import LinkPolicy
from guildhall.channels.web.markdown_html import GROUPED_NUMBER

ADDRESS = re.compile(r"https?://[^\s<>\"']+")
AFTER = re.compile(r"[.,;:!?)\]}]+$")


def plain_text_to_html(text: str, links: LinkPolicy, *, new_tab: str = "", rtl: bool = False) -> str:
    """Safe HTML. `new_tab` is the words that say a link opens in a new tab; `rtl` keeps grouped numbers in their order."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()))
    return "\n".join(f'<p class="govuk-body">{_lines(part, links, new_tab, rtl)}</p>' for part in paragraphs if part.strip())


def _lines(text: str, links: LinkPolicy, new_tab: str, rtl: bool) -> str:
    return "<br>\n".join(_line(line, links, new_tab, rtl) for line in text.split("\n"))


def _line(line: str, links: LinkPolicy, new_tab: str, rtl: bool) -> str:
    made, end = "", 0
    for found in ADDRESS.finditer(line):
        address = AFTER.sub("", found[0])
        made += _words(line[end : found.start()], rtl) + _link(address, links, new_tab)
        end = found.start() + len(address)
    return made + _words(line[end:], rtl)


def _link(address: str, links: LinkPolicy, new_tab: str) -> str:
    shown = links.resolve(address)
    if not shown:
        return escape(address)
    opens = f'<span class="govuk-visually-hidden"> ({escape(new_tab)})</span>' if new_tab else ""
    target = ' target="_blank"' if new_tab else ""
    return f'<a class="govuk-link" href="{escape(shown)}" rel="noopener"{target}><bdi dir="ltr">{escape(address)}</bdi>{opens}</a>'


def _words(text: str, rtl: bool) -> str:
    if not rtl:
        return escape(text)
    pieces = GROUPED_NUMBER.split(text)
    return "".join(f'<bdi dir="ltr">{escape(piece)}</bdi>' if index % 2 else escape(piece) for index, piece in enumerate(pieces))
