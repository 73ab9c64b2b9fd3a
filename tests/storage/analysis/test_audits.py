"""What the marks of an audit come to in the measures: only once all are in, by the weights of the draw, and again after a correction."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from guildhall.councils.loading import load_council
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.evidence import evidence
from guildhall.storage.analysis.opening import measuring_over
from guildhall.storage.schema import conversations
from guildhall.value.auditing.estimating import results
from guildhall.value.measures.book import MeasureBook, book_of
from guildhall.value.measures.config import ValueFile
from guildhall.value.measures.mistakes import DefinitionError
from guildhall.value.measures.result import Result
from guildhall.vocabulary.auditing import Group
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.outcomes import Outcome, Reason
from tests.storage.analysis.histories import exporter
from tests.storage.analysis.small_views import DAY, SmallViews
from tests.storage.analysis.test_measuring import entry, measuring
from tests.storage.audits import ANN, BEN, CAT, FIRST, LAST, LEAD, SIMULATED, Audited
from tests.storage.memory import Memory

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BOOK = load_council(Path("councils"), "avonmere").value


class Measured:
    """A record with an audit, exported whenever it is asked."""

    def __init__(self, memory: Memory, folder: Path) -> None:
        self.memory, self.folder = memory, folder
        self.audited = Audited(memory)

    def compute(self, key: str, since: date = FIRST, until: date = LAST, by: str = "", book: MeasureBook = BOOK) -> Result:
        exporter(self.memory, self.folder).refresh()
        engine = AnalysisEngine(self.folder, NOW)
        try:
            return measuring_over(engine, book, self.folder, NOW, lambda: NOW).compute(key, since, until, by)
        finally:
            engine.close()


@pytest.fixture
def measured(memory: Memory, tmp_path: Path) -> Measured:
    made = Measured(memory, tmp_path / "export")
    made.audited.usual()
    return made


def test_before_a_sample_is_finished_nothing_is_known_and_not_nought(measured: Measured) -> None:
    draw = measured.audited.drawn()
    measured.audited.store.mark(draw.id, draw.in_order[0].id, "wrong", "unsafe", ANN)
    for key in ("accuracy_audited", "abstention_right", "abstention_missed"):
        row = measured.compute(key).whole
        assert (row.value, row.low, row.n, row.note) == (None, None, 0, "No audited sample of this period is finished yet.")


def test_the_measures_are_what_the_page_of_the_sample_says(measured: Measured) -> None:
    audited = measured.audited
    audited.turns(9, Outcome.PARTLY_ANSWERED, Reason.PART_UNANSWERED, language="pl")
    draw = audited.drawn(size=20, floor=5, double=20)
    partly = next(item for item in draw.in_order if item.turn.group == "partly")
    answered = next(item for item in draw.in_order if item.turn.group == "answered")
    declined = next(item for item in draw.in_order if item.turn.group == "declined")
    audited.store.mark(draw.id, partly.id, "wrong", "should_have_declined", ANN)
    audited.store.mark(draw.id, answered.id, "cannot_tell", "unclear_question", ANN)
    draw = audited.mark_all(audited.store.get(draw.id), ANN, BEN, CAT, wrong=frozenset({declined.id}))
    assert draw.finished
    found = results(draw)
    for key, figure in (
        ("accuracy_audited", found.accuracy),
        ("abstention_right", found.declined_rightly),
        ("abstention_missed", found.should_have_declined),
    ):
        row = measured.compute(key).whole
        assert (row.value, row.low, row.high, row.n) == pytest.approx(
            (figure.estimate.value, figure.estimate.low, figure.estimate.high, figure.n)
        )
    assert "sample is worth" in measured.compute("accuracy_audited").method


def test_a_correction_is_taken_into_the_figure(measured: Measured) -> None:
    draw = measured.audited.mark_all(measured.audited.drawn(), ANN)
    assert measured.compute("accuracy_audited").whole.value == 1
    item = next(one for one in draw.in_order if one.turn.group == "answered")
    measured.audited.store.mark(draw.id, item.id, "partly_right", "missed_part", ANN)
    assert measured.compute("accuracy_audited").whole.value == pytest.approx(6 / 7)


def test_erasing_the_conversations_leaves_the_figure_as_it_was(measured: Measured) -> None:
    measured.audited.mark_all(measured.audited.drawn(), ANN)
    before = measured.compute("accuracy_audited")
    with measured.memory.database.writing() as connection:
        connection.execute(conversations.update().values(secret_digest=""))
    measured.memory.record.append([Event(EventId("erased"), EventKind.WORDS_ERASED, NOW)])
    after = measured.compute("accuracy_audited")
    assert (after.whole.value, after.whole.low, after.n) == (before.whole.value, before.whole.low, before.n)


def test_turns_of_other_days_and_simulated_ones_are_not_in_the_figure(memory: Memory, tmp_path: Path) -> None:
    measured = Measured(memory, tmp_path / "export")
    measured.audited.turns(30, source=SIMULATED)
    measured.audited.mark_all(measured.audited.drawn(), ANN)
    assert measured.compute("accuracy_audited").whole.n == 12  # while there is no real contact
    assert measured.compute("accuracy_audited", date(2026, 9, 1), date(2026, 9, 30)).whole.n == 0
    measured.audited.turns(1)
    assert measured.compute("accuracy_audited").whole.n == 0


def test_a_figure_opens_to_rows_that_name_no_conversation(measured: Measured) -> None:
    measured.audited.mark_all(measured.audited.drawn(), ANN)
    measured.compute("accuracy_audited")
    engine = AnalysisEngine(measured.folder, NOW)
    found = evidence(measuring_over(engine, BOOK, measured.folder, NOW, lambda: NOW), "accuracy_audited", FIRST, LAST)
    assert found.count == 7 and {"mark", "weight", "stratum", "counted"} <= set(found.names)
    names = {row[0] for row in engine.query("SELECT contact FROM contacts")} | {row[0] for row in engine.query("SELECT turn FROM turns")}
    assert not names & {row[0] for row in found.rows}
    assert engine.query('SELECT count(*) FROM audits WHERE extract(minute FROM "at") > 0') == [(0,)]
    engine.close()


def test_groups_are_told_apart_and_few_are_not_shown() -> None:
    rows = [{"mark": "right", "weight": 2.0, "stratum": "a", "language": "en"}] * 20 + [
        {"mark": "wrong", "weight": 9.0, "stratum": "b", "language": "pl"}
    ] * 6
    result = measuring(SmallViews(audits=rows)).compute("accuracy", DAY, DAY, "language")
    assert {row.group: (row.value, row.n) for row in result.rows} == {"en": (1.0, 20), "pl": (0.0, 6)}
    few = measuring(SmallViews(audits=rows[:22])).compute("accuracy", DAY, DAY, "language")
    assert all(row.suppressed for row in few.rows)


BAD = [
    ("share(right of judged)", "rows of audits were drawn and stand for different numbers. Write weighted(right of judged)."),
    ("weighted(met of everyone)", "`everyone` counts contacts, which are all there and not drawn. Write share(met of everyone)."),
    ("weighted(right of everyone)", "`right` counts audits and `everyone` counts contacts."),
    ("weighted(right)", "Write it as in weighted(audited_right of audited_answers)."),
]


@pytest.mark.parametrize(("formula", "message"), BAD)
def test_a_share_of_a_sample_has_to_be_weighted_and_no_other_may_be(formula: str, message: str) -> None:
    counts = {
        "everyone": {"of": "contacts"}, "met": {"of": "contacts", "where": {"rung": "verified"}},
        "judged": {"of": "audits"}, "right": {"of": "audits", "where": {"mark": "right"}},
    }  # fmt: skip
    text = json.dumps({"counts": counts, "measures": {"one": entry(formula, "share")}})
    with pytest.raises(DefinitionError) as told:
        book_of(ValueFile.model_validate_json(text))
    assert message in f"{told.value}" or message in " ".join(map(str, vars(told.value).values()))


def test_a_closed_sample_counts_both_ways_in_every_measure_of_it(measured: Measured) -> None:
    audited = measured.audited
    draw = audited.drawn(size=20, floor=5)
    draw = audited.store.get(draw.id)
    for item in [one for one in draw.in_order if one.turn.group != Group.DECLINED][:-3]:
        audited.store.mark(draw.id, item.id, "right", "", ANN)
    closed = audited.store.close(draw.id, "Nobody is left to mark.", LEAD)
    found = results(closed)
    assert found.undecided == 3 + sum(one.turn.group == Group.DECLINED for one in closed.in_order)
    figures = (
        ("accuracy_audited", found.accuracy),
        ("abstention_right", found.declined_rightly),
        ("abstention_missed", found.should_have_declined),
    )
    for key, figure in figures:
        row = measured.compute(key).whole
        made = figure.estimate
        assert (row.n, row.value, row.low, row.high) == pytest.approx((figure.n, made.value, made.low, made.high))
        assert f"{figure.undecided} of {figure.n} turns are undecided" in row.note
    assert measured.compute("abstention_right").whole.value == 0.5
    engine = AnalysisEngine(measured.folder, NOW)
    found_rows = evidence(measuring_over(engine, BOOK, measured.folder, NOW, lambda: NOW), "accuracy_audited", FIRST, LAST)
    mark, counted = found_rows.names.index("mark"), found_rows.names.index("counted")
    assert found_rows.count == found.accuracy.n  # the rows of a figure have those that nobody decided
    assert [row[counted] for row in found_rows.rows if row[mark] == "undecided"] == [False] * 3
    engine.close()
