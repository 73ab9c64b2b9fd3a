"""One script tag puts the assistant on a council's own page."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Server, axe_findings
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


def host_page(front_door: str) -> bytes:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bins - a council</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Bins</h1><p>Your bins are collected every week.</p></main>
<script src="{front_door}/embed.js" async></script></body></html>""".encode()


class CouncilSite:
    """A council's own website, on another port."""

    def __init__(self) -> None:
        site = self
        self.body = b""

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-security-policy", "style-src 'none'")
                self.end_headers()
                self.wfile.write(site.body)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://localhost:{self.server.server_port}"
        self.elsewhere = f"http://127.0.0.1:{self.server.server_port}"  # another site than localhost, to a browser
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def council_site(tmp_path: Path) -> Iterator[CouncilSite]:
    site = CouncilSite()
    front_door = Server(open_front_door(tmp_path, settings={"allowed_frame_ancestors": f"{site.url} {site.elsewhere}"}))
    site.body = host_page(front_door.url)
    yield site
    front_door.stop()
    site.server.shutdown()
    site.server.server_close()


def test_the_launcher_opens_the_conversation_in_a_frame_and_closes_it_again(open_page: OpenPage, council_site: CouncilSite) -> None:
    page = open_page(base=council_site.url)
    launcher = page.get_by_role("button", name="Ask the council")
    assert axe_findings(page) == []
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    frame = page.frame_locator("iframe")
    frame.locator("#message").fill("How much is bulky waste?")
    frame.locator(".ask__send").click()
    expect(frame.locator("#latest")).to_contain_text("£32")
    frame.locator("#message").fill("And council tax?")
    frame.locator(".ask__send").click()
    expect(frame.locator(".turn")).to_have_count(2)
    assert axe_findings(page) == []
    frame.locator("#message").press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_on_another_site_that_gets_no_cookie_the_conversation_goes_on(open_page: OpenPage, council_site: CouncilSite, script: bool) -> None:
    page = open_page(base=council_site.elsewhere, script=True)
    page.get_by_role("button", name="Ask the council").click()
    frame = page.frame_locator("iframe")
    frame.locator("#message").wait_for()
    if not script:
        frame.locator("#ask").evaluate("form => { form.removeAttribute('data-stream') }")
    for number, words in enumerate(("How much is bulky waste?", "And council tax?"), 1):
        frame.locator("#message").fill(words)
        frame.locator(".ask__send").click()
        expect(frame.locator(".turn")).to_have_count(number)
        if not script:
            frame.locator("#ask").evaluate("form => { form.removeAttribute('data-stream') }")
    expect(frame.locator("#latest")).to_contain_text("Direct Debit")


def test_leaving_quickly_takes_the_whole_page_away(open_page: OpenPage, council_site: CouncilSite) -> None:
    page = open_page(base=council_site.url)
    page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    page.get_by_role("button", name="Ask the council").click()
    frame = page.frame_locator("iframe")
    frame.locator("#message").fill("my husband hits me")
    frame.locator(".ask__send").click()
    frame.locator(".govuk-exit-this-page__button").click()
    page.wait_for_url("https://www.bbc.co.uk/**")


def test_a_site_that_is_not_allowed_cannot_frame_the_page(open_page: OpenPage, server: Server, council_site: CouncilSite) -> None:
    council_site.body = host_page(server.url)
    page = open_page(base=council_site.url)
    page.get_by_role("button", name="Ask the council").click()
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("#message").count() == 0
