"""The scorer finds what a brief invents, leaves out or adds."""

from dataclasses import replace
from datetime import UTC, datetime

from evals.brief.__main__ import SETS, read
from evals.brief.scoring import Conversation, Tally, invented
from guildhall.vocabulary.briefs import Brief, GivenFact, Risk
from guildhall.vocabulary.signals import Category, Grade

SAID = ("I moved on 3 November, my name is Sandra Okafor, ring 07700 900123",)
NAMES = {"council-tax-moving": "Council tax when you move"}
RISK = Risk(Category.BEREAVEMENT, "bereavement", Grade.CONFIRM, "I moved", datetime(2026, 11, 25, tzinfo=UTC))
GOOD = Brief("Council tax when you move: “I moved on 3 November”.", (GivenFact("Phone number", "07700 900123"),))
WANTED = Conversation("one", "facts", "en", SAID, (("council-tax-moving",),), (("Phone number", "07700 900123"),), ())


def test_an_honest_brief_invents_nothing() -> None:
    assert invented(GOOD, SAID, NAMES.values()) == []


def test_a_number_a_date_and_a_name_that_were_not_said_are_invented() -> None:
    assert invented(replace(GOOD, facts=(GivenFact("Amount", "£120"),)), SAID, NAMES.values()) == ["120"]
    assert invented(replace(GOOD, wanted="Council tax when you move: “I moved on 4 November”."), SAID, NAMES.values())
    assert invented(replace(GOOD, wanted="They told Pemberton."), SAID, NAMES.values()) == ["Pemberton"]


def test_what_is_missing_and_what_is_too_much_is_counted() -> None:
    tally = Tally()
    tally.add(WANTED, GOOD, NAMES)
    assert tally.measures() == {
        "facts_recall": 1.0, "facts_precision": 1.0, "wanted_has_service": 1.0, "risks_recall": None, "first_risk_right": None,
        "risks_precision": None, "language_right": 1.0, "invented": 0.0,
    }  # fmt: skip
    tally.add(WANTED, Brief("Asked for a person.", (GivenFact("Name", "Sandra Okafor"),), risks=(RISK,), language="pl"), NAMES)
    assert tally.measures() == {
        "facts_recall": 0.5, "facts_precision": 0.5, "wanted_has_service": 0.5, "risks_recall": None, "first_risk_right": 0.0,
        "risks_precision": 0.0, "language_right": 0.5, "invented": 0.0,
    }  # fmt: skip


def test_the_sets_are_large_varied_and_do_not_overlap() -> None:
    build, held_out = (read(name) for name in SETS)
    assert len(build) + len(held_out) >= 40 and len(held_out) >= 20
    assert {conversation.language for conversation in (*build, *held_out)} >= {"en", "ar", "cs", "pa", "pl", "ps", "ro", "sk", "so", "ur"}
    assert not {conversation.turns for conversation in build} & {conversation.turns for conversation in held_out}
