"""Writes the visible part of an HTML tree as Markdown blocks: headings, paragraphs, lists and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from guildhall.knowledge.readers.html_visibility import Visibility

_INLINE_NAMES: Final = (
    "a abbr b bdi bdo br cite code data dfn em i ins kbd label mark q s samp small span strong sub sup time u var wbr font -text"
)
_INLINE: Final = frozenset(_INLINE_NAMES.split())
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_DEEPEST: Final = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A block of Markdown; `level` is 1 to 6 for a heading and 0 otherwise. `anchor` is the heading's own id."""

    text: str
    level: int = 0
    anchor: str = ""


class Writer:
    """Walks a tree. Elements nested deeper than 200 are left out: no page a person made has them."""

    def __init__(self, visibility: Visibility) -> None:
        self._visibility = visibility

    def markdown(self, root: Any) -> str:
        """The whole tree as one Markdown text."""
        return "\n\n".join(f"{'#' * block.level} {block.text}" if block.level else block.text for block in self.blocks(root))

    def blocks(self, root: Any, depth: int = 0) -> Iterator[Block]:
        """The blocks under an element, in order."""
        run: list[Any] = []
        for node in _children(root):
            if node.tag in _INLINE:
                run.append(node)
                continue
            yield from self._paragraph(run)
            run = []
            if node.tag.startswith(("_", "!")) or depth > _DEEPEST or self._visibility.is_hidden(node):
                continue
            yield from self._block(node, depth)
        yield from self._paragraph(run)

    def _block(self, node: Any, depth: int) -> Iterator[Block]:
        if node.tag in _HEADINGS:
            text = self._inline(_children(node), depth, marked=False)
            if text:
                yield Block(text, _HEADINGS[node.tag], node.attributes.get("id") or "")
        elif node.tag in ("ul", "ol"):
            text = self._list(node, depth)
            if text:
                yield Block(text)
        elif node.tag == "table":
            text = self._table(node, depth)
            if text:
                yield Block(text)
        elif node.tag in ("p", "dt", "dd", "summary", "figcaption", "caption", "pre", "address", "legend"):
            yield from self._paragraph(_children(node), depth)
        else:
            yield from self.blocks(node, depth + 1)

    def _paragraph(self, nodes: list[Any], depth: int = 0) -> Iterator[Block]:
        text = self._inline(nodes, depth)
        if text:
            yield Block(text)

    def _inline(self, nodes: list[Any], depth: int, *, marked: bool = True) -> str:
        lines = "".join(self._piece(node, depth, marked) for node in nodes).split("\n")
        return "\n".join(line for part in lines if (line := _SPACE.sub(" ", part).strip()))

    def _piece(self, node: Any, depth: int, marked: bool) -> str:
        if node.tag == "-text":
            return _SPACE.sub(" ", node.text_content or "")
        if node.tag == "br":
            return "\n"
        if node.tag.startswith(("_", "!")) or depth > _DEEPEST or self._visibility.is_hidden(node):
            return ""
        inner = "".join(self._piece(child, depth + 1, marked) for child in _children(node))
        if node.tag == "a" and marked and inner.strip():
            return self._link(node.attributes.get("href") or "", inner)
        return f" {inner} " if node.tag not in _INLINE else inner

    @staticmethod
    def _link(href: str, inner: str) -> str:
        words = inner.replace("\n", " ").strip()
        # Only addresses a resident could follow; a script or data address is not one.
        usable = href.startswith(("/", "https://", "http://")) and not re.search(r"[\s()<>]", href)
        return f"[{words}]({href})" if usable and words != href and "[" not in words else inner

    def _list(self, node: Any, depth: int, indent: str = "") -> str:
        lines: list[str] = []
        for item in _children(node):
            if item.tag != "li" or depth > _DEEPEST or self._visibility.is_hidden(item):
                continue
            mark = f"{len([x for x in lines if not x.startswith(indent + '  ')]) + 1}." if node.tag == "ol" else "-"
            nested = [child for child in _children(item) if child.tag in ("ul", "ol")]
            text = self._inline([child for child in _children(item) if child.tag not in ("ul", "ol")], depth + 1).replace("\n", " ")
            if text:
                lines.append(f"{indent}{mark} {text}")
            for inner in nested:
                below = self._list(inner, depth + 1, indent + "   ")
                lines += below.splitlines()
        return "\n".join(lines)

    def _table(self, node: Any, depth: int) -> str:
        rows: list[list[str]] = []
        for row in node.css("tr"):
            if self._visibility.is_hidden(row):
                continue
            cells = [cell for cell in _children(row) if cell.tag in ("td", "th") and not self._visibility.is_hidden(cell)]
            texts = [self._inline(_children(cell), depth + 1).replace("\n", " ").replace("|", "/") for cell in cells]
            if any(texts):
                rows.append(texts)
        if not rows:
            return ""
        width = max(map(len, rows))
        if width == 1:
            return "\n\n".join(row[0] for row in rows)
        padded = [row + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in padded]
        return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _children(node: Any) -> list[Any]:
    found, child = [], node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found
