"""The pictures of the advisers' desk: residents, two advisers and a supervisor, each in a browser of their own, with the real models.

The people are those of the acceptance test (tests/browser/two_browsers.py); what they write is chosen for the eye.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, Page, expect

from tests.browser.two_browsers import AtTheKeyboard, ResidentsBrowser

ROOT = Path(__file__).resolve().parents[1]
QUEUES = ("front-desk", "duty", "revenues", "housing-duty", "registrars", "repairs")
HARD = "I'm three months behind with council tax and there's a bailiff letter. I can't see the point of carrying on."


class Take(Protocol):
    """Writes a picture."""

    def __call__(self, page: Page, name: str, *, whole: bool = True) -> None:
        """Of the whole page, or of what the window shows."""


@dataclass(frozen=True)
class Demonstration:
    """A demonstration that this script serves, with a data folder of its own."""

    url: str
    environment: Mapping[str, str]

    def command(self, *words: str) -> str:
        """What the command line prints."""
        command = [str(ROOT / ".venv/bin/guildhall"), *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True).stdout

    def signs_in(self, browser: Browser, name: str, role: str, capacity: int = 0) -> AtTheKeyboard:
        """Let somebody in; with a capacity they have a place at the desk."""
        self.command("staff", "add", name, "--role", role)
        if capacity:
            queues = [word for queue in QUEUES for word in ("--queue", queue)]
            self.command("adviser", "set", name, *queues, "--safeguarding", "--capacity", str(capacity), "--as", "Sue Hart")
        return AtTheKeyboard(browser, self.url, self.link(name), width=1440, height=1000)

    def link(self, name: str) -> str:
        """The secret of a sign-in link, as the command prints it."""
        printed = re.search(r"token=(\S+)", self.command("staff", "link", name))
        assert printed, "the command prints a link"
        return printed[1]


def take_desk(browser: Browser, place: Demonstration, take: Take) -> None:
    """A conversation from both sides, somebody who waits, and the floor."""
    ada = place.signs_in(browser, "Ada Marsh", "adviser", capacity=1).comes()
    resident = ResidentsBrowser.come(browser, place.url, 1100)
    resident.writes(HARD)
    ada.is_asked()
    ada.looks().press("a")
    ada.has_the_conversation()
    resident.is_with("Adviser Ada")
    tom = place.signs_in(browser, "Tom Reed", "adviser", capacity=1).comes()
    other = ResidentsBrowser.come(browser, f"{place.url}/?lang=pl")
    other.asks("Jak mogę zapłacić podatek lokalny?")
    other.writes("Chcę porozmawiać z człowiekiem")
    tom.is_asked()
    tom.looks().press("a")
    tom.has_the_conversation()
    for words in ("My mum has died and I need to register it. Can I speak to someone?", "put me through to a human, duck"):
        waiting = ResidentsBrowser.come(browser, place.url, 1100)
        waiting.writes(words)
        waiting.waits()
    take(waiting.page, "queue")
    _talk(ada, resident, take)
    sue = place.signs_in(browser, "Sue Hart", "supervisor")
    sue.press("f")
    sue.page.wait_for_selector("#floor-now")
    take(sue.page, "floor", whole=False)


def _talk(ada: AtTheKeyboard, resident: ResidentsBrowser, take: Take) -> None:
    ada.writes("Hello, I am Ada, and I have read what you wrote. You do not have to say it again. Are you safe where you are right now?")
    resident.reads("Are you safe")
    resident.writes("Yes thank you")
    ada.reads("Yes thank you")
    ada.notes("Safe at home. First: have the bailiffs held.")
    ada.searches("council tax arrears bailiffs hold")
    ada.to(".found__insert").press("Enter")
    ada.page.wait_for_selector("#cited-sources li")
    ada.sends()
    expect(resident.page.locator(".turn--adviser .sources")).to_have_count(1)
    ada.begins("I can ask for your account to be put on hold today")
    expect(resident.page.locator("#writing span")).to_be_visible()
    ada.page.set_viewport_size({"width": 1440, "height": 1350})
    ada.page.evaluate("document.querySelector('.column--main').scrollTo({ top: 0 })")
    take(ada.page, "desk", whole=False)
    resident.page.evaluate("document.querySelector('.turn--notice').scrollIntoView()")
    take(resident.page, "with-an-adviser", whole=False)
