"""A brief tells every sure sign with the words that raised it, the surest first, and does not drown them in faint ones."""

from datetime import UTC, datetime
from typing import Any

from guildhall.handoffs.risks import risks_in, surest
from guildhall.handoffs.told import ToldTurn
from guildhall.vocabulary.briefs import Risk
from guildhall.vocabulary.signals import Category, Grade

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def signal(category: str, grade: str, strength: float, span: tuple[int, int] | None = None) -> dict[str, Any]:
    return {"category": category, "grade": grade, "strength": strength, "detector": "a@1", "span": list(span) if span else None}


def turn(text: str, *signals: dict[str, Any], questions: tuple[tuple[str, str, float], ...] = ()) -> ToldTurn:
    services = [[{"key": key, "confidence": sure}] for _, key, sure in questions]
    facts = {"signals": list(signals), "services": services, "outcome": "handed_over", "reason": "distress"}
    return ToldTurn(text, AT, (), tuple(text for text, _, _ in questions), facts)


def risks(*turns: ToldTurn) -> tuple[Risk, ...]:
    return risks_in(turns, lambda key: key == "domestic-abuse")


def test_the_words_are_the_clause_that_raised_it() -> None:
    text = "My bin was not emptied. My son hits me when he drinks, and the lid is broken."
    start = text.index("hits me")
    (risk,) = risks(turn(text, signal("domestic_abuse", "confirm", 0.95, (start, start + 7))))
    assert risk.words == "My son hits me when he drinks"


def test_without_words_of_its_own_what_is_plainly_about_something_else_is_left_out() -> None:
    asked = (("my bin was not emptied", "missed-bin", 0.99), ("my son hits me", "domestic-abuse", 0.9))
    (risk,) = risks(turn("my bin was not emptied and my son hits me", signal("domestic_abuse", "confirm", 0.9), questions=asked))
    assert risk.words == "my son hits me"


def test_each_kind_is_told_once_where_it_was_surest() -> None:
    first = turn("I am scared of him", signal("domestic_abuse", "screen", 0.7))
    second = turn("He hits me", signal("domestic_abuse", "confirm", 0.9))
    (risk,) = risks(first, second)
    assert (risk.grade, risk.words) == (Grade.CONFIRM, "He hits me")


def test_neighbouring_kinds_heard_in_one_utterance_share_one_entry() -> None:
    heard = [
        signal("domestic_abuse", "confirm", 0.95),
        signal("adult_abuse_or_neglect", "confirm", 0.80),
        signal("child_user", "confirm", 0.75),
    ]
    first, second = risks(turn("my son hits me", *heard))
    assert first.category == Category.DOMESTIC_ABUSE
    assert second.label == "perhaps also abuse or neglect of an adult, a child using the service"


def test_suicide_never_shares_an_entry() -> None:
    heard = [signal("financial_hardship", "confirm", 0.95), signal("suicide_self_harm", "confirm", 0.70)]
    assert {risk.category for risk in risks(turn("I cannot pay, I want it to end", *heard))} == {
        Category.FINANCIAL_HARDSHIP, Category.SUICIDE_SELF_HARM,
    }  # fmt: skip
    assert all(not risk.label.startswith("perhaps") for risk in risks(turn("I cannot pay", *heard)))


def test_faint_signs_are_left_out_and_of_the_others_only_the_strongest_is_told() -> None:
    assert risks(turn("hm", signal("bereavement", "screen", 0.3), signal("suicide_self_harm", "screen", 0.4))) == ()
    several = [signal("bereavement", "screen", 0.6), signal("financial_hardship", "screen", 0.7)]
    assert [risk.category for risk in risks(turn("hm", *several))] == [Category.FINANCIAL_HARDSHIP]


def test_that_it_is_about_somebody_else_is_said_where_the_words_say_so() -> None:
    (other,) = risks(turn("the old man next door is left in dirty clothes", signal("adult_abuse_or_neglect", "confirm", 0.9)))
    (own,) = risks(turn("my carer hits me and my neighbour hears it", signal("adult_abuse_or_neglect", "confirm", 0.9)))
    assert other.label.endswith("about somebody else")
    assert not own.label.endswith("about somebody else")


def test_the_next_step_rests_on_what_is_sure_and_on_what_is_grave() -> None:
    heard = [signal("bereavement", "confirm", 0.95)]
    found = risks(turn("my mum died", *heard), turn("I think of following her", signal("suicide_self_harm", "screen", 0.6)))
    assert {risk.category for risk in surest(found)} == {Category.BEREAVEMENT, Category.SUICIDE_SELF_HARM}
