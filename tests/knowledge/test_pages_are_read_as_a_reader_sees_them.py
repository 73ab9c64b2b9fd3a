import io
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter

from guildhall.knowledge.pages import change_of
from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.knowledge.readers.folder import page_of, read_folder, read_single
from guildhall.knowledge.readers.html import read_html
from guildhall.knowledge.readers.markdown import read_markdown
from tests.knowledge.shelves import page

HIDDEN = [
    '<p style="display: none">SECRET</p>',
    '<div style="position:absolute;left:-9999px">SECRET</div>',
    '<span style="font-size:0">SECRET</span>',
    "<p hidden>SECRET</p>",
    '<p aria-hidden="true">SECRET</p>',
    "<!-- SECRET -->",
    "<script>SECRET</script>",
    '<p class="visually-hidden">SECRET</p>',
    '<p class="gone">SECRET</p>',
    "<nav><a href='/'>SECRET</a></nav>",
    "<template>SECRET</template>",
    '<p style="opacity:0">SECRET</p>',
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_words_of_a_web_page_are_dropped(hidden: str) -> None:
    html = f"<style>.gone {{ display : none }}</style><main><h1>Bins</h1><p>Seen.</p>{hidden}<h2>Next</h2><p>Also seen.</p></main>"
    text = " ".join(s.text for s in read_html(html, "/bins", "bins").sections)
    assert "SECRET" not in text
    assert "Seen." in text and "Also seen." in text


@pytest.mark.parametrize("hidden", [*HIDDEN[:6], "[//]: # (SECRET)", "[comment]: <> (SECRET)"])
def test_hidden_words_of_a_markdown_page_are_dropped(hidden: str) -> None:
    text = " ".join(s.text for s in read_markdown(f"Seen.\n\n{hidden}\n\n## Next\n\nAlso seen.\n", "/bins", "Bins").sections)
    assert "SECRET" not in text
    assert "Seen." in text and "Also seen." in text


def test_a_web_page_keeps_headings_links_lists_and_tables() -> None:
    html = """<html><head><title>Bins | Testshire Council</title><meta name="dcterms.modified" content="2026-05-04"></head><body>
    <header>Menu</header><main><h1>Bin days</h1><p>See <a href="/tip">the tip</a> or <a href="javascript:x()">this</a>.</p>
    <h2 id="costs">What it costs</h2><ol><li>Book</li><li>Pay<ul><li>by card</li></ul></li></ol>
    <table><tr><th>Item</th><th>Fee</th></tr><tr><td>Sofa</td><td>£34</td></tr></table></main><footer>Foot</footer></body></html>"""
    found = read_html(html, "/bins", "bins")
    assert (found.title, found.updated) == ("Bin days", "2026-05-04")
    assert found.sections[0].text == "See [the tip](/tip) or this."
    assert (found.sections[1].heading, found.sections[1].anchor) == ("What it costs", "costs")
    assert found.sections[1].text == "1. Book\n2. Pay\n   - by card\n\n| Item | Fee |\n|---|---|\n| Sofa | £34 |"


def test_a_web_page_may_not_pass_itself_off_as_a_page_of_another_host() -> None:
    html = '<link rel="canonical" href="https://other.example/x"><main><p>Words</p></main>'
    assert read_html(html, "https://www.testshire.example/a", "a").url == "https://www.testshire.example/a"


def test_a_word_file_keeps_headings_lists_and_tables_and_drops_hidden_words() -> None:
    document = docx.Document()
    document.add_heading("Skip permits", 1)
    document.add_paragraph("A skip on the road needs a permit.").add_run("SECRET").font.hidden = True
    document.add_heading("Fees", 2)
    document.add_paragraph("Pay first", style="List Number")
    table = document.add_table(2, 2)
    for row, cells in enumerate([("Days", "Fee"), ("14", "£45")]):
        for column, text in enumerate(cells):
            table.rows[row].cells[column].text = text
    held = io.BytesIO()
    document.save(held)
    found = page_of(held.getvalue(), ".docx", "/skips.docx", "Skips")
    assert found.title == "Skip permits"
    assert found.sections[1].text == "1. Pay first\n\n| Days | Fee |\n|---|---|\n| 14 | £45 |"
    assert "SECRET" not in str(found)


def test_a_pdf_links_to_its_pages(tmp_path: Path) -> None:
    (tmp_path / "fees.pdf").write_bytes(pdf("A skip permit costs 45 pounds."))
    reading = read_folder(tmp_path)
    assert reading.problems == ()
    assert reading.changes[0].passages[0].passage.url == "/fees.pdf#page=1"
    assert "skip permit costs" in reading.changes[0].passages[0].passage.text


def pdf(text: str) -> bytes:
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (table, len(made))


@pytest.mark.parametrize(
    ("content", "suffix", "said"),
    [
        (b"not a pdf", ".pdf", "damaged"),
        (b"not a zip", ".docx", "not a Word file"),
        (b"\xff\xfe\x00bad\n\xc3\x28", ".md", "not UTF-8"),
        (b"---\ntitle: [\n---\nBody", ".md", "not valid YAML"),
        (b"---\ntitle: No end\n", ".md", "no end"),
        (b"---\nupdated: yesterday\n---\nBody", ".md", "must be a date"),
        (b"---\nservices: {a: 1}\n---\nBody", ".md", "must be a list"),
        (b"---\nurl: bins\n---\nBody", ".md", "must start with /"),
        (b"<html><body><nav>Menu</nav></body></html>", ".html", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, suffix: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        page_of(content, suffix, "/x", "X")


def test_a_scanned_pdf_says_what_would_be_right() -> None:
    writer, held = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(held)
    with pytest.raises(UnreadableError, match="may be a scan"):
        page_of(held.getvalue(), ".pdf", "/scan.pdf", "Scan")


def test_one_bad_file_is_reported_with_its_line_and_does_not_lose_the_others(tmp_path: Path) -> None:
    page(tmp_path, "good.md", "Words.", title="Good", url="/good")
    bad = page(tmp_path, "bad.md", "Words.", title="Bad", updated="soon")
    reading = read_folder(tmp_path)
    assert [c.source.source.title for c in reading.changes] == ["Good"]
    assert str(reading.problems[0]) == f"{bad}:3: `updated` must be a date such as 2026-09-14, not `soon`"
    assert not reading.complete


def test_an_empty_folder_says_what_can_be_read(tmp_path: Path) -> None:
    assert "files that can be read end in" in read_folder(tmp_path).problems[0].what


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = page(tmp_path, "outside.md", "Private words.")
    inside = tmp_path / "inside"
    page(inside, "a.md", "Words.")
    (inside / "b.md").symlink_to(outside)
    assert [c.source.source.url for c in read_folder(inside).changes] == ["/a"]


def test_a_page_without_front_matter_is_named_by_its_heading_and_place(tmp_path: Path) -> None:
    page(tmp_path, "bins/garden-waste.md", "# Garden waste bins\n\nBrown bins.\n\n## Fees\n\n£45\n")
    source = read_folder(tmp_path).changes[0].source.source
    assert (source.title, source.url) == ("Garden waste bins", "/bins/garden-waste")
    single = read_single(tmp_path / "bins/garden-waste.md").changes[0]
    assert [k.passage.section for k in single.passages] == ["", "Fees"]


def test_headings_without_an_id_and_ids_given_twice_still_make_passages_of_their_own() -> None:
    html = """<main><h1>Moorings</h1><p>You need a permit.</p><h2>How to apply</h2><p>Measure your boat.</p><h2>How to apply</h2><p>Send it.</p>
    <h2 id="fees">Fees</h2><p>£85 a year.</p><h2 id="fees">Other fees</h2><p>£5 a day.</p></main>"""
    change = change_of(read_html(html, "/moorings", "moorings"), "pages")
    ids = [passage.passage.id for passage in change.passages]
    assert len(set(ids)) == len(ids) == 5
    assert {passage.passage.url for passage in change.passages} == {"/moorings", "/moorings#fees"}
