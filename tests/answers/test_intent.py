"""What a question wants is read from its words, in every language the council answers in."""

import pytest

from guildhall.answers.intent import intent_of, kinds_of_heading, wants_yes_or_no


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("how much is a parking permit", "cost"),
        ("what's the fine for fly tipping", "cost"),
        ("is the assisted collection free", "cost"),
        ("how long does a blue badge take", "duration"),
        ("how many books can I borrow", "quantity"),
        ("what number do I ring about arrears", "contact"),
        ("where is the tip in Saltby", "where"),
        ("what time does the tip shut", "hours"),
        ("when is the deadline for primary school", "when"),
        ("what do I need to bring", "papers"),
        ("what happens if I do not pay", "next"),
        ("my bin was missed, what do I do", "next"),
        ("who can claim housing benefit", "eligibility"),
        ("how do I challenge my band", "how"),
        ("report a pothole", "how"),
        ("garden waste", "general"),
    ],
)
def test_english_questions_are_told_apart(question: str, intent: str) -> None:
    assert intent_of(question).name == intent


@pytest.mark.parametrize(
    ("question", "language", "intent"),
    [
        ("ile kosztuje odbiór", "pl", "cost"),
        ("کتنے پیسے", "ur", "cost"),
        ("când este colectarea", "ro", "when"),
        ("كيف أقدم طلبا", "ar", "how"),
    ],
)
def test_other_languages_are_understood(question: str, language: str, intent: str) -> None:
    assert intent_of(question, language).name == intent


def test_a_question_that_wants_a_decision_is_noticed() -> None:
    assert wants_yes_or_no("can I put soil in the brown bin")
    assert wants_yes_or_no("I live alone, do I get money off")
    assert not wants_yes_or_no("how do I get rid of soil")


def test_a_heading_says_which_questions_its_section_answers() -> None:
    assert "cost" in kinds_of_heading("What does it cost?")
    assert "how" in kinds_of_heading("How to apply")
    assert "eligibility" in kinds_of_heading("Who qualifies?")
    assert not kinds_of_heading("Private land")
