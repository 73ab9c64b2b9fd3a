"""Words that no reader of a page sees (white, tiny, transparent, off the page, in invisible ink) are not read in; what is seen stays."""

import io
from typing import Any

import docx
import pytest
from docx.shared import Pt, RGBColor

from guildhall.knowledge.readers.folder import page_of
from guildhall.knowledge.readers.html import read_html


def text_of(content: bytes, suffix: str) -> str:
    return "\n".join(section.text for section in page_of(content, suffix, f"/page{suffix}", "Page").sections)


@pytest.mark.parametrize(
    "style",
    [
        "color:#fff",
        "color: white; background: #FFF",
        "color:#123456;background-color:#123456",
        "font-size:1px",
        "font-size:0.0pt",
        "opacity:0.01",
    ],
)
def test_words_that_a_style_hides_are_dropped(style: str) -> None:
    html = f'<main><h1>Bins</h1><p>Seen.</p><p style="{style}">SECRET</p></main>'
    assert "SECRET" not in " ".join(section.text for section in read_html(html, "/bins", "bins").sections)


@pytest.mark.parametrize("style", ["color:#fff;background:#1d70b8", "color:#333", "font-size:19px", "opacity:0.9", "background:#fff"])
def test_words_that_a_style_shows_are_kept(style: str) -> None:
    html = f'<main><h1>Bins</h1><p style="{style}">Seen.</p></main>'
    assert "Seen." in " ".join(section.text for section in read_html(html, "/bins", "bins").sections)


@pytest.mark.parametrize("hide", ["hidden", "white", "tiny"])
def test_words_that_a_word_file_hides_are_dropped(hide: str) -> None:
    document: Any = docx.Document()
    document.add_paragraph("Seen.")
    run = document.add_paragraph().add_run("SECRET")
    run.font.hidden = hide == "hidden"
    if hide == "white":
        run.font.color.rgb = RGBColor(255, 255, 255)
    if hide == "tiny":
        run.font.size = Pt(1)
    held = io.BytesIO()
    document.save(held)
    text = text_of(held.getvalue(), ".docx")
    assert "Seen." in text and "SECRET" not in text


def pdf(drawing: str) -> bytes:
    """A one-page PDF of these drawing operators."""
    body = drawing.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(made))


@pytest.mark.parametrize(
    "hidden",
    [
        "3 Tr 0 -20 Td (SECRET) Tj",
        "1 1 1 rg 0 -20 Td (SECRET) Tj",
        "1 g 0 -20 Td [(SEC) (RET)] TJ",
        "0 0 0 0 k 0 -20 Td (SECRET) Tj",
        "/F1 0.5 Tf 0 -20 Td (SECRET) Tj",
        "0 -4000 Td (SECRET) Tj",
    ],
)
def test_words_that_a_pdf_hides_are_dropped(hidden: str) -> None:
    text = text_of(pdf(f"BT /F1 11 Tf 72 720 Td (The gate opens at seven every day of the week.) Tj {hidden} ET"), ".pdf")
    assert "The gate opens at seven" in text and "SECRET" not in text


def test_words_after_the_hidden_ones_are_kept() -> None:
    drawing = "q 1 g BT /F1 11 Tf 72 700 Td (SECRET) Tj ET Q BT /F1 11 Tf 72 650 Td (Seen, and quite long enough to be most of it.) Tj ET"
    assert text_of(pdf(drawing), ".pdf") == "Seen, and quite long enough to be most of it."


def test_a_scan_whose_text_was_recognised_is_read() -> None:
    assert text_of(pdf("BT 3 Tr /F1 11 Tf 72 720 Td (Recognised words of a scan.) Tj ET"), ".pdf") == "Recognised words of a scan."
