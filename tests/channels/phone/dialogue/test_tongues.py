"""Words of one language are not taken for another's by an ear that knows one only."""

from pathlib import Path

from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.tongues import Tongues
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.speech import Phrase
from guildhall.councils.loading import load_council

COUNCIL = CallCouncil(load_council(Path("councils"), "avonmere"), ("pl", "cs"))


def test_a_yes_of_every_language_stays_with_its_language() -> None:
    phrase = Tongues(COUNCIL).tagged(Phrase(COUNCIL.phone.said("yes"), "yes"))
    assert "jo" in phrase.says and "jo" in phrase.said_in("cs")
    assert "jo" not in phrase.said_in("en") and "tak" not in phrase.said_in("en")
    assert "yes please" in phrase.said_in("en")


def test_a_name_that_stands_under_no_language_is_everybodys() -> None:
    phrase = Tongues(COUNCIL).tagged(Phrase(("mill lane",), "street"))
    assert all(phrase.said_in(language) == ("mill lane",) for language in ("en", "pl", "so"))


def test_danger_and_a_person_come_before_the_phones_own_commands() -> None:
    ranks = {phrase.means.partition(":")[0]: phrase.rank for phrase in Vocabulary(COUNCIL).everywhere}
    assert (ranks["danger"], ranks["crisis"], ranks["person"]) == (1, 1, 1)
    assert ranks["command"] == 2
    assert {phrase.rank for phrase in Vocabulary(COUNCIL).services} == {2}
