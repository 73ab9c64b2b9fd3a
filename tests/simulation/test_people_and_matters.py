"""Who comes and what about: seeded, fictional, in proportion, and in words of our own."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from guildhall.simulation.matters import Kind, Matter, Matters, Mix, fill
from guildhall.simulation.people import AGREE, PHONE, SPOKEN, Home, make_person
from guildhall.simulation.phrases import languages_known, phrases_in
from guildhall.simulation.shape import make_shape
from guildhall.simulation.typing_slips import mistyped
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Category
from guildhall.vocabulary.turns import Channel
from tests.web.front_door import demo_profile

HOMES = (Home("Abbey Dabble Lane", "AV1 3TH", "Abbey"), Home("Ferry Lane", "AV1 5NX", "Bridgegate"))
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MANY = 4000


def matters(mix: Mix) -> Matters:
    shape = make_shape(1, [date(2026, 11, 25)], ZoneInfo("Europe/London"), ())
    return Matters(mix, shape, frozenset(demo_profile().services))


def test_the_same_number_is_the_same_person() -> None:
    assert make_person(1, 12, HOMES, SPOKEN) == make_person(1, 12, HOMES, SPOKEN)
    assert make_person(1, 12, HOMES, SPOKEN) != make_person(2, 12, HOMES, SPOKEN)


def test_people_are_in_proportion() -> None:
    people = [make_person(1, number, HOMES, SPOKEN) for number in range(MANY)]
    spoken = Counter(person.language for person in people)
    assert set(spoken) == set(Language)
    chi_square = sum((spoken[language] - MANY * share) ** 2 / (MANY * share) for language, share in SPOKEN.items())
    assert chi_square < 27.9  # the 0.999 quantile with 9 degrees of freedom; the seed is fixed
    assert abs(sum(person.channel == Channel.PHONE for person in people) / MANY - PHONE) < 0.04
    assert abs(sum(person.agrees for person in people) / MANY - AGREE) < 0.03


def test_every_number_is_of_the_range_for_drama() -> None:
    assert all(make_person(1, number, HOMES, SPOKEN).phone.startswith("07700 900") for number in range(200))


def test_a_council_with_fewer_languages_has_no_other_speakers() -> None:
    assert {make_person(1, number, (), ["en", "pl"]).language for number in range(500)} == {"en", "pl"}


def test_kinds_come_in_their_shares() -> None:
    random, mix = Random(1), Mix(distress=0.02)
    drawn = Counter(mix.draw(random) for _ in range(20_000))
    for kind in Kind:
        if kind != Kind.SERVICE:
            share = getattr(mix, kind.value)
            assert abs(drawn[kind] / 20_000 - share) < 4 * (share / 20_000) ** 0.5


def test_every_service_that_is_asked_about_is_one_of_the_councils() -> None:
    known = set(demo_profile().services)
    assert {language: set(phrases_in(language).services) - known for language in languages_known()} == {key: set() for key in Language}


def test_every_language_has_words_and_distress_of_a_known_category() -> None:
    assert languages_known() == {language.value for language in Language}
    assert all(set(phrases_in(language).distress) <= {category.value for category in Category} for language in Language)


def test_an_incident_makes_more_people_ask_about_it() -> None:
    shape = make_shape(1, [date(2026, 11, day) for day in range(2, 28)], ZoneInfo("Europe/London"), ())
    asked = Matters(Mix(), shape, frozenset(demo_profile().services))
    people = [make_person(1, number, HOMES, ["en"]) for number in range(1200)]
    begins = shape.incidents[0].since

    def missed(at: datetime) -> int:
        return sum(asked.draw(person, at, Random(person.number)).service == "missed-bin" for person in people)

    assert missed(begins) > 3 * missed(begins.replace(hour=1))


def test_whoever_comes_again_asks_about_the_same() -> None:
    drawn, random = matters(Mix()), Random(4)
    person = make_person(1, 3, HOMES, ["en"])
    before = drawn.draw(person, NOON, random)
    again = drawn.again(before, person, random)
    assert (again.service, again.kind, again.again) == (before.service, before.kind, True)


def test_nothing_is_left_unfilled() -> None:
    person = make_person(1, 3, HOMES, ["en"])
    for language in languages_known():
        phrases = phrases_in(language)
        lines = [line for asked in phrases.services.values() for line in (*asked.ask, *asked.then)]
        lines += [*phrases.place, *phrases.attacks, *(line for some in phrases.distress.values() for line in some)]
        assert not [line for line in lines if set("{}") & set(fill(line, person.fills))]


def test_slips_leave_short_words_numbers_and_other_scripts_alone() -> None:
    assert mistyped("AV1 3TH bin ਕੂੜੇਦਾਨ", 1.0, Random(1)) == "AV1 3TH bin ਕੂੜੇਦਾਨ"
    assert mistyped("recycling collection", 1.0, Random(1)) != "recycling collection"
    assert mistyped("recycling collection?", 0.0, Random(1)) == "recycling collection?"


@pytest.mark.parametrize("language", sorted(languages_known()))
def test_no_line_is_one_of_an_evaluation_or_training_set(language: str) -> None:
    phrases = phrases_in(language)
    lines = [line for asked in phrases.services.values() for line in (*asked.ask, *asked.then)]
    lines += [*phrases.person, *phrases.unmet, *phrases.idioms, *phrases.attacks, *(x for some in phrases.distress.values() for x in some)]
    ours = {plain(line) for line in lines if len(line.split()) > 2}
    assert ours & known_lines() == set()


KNOWN: set[str] = set()


def known_lines() -> set[str]:
    if not KNOWN:
        for path in [*Path("evals/sets").rglob("*.jsonl"), *Path("councils").rglob("*.jsonl")]:
            for row in path.read_text("utf-8").splitlines():
                found = json.loads(row) if row.strip() else {}
                KNOWN.update(plain(value) for value in found.values() if isinstance(value, str))
    return KNOWN


def plain(text: str) -> str:
    return " ".join("".join(letter for letter in text.casefold() if letter.isalnum() or letter == " ").split())


def test_whoever_comes_again_in_distress_says_what_it_is() -> None:
    drawn, random = matters(Mix()), Random(2)
    line = phrases_in("en").distress["domestic_abuse"][0]
    before = Matter(Kind.DISTRESS, (line,), category="domestic_abuse")
    person = make_person(1, 3, HOMES, ["en"])
    assert all(line in drawn.again(before, person, random).says[0] for _ in range(60))
