"""A Word file (.docx): headings by style, lists and tables; hidden words are left out."""

import io
import zipfile
from typing import Any, Final

from guildhall.knowledge.analyser import visible
from guildhall.knowledge.pages import Page
from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.knowledge.sections import sections_of

MOST_UNPACKED: Final = 200_000_000
_INTRODUCTION: Final = 1
_READABLE_POINTS: Final = 3


def read_word(content: bytes, url: str, name: str) -> Page:
    """The page of a Word file. Raises UnreadableError when it is broken, too large once unpacked, or empty."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableError(f"the Word file unpacks to more than {MOST_UNPACKED // 1_000_000} MB; split it")
        document: Any = docx.Document(io.BytesIO(content))
        blocks = [block for item in document.iter_inner_content() if (block := _block(item))]
        properties = document.core_properties
        title, updated = str(properties.title or "").strip(), properties.modified
    except (zipfile.BadZipFile, OpcError, SyntaxError, LookupError, ValueError, AttributeError, OSError) as error:
        raise UnreadableError("this is not a Word file that can be read; save it again as .docx") from error
    sections = sections_of(visible("\n\n".join(text for text, _ in blocks)))
    if not sections:
        raise UnreadableError("the Word file holds no text")
    first = next((text.lstrip("# ") for text, level in blocks if level == _INTRODUCTION), "")
    return Page(url, title or first or name, tuple(sections), updated.date().isoformat() if updated else "")


def _block(item: Any) -> tuple[str, int] | None:
    if hasattr(item, "rows"):
        return _table(item)
    text = "".join(run.text for run in item.runs if not _unseen(run.font)) if item.runs else item.text
    text = " ".join(text.split())
    style = item.style.name if item.style is not None else ""
    if not text:
        return None
    if style == "Title":
        return f"# {text}", 1
    if style.startswith("Heading ") and style[8:].isdigit():
        level = min(6, int(style[8:]))
        return f"{'#' * level} {text}", level
    if style.startswith("List Number"):
        return f"1. {text}", 0
    if style.startswith("List"):
        return f"- {text}", 0
    return text, 0


def _unseen(font: Any) -> bool:
    """Hidden, white, or too small for an eye: words for a machine."""
    white = font.color is not None and font.color.rgb is not None and str(font.color.rgb) == "FFFFFF"
    return bool(font.hidden) or white or (font.size is not None and font.size.pt < _READABLE_POINTS)


def _table(item: Any) -> tuple[str, int] | None:
    rows = [[" ".join(cell.text.split()).replace("|", "/") for cell in row.cells] for row in item.rows]
    rows = [row for row in rows if any(row)]
    if not rows:
        return None
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]), 0
