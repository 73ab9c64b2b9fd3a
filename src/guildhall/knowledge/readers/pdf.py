"""A PDF: one section a page, with a link that opens it there."""

import io
import re
import struct
import zlib
from typing import Final

from guildhall.knowledge.analyser import visible
from guildhall.knowledge.pages import Page
from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.knowledge.sections import Section

_BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError, struct.error, zlib.error)
MOST_PAGES: Final = 1_000
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
        texts = [page.extract_text() or "" for page in reader.pages]
    except (PyPdfError, *_BROKEN) as error:
        raise UnreadableError("the PDF is damaged and cannot be read; save it again from its source") from error
    sections = [Section(f"Page {n}", f"page={n}", text) for n, raw in enumerate(texts, 1) if (text := _joined(raw))]
    if not sections:
        raise UnreadableError("the PDF holds no text, so it may be a scan; publish it as a web page, or with its text recognised")
    return Page(url, title or name, tuple(sections), updated.date().isoformat() if updated else "")


def _joined(text: str) -> str:
    """Lines put back together where the layout broke a word or a sentence."""
    return _MID_SENTENCE.sub(" ", _BROKEN_WORD.sub("", visible(text))).strip()
