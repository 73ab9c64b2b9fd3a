from pathlib import Path

from guildhall.knowledge.ingest import ingest
from guildhall.knowledge.readers.folder import read_folder
from guildhall.knowledge.readers.ready_passages import read_ready_passages
from guildhall.testing.embedder import HashingEmbedder
from tests.knowledge.shelves import page, store


def test_a_changed_page_is_embedded_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    shelf, embedder, pages = store(tmp_path), HashingEmbedder(), tmp_path / "pages"
    page(pages, "a.md", "First words.\n\n## Fees\n\n£34\n", title="A")
    page(pages, "b.md", "Other words.", title="B")
    assert ingest(read_folder(pages), shelf, embedder).embedded == 3
    embedder.embedded.clear()
    page(pages, "a.md", "First words.\n\n## Fees\n\n£35\n", title="A")
    report = ingest(read_folder(pages), shelf, embedder)
    assert embedder.embedded == ["A: Fees. £35"]
    assert (report.added, report.changed, report.removed, report.unchanged) == ((), ("A (/a)",), (), 1)
    assert dict(report.passages) == {"unchanged": 2, "changed": 1, "removed": 0}


def test_adding_the_same_again_changes_nothing_not_even_the_version(tmp_path: Path) -> None:
    shelf, embedder, pages = store(tmp_path), HashingEmbedder(), tmp_path / "pages"
    page(pages, "a.md", "Words.", title="A")
    first = ingest(read_folder(pages), shelf, embedder)
    again = ingest(read_folder(pages), shelf, embedder)
    assert (again.unchanged, again.embedded, again.version) == (1, 0, first.version)


def test_a_new_date_or_owner_is_kept_without_embedding_again(tmp_path: Path) -> None:
    shelf, embedder, pages = store(tmp_path), HashingEmbedder(), tmp_path / "pages"
    page(pages, "a.md", "Words.", title="A", updated="2026-01-01")
    ingest(read_folder(pages), shelf, embedder)
    embedder.embedded.clear()
    page(pages, "a.md", "Words.", title="A", updated="2026-02-01", owner="Waste", review_by="2026-06-01", services="[bins]")
    assert ingest(read_folder(pages), shelf, embedder).changed == ("A (/a)",)
    assert embedder.embedded == []
    kept = shelf.sources()[0]
    assert (kept.source.updated, kept.source.owner, kept.review_by, kept.source.services) == (
        "2026-02-01",
        "Waste",
        "2026-06-01",
        ("bins",),
    )


def test_a_page_that_vanished_from_its_origin_is_removed(tmp_path: Path) -> None:
    shelf, embedder, pages = store(tmp_path), HashingEmbedder(), tmp_path / "pages"
    page(pages, "a.md", "Words.", title="A")
    gone = page(pages, "b.md", "Words of B.", title="B")
    elsewhere = tmp_path / "elsewhere"
    page(elsewhere, "c.md", "Words of C.", title="C")
    ingest(read_folder(pages), shelf, embedder)
    ingest(read_folder(elsewhere), shelf, embedder)
    gone.unlink()
    assert ingest(read_folder(pages), shelf, embedder).removed == ("B (/b)",)
    assert [s.source.title for s in shelf.sources()] == ["A", "C"]


def test_nothing_is_taken_for_vanished_while_a_file_cannot_be_read(tmp_path: Path) -> None:
    shelf, embedder, pages = store(tmp_path), HashingEmbedder(), tmp_path / "pages"
    page(pages, "a.md", "Words.", title="A")
    broken = page(pages, "b.md", "Words of B.", title="B")
    ingest(read_folder(pages), shelf, embedder)
    broken.write_bytes(b"\xff\xff")
    report = ingest(read_folder(pages), shelf, embedder)
    assert (report.removed, report.held_back, len(report.problems)) == ((), 1, 1)
    assert len(shelf.sources()) == 2


def test_two_pages_with_one_address_are_reported(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    page(pages, "a.md", "Words.", title="A", url="/same")
    page(pages, "b.md", "Words.", title="B", url="/same")
    report = ingest(read_folder(pages), store(tmp_path), HashingEmbedder())
    assert report.added == ("A (/same)",)
    assert "give each page its own `url`" in report.problems[0].what


def test_councils_keep_their_passages_apart(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    page(pages, "a.md", "Words.", title="A")
    embedder = HashingEmbedder()
    ingest(read_folder(pages), store(tmp_path, "one"), embedder)
    assert store(tmp_path, "two").sources() == ()
    assert ingest(read_folder(pages), store(tmp_path, "two"), embedder).embedded == 0
    (pages / "a.md").unlink()
    page(pages, "b.md", "Else.", title="B")
    ingest(read_folder(pages), store(tmp_path, "two"), embedder)
    assert len(store(tmp_path, "one").holdings(embedder.identity).passages) == 1
    assert store(tmp_path, "one").missing(embedder.identity) == ()


def test_ready_passages_keep_their_ids_and_pages(tmp_path: Path) -> None:
    shelf, path = store(tmp_path), tmp_path / "ready.jsonl"
    path.write_text(
        '{"id": "p|1", "title": "Plates", "text": "Hand them in.", "doc": "d1", "domain": "x"}\n'
        '{"id": "p|2", "title": "Plates", "text": "Post them.", "doc": "d1"}\n\n'
        '{"id": "q", "title": "Tests", "text": "Book a test."}\n',
        "utf-8",
    )
    report = ingest(read_ready_passages(path), shelf, HashingEmbedder())
    assert (len(report.added), report.embedded) == (2, 3)
    assert {p.id for p in shelf.holdings("x").passages} == {"p|1", "p|2", "q"}


def test_a_bad_line_of_ready_passages_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "ready.jsonl"
    path.write_text(
        '{"id": "a", "title": "T", "text": "x"}\nnot json\n{"id": 7, "title": "T", "text": "x"}\n{"id": "a", "title": "T", "text": "y"}\n'
    )
    reading = read_ready_passages(path)
    assert len(reading.changes) == 1
    assert [p.where for p in reading.problems] == [f"{path}:2", f"{path}:3", f"{path}:4"]
    assert "not valid JSON" in reading.problems[0].what
    assert "`id`" in reading.problems[1].what
    assert "also on line 1" in reading.problems[2].what


def test_a_passage_may_move_to_another_page_of_its_file(tmp_path: Path) -> None:
    shelf, path = store(tmp_path), tmp_path / "ready.jsonl"
    path.write_text('{"id": "a", "title": "Old", "text": "x"}\n')
    ingest(read_ready_passages(path), shelf, HashingEmbedder())
    path.write_text('{"id": "a", "title": "New", "text": "x"}\nnot json\n')
    report = ingest(read_ready_passages(path), shelf, HashingEmbedder())
    assert len(report.problems) == 1
    assert [p.title for p in shelf.holdings("x").passages] == ["New"]
