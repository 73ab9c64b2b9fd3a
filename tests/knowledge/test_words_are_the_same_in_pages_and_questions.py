import pytest

from guildhall.knowledge.analyser import Analyser, fold, visible, words


def terms(text: str) -> list[str]:
    return Analyser().terms(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("collections", "Collection"),
        ("café", "CAFE\u0301"),
        ("ﬁne", "fine"),
        ("wheelie\u200bbin", "wheeliebin"),
        ("council’s", "council"),
        ("e-mail", "email"),
        ("£1,500", "1500"),
        ("Łódź", "lodz"),
        ("žádost", "zadost"),
        ("كِتاب", "كتاب"),
        ("یہاں", "يہاں"),
    ],
)
def test_two_spellings_a_reader_takes_for_one_become_one(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_a_postcode_is_found_with_and_without_its_space() -> None:
    assert "av11gh" in words("Guildhall Square AV1 1GH")
    assert "av11gh" in words("av11gh")


def test_references_and_amounts_stay_whole() -> None:
    assert {"av12345678", "34.50"} <= set(words("PCN AV12345678 costs £34.50"))


def test_punjabi_vowel_signs_are_part_of_the_word() -> None:
    assert words("ਕੂੜਾ ਕਦੋਂ?") == ["ਕੂੜਾ", "ਕਦੋਂ"]


def test_words_that_say_nothing_are_left_out() -> None:
    assert terms("When is my bin day, please?") == terms("bin day")


def test_invisible_characters_are_not_words() -> None:
    assert visible("a\u202eb\U000e0041c\u2066") == "abc"
    assert fold("\ufeffBIN") == "bin"
