"""Figures said in public: made again from the record, superseded when they no longer match, never edited."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.bootstrap.figure_desk import FigureDesk
from guildhall.councils.loading import load_council
from guildhall.storage import published_schema
from guildhall.storage.analysis.evidence import as_csv, as_parquet, evidence
from guildhall.storage.published import PublishedStore
from guildhall.storage.schema import events
from guildhall.testing.contacts import made_contacts
from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.formula import parse_formula
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from tests.storage.memory import Memory

FIRST, LAST = date(2026, 8, 3), date(2026, 8, 30)
NOW = datetime(2026, 9, 20, 9, tzinfo=UTC)
SENTENCE = "Of all contacts {value} ({interval}) were resolved between {since} and {until}, from {n}."


def export(folder: Path, seed: int = 1) -> Path:
    made_contacts(folder, 600, 28, seed, first=FIRST)
    return folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("exported"))


@pytest.fixture
def desk(memory: Memory, exported: Path) -> FigureDesk:
    assert published_schema.published_figures is not None
    book = load_council(Path("councils"), "avonmere").value
    store = PublishedStore(memory.database, "testshire", memory.new_id)
    return FigureDesk("testshire", book, exported, store, lambda: NOW, memory.new_id, lambda: None)


def changed(book: MeasureBook) -> MeasureBook:
    other = replace(
        book.measures["verified_share"], formula="share(verified of followed_7d)", tree=parse_formula("share(verified of followed_7d)")
    )
    texts = {**book.texts, "measure verified_share": "another"}
    return replace(book, measures={**book.measures, "verified_share": other}, texts=texts)


def kinds(memory: Memory) -> list[str]:
    with memory.database.reading() as connection:
        return list(connection.scalars(select(events.c.kind).order_by(events.c.seq)))


def test_a_published_figure_says_its_value_and_is_made_again(desk: FigureDesk, memory: Memory) -> None:
    figure = desk.publish("verified_share", SENTENCE, FIRST, LAST, {}, "Sam Reed")
    whole = desk.compute("verified_share", FIRST, LAST).whole
    assert whole.value is not None and f"Of all contacts {100 * whole.value:.1f}% (" in figure.words
    assert "between 3 August 2026 and 30 August 2026, from 600." in figure.words
    assert [one.key for one in figure.beside] == ["recontact_7d"]
    again = desk.recompute("Sam Reed")
    assert [one.matches for one in again.checked] == [True] and desk.store.get(figure.id).checked_at == NOW
    assert kinds(memory) == ["FigurePublished"]
    assert desk.store.all() == (replace(figure, checked_at=NOW),)


def test_each_kind_of_figure_is_made_again_the_same_and_opens_to_its_rows(desk: FigureDesk) -> None:
    for key in ("wait_p50", "abstention", "nominal_saving", "gap_resolution_channel", "part_completeness"):
        figure = desk.publish(key, "It is {value}.", FIRST, LAST, {}, "Sam Reed")
        assert 0 < len(desk.rows(figure.id, 50).rows) <= 50
    again = desk.recompute("Sam Reed")
    assert len(again.checked) == 5 and again.superseded == ()


def test_a_figure_that_the_record_no_longer_gives_is_superseded_and_not_edited(desk: FigureDesk, memory: Memory, tmp_path: Path) -> None:
    figure = desk.publish("verified_share", SENTENCE, FIRST, LAST, {}, "Sam Reed")
    other = replace(desk, folder=export(tmp_path / "other", seed=2))
    (checked,) = other.recompute("Sam Reed").superseded
    kept = desk.store.get(figure.id)
    assert (kept.words, kept.value, kept.n) == (figure.words, figure.value, figure.n)
    assert not kept.stands and kept.superseded_why == checked.why and checked.why.startswith("The record now gives ")
    assert other.recompute("Sam Reed").checked == () and kinds(memory) == ["FigurePublished", "FigureSuperseded"]


def test_a_figure_whose_definition_was_changed_or_taken_out_is_superseded(desk: FigureDesk) -> None:
    first = desk.publish("verified_share", SENTENCE, FIRST, LAST, {}, "Sam Reed")
    (checked,) = replace(desk, book=changed(desk.book)).recompute("Sam Reed", first.id).superseded
    assert checked.why.startswith("Its definition has changed. With the current definition, the figure is ")
    second = desk.publish("signposted_share", "It is {value}.", FIRST, LAST, {}, "Sam Reed")
    fewer = {key: measure for key, measure in desk.book.measures.items() if key != "signposted_share"}
    (checked,) = replace(desk, book=replace(desk.book, measures=fewer)).recompute("Sam Reed", second.id).superseded
    assert checked.why == "The council no longer defines `signposted_share`."


def test_time_that_passes_does_not_change_a_figure(desk: FigureDesk) -> None:
    early = replace(desk, clock=lambda: datetime(2026, 8, 31, 9, tzinfo=UTC))
    figure = early.publish("verified_share", SENTENCE, FIRST, LAST, {}, "Sam Reed")
    assert figure.n < 600
    assert desk.recompute("Sam Reed").superseded == ()
    assert desk.compute("verified_share", FIRST, LAST).whole.n == 600


REFUSED = [
    ("{value}", {"where": {"language": "nobody"}}, "there is no figure for this period"),
    ("Most were met.", {}, "the sentence does not contain the figure; put {value} where it belongs."),
    ("{value} {name}", {}, "the sentence may hold {value}, {interval}, {n}, {since}, {until}, {group}, and no other braces."),
    ("   ", {}, "the sentence needs between 1 and 500 characters."),
    ("{value}", {"until": NOW.date()}, "the period is not over; publish figures up to yesterday at the latest"),
]


@pytest.mark.parametrize(("text", "changes", "message"), REFUSED)
def test_what_may_not_be_said_is_refused_and_nothing_is_kept(
    desk: FigureDesk, memory: Memory, text: str, changes: dict[str, object], message: str
) -> None:
    asked = {"since": FIRST, "until": LAST, "where": {}, "approver": "Sam Reed"} | changes
    with pytest.raises(RefusedError) as told:
        desk.publish("verified_share", text, **asked)  # type: ignore[arg-type]
    assert message in str(told.value)
    assert desk.store.all() == () and kinds(memory) == []


def test_a_figure_opens_to_its_rows(desk: FigureDesk) -> None:
    figure = desk.publish("verified_share", SENTENCE, FIRST, LAST, {}, "Sam Reed")
    found = desk.rows(figure.id, 10_000)
    assert found.count == len(found.rows) == figure.n
    at = found.names.index("counted")
    assert sum(row[at] for row in found.rows) / figure.n == pytest.approx(figure.value)
    lines = list(as_csv(found))
    assert len(lines) == figure.n + 1 and lines[0].startswith("contact,day,channel,language,service,")
    assert as_parquet(found)[:4] == b"PAR1"


def test_rows_of_so_few_that_they_could_be_singled_out_are_refused(desk: FigureDesk) -> None:
    with desk.measuring() as measuring:
        sizes = measuring.engine.query(
            "SELECT day, language, count(*) FROM contacts GROUP BY ALL HAVING count(*) BETWEEN 1 AND 4 ORDER BY ALL"
        )
        day, language, _ = sizes[0]
        with pytest.raises(RefusedError, match="single somebody out"):
            evidence(measuring, "contacts", day, day, {"language": language})


def test_a_figure_that_is_not_there_is_said_so(desk: FigureDesk) -> None:
    with pytest.raises(NotFoundError, match="there is no published figure figure-9"):
        desk.store.get("figure-9")
    with pytest.raises(NotFoundError, match="there is no measure `nope`"):
        desk.publish("nope", "{value}", FIRST, LAST, {}, "Sam Reed")
