"""axe finds nothing on the assurance papers, on a wide screen and at 400% zoom, and they print."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guildhall.assurance.config import PaperKind
from guildhall.assurance.drafting import draft
from guildhall.assurance.rendering import render_html
from guildhall.bootstrap.assurance import Desk
from tests.assurance.desks import changed_councils, desk_of
from tests.browser.conftest import axe_findings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Of a council that left questions open, so that these are on the pages too."""
    folder = tmp_path_factory.mktemp("papers")
    councils = changed_councils(
        folder, {"avonmere/assurance.yaml": lambda text: text.replace("  data.lawful_basis:", "  # data.lawful_basis:")}
    )
    return desk_of(folder / "var", councils)


# the one template shows all there is on these three: open questions, answers to confirm, lists, figures, and the widest table
@pytest.mark.parametrize("kind", [PaperKind.DPIA, PaperKind.ACCESSIBILITY, PaperKind.DUTIES])
def test_axe_finds_nothing_on_a_paper(kind: PaperKind, desk: Desk, chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "paper.html"
    file.write_text(render_html(draft(kind, desk.live)), "utf-8")
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    found = axe_findings(page)
    page.set_viewport_size({"width": 320, "height": 600})
    found += axe_findings(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.emulate_media(media="print")
    skips = page.locator(".skip").is_visible()
    context.close()
    assert found == []
    assert wide <= 320
    assert not skips
