"""Published Markdown as words that stand in a plain message: no marks, and every fact still there."""

import re
from typing import Final

from guildhall.answers.facts_in_text import LINK

MARKS: Final = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
RULE: Final = re.compile(r"\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*")


def plain_words(markdown: str) -> str:
    """The same words without Markdown's marks: a link is its text, a row of a table a line of its cells."""
    lines = [_line(line) for line in markdown.splitlines() if not ("|" in line and RULE.fullmatch(line))]
    return "\n".join(lines).strip()


def _line(line: str) -> str:
    words = MARKS.sub(lambda found: found[2] or found[3], LINK.sub(r"\1", line))
    if words.lstrip().startswith("|"):
        cells = [cell.strip() for cell in words.strip().strip("|").split("|")]
        return " – ".join(cell for cell in cells if cell)
    return words
