"""A real Chromium at a real server on loopback; understanding, library and composer are fakes."""

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from guildhall.bootstrap.house import Guildhall
from guildhall.web.app import create_app
from tests.web.front_door import open_front_door

CHROMIUM = os.environ.get("GUILDHALL_CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Server:
    """A front door on a port of its own."""

    def __init__(self, guildhall: Guildhall, app: Any = None) -> None:
        self.guildhall = guildhall
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(app or create_app(guildhall), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()
        self.socket.close()
        self.guildhall.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.fail("Chromium is not installed: set GUILDHALL_CHROMIUM, or install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(open_front_door(tmp_path_factory.mktemp("server")))
    yield running
    running.stop()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, server: Server) -> Iterator[OpenPage]:
    """Open a path in a fresh browser; errors of the page's own script fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(path: str = "/", *, width: int = 1000, height: int = 800, script: bool = True, base: str = "") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        # a page that is left while it still loads a module says so; nobody is there to miss it
        page.on("pageerror", lambda error: None if "dynamically imported module" in str(error) else faults.append(str(error)))
        page.goto((base or server.url) + path)
        if script and page.locator("script[data-govuk]").count():
            wait_for_script(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def wait_for_script(page: Page) -> None:
    """Until then the forms of a page work as without a script, and each answer is a place more in the history."""
    page.wait_for_selector("body.js-enabled", state="attached")


def ask(page: Page, words: str) -> None:
    """Send a question and wait for the whole reply."""
    turns = page.locator(".turn").count()
    page.fill("#message", words)
    page.click(".ask__send")
    finished(page, turns + 1)


def finished(page: Page, turns: int) -> None:
    """Wait until so many turns are there and nothing is on its way."""
    page.locator(".turn").nth(turns - 1).wait_for()
    page.locator("#conversation[aria-busy=false]").wait_for(state="attached")
    page.locator("#waiting", has_text="…").wait_for(state="detached")


def axe_findings(page: Page) -> list[str]:
    """What axe finds, one line each; nothing is what we want."""
    page.evaluate(AXE)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
    return [
        f"{rule['id']}: {node['html'][:160]} {json.dumps(node['failureSummary'])[:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def wait_without_cookie(page: Page) -> None:
    """Until the conversation's cookie is gone: the page has left by then, and what takes the cookie away is answered behind it."""
    until = time.monotonic() + 10
    while any(cookie.get("name") == "guildhall" for cookie in page.context.cookies()):
        assert time.monotonic() < until, "the cookie of the conversation is still there"
        page.wait_for_timeout(50)
