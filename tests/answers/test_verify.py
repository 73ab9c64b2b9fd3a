"""Nothing unsupported gets through: sentences, items and rows with an unfounded fact or link are dropped."""

from guildhall.answers.request import Draft
from guildhall.answers.verify import verify
from guildhall.vocabulary.ids import PassageId, SourceId
from guildhall.vocabulary.passages import Found, Passage

TEXT = """A collection of up to 3 items costs £34. Collections are on weekdays.

| Items | Cost |
|---|---|
| Up to 3 items | £34 |
| Up to 6 items | £52 |

1. Choose your items.
2. Pay when you book on [the booking page](/bins/book).
"""
FOUND = (Found(Passage(PassageId("p1"), SourceId("s1"), "Bulky waste", "Cost", TEXT, "/bins/bulky#cost", "2026-09-14"), 0.9, 1),)
HOSTS = ("www.avon.example",)


def said(text: str, ids: tuple[str, ...] = ("p1",), language: str = "en") -> tuple[str, tuple[str, ...]]:
    checked = verify(
        Draft(0, text, tuple(PassageId(i) for i in ids), language=language), FOUND, HOSTS, "how much is bulky waste collection"
    )
    return checked.text, checked.facts.unsupported


def test_a_supported_sentence_is_kept_with_its_citation() -> None:
    checked = verify(Draft(0, "A collection of up to 3 items costs £34.00.", (PassageId("p1"),)), FOUND, HOSTS)
    assert checked.text == "A collection of up to 3 items costs £34.00."
    assert [citation.url for citation in checked.citations] == ["/bins/bulky#cost"]


def test_a_sentence_with_an_invented_fee_is_dropped_and_the_rest_stays() -> None:
    text, unsupported = said("A collection of up to 3 items costs £34. A mattress costs £99.")
    assert text == "A collection of up to 3 items costs £34."
    assert unsupported == ("£99",)


def test_a_row_with_an_invented_amount_is_dropped() -> None:
    text, _ = said("| Items | Cost |\n|---|---|\n| Up to 3 items | £34 |\n| Up to 9 items | £80 |")
    assert "£34" in text
    assert "£80" not in text


def test_a_draft_that_cites_nothing_found_says_nothing() -> None:
    checked = verify(Draft(0, "It is free.", (PassageId("elsewhere"),)), FOUND, HOSTS)
    assert checked.text == ""
    assert not checked.facts.cited


def test_a_link_that_no_passage_holds_drops_its_sentence() -> None:
    checked = verify(Draft(0, "Book on [our site](https://evil.example/pay).", (PassageId("p1"),)), FOUND, HOSTS)
    assert checked.text == ""
    assert checked.facts.links_off_list == ("https://evil.example/pay",)


def test_scripts_images_and_html_never_survive() -> None:
    for text in (
        "[x](javascript:alert(1))",
        "![x](https://evil.example/p.png)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html,hi)",
        "[x](//evil.example)",
    ):
        kept, _ = said(text)
        assert "javascript" not in kept
        assert "evil" not in kept
        assert "<" not in kept
        assert "data:" not in kept


def test_a_sentence_about_something_else_is_dropped_even_without_a_number() -> None:
    text, unsupported = said("Grandmothers receive complimentary helicopter rides every fortnight.")
    assert text == ""
    assert unsupported


def test_steps_keep_their_link_and_numbers() -> None:
    text, _ = said("1. Choose your items.\n2. Pay when you book on [the booking page](/bins/book).")
    assert text.startswith("1. Choose your items.\n2. Pay")


def test_facts_are_checked_in_other_languages_too() -> None:
    text, unsupported = said("Odbiór do 3 rzeczy kosztuje £34. Materac kosztuje £99.", language="pl")
    assert text == "Odbiór do 3 rzeczy kosztuje £34."
    assert unsupported == ("£99",)
