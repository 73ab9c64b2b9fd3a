"""Released words at work: in the lexicon, in what was meant where that is unsure, and nowhere else."""

from collections.abc import Sequence

from guildhall.knowledge.config import Lexicon, Saying
from guildhall.learning.phrased import LOOKED_AT_EVERY_SECONDS, Entry, PhrasedUnderstanding, WatchedEntries, reworded, says, with_entries
from guildhall.learning.proposing import Given, troubles
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.understanding.redaction import redact
from guildhall.vocabulary.phrases import PhraseKind

JITTY: Entry = (PhraseKind.DIALECT, "jitty", "bulky waste")
FILE = Lexicon(dialect=(Saying(say="ginnel", means="alleyway"),))


def test_words_are_added_to_the_lexicon_once() -> None:
    words: list[Entry] = [
        JITTY,
        (PhraseKind.SYNONYM, "settee", "sofa"),
        (PhraseKind.PLACE, "the rec", "Queen's Park"),
        (PhraseKind.ABBREVIATION, "hwrc", "tip"),
    ]
    grown = with_entries(FILE, words)
    assert [(s.say, s.means) for s in grown.dialect] == [("ginnel", "alleyway"), ("jitty", "bulky waste")]
    assert grown.synonyms[0].terms == ("sofa", "settee")
    assert (grown.places[0].say, grown.abbreviations[0].say) == ("the rec", "hwrc")
    assert with_entries(grown, words) == grown


def test_a_word_is_found_whole_and_in_its_order() -> None:
    assert says("There's a mess down the Jitty!", "jitty")
    assert says("by the back jitty gate", "jitty gate")
    assert not says("jittery", "jitty") and not says("gate of the jitty", "jitty gate") and not says("anything", "")


def test_what_the_pages_say_stands_in_place_of_what_was_said() -> None:
    gate: Entry = (PhraseKind.PLACE, "jitty gate", "Mill Lane")
    assert reworded("Clear the jitty!", [JITTY]) == "clear the bulky waste"
    assert reworded("from the jitty gate to the jitty", [JITTY, gate]) == "from the mill lane to the bulky waste"
    assert reworded("Clear the road!", [JITTY]) == "Clear the road!"


def test_a_word_settles_what_was_unsure_and_leaves_the_residents_words_as_they_are() -> None:
    house = PhrasedUnderstanding(FakeUnderstanding(), lambda: [JITTY])
    (question,) = house.understand("clear the jitty", "en").questions
    assert (question.text, question.best and question.best.key) == ("clear the jitty", "bulky-waste")


def test_a_word_never_overturns_what_was_sure() -> None:
    house = PhrasedUnderstanding(FakeUnderstanding(), lambda: [JITTY])
    (question,) = house.understand("council tax for the jitty", "en").questions
    assert question.best and question.best.key == "council-tax"


def test_signs_of_risk_are_looked_for_in_the_residents_own_words() -> None:
    house = PhrasedUnderstanding(FakeUnderstanding(), lambda: [(PhraseKind.DIALECT, "jitty", "kill myself")])
    assert house.detect("clear the jitty", "en").signals == ()
    assert house.redact("clear the jitty").text == "clear the jitty"


def test_words_are_looked_at_every_few_seconds_and_kept_when_they_cannot_be_read() -> None:
    answers: list[Sequence[Entry] | OSError] = [[], [JITTY], OSError("gone"), []]
    seconds = [0.0]

    def read() -> Sequence[Entry]:
        found = answers.pop(0)
        if isinstance(found, OSError):
            raise found
        return found

    watched = WatchedEntries(read, lambda: seconds[0], (OSError,))
    seen = []
    for _ in range(4):
        seen += [watched(), watched()]
        seconds[0] += LOOKED_AT_EVERY_SECONDS
    assert seen == [(), (), (JITTY,), (JITTY,), (JITTY,), (JITTY,), (), ()]


def wrong(**given: str) -> list[str]:
    found = troubles(Given(**given), FILE, {"bulky-waste"}, lambda text: redact(text).text)
    return [field for field, _ in found]


def test_a_word_must_be_short_new_and_nobodys() -> None:
    assert wrong(kind="dialect", text="jitty", means="alleyway") == []
    assert wrong(kind="nonsense", text="jitty", means="alleyway") == ["kind"]
    assert wrong(kind="dialect", text="a whole sentence that somebody really said", means="") == ["text", "means"]
    assert wrong(kind="dialect", text="the", means="alleyway") == ["text"]
    assert wrong(kind="dialect", text="07700 900123", means="phone") == ["text"]
    assert wrong(kind="dialect", text="ginnel", means="alleyway") == ["text"]
    assert wrong(kind="dialect", text="alleyway", means="Alleyway") == ["means"]


def test_a_question_must_be_masked_and_say_what_should_come_of_it() -> None:
    assert wrong(kind="case", text="who clears the jitty", service="bulky-waste") == []
    assert wrong(kind="case", text="who clears the jitty") == ["service"]
    assert wrong(kind="case", text="ring me on 07700 900123", service="none") == ["text"]
    assert wrong(kind="case", text="", outcome="lost", service="x", category="y", language="zz") == [
        "text",
        "service",
        "outcome",
        "category",
        "language",
    ]
