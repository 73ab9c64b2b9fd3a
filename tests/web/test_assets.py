import re
from importlib.resources import files

from guildhall.councils.config import Brand
from guildhall.web.assets import theme_css
from tests.web.browser import Browser

FONTS_AND_PICTURES = (".woff", ".woff2", ".ttf", ".otf", ".eot", ".ico", ".png", ".jpg", ".gif", ".webp")


def packaged() -> list[tuple[str, bytes]]:
    found, waiting = [], [files("guildhall")]
    while waiting:
        for entry in waiting.pop().iterdir():
            if entry.is_dir() and entry.name != "__pycache__":
                waiting.append(entry)
            elif entry.is_file():
                found.append((entry.name, entry.read_bytes()))
    return found


def test_no_crown_crest_typeface_or_icon_of_gov_uk_is_in_the_package() -> None:
    assert [name for name, _ in packaged() if name.endswith(FONTS_AND_PICTURES)] == []
    forbidden = re.compile(rb"GDS Transport|govuk-crest|govuk-logotype|crown-logo|opengraph-image|govuk-icon-180", re.IGNORECASE)
    served = [(name, content) for name, content in packaged() if name.endswith((".css", ".js", ".svg", ".html", ".scss", ".mjs"))]
    assert len(served) > 15
    assert [name for name, content in served if forbidden.search(content)] == []


def test_no_page_calls_the_header_or_footer_of_gov_uk() -> None:
    pages = [(name, content) for name, content in packaged() if name.endswith(".html")]
    assert [name for name, content in pages if b"govukHeader" in content or b"govukFooter" in content] == []


def test_style_loads_nothing_from_elsewhere() -> None:
    sheets = [content for name, content in packaged() if name.endswith(".css")]
    assert len(sheets) == 5  # residents’ pages, the console, the charts, the desk, the papers
    assert not any(b"url(" in sheet or b"@import" in sheet for sheet in sheets)


def test_the_councils_colours_are_custom_properties_of_both_design_systems() -> None:
    theme = theme_css(Brand(primary="#123456", link="#0b5e75"))
    assert "--govuk-brand-colour: #123456;" in theme
    assert "--color-primary: #123456;" in theme
    assert "--govuk-link-colour: #0b5e75;" in theme


def test_files_are_kept_by_browsers_and_named_by_their_content(browser: Browser) -> None:
    for link in browser.open().all("link[rel=stylesheet]"):
        response = browser.client.get(link.attributes["href"] or "")
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]


def test_nothing_else_of_the_package_is_served(browser: Browser) -> None:
    for name in ("README.md", "embed.js", "..%2fapp.py", "%2e%2e/app.py", "source"):
        assert browser.client.get(f"/static/{name}").status_code == 404


def test_the_launcher_carries_the_councils_words_and_colours(browser: Browser) -> None:
    response = browser.client.get("/embed.js")
    assert "GUILDHALL_" not in response.text
    assert '"title": "Ask Avonmere City Council"' in response.text
    assert browser.guildhall.profile.council.brand.primary in response.text
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_embedded_page_stays_embedded(browser: Browser) -> None:
    browser.open("/?embed=1").ask("How much is bulky waste?")
    assert "£32" in browser.text("#latest")
    assert browser.hidden()["embed"] == "1"
    assert browser.all(".council-header__bar") == []
    assert browser.one(".sources a").attributes["target"] == "_blank"
