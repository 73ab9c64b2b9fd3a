from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.knowledge.analyser import words
from guildhall.knowledge.standalone import standalone
from tests.knowledge.shelves import index

said = st.text(max_size=60)


@settings(max_examples=200, deadline=None)
@given(said, st.lists(said, max_size=12))
def test_every_word_of_the_standalone_question_was_said_by_someone(question: str, history: list[str]) -> None:
    spoken = set(words(question)).union(*(words(text) for text in history)) if history else set(words(question))
    assert set(words(standalone(question, history).text)) <= spoken | set(words(" ".join([question, *history])))
    assert {word for c in standalone(question, history).context for word in words(c.text)} <= spoken


@given(said, st.lists(said.filter(str.strip), min_size=2, max_size=12))
def test_older_turns_count_for_less(question: str, history: list[str]) -> None:
    weights = [c.weight for c in standalone(question, history).context]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_the_question_itself_is_never_altered() -> None:
    assert standalone("and how much is it?", ["You can book a bulky waste collection."]).question == "and how much is it?"


def test_a_follow_up_finds_the_page_the_conversation_is_about() -> None:
    found = index().search(
        standalone("and how much is it", ["You can book a sofa or fridge collection online.", "someone to take my sofa"])
    )
    assert found[0].passage.source_id == "/bins/bulky-waste"


def test_a_new_subject_is_not_drowned_by_the_old_one() -> None:
    history = ["Book a sofa or fridge collection online.", "bulky waste collection of a sofa", "Yes, up to 3 items.", "collection of items"]
    found = index().search(standalone("appeal a penalty charge notice", history))
    assert found[0].passage.source_id == "/parking/challenge"
