import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from guildhall.channels.web.links import LinkPolicy
from guildhall.channels.web.markdown_html import ATTRIBUTES, TAGS, markdown_to_html

LINKS = LinkPolicy("https://www.council.example", frozenset({"www.council.example", "www.gov.uk"}))


def html(text: str, new_tab: str = "") -> str:
    return markdown_to_html(text, LINKS, new_tab=new_tab)


def test_a_relative_link_leads_to_the_councils_website() -> None:
    assert 'href="https://www.council.example/bins#when"' in html("[bins](/bins#when)")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://www.gov.uk.evil.example/",
        "https://www.gov.uk@evil.example/",
        "//evil.example/x",
        "https:evil.example",
        "https://www.gov.uk:8443/",
        "ftp://www.gov.uk/",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_a_link_off_the_allow_list_keeps_its_words_and_loses_its_address(address: str) -> None:
    shown = html(f"see [our page]({address}) now")
    assert "href" not in shown
    assert "our page" in shown


def test_a_backslash_or_a_space_is_no_part_of_an_address() -> None:
    assert LINKS.resolve("/\\evil.example") == ""
    assert LINKS.resolve("java\nscript:alert(1)") == ""
    assert LINKS.resolve("https://[bad") == ""


def test_an_allowed_link_gives_the_other_page_no_hold_on_ours() -> None:
    assert html("[x](https://www.gov.uk/a)") == (
        '<p class="govuk-body"><a href="https://www.gov.uk/a" class="govuk-link" rel="noopener">x</a></p>\n'
    )


def test_numbers_and_addresses_may_be_links() -> None:
    assert 'href="tel:01632960100"' in html("[01632 960100](tel:01632960100)")
    assert 'href="mailto:a@council.example"' in html("<a@council.example>")


def test_in_a_frame_links_open_a_new_tab_and_say_so() -> None:
    shown = html("[x](https://www.gov.uk/a)", new_tab="opens in a new tab")
    assert 'target="_blank"' in shown
    assert "(opens in a new tab)" in shown


def test_a_picture_is_only_its_words() -> None:
    shown = html("![a cat](https://www.gov.uk/cat.png)")
    assert "<img" not in shown and "href" not in shown
    assert "a cat" in shown


def test_a_phone_number_keeps_its_order_among_words_read_from_the_right() -> None:
    urdu = "فون کریں: 01632 960100 ابھی"
    assert '<bdi dir="ltr">01632 960100</bdi>' in markdown_to_html(urdu, LINKS, rtl=True)
    assert "bdi" not in html("phone 01632 960100 now")


def test_markup_is_text() -> None:
    assert html("<b onclick=x>hi</b><script>alert(1)</script>").count("<") == 2


def test_a_table_scrolls_by_keyboard_in_a_named_region() -> None:
    shown = LexborHTMLParser(html("| Item | Cost |\n|---|---:|\n| Sofa | £32 |"))
    region = shown.css_first("div.table-scroll")
    assert region is not None
    assert (region.attributes["role"], region.attributes["tabindex"], region.attributes["aria-label"]) == (
        "region",
        "0",
        "Table: Item, Cost",
    )
    assert [cell.attributes["scope"] for cell in shown.css("th")] == ["col", "col"]
    assert "numeric" in (shown.css("td")[1].attributes["class"] or "")


@settings(deadline=None)  # a busy machine is no fault of the words
@given(st.text(alphabet=st.sampled_from("<>[]()!|*_`#-:/\\\"'=& \nabjsx0\u202e"), max_size=200))
def test_whatever_the_words_only_allowed_markup_comes_out(text: str) -> None:
    body = LexborHTMLParser(f"<html><body>{html(text)}</body></html>").body
    assert body is not None
    for node in body.css("*"):
        if node.tag == "body":
            continue
        assert node.tag in TAGS
        assert set(node.attributes) <= ATTRIBUTES.get(node.tag or "", set()) | {"class", "rel"}
        assert (node.attributes.get("href") or "https://www.council.example/").startswith(
            ("https://www.council.example", "https://www.gov.uk")
        )
