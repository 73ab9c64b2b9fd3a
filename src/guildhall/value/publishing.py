"""Figures said in public. Each keeps its sentence, its definition and the way to compute it again.

A figure is never edited. When the record no longer gives the same figure, it is marked as superseded.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from guildhall.value.measures.result import Result
from guildhall.value.measures.units import Unit
from guildhall.value.measures.words import in_words, interval_in_words
from guildhall.vocabulary.errors import RefusedError

PLACES: Final = ("value", "interval", "n", "since", "until", "group")
"""What the sentence of a figure may be filled with; `{value}` must be in it, so that what is said is what was computed, and `{group}` too where only
some contacts were counted."""
AMONG: Final = {"channel": "by {}", "language": "in {}", "service": "about {}", "ward": "from {}", "queue": "for {}"}
"""How a group is said in a sentence."""
LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure that must be read with the figure, as it was then."""

    key: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One figure as it was approved. `words` is the sentence; `definition` all that it rests on, as written then.

    `as_at` is the time for which windows were judged: with it, the figure can be made again. `superseded_at` is None while it stands.
    """

    id: str
    council: str
    measure: str
    label: str
    unit: Unit
    words: str
    caution: str
    since: date
    until: date
    where: Mapping[str, str]
    value: float
    low: float | None
    high: float | None
    n: int
    query_hash: str
    definition_hash: str
    definition: Mapping[str, str]
    as_at: datetime
    approver: str
    published_at: datetime
    beside: tuple[Beside, ...] = ()
    simulated: bool = False
    checked_at: datetime | None = None
    superseded_at: datetime | None = None
    superseded_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether it still holds."""
        return self.superseded_at is None


@dataclass(frozen=True, slots=True)
class Checked:
    """A figure made again. `why` says what no longer matches; empty while it does."""

    figure: PublishedFigure
    value: float | None
    n: int
    why: str = ""

    @property
    def matches(self) -> bool:
        """Whether it came out the same."""
        return not self.why


def group_in_words(where: Mapping[str, str], names: Mapping[tuple[str, str], str]) -> str:
    """The contacts that a figure is narrowed to, such as `by web, in Polish`; empty for all. `names` are what values are called."""
    said = []
    for name, value in where.items():
        called = names.get((name, value), value) or f"{name} not known"
        said.append(AMONG.get(name, name + " {}").format(called))
    return ", ".join(said)


def worded(text: str, result: Result, group: str = "") -> str:
    """The sentence of a figure, filled in; `group` is what it is narrowed to, in words. Raises RefusedError where the figure may not be said or the sentence does not say it."""
    row, unit = result.whole, result.measure.unit
    if row.suppressed:
        raise RefusedError("the figure is based on so few people that it is not shown; publish a larger group or a longer period.")
    if row.value is None:
        raise RefusedError("there is no figure for this period; choose a period with contacts in it.")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise RefusedError(f"the sentence needs between 1 and {LONGEST_TEXT} characters.", field="text")
    if "{value}" not in text:
        raise RefusedError("the sentence does not contain the figure; put {value} where it belongs.", field="text")
    if group and "{group}" not in text:
        raise RefusedError(
            f"the sentence does not say that only some contacts were counted; put {{group}} where it says `{group}`.", field="text"
        )
    filled = {
        "value": in_words(row.value, unit),
        "interval": interval_in_words(row, unit) or "no interval",
        "n": f"{row.n:,}",
        "since": _day(result.since),
        "until": _day(result.until),
        "group": group or "all contacts",
    }
    said = text.strip()
    for name, words in filled.items():
        said = said.replace(f"{{{name}}}", words)
    if "{" in said or "}" in said:
        raise RefusedError(f"the sentence may hold {', '.join(f'{{{name}}}' for name in PLACES)}, and no other braces.", field="text")
    return said


def figure_of(
    result: Result, text: str, definition: Mapping[str, str], figure_id: str, council: str, approver: str, group: str = ""
) -> PublishedFigure:
    """The figure of a result that is not split; `group` is what it is narrowed to, in words. Raises RefusedError."""
    said = worded(text, result, group)
    row, measure = result.whole, result.measure
    assert row.value is not None  # worded() refused it otherwise
    beside = tuple(Beside(one.measure.key, one.measure.label, in_words(one.whole.value, one.measure.unit)) for one in result.beside)
    return PublishedFigure(
        figure_id, council, measure.key, measure.label, measure.unit, said, measure.caution, result.since, result.until, dict(result.where),
        row.value, row.low, row.high, row.n, result.query_hash, result.definition_hash, dict(definition), result.as_at, approver,
        result.computed_at, beside, result.simulated > 0,
    )  # fmt: skip


def compared(figure: PublishedFigure, again: Result) -> Checked:
    """Whether a figure, made again by today's definition for the time it was judged at, is what was said."""
    row = again.whole
    if again.definition_hash != figure.definition_hash:
        now = in_words(row.value, again.measure.unit)
        return Checked(figure, row.value, row.n, f"Its definition has changed. With the current definition, the figure is {now}.")
    same = row.value is not None and math.isclose(row.value, figure.value, rel_tol=1e-9, abs_tol=1e-9) and row.n == figure.n
    if same:
        return Checked(figure, row.value, row.n)
    return Checked(
        figure, row.value, row.n, f"The record now gives {in_words(row.value, figure.unit)} based on {row.n:,}, instead of {in_words(figure.value, figure.unit)} based on {figure.n:,}."
    )  # fmt: skip


def gone(figure: PublishedFigure) -> Checked:
    """A figure whose measure is not defined any more."""
    return Checked(figure, None, 0, f"The council no longer defines `{figure.measure}`.")


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What making several figures again showed."""

    checked: tuple[Checked, ...] = ()

    @property
    def superseded(self) -> tuple[Checked, ...]:
        """Those that no longer match."""
        return tuple(one for one in self.checked if not one.matches)
