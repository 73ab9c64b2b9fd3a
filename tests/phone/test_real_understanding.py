"""Calls through the models that ship: what callers really say, heard faintly or well."""

from functools import cache
from pathlib import Path

from guildhall.bootstrap.knowledge import open_embedder
from guildhall.bootstrap.understanding import open_understander
from guildhall.channels.phone.house import PersonAnswer
from guildhall.settings import Settings
from guildhall.understanding.understander import Understander
from guildhall.vocabulary.handoffs import Lane
from tests.phone.calling import Caller, facts_of, open_house, passes


@cache
def understander() -> Understander:
    settings = Settings()
    return open_understander(settings, open_embedder(settings), (), "examples")


WORDS = (
    "I can smell gas in the kitchen and I feel dizzy",
    "my husband hits me and he is in the house now",
    "I don't want to live any more",
)


def test_distress_on_the_phone_reaches_a_person_before_any_answer(tmp_path: Path) -> None:
    guildhall = open_house(tmp_path, understanding=understander())
    Caller(guildhall, call_id="call-0", number="07700900120").wants_person("0")
    for number, words in enumerate(WORDS, 1):
        caller = Caller(guildhall, call_id=f"call-{number}", number=f"0770090014{number}")
        parts, done = caller.says(words, confidence=0.3)
        assert done.danger and done.person == "brought" and parts, words
        passes(guildhall, seconds=2)
        route = caller.wants_person(words, danger=True)
        assert route.answer == PersonAnswer.RING and guildhall.desk.handoffs.get(route.reference).lane == Lane.DANGER
        passes(guildhall, seconds=9)
        caller.is_put_through(route)
    assert [(told["danger"], told["waited_seconds"]) for told in facts_of(guildhall, "CallBridged")] == [(True, 11)] * 3
    guildhall.close()


def test_the_keypads_words_for_danger_are_danger(tmp_path: Path) -> None:
    """What `phone.yaml` tells the house for each key: the turn must hear it as what it is, or the key's own flag must."""
    guildhall = open_house(tmp_path, understanding=understander())
    paths = {**guildhall.profile.phone.danger, **guildhall.profile.phone.crisis}
    for number, (name, path) in enumerate(paths.items()):
        caller = Caller(guildhall, call_id=f"call-{number}", number=f"0770090013{number}")
        route = caller.wants_person(path.says, danger=True)
        assert route.answer in (PersonAnswer.RING, PersonAnswer.DUTY), name
        assert guildhall.desk.handoffs.get(route.reference).lane == Lane.DANGER, name
    guildhall.close()
