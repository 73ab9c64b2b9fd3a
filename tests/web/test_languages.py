import pytest

from guildhall.vocabulary.languages import RIGHT_TO_LEFT, Language
from tests.web.browser import Browser


@pytest.mark.parametrize("language", list(Language))
def test_the_page_says_its_language_and_direction(browser: Browser, language: Language) -> None:
    root = browser.open(f"/?lang={language.value}").one("html").attributes
    assert root["lang"] == language.value
    assert root["dir"] == ("rtl" if language in RIGHT_TO_LEFT else "ltr")
    assert browser.one(f".languages [lang={language.value}]").attributes["aria-current"] == "true"


def test_wording_that_a_language_lacks_is_marked_as_english(browser: Browser) -> None:
    browser.open("/?lang=ur")
    for phrase in browser.all("main span[lang=en]"):
        assert phrase.attributes["dir"] == "ltr"


def test_a_part_in_another_language_than_the_page_says_so(browser: Browser) -> None:
    browser.open("/?lang=pl").ask("How much is bulky waste?")
    assert {block.attributes["lang"] for block in browser.all(".block--answer")} == {"en"}


def test_the_browsers_language_is_used_when_none_was_chosen(browser: Browser) -> None:
    assert browser.open("/", **{"accept-language": "de, ro;q=0.8, en;q=0.5"}).one("html").attributes["lang"] == "ro"
    assert browser.open("/", **{"accept-language": "de;q=x, fr"}).one("html").attributes["lang"] == "en"


def test_the_chosen_language_stays_with_the_conversation(browser: Browser) -> None:
    browser.open("/?lang=so").ask("How much is bulky waste?")
    assert browser.open("/").one("html").attributes["lang"] == "so"


def test_an_unknown_language_is_ignored(browser: Browser) -> None:
    assert browser.open("/?lang=xx").one("html").attributes["lang"] == "en"
