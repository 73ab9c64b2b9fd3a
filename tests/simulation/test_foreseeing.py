"""Reading ahead changes nothing but the time it takes."""

from dataclasses import dataclass, field
from pathlib import Path

from guildhall.simulation.foreseeing import Foreseen, Words, foresee
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.signals import Detection
from tests.simulation.runs import open_plan, plan_of

WORDS = Words(3, "en", ("how much is bulky waste?", "and my husband hits me", "I want to talk to a person"))


@dataclass(frozen=True)
class Counting(FakeUnderstanding):
    asked: list[str] = field(default_factory=list)

    def detect(self, text: str, language: str, recent: object) -> Detection:
        self.asked.append(text)
        return super().detect(text, language, [])


def test_what_was_foreseen_is_what_would_have_been_found() -> None:
    plain, foreseen = FakeUnderstanding(), Foreseen(FakeUnderstanding())
    foreseen.known.update(foresee(WORDS, FakeUnderstanding()))
    for place, text in enumerate(WORDS.says):
        recent = list(WORDS.says[:place])
        assert foreseen.language(text, "en", recent) == plain.language(text, "en", recent)
        assert foreseen.detect(text, "en", recent) == plain.detect(text, "en", recent)
        assert foreseen.understand(text, "en", ()) == plain.understand(text, "en", ())
    assert foreseen.found == 7  # the meaning of a follow-up depends on more than its words, and is worked out


def test_what_was_not_foreseen_is_worked_out() -> None:
    inner = Counting()
    foreseen = Foreseen(inner)
    foreseen.known.update(foresee(WORDS, FakeUnderstanding()))
    foreseen.detect(WORDS.says[0], "en", [])
    foreseen.detect(WORDS.says[0], "en", ["something was said before"])
    foreseen.detect("something else", "en", [])
    assert inner.asked == [WORDS.says[0], "something else"]


def test_a_contacts_words_are_known_before_it_begins(tmp_path: Path) -> None:
    run = open_plan(tmp_path, plan_of(contacts=12, days=1))
    foreseen = run.guildhall.house.understanding
    assert isinstance(foreseen, Foreseen)
    for number in range(12):
        words = run.simulation.words_of(number)
        assert words is not None
        foreseen.known.update(foresee(words, foreseen.inner))
    assert run.simulation.words_of(12) is None
    run.go()
    assert foreseen.found >= 3 * 9  # whoever says nothing is not asked about, and who comes again has other words
    run.guildhall.close()
