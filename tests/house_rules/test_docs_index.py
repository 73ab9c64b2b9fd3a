"""Every page can be found: docs/README.md leads to each of them, and no link of a page leads nowhere."""

import re
from pathlib import Path

import pytest

INDEX = Path("docs/README.md")
TOP = [Path("README.md"), Path("ARCHITECTURE.md"), Path("CHANGELOG.md"), Path("evals/README.md"), Path("benchmarks/README.md")]
PAGES = [*TOP, *sorted(Path("docs").rglob("*.md"))]
LEADS = re.compile(r"\]\(([^)#\s]+)")


def leads_to(page: Path) -> set[Path]:
    """The files of ours that a page links to."""
    links = (link for link in LEADS.findall(page.read_text("utf-8")) if not re.match(r"[a-z]+:|/", link))
    return {(page.parent / link).resolve() for link in links}


@pytest.mark.parametrize("folder", ["howto", "runbooks", "reference"])
def test_the_index_leads_to_every_page(folder: str) -> None:
    assert sorted({path.resolve() for path in Path("docs", folder).glob("*.md")} - leads_to(INDEX)) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_link_leads_nowhere(page: Path) -> None:
    assert [str(path) for path in leads_to(page) if not path.exists()] == []
