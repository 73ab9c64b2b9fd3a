"""Figures are dated, and small counts are held back so that nobody can be picked out."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from guildhall.assurance.facts import Fact, Missing
from guildhall.assurance.figures import FEW, HELD_BACK, LEAST_COUNT, figure_facts, figure_tables, share, suppressed, suppressed_all
from guildhall.vocabulary.figures import Figures

SINCE, UNTIL = datetime(2026, 8, 28, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)
BUSY = Figures(
    SINCE,
    UNTIL,
    conversations=400,
    turns=700,
    by_language={"en": 690, "pl": 8, "ur": 2},
    by_outcome={"answered": 600, "handed_over": 100},
    by_person={"brought": 100, "offered": 3, "none": 597},
    handoffs=99,
    urgent_handoffs=4,
    latency_ms=(30.2, 91.0),
)


def test_a_small_count_is_not_shown() -> None:
    assert [suppressed(count) for count in (0, 1, 4, 5, 100)] == [0, FEW, FEW, 5, 100]


def test_one_hidden_count_takes_the_next_smallest_with_it() -> None:
    """Otherwise the total, less what is shown, gives it away."""
    assert suppressed_all(BUSY.by_language) == {"en": 690, "pl": HELD_BACK, "ur": FEW}
    assert suppressed_all({"en": 690, "pl": 3, "ur": 2}) == {"en": 690, "pl": FEW, "ur": FEW}
    assert suppressed_all({"en": 690, "pl": 8}) == {"en": 690, "pl": 8}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 50), max_size=6))
def test_no_breakdown_gives_a_small_count_away(counts: dict[str, int]) -> None:
    shown = suppressed_all(counts)
    hidden = [name for name, value in shown.items() if not isinstance(value, int)]
    assert all(value == 0 or value >= LEAST_COUNT for value in shown.values() if isinstance(value, int))
    assert not any(counts[name] for name in hidden) or len(hidden) != 1 or sum(1 for count in counts.values() if count) == 1


def test_a_share_of_few_or_by_few_is_not_shown() -> None:
    assert share(3, 8) == "too few to show"
    assert share(3, 700) == "too few to show"
    assert share(697, 700) == "too few to show"
    assert share(100, 700) == "14%"
    assert share(0, 700) == "0%"


def test_every_figure_says_which_question_it_answers_and_as_at_when() -> None:
    facts = figure_facts(BUSY)
    known = [fact for fact in facts.values() if isinstance(fact, Fact)]
    assert all(str(fact.source).startswith("record:") and fact.taken_at == UNTIL for fact in known)
    urgent, brought = facts["figures.urgent"], facts["figures.person_brought"]
    assert isinstance(urgent, Fact)
    assert urgent.value == FEW
    assert isinstance(brought, Fact)
    assert brought.value == "14%"
    period = facts["figures.period"]
    assert isinstance(period, Fact)
    assert period.value == "28 August 2026 to 26 November 2026"


def test_without_a_record_every_figure_is_an_open_question() -> None:
    for figures in (None, Figures(SINCE, UNTIL)):
        assert all(isinstance(fact, Missing) for fact in figure_facts(figures).values())
        assert all(isinstance(row.cells[0], Missing) for table in figure_tables(figures).values() for row in table.rows)


def test_tables_hold_small_counts_back_too() -> None:
    cells = [row.cells[1] for row in figure_tables(BUSY)["languages"].rows]
    assert [cell.value for cell in cells if isinstance(cell, Fact)] == [690, HELD_BACK, FEW]
