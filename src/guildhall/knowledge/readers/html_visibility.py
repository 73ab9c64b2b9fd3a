"""Which parts of an HTML page a sighted reader sees. What is hidden may be an instruction meant for a machine, so it never enters."""

import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

_NEVER_NAMES: Final = (
    "script style template noscript iframe object embed svg canvas audio video nav footer aside button select option input textarea"
    " datalist dialog head meta link title img picture map"
)
_NEVER: Final = frozenset(_NEVER_NAMES.split())
_HIDING_STYLE: Final = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0?\.?0*(?:;|$)|font-size:0|text-indent:-\d{3}|(?:left|top|right):-\d{3}"
    r"|clip:rect\(|clip-path:inset\((?:50|100)%|(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)|transform:scale\(0|color:transparent"
)
_HIDING_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-reader(?:-text)?|hidden|d-none|hide)(?:$|\s)", re.IGNORECASE
)
_FURNITURE: Final = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?(?:-banner|-bar|-notice)?|skip-?link|pagination|site-header)(?:$|[\s_-])", re.IGNORECASE
)
_LANDMARKS: Final = ("navigation", "banner", "contentinfo")
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR: Final = re.compile(r"^[.#][\w-]+$")


class Visibility:
    """Knows the page's own style rules that hide something (simple class and id selectors)."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._hidden_names: set[str] = set()
        for sheet in tree.css("style"):
            for selectors, rules in _RULE.findall(sheet.text() or ""):
                if _hides(rules):
                    self._hidden_names.update(s.strip() for s in selectors.split(",") if _SIMPLE_SELECTOR.match(s.strip()))

    def is_hidden(self, node: Any) -> bool:
        """Whether this element, by itself, takes itself out of sight or is page furniture."""
        if node.tag in _NEVER:
            return True
        attributes = node.attributes
        if not attributes:
            return node.tag == "header" and _is_page_header(node)
        if (
            "hidden" in attributes
            or (attributes.get("aria-hidden") or "") == "true"
            or attributes.get("role") in ("navigation", "banner", "contentinfo")
        ):
            return True
        names = attributes.get("class") or ""
        identity = attributes.get("id") or ""
        if _hides(attributes.get("style") or "") or _HIDING_CLASS.search(names) or _FURNITURE.search(f"{names} {identity}"):
            return True
        own = {f".{name}" for name in names.split()} | {f"#{identity}"}
        return bool(own & self._hidden_names) or (node.tag == "header" and _is_page_header(node))


def _hides(style: str) -> bool:
    return bool(_HIDING_STYLE.search(re.sub(r"\s+", "", style.lower()).replace("!important", "")))


def _is_page_header(node: Any) -> bool:
    parent = node.parent
    return parent is not None and parent.tag == "body"
