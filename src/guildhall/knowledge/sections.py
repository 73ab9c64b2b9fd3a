"""Cuts a page's Markdown at its headings, and a long section where a reader would pause: between paragraphs, items or table rows."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

TARGET_WORDS: Final = 220
_HEADING: Final = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_UNDERLINE: Final = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE: Final = re.compile(r"^ {0,3}(```+|~~~+)")
_ITEM: Final = re.compile(r"^(?:[-*+]|\d{1,9}[.)])[ \t]+")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(£\d])")
_MARKUP: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, as Markdown. The words before the first heading have neither heading nor anchor."""

    heading: str
    anchor: str
    text: str
    level: int = 0


def plain_heading(text: str) -> str:
    """A heading without its markup."""
    return _MARKUP.sub(lambda match: match.group(1) or "", text).strip()


class Anchors:
    """GitHub's way from heading to anchor: lower case, punctuation out, spaces to hyphens, `-1` and so on for repeats."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, heading: str) -> str:
        """The anchor of the next heading."""
        kept = (c for c in heading.strip().lower() if c in "-_ " or unicodedata.category(c)[0] in "LNM")
        anchor = "".join(kept).replace(" ", "-")
        count = self._given.get(anchor, 0)
        self._given[anchor] = count + 1
        return f"{anchor}-{count}" if count else anchor


def sections_of(markdown: str) -> list[Section]:
    """The sections of a page in order, headings without text left out. A section under a deeper heading carries its parent's name."""
    anchors, sections = Anchors(), list[Section]()
    parents: dict[int, str] = {}
    heading, anchor, level, lines = "", "", 0, list[str]()

    def close() -> None:
        text = "\n".join(lines).strip()
        if text:
            sections.append(Section(heading, anchor, text, level))

    for line, found in _marked(markdown):
        if found is None:
            lines.append(line)
            continue
        close()
        level, title = found
        parents = {depth: name for depth, name in parents.items() if depth < level}
        parent = next((parents[depth] for depth in sorted(parents, reverse=True) if depth > 1), "")
        parents[level] = title
        heading, anchor, lines = f"{parent}: {title}" if parent else title, anchors.of(title), []
    close()
    return sections


def _marked(markdown: str) -> Iterator[tuple[str, tuple[int, str] | None]]:
    """Every line, with level and title when it is a heading. Fenced code is left alone."""
    lines = markdown.splitlines()
    fence, skip = "", False
    for number, line in enumerate(lines):
        if skip:
            skip = False
            continue
        if match := _FENCE.match(line):
            mark = match.group(1)
            fence = "" if fence and mark.startswith(fence) else (fence or mark)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        atx = None if fence else _HEADING.match(line)
        if atx:
            yield line, (len(atx.group(1)), plain_heading(atx.group(2)))
        elif not fence and _is_title_line(line) and (under := _UNDERLINE.match(following)):
            skip = True
            yield line, (1 if under.group(1)[0] == "=" else 2, plain_heading(line))
        else:
            yield line, None


def _is_title_line(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("    ", "|", ">", "#")) and not _ITEM.match(line) and "|" not in line


def parts_of(text: str) -> list[str]:
    """The text in parts of about 220 words of like size. Every part of a table repeats the header."""
    total = _count(text)
    if total <= TARGET_WORDS * 1.25:
        return [text]
    target = total / -(-total // TARGET_WORDS)
    parts: list[list[str]] = [[]]
    size = 0
    for piece in _pieces(text, target):
        words = _count(piece)
        if parts[-1] and size + words / 2 > target:
            parts.append([])
            size = 0
        parts[-1].append(piece)
        size += words
    return ["\n\n".join(part) for part in parts]


def _pieces(text: str, target: float) -> Iterator[str]:
    """Blocks of the text, each no longer than about a part."""
    for block in re.split(r"\n[ \t]*\n", text):
        if _count(block) <= target:
            yield block
        elif block.lstrip().startswith("|"):
            yield from _table_parts(block.splitlines(), target)
        elif len(items := _items(block)) > 1:
            yield from _grouped(items, target, "\n")
        else:
            yield from _grouped([part for s in _SENTENCE_END.split(block) for part in _chopped(s, target)], target, " ")


def _table_parts(lines: Sequence[str], target: float) -> Iterator[str]:
    header = list(lines[:2]) if len(lines) > 1 and set(lines[1]) <= set("|-: \t") else []
    for rows in _grouped(lines[len(header) :], target, "\n"):
        yield "\n".join([*header, rows])


def _items(block: str) -> list[str]:
    items: list[str] = []
    for line in block.splitlines():
        if _ITEM.match(line) or not items:
            items.append(line)
        else:
            items[-1] += "\n" + line
    return items


def _chopped(sentence: str, target: float) -> list[str]:
    """A sentence without end (text that lost its punctuation), chopped into runs of words."""
    words = sentence.split(" ")
    if len(words) <= target:
        return [sentence]
    step = max(1, int(target))
    return [" ".join(words[start : start + step]) for start in range(0, len(words), step)]


def _grouped(pieces: Sequence[str], target: float, glue: str) -> Iterator[str]:
    group: list[str] = []
    for piece in pieces:
        if group and sum(map(_count, group)) + _count(piece) > target:
            yield glue.join(group)
            group = []
        group.append(piece)
    if group:
        yield glue.join(group)


def _count(text: str) -> int:
    return len(text.split())
