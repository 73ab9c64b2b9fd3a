from hypothesis import given
from hypothesis import strategies as st

from guildhall.knowledge.pages import change_of
from guildhall.knowledge.readers.markdown import read_markdown
from guildhall.knowledge.sections import TARGET_WORDS, Anchors, parts_of, sections_of


def test_sections_carry_their_heading_and_github_anchor() -> None:
    found = sections_of("Start.\n\n## How much does it cost?\n\n£34\n\n## How to book\n\n### Online\n\nHere.\n")
    assert [(s.heading, s.anchor) for s in found] == [
        ("", ""),
        ("How much does it cost?", "how-much-does-it-cost"),
        ("How to book: Online", "online"),
    ]


def test_the_same_heading_twice_has_two_anchors() -> None:
    anchors = Anchors()
    assert [anchors.of("Contact"), anchors.of("Contact")] == ["contact", "contact-1"]


def test_a_heading_inside_a_fence_is_not_a_heading() -> None:
    assert len(sections_of("## One\n\n```\n## not this\n```\n")) == 1


def test_underlined_headings_are_headings_and_tables_are_not() -> None:
    found = sections_of("Fees\n----\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert [s.heading for s in found] == ["Fees"]
    assert "| 1 | 2 |" in found[0].text


def test_every_part_of_a_long_table_repeats_the_header() -> None:
    rows = "\n".join(f"| Street number {n} in the ward of the city | Monday and every other Thursday |" for n in range(80))
    parts = parts_of(f"| Street | Day |\n|---|---|\n{rows}")
    assert len(parts) > 2
    assert all(part.startswith("| Street | Day |\n|---|---|\n| Street number") for part in parts)
    assert sum(part.count("Street number") for part in parts) == 80


def test_a_long_section_is_cut_between_paragraphs() -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 58 for n in range(10))
    parts = parts_of(text)
    assert all(part.startswith("Paragraph") for part in parts)
    assert max(len(part.split()) for part in parts) <= TARGET_WORDS * 1.3


@given(st.lists(st.text(alphabet="abc .|-\n1", max_size=400), max_size=6))
def test_cutting_loses_no_words(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    assert set(text.split()) <= set("\n\n".join(parts_of(text)).split())


def test_passages_of_one_section_share_its_deep_link_and_differ_in_id() -> None:
    body = "## Rules\n\n" + "\n\n".join("word " * 100 for _ in range(6))
    change = change_of(read_markdown(body, "/rules", "Rules"), "here")
    assert {k.passage.url for k in change.passages} == {"/rules#rules"}
    assert len({k.passage.id for k in change.passages}) == len(change.passages) > 1
