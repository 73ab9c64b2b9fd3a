"""Notes come pasted or as files; what cannot be read is said with what would be right."""

import io

import docx
import pytest

from guildhall.opportunities.workshops import notes_of, people_of
from guildhall.vocabulary.errors import RefusedError


def test_people_are_counted_by_role() -> None:
    assert people_of("Housing officer 3, Team leader 1\n2 Surveyor; Housing officer 1") == {
        "Housing officer": 4,
        "Team leader": 1,
        "Surveyor": 2,
    }
    assert people_of(" ") == {}
    with pytest.raises(RefusedError, match="`Housing officer` does not say"):
        people_of("Housing officer, 3")


def test_a_text_with_a_mark_at_its_front_and_windows_letters_are_read() -> None:
    assert notes_of("notes.txt", "\ufeffWe wait — for weeks".encode()) == "We wait — for weeks"
    assert notes_of("notes.TXT", b"It costs \xa33") == "It costs £3"


def test_a_table_gives_roles_to_words() -> None:
    table = b'Role,Notes\nPlanner,"We print it, then scan it"\n,No role\n\n'
    assert notes_of("n.csv", table) == "Planner: We print it, then scan it\n\nNo role"
    assert notes_of("n.csv", b"We print it,and scan it\nAgain,\n") == "We print it and scan it\n\nAgain"


def test_a_word_file_gives_paragraphs_and_tables() -> None:
    document = docx.Document()
    document.add_paragraph("We wait for letters.")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Planner", "We print it."
    kept = io.BytesIO()
    document.save(kept)
    assert notes_of("n.docx", kept.getvalue()) == "We wait for letters.\n\nPlanner: We print it."


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("n.exe", b"x", "not one of .txt"),
        ("n.docx", b"x", "not a Word file"),
        ("n.txt", b" \n", "holds no words"),
        ("n.txt", b"x" * 2_000_001, "larger than 2 MB"),
        ("n.txt", b"x" * 100_001, "longer than 100,000"),
    ],
)
def test_what_cannot_be_read_is_said(name: str, content: bytes, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        notes_of(name, content)
