"""A PDF: one section a page, with a link that opens it there."""

import io
import re
import struct
import zlib
from dataclasses import dataclass, replace
from typing import Any, Final

from guildhall.knowledge.analyser import visible
from guildhall.knowledge.pages import Page
from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.knowledge.sections import Section

_BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError, struct.error, zlib.error)
MOST_PAGES: Final = 1_000
_WHITE: Final = 0.99
_READABLE_POINTS: Final = 3
_MARGIN: Final = 20
_MOSTLY: Final = 0.8
_BROKEN_WORD: Final = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_MID_SENTENCE: Final = re.compile(r"(?<=[^\n.:;!?])\n(?=[a-z(£\d])")


def read_pdf(content: bytes, url: str, name: str) -> Page:
    """The page of a PDF. Raises UnreadableError when it is broken, locked, too long or holds no text."""
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is locked with a password; publish it without one")
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableError(f"the PDF has {len(reader.pages):,} pages; split it into files of at most {MOST_PAGES:,}")
        title = str(reader.metadata.title or "").strip() if reader.metadata else ""
        updated = reader.metadata.modification_date if reader.metadata else None
        texts = [_seen_text(page) for page in reader.pages]
    except (PyPdfError, *_BROKEN) as error:
        raise UnreadableError("the PDF is damaged and cannot be read; save it again from its source") from error
    sections = [Section(f"Page {n}", f"page={n}", text) for n, raw in enumerate(texts, 1) if (text := _joined(raw))]
    if not sections:
        raise UnreadableError("the PDF holds no text, so it may be a scan; publish it as a web page, or with its text recognised")
    return Page(url, title or name, tuple(sections), updated.date().isoformat() if updated else "")


class _Ink:
    """Follows a page's drawing operators, to know whether the words drawn next can be seen: invisible ink, white, or tiny letters."""

    def __init__(self) -> None:
        self._now = _Pen()
        self._kept: list[_Pen] = []

    def before(self, operator: Any, operands: Any) -> None:
        """Note an operator that changes how words look."""
        name = operator.decode("ascii", "replace") if isinstance(operator, bytes) else str(operator)
        numbers = [float(value) for value in operands if isinstance(value, int | float)] if isinstance(operands, list) else []
        if name == "q":
            self._kept.append(self._now)
        elif name == "Q" and self._kept:
            self._now = self._kept.pop()
        elif name == "Tr" and numbers:
            self._now = replace(self._now, invisible=numbers[0] in (3, 7))
        elif name in ("rg", "g", "sc", "scn", "k") and numbers:
            self._now = replace(self._now, white=all(n == 0 for n in numbers) if name == "k" else all(n >= _WHITE for n in numbers))
        elif name == "Tf" and numbers:
            self._now = replace(self._now, size=abs(numbers[-1]))

    def shows(self, scale: float) -> bool:
        """Whether words drawn now can be seen."""
        pen = self._now
        return not pen.invisible and not pen.white and pen.size * scale >= _READABLE_POINTS


@dataclass(frozen=True, slots=True)
class _Pen:
    invisible: bool = False
    white: bool = False
    size: float = 12.0


def _seen_text(page: Any) -> str:
    """The text of a page without the words that nobody sees. A page that is all invisible ink is a scan with its text recognised: kept."""
    everything = page.extract_text() or ""
    ink, hidden = _Ink(), list[str]()
    left, bottom, right, top = (float(edge) for edge in page.mediabox)

    def before(operator: Any, operands: Any, matrix: Any, text_matrix: Any) -> None:
        ink.before(operator, operands)
        name = operator.decode("ascii", "replace") if isinstance(operator, bytes) else str(operator)
        if name in ("Tj", "TJ", "'", '"'):
            scale = (abs(text_matrix[0]) or abs(text_matrix[1]) or 1.0) * (abs(matrix[0]) or abs(matrix[1]) or 1.0)
            x, y = text_matrix[4] * matrix[0] + matrix[4], text_matrix[5] * matrix[3] + matrix[5]
            inside = left - _MARGIN <= x <= right + _MARGIN and bottom - _MARGIN <= y <= top + _MARGIN
            if not ink.shows(scale) or not inside:
                hidden.append(_drawn(operands))

    page.extract_text(visitor_operand_before=before)
    unseen = [words for words in hidden if words.strip()]
    if sum(map(len, unseen)) >= _MOSTLY * len(everything):
        return str(everything)
    for words in unseen:
        everything = everything.replace(words, "", 1)
    return str(everything)


def _drawn(operands: Any) -> str:
    """The words of a text-showing operator."""
    pieces = operands[-1] if operands else ""
    pieces = pieces if isinstance(pieces, list) else [pieces]
    return "".join(
        piece.decode("latin-1") if isinstance(piece, bytes) else str(piece) for piece in pieces if isinstance(piece, str | bytes)
    )


def _joined(text: str) -> str:
    """Lines put back together where the layout broke a word or a sentence."""
    return _MID_SENTENCE.sub(" ", _BROKEN_WORD.sub("", visible(text))).strip()
