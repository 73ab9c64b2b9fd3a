"""A gap is called by what several people said, and its demand is counted."""

from datetime import UTC, date, datetime, timedelta

from guildhall.learning.demand import demand_of, demands, due_on
from guildhall.learning.titles import MOST_WORDS, Titler
from guildhall.vocabulary.gaps import Missed, Unhelped
from guildhall.vocabulary.ids import ConversationId, TurnId

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def missed(conversation: str, days: float, gap: str = "g", person: str = "offered", language: str = "en") -> Missed:
    turn = TurnId(f"{conversation}-{days}")
    at = NOW - timedelta(days=days)
    return Missed(
        turn, ConversationId(conversation), "e", at, Unhelped.NO_EVIDENCE, language=language, channel="web", person=person, gap=gap
    )


def test_a_word_of_fewer_than_three_conversations_never_gets_into_a_title() -> None:
    said = [
        ("c1", "my drone over Mrs Okonkwo"),
        ("c2", "drones at the castle"),
        ("c3", "a drone by the river castle"),
        ("c1", "Okonkwo Okonkwo"),
    ]
    assert Titler([]).words(said) == ("drone",)


def test_one_person_who_says_it_three_times_is_one_person() -> None:
    assert Titler([]).words([("c1", "my secret garden")] * 5) == ()


def test_words_that_say_little_come_last_and_four_are_enough() -> None:
    said = [(f"c{n}", "council drone licence castle meadow operator") for n in range(3)]
    words = Titler(["council tax", "council house", "council garage"] * 5).words(said)
    assert len(words) == MOST_WORDS and "council" not in words


def test_demand_counts_conversations_and_not_turns() -> None:
    asked = [missed("a", 1), missed("a", 0.5), missed("b", 3, person="brought"), missed("c", 40, language="pl")]
    found = demand_of(asked, NOW, 50)
    assert (found.conversations, found.lately, found.before, found.trend) == (3, 2, 1, "rising")
    assert found.share == 2 / 50
    assert found.weeks == (0, 0, 1, 0, 0, 0, 0, 2)
    assert found.languages == (("en", 2), ("pl", 1))
    assert found.people_brought == 1


def test_nothing_is_a_share_of_nothing() -> None:
    assert demand_of([missed("a", 1)], NOW, 0).share == 0


def test_what_is_in_no_gap_is_nobodys_demand() -> None:
    assert set(demands([missed("a", 1), missed("b", 1, gap="")], NOW, 2)) == {"g"}


def test_the_more_people_ask_the_sooner_it_is_due() -> None:
    assert [due_on(n, NOW) for n in (1, 5, 20)] == [date(2026, 12, 24), date(2026, 12, 10), date(2026, 12, 3)]
