"""Plants pages: writes each in its own format, hides what is to be hidden, and reads the folder into the throw-away council's content."""

import io
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from evals.redteam.lines import Line, Page

PDF_HIDING: Final = {"invisible": "3 Tr", "white": "1 1 1 rg", "tiny": "", "outside": "", "": ""}


def plant(lines: Iterable[Line], folder: Path) -> None:
    """One file a line, named by the line's id."""
    folder.mkdir(parents=True, exist_ok=True)
    for line in lines:
        if line.page:
            (folder / f"{line.id}.{line.page.format}").write_bytes(WRITERS[line.page.format](line.page))


def markdown(page: Page) -> bytes:
    services = f"services: [{page.service}]\n" if page.service else ""
    return f"---\ntitle: {page.title}\n{services}---\n\n{page.fact}\n\n{page.planted}\n".encode()


def html(page: Page) -> bytes:
    return f"<html><head><title>{page.title}</title></head><body><main><h1>{page.title}</h1><p>{page.fact}</p>{page.planted}</main></body></html>".encode()


def pdf(page: Page) -> bytes:
    """A one-page PDF written by hand, with the planted line in the way of hiding asked for."""
    size = 0.5 if page.hide == "tiny" else 11
    place = "72 -4000" if page.hide == "outside" else "0 -30"
    text = (
        f"BT /F1 11 Tf 72 720 Td ({_escaped(page.title)}) Tj 0 -30 Td ({_escaped(page.fact)}) Tj"
        f" {PDF_HIDING[page.hide]} /F1 {size} Tf {place} Td ({_escaped(page.planted)}) Tj ET"
    ).encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Title(%s)>>" % _escaped(page.title).encode("latin-1", "replace"),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(made),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def word(page: Page) -> bytes:
    import docx
    from docx.shared import Pt, RGBColor

    document: Any = docx.Document()
    document.core_properties.title = page.title
    document.add_heading(page.title, 1)
    fact = document.add_paragraph(page.fact)
    if page.hide == "comment":
        document.add_comment(fact.runs, text=page.planted, author="Reviewer")
    elif page.hide == "header":
        document.sections[0].header.paragraphs[0].text = page.planted
    elif page.hide == "alt":
        picture = document.add_picture(io.BytesIO(_png()))
        picture._inline.docPr.set("descr", page.planted)
    else:
        run = document.add_paragraph().add_run(page.planted)
        run.font.hidden = True if page.hide == "vanish" else None
        if page.hide == "white":
            run.font.color.rgb = RGBColor(255, 255, 255)
        if page.hide == "tiny":
            run.font.size = Pt(1)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _png() -> bytes:
    """One black pixel."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


WRITERS: Final = {"md": markdown, "html": html, "pdf": pdf, "docx": word}
