"""The long work of learning: looking for gaps, asking a gap's questions again, trying a proposed word, running the council's own questions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.learning import Learning
from guildhall.bootstrap.long_work import Progress, Work
from guildhall.bootstrap.passing_house import Passing, passing_house
from guildhall.evaluation.cases import Judged, council_lines, judge
from guildhall.evaluation.lines import Line
from guildhall.evaluation.predict import Prediction, predict
from guildhall.learning.asking_again import ask_gap_again
from guildhall.learning.phrased import Entry, says
from guildhall.learning.trials import try_word
from guildhall.storage.record import Record
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.phrases import Phrase

LOOK, RERUN, TRIAL = "look", "rerun", "trial"


def look(learning: Learning) -> Work:
    """Look for gaps in what happened since the last look."""
    return lambda progress: asdict(learning.gathering().look(progress))


def rerun(learning: Learning, gap_id: str, by: str) -> Work:
    """Ask a gap's questions again, keep the lift, and put into the record that it was done."""

    def work(progress: Progress) -> Mapping[str, Any]:
        gap = learning.gaps.get(gap_id)
        version = learning.library.version()
        with passing_house(learning.guildhall) as passing:
            asked = learning.gaps.questions(gap_id)
            lift = ask_gap_again(gap, asked, learning.reader, passing.house, passing.conversations, learning.pages(), version, progress)
        if gap.page:
            learning.link(gap_id, gap.page, by)
        facts = {"gap": gap_id, "council": learning.guildhall.profile.slug, "by": by, "version": version}
        _note(learning.guildhall.record, learning, EventKind.GAP_RERUN, facts | {"asked": lift.asked, "answered": lift.answered})
        return lift.as_json()

    return work


def try_phrase(learning: Learning, phrase: Phrase) -> Work:
    """What a proposal would change: for a word, cases and past questions without it and with it; for a case, whether it passes today."""

    def work(progress: Progress) -> Mapping[str, Any]:
        if phrase.text is None:
            raise NotFoundError("the words that this came from were erased.")
        with passing_house(learning.guildhall) as passing:
            if phrase.is_case:
                return {"wrong": list(_judged(line_of(phrase), passing.house, passing).wrong)}
            entries = learning.phrases.words_in_use()
            without = passing.with_words(learning.guildhall.profile.lexicon, entries)
            with_it = passing.with_words(learning.guildhall.profile.lexicon, (*entries, entry_of(phrase)))
            found = try_word(phrase.text, learning.reader, without, with_it, passing.conversations, progress)
            return found.as_json() | {"cases": _cases(learning, phrase.text, passing, without, with_it)}

    return work


def _cases(learning: Learning, say: str, passing: Passing, without: Any, with_it: Any) -> Mapping[str, Any]:
    lines = own_lines(learning)
    held = [line for line in lines if any(says(turn, say) for turn in line.turns)]
    before = [_judged(line, without, passing) for line in held]
    after = [_judged(line, with_it, passing) for line in held]
    broken = [two.id for one, two in zip(before, after, strict=True) if one.passed and not two.passed]
    mended = [two.id for one, two in zip(before, after, strict=True) if two.passed and not one.passed]
    return {"all": len(lines), "holding": len(held), "broken": broken, "mended": mended}


def own_lines(learning: Learning) -> list[Line]:
    """The council's own questions: those in its folder, and those that two people released."""
    folder = council_lines(learning.guildhall.settings.councils_dir, learning.guildhall.profile.slug)
    return [*folder, *(line_of(phrase) for phrase in learning.phrases.released(case=True))]


def run_cases(learning: Learning, lines: Sequence[Line], progress: Progress = lambda _done, _all: None) -> list[Judged]:
    """Ask the council's own questions in a house that keeps nothing."""
    judged: list[Judged] = []
    with passing_house(learning.guildhall) as passing:
        for done, line in enumerate(lines, 1):
            judged.append(_judged(line, passing.house, passing))
            progress(done, len(lines))
    return judged


def line_of(phrase: Phrase) -> Line:
    """A case as a line of an evaluation."""
    expected = {name: value for name, value in phrase.expected.items() if value}
    return Line.model_validate({"id": phrase.id, "text": phrase.text or "", **expected})


def entry_of(phrase: Phrase) -> Entry:
    """A proposed word as an entry of the lexicon."""
    return phrase.kind, phrase.text or "", phrase.means


def _judged(line: Line, house: Any, passing: Passing) -> Judged:
    found: Prediction = predict(line, house, passing.conversations)
    return judge(line, found)


def _note(record: Record, learning: Learning, kind: EventKind, facts: Mapping[str, Any]) -> None:
    record.append([Event(EventId(new_id("event")), kind, learning.clock(), facts=facts)])
