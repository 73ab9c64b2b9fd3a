"""An utterance is cut where both sides can stand, and a follow-up is read with the resident's own earlier words only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.understanding.followups import standalone
from guildhall.understanding.small_talk import SmallTalk
from guildhall.understanding.splitting import MOST, split
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.words import words_of
from tests.understanding.plain_models import SERVICES

TOPICS = TopicIndex(SERVICES)


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (
            "moved in Sat: council tax, bins, permit, and is me lad's school nearby?",
            ["council tax", "bins", "permit", "is me lad's school nearby"],
        ),
        (
            "mum's died – blue badge, council tax, council house and the bus pass, do I ring you four times?",
            ["blue badge", "council tax", "council house", "the bus pass"],
        ),
        ("When's my bin day and how much is a brown bin", ["When's my bin day", "how much is a brown bin"]),
        ("I want to report a pothole. Also my bin wasn't collected.", ["I want to report a pothole.", "Also my bin wasn't collected."]),
        ("How do I renew my blue badge and pay my council tax?", ["How do I renew my blue badge", "pay my council tax?"]),
        ("1. when is bin day 2. how do I pay council tax", ["when is bin day", "how do I pay council tax"]),
    ],
)
def test_several_questions_are_cut_apart(said: str, parts: list[str]) -> None:
    assert [p.text for p in split(said, TOPICS).parts] == parts


@pytest.mark.parametrize(
    "said",
    [
        "Can I put cardboard, glass and plastic in the blue bin?",
        "My boiler's broken. It's been three weeks. Who do I call?",
        "hello, what time does the tip open? thanks",
        "my husband and I want to get married in June",
        "what's the difference between a blue badge and a parking permit",
        "bins not emptied AGAIN thats 3 wks runnin, nobody rings back",
    ],
)
def test_one_question_stays_exactly_as_it_was_said(said: str) -> None:
    assert [p.text for p in split(said, TOPICS).parts] == [said]


def test_beyond_the_most_parts_the_rest_is_kept_to_be_owned_up_to() -> None:
    said = " ".join(f"When is bin day number {n}?" for n in range(12))
    found = split(said, TOPICS)
    assert len(found.parts) == MOST
    assert "number 11" in found.remainder


@given(st.text(max_size=300))
def test_any_text_can_be_split_and_no_part_adds_a_word(text: str) -> None:
    own = {w.folded for w in words_of(text)}
    for part in split(text, TOPICS).parts:
        assert {w.folded for w in words_of(part.text)} <= own
        assert {w.folded for w in words_of(part.context)} <= own


@pytest.mark.parametrize(
    ("said", "earlier", "word"),
    [
        ("what about garden waste?", "when is my bin collected on Mill Lane", "collected"),
        ("and how much?", "can you take my old sofa away", "sofa"),
        ("does that include Saturdays?", "what time does the tip shut", "tip"),
    ],
)
def test_a_follow_up_takes_the_telling_words_of_the_turn_before(said: str, earlier: str, word: str) -> None:
    assert word in standalone(said, [earlier], TOPICS)


def test_a_question_that_stands_by_itself_is_left_alone() -> None:
    said = "When can my mum apply for a blue badge"
    assert standalone(said, ["how do I pay council tax"], TOPICS) == said


WORDS = st.lists(
    st.sampled_from("what about it that bins council tax saturday how much badge when for my mum and £34 AV1".split()), max_size=8
)  # noqa: SIM905


@given(WORDS, st.lists(WORDS, max_size=3))
def test_a_standalone_question_never_holds_a_word_the_resident_did_not_say(said: list[str], earlier: list[list[str]]) -> None:
    before = [" ".join(words) for words in earlier]
    own = {w for text in (" ".join(said), *before) for w in text.split()}
    assert set(standalone(" ".join(said), before, TOPICS).split()) <= own


def test_small_talk_asks_nothing_and_a_greeting_before_a_question_is_not_small_talk() -> None:
    talk = SmallTalk(["(hello|hi)", "thank you", "(dzien dobry|czesc)"])
    assert talk.is_all("Hello there duck")
    assert talk.is_all("Dzień dobry!")
    assert talk.is_all("ok thank you very much")
    assert not talk.is_all("hello when is bin day")
    assert not talk.is_all("")
