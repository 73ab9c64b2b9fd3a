"""Facts are recognised in one canonical form, and only what a passage holds is supported."""

import pytest

from guildhall.answers.facts_in_text import FactBase, facts_in


def values(text: str, kind: str) -> list[str]:
    return [fact.value for fact in facts_in(text) if fact.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("It costs £34.00.", "money", "3400p"),
        ("It costs £1,564.80 a year.", "money", "156480p"),
        ("Pay 50p.", "money", "50p"),
        ("The fee is 12 pounds.", "money", "1200p"),
        ("A 25% discount", "percent", "25"),
        ("25 per cent off", "percent", "25"),
        ("by 14 September 2026", "date", "2026-09-14"),
        ("on 4th Dec", "date", "*-12-04"),
        ("on 2026-12-24", "date", "2026-12-24"),
        ("on 24/12/2026", "date", "2026-12-24"),
        ("at 8:30am", "time", "08:30"),
        ("at 5pm", "time", "17:00"),
        ("at 17:00", "time", "17:00"),
        ("at midday", "time", "12:00"),
        ("phone 01632 960100", "phone", "01632960100"),
        ("phone +44 1632 960100", "phone", "01632960100"),
        ("mail Waste@Avon.example", "email", "waste@avon.example"),
        ("see [bins](/bins/)", "link", "/bins"),
        ("see https://www.gov.uk/blue-badge.", "link", "gov.uk/blue-badge"),
        ("within ten working days", "number", "10"),
        ("on Mondays", "weekday", "monday"),
        ("in March 2027", "month", "2027-03"),
    ],
)
def test_a_fact_has_one_canonical_form(text: str, kind: str, value: str) -> None:
    assert values(text, kind) == [value]


def test_the_verb_may_is_not_a_month() -> None:
    assert values("You may apply.", "month") == []


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("It costs £34.", "£34.00"),
        ("Apply by 31 October 2026.", "31 October"),
        ("We reply in ten days.", "10 days"),
        ("Open 8:30am to 5pm", "17:00"),
        ("Phone 01632 960100", "+44 1632 960100"),
        ("on Monday", "Mondays"),
    ],
)
def test_the_same_fact_in_other_dress_is_supported(passage: str, said: str) -> None:
    base = FactBase((passage,))
    assert all(base.supports(fact) for fact in facts_in(said))


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("It costs £34.", "£35"),
        ("It costs £34.", "34%"),
        ("Apply by 31 October.", "31 October 2027"),
        ("Apply by 31 October 2026.", "30 October 2026"),
        ("Phone 01632 960100", "01632 960101"),
        ("Open until 5pm", "6pm"),
        ("on Monday", "Tuesday"),
        ("up to 6 items", "7 items"),
        ("write to waste@avon.example", "waste@evil.example"),
        ("see [bins](/bins)", "[bins](/bin)"),
    ],
)
def test_another_fact_is_not_supported(passage: str, said: str) -> None:
    base = FactBase((passage,))
    assert not all(base.supports(fact) for fact in facts_in(said))
