"""Which parts of an HTML page a sighted reader sees. What is hidden may be an instruction meant for a machine, so it never enters."""

import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

_NEVER_NAMES: Final = (
    "script style template noscript iframe object embed svg math canvas audio video nav footer aside button select option input textarea"
    " datalist dialog head meta link title img picture map"
)
_NEVER: Final = frozenset(_NEVER_NAMES.split())
_HIDING_STYLE: Final = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0?(?:\.0\d*)?(?:;|$)|font-size:(?:0|[12](?:\.\d+)?p[xt])|text-indent:-\d{3}|(?:left|top|right):-\d{3}"
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
_INK: Final = re.compile(r"(?:^|;)color:([^;]+)")
_GROUND: Final = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
_WHITE: Final = re.compile(r"white|#fff(?:fff)?|rgba?\(255,255,255(?:,[\d.]+)?\)")
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
    plain = re.sub(r"\s+", "", style.lower()).replace("!important", "")
    return bool(_HIDING_STYLE.search(plain)) or _same_colours(plain)


def _same_colours(style: str) -> bool:
    """White words, which are meant for a white page, and words in the colour they stand on."""
    ink, ground = _INK.search(style), _GROUND.search(style)
    if ink is None:
        return False
    return _colour(ground[1]) == _colour(ink[1]) if ground else _colour(ink[1]) == "white"


def _colour(value: str) -> str:
    return "white" if _WHITE.fullmatch(value) else value


def _is_page_header(node: Any) -> bool:
    parent = node.parent
    return parent is not None and parent.tag == "body"
