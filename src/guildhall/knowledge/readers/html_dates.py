"""When an HTML page says it was last updated."""

import re
from datetime import date, datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser

_META: Final = ("dcterms.modified", "dc.date.modified", "last-modified", "article:modified_time", "og:updated_time", "govuk:updated-at")
_SAID: Final = re.compile(
    r"(?:last (?:updated|reviewed|modified)|page (?:updated|last updated)|updated on|updated)"
    r"\s*:?\s*(?:on\s+)?(\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4})",
    re.IGNORECASE,
)


def published_on(tree: LexborHTMLParser) -> str:
    """The ISO date of the last update, or empty when the page does not say."""
    for meta in tree.css("meta"):
        name = (meta.attributes.get("name") or meta.attributes.get("property") or "").lower()
        if name in _META and (found := _iso((meta.attributes.get("content") or "")[:10])):
            return found
    said = _SAID.search(tree.body.text(separator=" ") if tree.body else "")
    return _spelt_out(said.group(1)) if said else ""


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _spelt_out(text: str) -> str:
    for form in ("%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(" ".join(text.split()), form).date().isoformat()
        except ValueError:
            continue
    return ""
