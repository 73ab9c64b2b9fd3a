"""A running server, and staff who sign in to it, each in a browser of their own."""

import time

from playwright.sync_api import Browser, BrowserContext, Page

from guildhall.bootstrap.house import Guildhall
from tests.browser.conftest import Server

SIZE = {"width": 1000, "height": 800}


class Staffed:
    """Serves a house until it is closed."""

    def __init__(self, guildhall: Guildhall, chromium: Browser) -> None:
        self.server = Server(guildhall)
        while not self.server.server.started:
            time.sleep(0.05)
        self.chromium = chromium
        self.contexts: list[BrowserContext] = []

    def signed_in(self, link: str) -> Page:
        """The page after a sign-in link was used."""
        context = self.chromium.new_context(viewport={"width": SIZE["width"], "height": SIZE["height"]})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{self.server.url}/console/sign-in/link?token={link}")
        page.click("form button")
        return page

    def wide(self, page: Page) -> Page:
        """The page at its usual size, after it was looked at in every width."""
        page.set_viewport_size({"width": SIZE["width"], "height": SIZE["height"]})
        return page

    def close(self) -> None:
        """Stop it all."""
        for context in self.contexts:
            context.close()
        self.server.stop()
