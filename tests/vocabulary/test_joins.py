from guildhall.vocabulary.joins import without_lead, without_trail


def test_what_joins_two_questions_is_dropped_at_either_end() -> None:
    assert without_lead("oh and also, when is bin day") == "when is bin day"
    assert without_trail("when is bin day, and also -") == "when is bin day"


def test_words_that_only_begin_alike_stay() -> None:
    assert without_lead("Andrew Street has a hole") == "Andrew Street has a hole"
    assert without_trail("who owns the sand") == "who owns the sand"


def test_a_text_of_joining_words_alone_keeps_its_lead() -> None:
    assert without_lead("and") == "and"
