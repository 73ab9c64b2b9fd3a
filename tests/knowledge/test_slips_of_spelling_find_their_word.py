from guildhall.knowledge.spelling import Spelling
from tests.knowledge.shelves import index

COUNTS = (("allotment", 9), ("permit", 5), ("permits", 2), ("ledger", 1))


def test_a_slip_finds_the_nearest_word_of_the_pages() -> None:
    assert Spelling(COUNTS).nearest("alotment")[0][0] == "allotment"
    assert Spelling(COUNTS).nearest("permti")[0][0] == "permit"


def test_an_ordinary_word_is_not_taken_for_a_slip() -> None:
    assert Spelling(COUNTS, frozenset({"lodger"})).nearest("lodger") == ()


def test_short_words_numbers_and_references_are_left_alone() -> None:
    assert [Spelling(COUNTS).nearest(word) for word in ("pet", "av12345", "2026")] == [(), (), ()]


def test_a_misspelt_question_finds_its_page() -> None:
    assert index().search("apeal a penulty charge")[0].passage.source_id == "/parking/challenge"
