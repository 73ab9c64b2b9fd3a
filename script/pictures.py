"""Takes the pictures of docs/images from the real, running demonstration (`script/screenshots`).

It serves the demonstration itself, from a folder of its own, at eleven on a Wednesday, and takes those named, or all: `residents`,
`desk`, `value` (over made-up contacts, without the demonstration's models).
Needs Chromium (GUILDHALL_CHROMIUM, or `chromium` on the path). Making the demonstration's index takes a minute or two.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from script.desk_pictures import Demonstration, take_desk
from script.value_pictures import take_value

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("GUILDHALL_CHROMIUM") or shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ARGUMENTS += ["--no-first-run", "--hide-scrollbars"]
PORT = 8094
A_WEDNESDAY = "2026-11-25"  # everybody is at work, whenever the pictures are taken
STARTS_WITHIN_SECONDS = 300
NOT_STICKY = (
    "document.querySelector('.person-bar')?.style.setProperty('position', 'static')"  # a picture of the whole page has no scrolling
)


@contextmanager
def demonstration(folder: Path) -> Iterator[Demonstration]:
    """The demonstration, served from an empty folder for as long as it is needed."""
    print("Starting the demonstration…", flush=True)
    for shared in ("models", "cache"):
        if (ROOT / "var" / shared).exists():
            (folder / shared).symlink_to(ROOT / "var" / shared)
    environment = {**os.environ, "GUILDHALL_DATA_DIR": str(folder), "GUILDHALL_TODAY": A_WEDNESDAY}
    command = [str(ROOT / ".venv/bin/guildhall"), "serve", "--prepare", "--port", str(PORT)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        address = f"http://localhost:{PORT}"
        wait_for(f"{address}/health/ready", server)
        yield Demonstration(address, environment)
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Return once the address answers."""
    for _ in range(STARTS_WITHIN_SECONDS * 2):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                sys.exit("The demonstration did not start; see above.")
            time.sleep(0.5)
    sys.exit(f"The demonstration did not answer at {address}.")


def opened(browser: Browser, address: str, width: int = 1100, height: int = 900) -> Page:
    """A fresh resident's page."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(address)
    return page


def ask(page: Page, words: str) -> None:
    """Send a question and wait for the reply."""
    turns = page.locator(".turn").count()
    page.fill("#message", words)
    page.click(".ask__send")
    page.locator(".turn").nth(turns).wait_for()
    page.locator("#conversation[aria-busy=false]").wait_for(state="attached")
    page.wait_for_timeout(200)
    page.evaluate("document.activeElement.blur()")


def take(page: Page, name: str, *, whole: bool = True) -> None:
    """Write one picture: of the whole page, or of what the window shows."""
    if whole:
        page.evaluate(NOT_STICKY)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=whole)
    print(f"docs/images/{name}.png", flush=True)


def take_residents(browser: Browser, address: str) -> None:
    """What residents see, in the order of a visit."""
    page = opened(browser, address)
    take(page, "front-page")
    ask(page, "How much is it to get rid of a sofa, and when is my bin day? I'm on Abbey Dabble Lane.")
    take(page, "answer")
    page = opened(browser, address)
    ask(page, "put me through to a human, duck")
    page.wait_for_selector("#callback-name")
    take(page, "person")
    page = opened(browser, address)
    ask(page, "Has the bin day changed for Christmas? I can't see the point of carrying on. The brown one was missed as well.")
    take(page, "distress")
    page = opened(browser, f"{address}/?lang=ur")
    ask(page, "میرا بیٹا مجھے مارتا ہے")
    take(page, "urdu")
    page = opened(browser, f"{address}/?lang=pl", 390, 844)
    ask(page, "Jak mogę zapłacić podatek lokalny?")
    take(page, "polish-on-a-phone")


def main() -> None:
    """Take every picture."""
    if not CHROMIUM:
        sys.exit("Chromium is not installed: set GUILDHALL_CHROMIUM, or install the package chromium.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or ["residents", "desk", "value"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if "value" in wanted:
            take_value(browser, take)
        if {"residents", "desk"} & set(wanted):
            take_demonstration(browser, wanted)
        browser.close()


def take_demonstration(browser: Browser, wanted: list[str]) -> None:
    """The pictures of residents and of the desk, which need the whole demonstration."""
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as place:
        if "residents" in wanted:  # first: nobody is at the desk yet
            take_residents(browser, place.url)
        if "desk" in wanted:
            take_desk(browser, place, take)


if __name__ == "__main__":
    main()
