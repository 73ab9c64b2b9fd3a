"""A paper on the page: headings in order, captions, a language, numbered sources, and nothing fetched from anywhere."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guildhall.assurance.config import PaperKind
from guildhall.assurance.facts import Fact, Source, SourceKind
from guildhall.assurance.rendering import render_html, render_markdown, style
from guildhall.bootstrap.assurance import Desk
from tests.assurance.desks import changed_councils, desk_of, drafted


def page(kind: PaperKind, desk: Desk) -> HTMLParser:
    return HTMLParser(render_html(drafted(kind, desk)))


@pytest.mark.parametrize("kind", list(PaperKind))
def test_the_page_has_a_language_one_main_heading_and_headings_in_order(desk: Desk, kind: PaperKind) -> None:
    tree = page(kind, desk)
    assert [node.attributes["lang"] for node in tree.css("html")] == ["en"]
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_table_has_a_caption_and_headed_columns_and_rows(desk: Desk, kind: PaperKind) -> None:
    for table in page(kind, desk).css("table"):
        assert [bool(caption.text().strip()) for caption in table.css("caption")] == [True]
        columns = len(table.css("thead th[scope=col]"))
        for row in table.css("tbody tr"):
            assert len(row.css("th[scope=row]")) == 1
            assert len(row.css("th, td")) == columns


@pytest.mark.parametrize("kind", list(PaperKind))
def test_nothing_is_fetched_and_nothing_runs(desk: Desk, kind: PaperKind) -> None:
    html = render_html(drafted(kind, desk))
    assert not re.search(r"<(?:script|img|link|iframe)\b|@import|url\(", html)


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_number_leads_to_a_source_and_every_source_is_led_to(desk: Desk, kind: PaperKind) -> None:
    tree = page(kind, desk)
    targets = {f"#{node.attributes['id']}" for node in tree.css("ol.sources li")}
    links = {str(node.attributes["href"]) for node in tree.css(".marks a")}
    assert links == targets
    assert len(targets) == len(tree.css("ol.sources li"))


def test_the_style_may_stand_at_an_address_of_its_own(desk: Desk) -> None:
    html = render_html(drafted(PaperKind.PLAYBOOK, desk), stylesheet="/console/paper.css")
    assert '<link rel="stylesheet" href="/console/paper.css">' in html
    assert "<style>" not in html
    assert "@media print" in style()


def test_an_open_question_and_a_fact_to_be_confirmed_stand_out(tmp_path: Path) -> None:
    councils = changed_councils(
        tmp_path, {"avonmere/assurance.yaml": lambda text: text.replace("  data.lawful_basis:", "  # data.lawful_basis:")}
    )
    paper = drafted(PaperKind.DPIA, desk_of(tmp_path / "var", councils))
    html, markdown = render_html(paper), render_markdown(paper)
    assert "<strong>Not yet answered:</strong> Which lawful basis is relied on? Who should answer: the data protection officer." in html
    assert '<strong class="tag">To be confirmed by: data protection officer</strong>' in html
    assert "**Not yet answered:** Which lawful basis is relied on? Who should answer: the data protection officer." in markdown
    assert "**To be confirmed by: data protection officer.**" in markdown
    assert HTMLParser(html).css_first("h2#open") is not None


def test_what_a_council_wrote_never_becomes_markup(tmp_path: Path) -> None:
    councils = changed_councils(
        tmp_path, {"avonmere/assurance.yaml": lambda text: text.replace("Followed in full", "<script>alert(1)</script> | <b>no</b>")}
    )
    html = render_html(drafted(PaperKind.DPIA, desk_of(tmp_path / "var", councils)))
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html


def test_a_dated_figure_says_as_at_when(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 26, 9, 5, tzinfo=UTC)
    fact = Fact("the log verifies", Source(SourceKind.COMMAND, "papers"), taken_at=moment)
    paper = drafted(PaperKind.DUTIES, desk_of(tmp_path, more={"log.verified": fact}, now=moment + timedelta(hours=2)))
    assert "(as at 26 November 2026, 09:05)" in render_html(paper)
    assert "the log verifies (as at 26 November 2026, 09:05)" in render_markdown(paper)
