"""When nobody is at the desk, the reply says when it opens in the resident's own language, day and month names included."""

import re
from datetime import UTC, datetime

import pytest

from guildhall.conversations.dates import when_in_words
from guildhall.conversations.runner import collect_turn
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.turns import Channel, Utterance
from tests.conversations.talk import Talk, profile

ENGLISH = re.compile(r"\b(?:to(?:day|morrow)|[A-Z][a-z]+day|November|\d(?:am|pm))\b")


def said_when_shut(talk: Talk, language: str) -> str:
    """What a resident who asks for a person is told, at the time of the clock."""
    utterance = Utterance("talk to a person", Channel.WEB, talk.clock(), language_hint=language)
    return collect_turn(talk.house, talk.conversation(), utterance).reply.text


@pytest.mark.parametrize(
    ("language", "hours_on", "told"),
    [
        ("en", -4, "opens at 8:30am today."),
        ("en", 12, "opens at 8:30am tomorrow, Thursday 26 November."),
        ("en", 83, "opens at 8:30am on Monday 30 November."),  # Saturday night
        ("pl", -4, "dzisiaj o 08:30."),
        ("pl", 12, "jutro (czwartek, 26 listopada) o 08:30."),
        ("pl", 83, "poniedziałek, 30 listopada, godz. 08:30."),
        ("ar", -4, "اليوم، الساعة 08:30"),
        ("ar", 12, "غدًا (الخميس 26 نوفمبر)، الساعة 08:30"),
        ("ar", 83, "الاثنين 30 نوفمبر، الساعة 08:30"),
    ],
)
def test_the_next_opening_is_told_in_the_residents_language(talk: Talk, language: str, hours_on: int, told: str) -> None:
    talk.clock.move(hours=hours_on)
    assert told in said_when_shut(talk, language)


@pytest.mark.parametrize("language", [language for language in Language if language != Language.ENGLISH])
@pytest.mark.parametrize("hours_on", [-4, 12, 83])
def test_no_english_day_or_month_slips_into_another_language(talk: Talk, language: Language, hours_on: int) -> None:
    talk.clock.move(hours=hours_on)
    said = said_when_shut(talk, language.value)
    assert "08:30" in said
    assert ENGLISH.findall(said) == []


def test_the_day_is_the_councils_own_and_not_utcs() -> None:
    zone = profile().calendar.zone
    now = datetime(2026, 6, 1, 23, 30, tzinfo=UTC).astimezone(zone)  # already Tuesday in Britain
    opens = datetime(2026, 6, 2, 7, 30, tzinfo=UTC).astimezone(zone)
    assert when_in_words(opens, now, profile().wordings, "en") == "8:30am today"
