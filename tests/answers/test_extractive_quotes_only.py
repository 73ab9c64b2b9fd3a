"""Whatever is asked of whatever page, every unit that is said stands word for word in the passage it cites."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.answers.markdown_blocks import blocks_of
from tests.answers.answer_by_quoting import answer, drafts, page

SAID = "bin rats fee £34 £5.50 free monday 9am 1 December 2026 items permit apply 3 days phone 01632 960112 this when"
WORDS = st.sampled_from(SAID.split())
SENTENCE = st.lists(WORDS, min_size=2, max_size=9).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)
BULLETS = st.lists(SENTENCE, min_size=1, max_size=9).map(lambda items: "\n".join(f"- {item}" for item in items))
STEPS = st.lists(SENTENCE, min_size=1, max_size=9).map(lambda items: "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1)))
TABLE = st.lists(st.tuples(SENTENCE, SENTENCE, SENTENCE), min_size=1, max_size=12).map(
    lambda rows: "\n".join(["| What | Cost | When |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)])
)
TEXT = st.lists(st.one_of(PARAGRAPH, BULLETS, STEPS, TABLE), min_size=1, max_size=4).map("\n\n".join)
QUESTION = st.tuples(
    st.sampled_from(["how much is", "when is", "can I have", "how do I get", "who can have", "what happens with", "phone number for"]),
    st.lists(WORDS, min_size=1, max_size=5),
).map(lambda parts: f"{parts[0]} {' '.join(parts[1])}")


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, QUESTION)
def test_every_unit_is_quoted_word_for_word_and_checking_changes_nothing(lead: str, text: str, question: str) -> None:
    pages = page("Rats and bins", ("", lead), ("How to get rid of rats", text))
    texts = {passage.id: f"{passage.text}\n{passage.section}" for passage in pages}
    answer(question, pages)
    for draft in drafts(question, pages):
        for block in blocks_of(draft.text):
            for unit in block.units:
                assert unit.strip("*") in texts[draft.passage_ids[0]]


@settings(max_examples=100, deadline=None)
@given(TEXT, QUESTION)
def test_on_the_phone_every_word_stands_in_the_passage_and_the_answer_is_short(text: str, question: str) -> None:
    pages = page("Rats and bins", ("How to get rid of rats", text))
    words = set(re.findall(r"[\w£.]+", f"{text} {pages[0].section}".replace(".", " ").casefold()))
    said = answer(question, pages, channel="phone")
    assert {word for word in re.findall(r"[\w£]+", said.casefold()) if not word.isdigit()} <= words | set(
        re.findall(r"[\w£]+", text.casefold())
    )
    assert len(said.split()) <= 75
