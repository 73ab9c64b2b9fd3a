"""What a resident gave stands as they gave it: once, the latest, under the right name, and nothing that they did not give."""

import pytest

from guildhall.understanding.given import given_facts
from guildhall.vocabulary.briefs import GivenFact


def given(*utterances: str, streets: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(fact.label, fact.value) for fact in given_facts(utterances, streets)]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("my council tax account is 78123456", [("Council tax account", "78123456")]),
        ("PCN AV12345678 on 9 November", [("Date", "9 November"), ("Penalty charge (PCN)", "AV12345678")]),
        ("UPRN 100030012345", [("UPRN", "100030012345")]),
        ("planning application 26/01432/FUL", [("Planning reference", "26/01432/FUL")]),
        ("ring me on 07700 900123", [("Phone number", "07700 900123")]),
        ("write to ana@example.com", [("E-mail", "ana@example.com")]),
        ("I live at 14 Mill Street AV1 2CD", [("Address", "14 Mill Street"), ("Postcode", "AV1 2CD")]),
        ("we moved on 3 December 2026", [("Date of move", "3 December 2026")]),
        ("my son was born on 4 March 2022", [("Date of birth", "4 March 2022")]),
        ("mum passed away on 14 November", [("Date of death", "14 November")]),
        ("I owe £486.20", [("Amount", "£486.20")]),
        ("my name is Sandra Okafor", [("Name", "Sandra Okafor")]),
        ("her name is Ada Marsh", [("Person named", "Ada Marsh")]),
        ("she was Mrs Adeyemi", [("Person named", "Mrs Adeyemi")]),
        ("nazywam się Piotr Zieliński", [("Name", "Piotr Zieliński")]),
        ("how much is a new bin", []),
        ("", []),
    ],
)
def test_each_kind_is_found_as_it_was_written(text: str, facts: list[tuple[str, str]]) -> None:
    assert given(text) == facts


def test_the_latest_number_wins_and_a_name_given_twice_stands_once() -> None:
    assert given("my name is Sam Hill, ring 07700 900123", "sorry, ring 07700 900124, my name is Sam Hill") == [
        ("Phone number", "07700 900124"), ("Name", "Sam Hill"),
    ]  # fmt: skip


def test_somebody_who_moves_has_two_addresses() -> None:
    assert given("I moved from 14 Mill Street to 7 Swan Yard") == [("Address", "14 Mill Street"), ("Address", "7 Swan Yard")]


def test_streets_of_the_council_are_places_and_with_a_number_addresses() -> None:
    assert given("a light is out on Saddlergate", streets=("saddlergate",)) == [("Place", "Saddlergate")]
    assert given("a light is out at 31 Saddlergate", streets=("saddlergate",)) == [("Address", "31 Saddlergate")]
    assert given("the Saddlergates came", streets=("saddlergate",)) == []


def test_payment_cards_and_bank_details_are_never_repeated() -> None:
    found = given("my card is 4111 1111 1111 1111 and sort code 20-00-00 account 55779911")
    assert not [value for _, value in found if "4111" in value or "20-00-00" in value or "55779911" in value]


def test_what_is_given_is_always_part_of_what_was_said() -> None:
    text = "I'm Derek Holloway, 01632 960777, rent account 40098172, paid £94.50 on 17/11/2026, flat 3, 20 Iron Gate AV1 5HD, QQ 12 34 56 C"
    facts = given_facts([text])
    assert len(facts) >= 5
    assert all(isinstance(fact, GivenFact) and fact.value in text for fact in facts)
