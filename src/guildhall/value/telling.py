"""Writes the one-page summary for councillors: what the figures say in plain sentences, and what they cannot say.

A sentence is made of parts. A part that has a `key` is a figure, and the page links it to its definition and its rows. The page says only
what was computed. If a figure is missing, the page says that it is not known. If there is no baseline, it says that nothing is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.value.measures.result import Result, Row
from guildhall.value.saying import figure, interval
from guildhall.vocabulary.sentences import capitalised

NEEDED: Final = (
    "contacts", "verified_share", "unverified_share", "recontact_7d", "human_honoured", "wait_p50", "wait_p90", "abandonment", "distress_to_person",
    "distress_reached", "misdirected", "part_completeness", "gap_resolution_language", "gap_honoured_language", "nominal_saving",
)  # fmt: skip
"""The measures that the page is made of; one that a council removed is said to be missing."""


_ASKED: Final = {
    "gap_resolution_language": "Whether every language is served equally well without a person",
    "gap_honoured_language": "Whether people of every language reach a person equally easily",
}
"""What a measure answers, where its name would tell a councillor nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words, and the key of the measure where they are a figure."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Before:
    """What a measure was before, by a frozen baseline: the middle one of its months from `first` to `last`."""

    value: float
    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """The page: paragraphs of sentences under headings, and what is not known."""

    heading: str
    paragraphs: tuple[tuple[str, tuple[Sentence, ...]], ...]
    unknown: tuple[str, ...]


def said(*parts: str | Part) -> Sentence:
    """A sentence of words and figures."""
    return Sentence(tuple(Part(part) if isinstance(part, str) else part for part in parts))


def told(
    council: str, since: date, until: date, results: Mapping[str, Result], before: Mapping[str, Before] | None = None, ledger: str = ""
) -> Told:
    """The page for a period from the results by key. `before` is what measures were, for those with a frozen baseline;
    `ledger` is a sentence on the benefits ledger, where one has to be said."""
    before = before or {}
    teller = _Teller(results)
    paragraphs = (
        ("Who got in touch, and what happened", teller.outcomes()),
        ("Reaching a person", teller.people()),
        ("Whether everybody was served equally well", teller.fairness()),
        ("Money", [*teller.money(), *([said(ledger)] if ledger else [])]),
        ("Compared with before", _compared(results, before)),
    )
    unknown = [*teller.missing, *_window(results), *_not_compared(results, before)]
    heading = f"{council}’s front door, {_day(since)} to {_day(until)}"
    return Told(heading, tuple((head, tuple(lines)) for head, lines in paragraphs if lines), tuple(unknown))


@dataclass
class _Teller:
    """Makes sentences, and notes what could not be said."""

    results: Mapping[str, Result]

    def __post_init__(self) -> None:
        self.missing: list[str] = []

    def row(self, key: str) -> Row | None:
        """The one row of a measure, if it is known."""
        result = self.results.get(key)
        if result is None:
            self.missing.append(f"“{key.replace('_', ' ')}” is not measured here.")
            return None
        row = result.rows[0] if result.rows else None
        if row is None or row.value is None:
            why = (row.note if row else "") or "there are too few to say"
            self.missing.append(f"{_ASKED.get(key, result.measure.label)}: not known. {capitalised(why.rstrip('.'))}.")
            return None
        return row

    def part(self, key: str, row: Row) -> Part:
        """A figure in words."""
        return Part(figure(row.value, self.results[key].measure.unit), key)

    def sure(self, key: str, row: Row) -> str:
        """How sure it is, in brackets; nothing where everything was counted."""
        words = interval(row.low, row.high, self.results[key].measure.unit)
        return f" (it could be {words})" if words else ""

    def outcomes(self) -> list[Sentence]:
        """Contacts, verified, unverified, contact again, parts."""
        lines: list[Sentence] = []
        if row := self.row("contacts"):
            lines.append(
                said(
                    "Residents got in touch ",
                    self.part("contacts", row),
                    " times, on all channels, including people who hung up at once.",
                )
            )
        if row := self.row("verified_share"):
            lines.append(said(
                "Of the contacts that are at least 7 days old, ", self.part("verified_share", row), self.sure("verified_share", row),
                " had the need met without a person, and something shows it: a receipt, the resident saying so, or an answer of fixed facts and no "
                "further contact about it within 7 days.",
            ))  # fmt: skip
        if row := self.row("unverified_share"):
            lines.append(
                said(
                    "Another ",
                    self.part("unverified_share", row),
                    " were answered, but nothing shows whether it helped. These do not count as resolved.",
                )
            )
        if row := self.row("recontact_7d"):
            lines.append(said(
                "Where we can recognise the resident, ", self.part("recontact_7d", row), self.sure("recontact_7d", row),
                " of contacts were followed by another about the same matter within 7 days.",
            ))  # fmt: skip
        if row := self.row("part_completeness"):
            lines.append(said("Of everything that residents asked, ", self.part("part_completeness", row), " was answered."))
        return lines

    def people(self) -> list[Sentence]:
        """Honoured, waits, giving up, distress, misdirection."""
        lines: list[Sentence] = []
        if row := self.row("human_honoured"):
            lines.append(said(
                "Of those who asked for a person, ", self.part("human_honoured", row), self.sure("human_honoured", row),
                " reached one or booked a callback. It should be all of them.",
            ))  # fmt: skip
        half, nine = self.row("wait_p50"), self.row("wait_p90")
        if half:
            more = (", and nine in ten within ", self.part("wait_p90", nine)) if nine else ()
            lines.append(
                said(
                    "Half of those who asked had a person within ",
                    self.part("wait_p50", half),
                    *more,
                    ". Those who gave up count as not reached.",
                )
            )
        if row := self.row("abandonment"):
            lines.append(said(self.part("abandonment", row), " gave up waiting."))
        reached, time = self.row("distress_reached"), self.row("distress_to_person")
        if reached:
            more = ("; when one was called, half had one within ", self.part("distress_to_person", time)) if time else ()
            lines.append(
                said(
                    "Where there were signs of distress, ",
                    self.part("distress_reached", reached),
                    " reached a person in the same contact",
                    *more,
                    ".",
                )
            )
        if row := self.row("misdirected"):
            lines.append(
                said(
                    "Of contacts that a person took and judged, ",
                    self.part("misdirected", row),
                    self.sure("misdirected", row),
                    " had come to the wrong team first.",
                )
            )
        return lines

    def fairness(self) -> list[Sentence]:
        """Gaps by language, with the alarm."""
        lines: list[Sentence] = []
        for key, what in (
            ("gap_resolution_language", "Being served without a person"),
            ("gap_honoured_language", "Reaching a person when asked for"),
        ):
            if row := self.row(key):
                level = self.results[key].measure.alarm_above
                alarm = level is not None and (row.value or 0) > level
                chance = row.low is None or row.low <= 0
                over = (
                    f" This is more than {level:g} points, so we look into it{', though chance may explain it' if chance else ''}."
                    if alarm
                    else ""
                )
                lines.append(
                    said(
                        f"{what} differs by ", self.part(key, row), self.sure(key, row), f" between the best and the worst language.{over}"
                    )
                )
        return lines

    def money(self) -> list[Sentence]:
        """The nominal saving, and that it is no cash."""
        if not (row := self.row("nominal_saving")):
            return []
        end = "This has not reduced any budget unless the ledger says so, with finance’s signature."
        if (row.value or 0) < 0:
            return [
                said(
                    "At the unit costs we use, the assistant cost ",
                    self.part("nominal_saving", row),
                    self.sure("nominal_saving", row),
                    f" compared with calls. {end}",
                )
            ]
        return [
            said(
                "At the unit costs we use, calls to a person instead of these contacts would have cost ",
                self.part("nominal_saving", row),
                self.sure("nominal_saving", row),
                f" more. {end}",
            )
        ]


def _window(results: Mapping[str, Result]) -> list[str]:
    """How many contacts are too young to be judged."""
    result = results.get("verified_share")
    young = [one for one in result.excluded if one.young] if result else []
    return [f"{one.n:,} contacts are less than 7 days old: too early to judge, so not counted in shares." for one in young if one.n]


def _compared(results: Mapping[str, Result], before: Mapping[str, Before]) -> list[Sentence]:
    """Figures beside what they were; that they differ does not say why."""
    lines = []
    for key, was in before.items():
        row = results[key].rows[0] if key in results and results[key].rows else None
        if row is None or row.value is None:
            continue
        measure = results[key].measure
        now, then = Part(figure(row.value, measure.unit), key), figure(was.value, measure.unit)
        months = f"{was.first:%B %Y} to {was.last:%B %Y}"
        lines.append(
            said(f"“{measure.label}” is ", now, f" now. It was {then} in the middle month of {months} (frozen baseline “{was.name}”).")
        )
    if lines:
        lines.append(said("Figures from before and after do not show what made the difference. An evaluation of a change does."))
    return lines


def _not_compared(results: Mapping[str, Result], before: Mapping[str, Before]) -> list[str]:
    """Which comparisons cannot be made."""
    without = [key for key in ("verified_share", "wait_p50", "misdirected") if key in results and key not in before]
    if not without:
        return []
    names = [f"“{results[key].measure.label}”" for key in without]
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return [
        f"There is no frozen baseline (figures from before the launch) for {listed}, so nothing is compared with before: they may be better or worse."
    ]


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
