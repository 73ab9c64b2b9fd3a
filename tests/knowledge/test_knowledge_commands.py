import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guildhall.cli.knowledge import knowledge
from tests.knowledge.shelves import page
from tests.providers.embeddings.servers import embeddings_server
from tests.providers.websites.sites import website


class House:
    """The command line over a house of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.councils = folder / "councils"

    def run(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(knowledge, [str(a) for a in arguments])


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with embeddings_server() as (_, url):
        for name, value in {
            "COUNCIL": "testshire",
            "COUNCILS_DIR": tmp_path / "councils",
            "DATA_DIR": tmp_path / "var",
            "EMBEDDINGS_KIND": "openai",
            "EMBEDDINGS_URL": url,
            "EMBEDDINGS_NAME": "fake",
            "TODAY": "2026-11-25",
        }.items():
            monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
        yield House(tmp_path)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_second_council_is_made_from_a_folder_it_has_never_seen_and_searched(house: House) -> None:
    page(house.folder / "pages", "skips.md", "Intro.\n\n## What it costs\n\nA skip permit costs £45.\n", title="Skip permits")
    page(house.folder / "pages", "bins.html", "<main><h1>Bins</h1><p>Bins go out by 7am.</p></main>")
    added = house.run("add", house.folder / "pages", "--council", "brackley-vale")
    assert added.exit_code == 0, added.output
    assert "2 pages added, 0 changed, 0 unchanged, 0 removed" in added.stdout
    made = (house.councils / "brackley-vale" / "council.yaml").read_text("utf-8")
    assert "name: Brackley Vale Council\n" in made
    assert "inherits: _baseline\n" in made
    questions = house.folder / "questions.jsonl"
    questions.write_text(
        '{"id": "q1", "q": "what a skip permit costs"}\n{"id": 2, "q": "when do bins go out", "hist": ["Bins go out", "my bins"]}\n'
    )
    found = lines(house.run("search", questions, "--council", "brackley-vale", "--json", "--top", "2"))
    assert [row["id"] for row in found] == ["q1", 2]
    assert found[0]["results"][0].keys() == {"id", "score", "title", "url"}
    assert found[0]["results"][0]["url"] == "/skips#what-it-costs"
    assert found[1]["results"][0]["title"] == "Bins"
    assert "Skip permits › What it costs" in house.run("search", questions, "--council", "brackley-vale").stdout


def test_adding_again_says_what_changed(house: House) -> None:
    pages = house.folder / "pages"
    page(pages, "a.md", "One.", title="A")
    page(pages, "b.md", "Two.", title="B")
    house.run("add", pages)
    page(pages, "a.md", "One, changed.", title="A")
    (pages / "b.md").unlink()
    page(pages, "c.md", "Three.", title="C")
    report = lines(house.run("add", pages, "--json"))[0]
    assert report["pages"] == {"added": 1, "changed": 1, "unchanged": 0, "removed": 1}
    assert report["embedded"] == 2


def test_a_bad_file_is_named_and_the_others_are_added(house: House) -> None:
    page(house.folder / "pages", "good.md", "Words.", title="Good")
    page(house.folder / "pages", "bad.md", "Words.", title="Bad", updated="soon")
    result = house.run("add", house.folder / "pages")
    assert result.exit_code == 0
    assert "bad.md:3: `updated` must be a date" in result.stderr
    assert "1 pages added" in result.stdout


def test_the_list_shows_dates_and_overdue_reviews(house: House) -> None:
    page(house.folder / "pages", "a.md", "One.", title="Old page", updated="2025-01-01", review_by="2026-01-01", owner="Waste")
    page(house.folder / "pages", "b.md", "Two.", title="New page", review_by="2027-01-01")
    house.run("add", house.folder / "pages")
    shown = house.run("list").stdout
    assert "2026-01-01 overdue" in shown
    assert "2 sources, 2 passages, 1 reviews overdue." in shown
    rows = lines(house.run("list", "--json"))
    assert [(row["title"], row["overdue"]) for row in rows] == [("Old page", True), ("New page", False)]


def test_a_website_is_read_only_from_hosts_that_were_allowed(house: House) -> None:
    with website() as site:
        site.page("/bins", "Bins", "Bins go out by 7am.")
        address = f"http://127.0.0.1:{site.port}"
        site.sitemap(f"{address}/bins")
        refused = house.run("add", f"{address}/sitemap.xml", "--council", "web", "--allow-host", "127.0.0.1")
        assert refused.exit_code == 1
        added = house.run("add", f"{address}/", "--council", "web", "--allow-host", f"127.0.0.1:{site.port}", "--allow-loopback")
        assert added.exit_code == 0, added.output
        assert "1 pages added" in added.stdout


def test_a_site_that_nobody_allowed_is_not_read_for_a_new_council_either(house: House) -> None:
    refused = house.run("add", "https://www.elsewhere.example/", "--council", "fresh")
    assert refused.exit_code == 1
    assert "--allow-host" in refused.output
    assert "elsewhere" not in (house.councils / "fresh" / "council.yaml").read_text("utf-8")


def test_a_source_that_is_not_there_does_not_lose_the_next_one(house: House) -> None:
    page(house.folder / "pages", "a.md", "One.", title="A")
    result = house.run("add", "nowhere", house.folder / "pages")
    assert result.exit_code == 1
    assert "1 pages added" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "nowhere"], "nowhere: there is nothing here. Give a folder"),
        (["add", "x", "--council", "Bad Slug"], "Use lower-case letters"),
        (["add", "https://www.elsewhere.example/sitemap.xml"], "add it with --allow-host www.elsewhere.example"),
    ],
)
def test_a_mistake_is_explained_with_what_would_be_right(house: House, arguments: list[str], said: str) -> None:
    house.councils.mkdir()
    (house.councils / "testshire").mkdir()
    result = house.run(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_bad_line_of_questions_is_named(house: House) -> None:
    questions = house.folder / "questions.jsonl"
    questions.write_text('{"id": "1", "q": "bins"}\n{"id": "2"}\n')
    result = house.run("search", questions)
    assert result.exit_code == 1
    assert "questions.jsonl:2 (key `q`)" in result.output


def test_searching_an_empty_library_says_how_to_fill_it(house: House) -> None:
    questions = house.folder / "questions.jsonl"
    questions.write_text('{"id": "1", "q": "bins"}\n')
    assert "guildhall knowledge add SOURCE" in house.run("search", questions).output
