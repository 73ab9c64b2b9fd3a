"""The papers as the running system fills them, what changed since they were drafted, and one to read and print under the content policy."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.assurance.config import PaperKind
from guildhall.assurance.facts import Fact
from guildhall.assurance.keeping import as_json
from guildhall.assurance.papers import Paper
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.paper_desk import PaperDesk
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff


@pytest.fixture
def staff(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.AUDITOR)


def keep(guildhall: Guildhall, *kinds: PaperKind, said: str = "", days_ago: int = 0) -> None:
    """Draft papers into the data folder, one fact of each changed to what it said then."""
    folder: Path = guildhall.settings.data_dir / "papers"
    folder.mkdir()
    for paper in PaperDesk(guildhall).now():
        if paper.kind not in kinds:
            continue
        data = as_json(_saying(paper, said) if said else paper)
        data["drafted_at"] = (paper.drafted_at - timedelta(days=days_ago)).isoformat()
        (folder / f"avonmere-{paper.kind.value}.json").write_text(json.dumps(data), "utf-8")


def _saying(paper: Paper, said: str) -> Paper:
    """The paper with one fact that said something else."""
    entry = next(entry for entry in paper.entries() if isinstance(entry.content[0], Fact) and entry.content[0].taken_at is None)
    first = entry.content[0]
    assert isinstance(first, Fact)
    other = replace(entry, content=(replace(first, value=said), *entry.content[1:]))
    sections = [replace(part, entries=tuple(other if each is entry else each for each in part.entries)) for part in paper.sections]
    return replace(paper, sections=tuple(sections))


def test_every_paper_says_how_full_it_is_and_that_it_was_never_drafted(staff: Staff) -> None:
    staff.open("/console/papers")
    rows = staff.all("[aria-label='Assurance papers'] tbody tr")
    assert len(rows) == len(PaperKind)
    assert all("%" in row.text() and "Never" in row.text() for row in rows)
    assert "No assurance paper has been drafted yet" in staff.notices()


def test_what_changed_since_is_listed_with_both_values_and_counted_in_the_pack(guildhall: Guildhall, staff: Staff) -> None:
    keep(guildhall, PaperKind.DPIA, PaperKind.ATRS, said="<b>Another</b> council")
    staff.open("/console/papers")
    assert "1 difference" in staff.text("[aria-label='Assurance papers']")
    assert "&lt;b&gt;Another&lt;/b&gt; council" in staff.html
    assert f"{len(PaperKind) - 2} assurance papers have never been drafted" in staff.notices()
    assert "Data protection impact assessment" in staff.open("/console/pack").text()


def test_a_paper_past_its_review_and_one_that_is_none_are_said_to_be(guildhall: Guildhall, staff: Staff) -> None:
    keep(guildhall, PaperKind.DUTIES, days_ago=1000)
    assert "Past its review" in staff.open("/console/papers").text()
    assert "1 assurance paper is past the date of review" in staff.notices()
    (guildhall.settings.data_dir / "papers" / "avonmere-dpia.json").write_text("{}", "utf-8")
    assert "A paper that was drafted earlier cannot be read" in staff.notices()
    staff.open("/console/papers")
    assert (staff.status, staff.heading) == (500, "The papers cannot be drafted")
    assert staff.open("/console/pack").status == 200


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_paper_is_a_page_without_a_style_or_a_script_of_its_own(guildhall: Guildhall, staff: Staff, kind: PaperKind) -> None:
    staff.open(f"/console/papers/{kind.value}")
    assert staff.status == 200 and len(staff.all("h1")) == 1
    assert not staff.all("script, style, [style], [onclick]")
    assert staff.one(".back a").attributes["href"] == "/console/papers"
    (sheet,) = staff.all("link[rel=stylesheet]")
    staff.open(sheet.attributes["href"] or "")
    assert staff.response.headers["content-type"].startswith("text/css")
    assert "@media print" in staff.html


def test_a_paper_that_is_none_is_not_found_and_nobody_reads_one_without_signing_in(guildhall: Guildhall, staff: Staff) -> None:
    assert staff.open("/console/papers/none").status == 404
    for path in ("/console/papers", "/console/papers/dpia", "/console/papers/style.css"):
        assert Staff(guildhall).open(path).text("h1") == "Sign in to the console"


def test_the_papers_rest_on_what_the_parts_of_the_system_report(staff: Staff) -> None:
    text = staff.open("/console/papers/duties").text()
    assert "Everything is on" in text
    assert "No request and no complaint is open" in text
    assert "The fairness probes were never run here" in text
    assert "did harm" in text


def test_everything_is_looked_up_once_a_minute(guildhall: Guildhall) -> None:
    at = [0.0]
    desk = PaperDesk(guildhall, lambda: at[0])
    first = desk._open()
    assert desk._open() is first
    at[0] = 61.0
    assert desk._open() is not first
