"""Words that mean the same are counted as one when quotes are chosen."""

from guildhall.answers.words import _SAME, content_words, topic_words


def test_residents_words_meet_the_pages_words() -> None:
    assert topic_words("my sofa") == topic_words("the settee")
    assert topic_words("xmas") == topic_words("Christmas")


def test_identification_is_understood_from_its_letters() -> None:
    assert topic_words("what ID") == topic_words("identification")


def test_checking_still_tells_such_words_apart() -> None:
    assert content_words("sofa") != content_words("settee")


def test_no_word_stands_for_two_things() -> None:
    words = [word for row in _SAME for word in row.split()]
    assert len(words) == len(set(words))
