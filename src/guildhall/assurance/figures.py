"""Figures of the record as facts: dated, and with small counts held back, so that nobody can be picked out of them."""

from collections.abc import Mapping
from typing import Final

from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind, on_day
from guildhall.assurance.live import Row, Table
from guildhall.vocabulary.figures import Figures
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, Outcome

LEAST_COUNT: Final = 5
"""A count from 1 to 4 is not shown."""
LEAST_OUT_OF: Final = 10
"""A share of fewer than ten is not shown."""
FEW: Final = f"fewer than {LEAST_COUNT}"
HELD_BACK: Final = "not shown"
NO_RECORD: Final = Missing("Nothing is recorded yet, or there is no database here.", "whoever runs the service")

TOO_FEW: Final = Missing("Too few turns to say how long they take.", "whoever runs the service")


def suppressed(count: int) -> int | str:
    """The count, or that it is too small to show."""
    return FEW if 0 < count < LEAST_COUNT else count


def suppressed_all(counts: Mapping[str, int]) -> dict[str, int | str]:
    """A breakdown without its small counts. Where one alone is held back the next smallest is too, or the total would give it away."""
    shown: dict[str, int | str] = {name: suppressed(count) for name, count in counts.items()}
    hidden = [name for name, value in shown.items() if value == FEW]
    if len(hidden) == 1:
        others = [name for name in counts if name not in hidden and counts[name] > 0]
        if others:
            shown[min(others, key=lambda name: (counts[name], name))] = HELD_BACK
    return shown


def share(part: int, whole: int) -> str:
    """A share in whole percent, or that there are too few to say."""
    if whole < LEAST_OUT_OF or 0 < part < LEAST_COUNT or 0 < whole - part < LEAST_COUNT:
        return "too few to show"
    return f"{100 * part / whole:.0f}%"


def figure_facts(figures: Figures | None) -> dict[str, Known]:
    """The figures by name. Everything is Missing where there is no record."""
    names = "period conversations turns person_brought person_offered handoffs urgent callbacks languages outcomes latency composers"
    if figures is None or not figures.turns:
        return {f"figures.{name}": NO_RECORD for name in names.split()}

    def fact(value: object, query: str) -> Fact:
        return Fact(value, Source(SourceKind.RECORD, query), taken_at=figures.until)

    def breakdown(counts: Mapping[str, int], query: str) -> Known:
        return fact(suppressed_all(counts), query) if counts else NO_RECORD

    timed = figures.latency_ms
    return {
        "figures.period": fact(f"{on_day(figures.since)} to {on_day(figures.until)}", "turns"),
        "figures.conversations": fact(suppressed(figures.conversations), "conversations"),
        "figures.turns": fact(suppressed(figures.turns), "turns"),
        "figures.person_brought": fact(share(figures.by_person.get("brought", 0), figures.turns), "person"),
        "figures.person_offered": fact(share(figures.by_person.get("offered", 0), figures.turns), "person"),
        "figures.handoffs": fact(suppressed(figures.handoffs), "handoffs"),
        "figures.urgent": fact(suppressed(figures.urgent_handoffs), "handoffs"),
        "figures.callbacks": fact(suppressed(figures.callbacks), "handoffs"),
        "figures.languages": breakdown(figures.by_language, "languages"),
        "figures.outcomes": breakdown(figures.by_outcome, "outcomes"),
        "figures.composers": breakdown(figures.by_composer, "composers"),
        "figures.latency": fact(f"{timed[0]:.0f} ms for half, {timed[1]:.0f} ms for 95 in 100", "latency") if timed else TOO_FEW,
    }


def figure_tables(figures: Figures | None) -> dict[str, Table]:
    """How turns ended, and in which languages, in rows."""
    outcomes = suppressed_all(figures.by_outcome) if figures else {}
    languages = suppressed_all(figures.by_language) if figures else {}
    labels = {outcome.value: OUTCOME_LABELS[outcome][0] for outcome in Outcome}
    return {
        "outcomes": _table("How turns ended", "Outcome", {labels.get(k, k): v for k, v in outcomes.items()}, "outcomes", figures),
        "languages": _table("Turns by language", "Language", languages, "languages", figures),
    }


def _table(caption: str, column: str, counts: Mapping[str, int | str], query: str, figures: Figures | None) -> Table:
    if figures is None or not counts:
        return Table(caption, (column, "Turns"), (Row("none", (NO_RECORD, NO_RECORD)),))
    source = Source(SourceKind.RECORD, query)
    rows = (
        Row(name, (Fact(name, source, taken_at=figures.until), Fact(count, source, taken_at=figures.until)))
        for name, count in counts.items()
    )
    return Table(caption, (column, "Turns"), tuple(rows))
