"""The report of an import: how many rows can be imported, and every refused row with its number, its column and the reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

MOST_LISTED: Final = 10_000
"""So many refused rows are listed one by one; all are counted."""


class Why(StrEnum):
    """Kinds of reasons."""

    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    ENDING = "ending"
    TEXT = "text"
    PERSONAL = "personal"
    FORMULA = "formula"
    DUPLICATE = "duplicate"
    TOTALS = "totals"
    NOTE = "note"
    HEADINGS = "headings"


WHY_LABELS: Final[dict[Why, tuple[str, str]]] = {
    Why.DATE: ("Date", "The date is missing, impossible, ambiguous or has not happened yet."),
    Why.TIME: ("Time or duration", "A time of day or a duration cannot be read."),
    Why.NUMBER: ("Number", "A number or an amount cannot be read."),
    Why.ENDING: ("How it ended", "The word is not in either list of the mapping."),
    Why.TEXT: ("Text", "The text is too long to be the name of a queue or channel."),
    Why.PERSONAL: ("Personal data", "A cell that would be imported looks like somebody's phone number, address or e-mail."),
    Why.FORMULA: ("Formula", "A formula has no saved value."),
    Why.DUPLICATE: ("Duplicate", "An earlier row has the same call or month."),
    Why.TOTALS: ("Totals row", "The row adds up other rows."),
    Why.NOTE: ("Note", "The row is a note, not part of the table."),
    Why.HEADINGS: ("Headings again", "The headings are repeated, as at the top of a printed page."),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that is left out: its number in the file, the heading of the column it is about ('' for the row), and why."""

    row: int
    column: str
    why: Why
    said: str


@dataclass(slots=True)
class Report:
    """An import, counted. `read` are the rows under the headings that are not blank; each is kept or refused."""

    read: int = 0
    kept: int = 0
    blank: int = 0
    rounded: int = 0
    reasons: Counter[Why] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    dropped: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """How many rows are refused."""
        return sum(self.reasons.values())

    def refuse(self, refused: Refused) -> None:
        """Count a refused row, and list it while there is room."""
        self.reasons[refused.why] += 1
        if len(self.refused) < MOST_LISTED:
            self.refused.append(refused)

    def as_data(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "read": self.read, "kept": self.kept, "blank": self.blank, "rounded": self.rounded, "reasons": {why.value: n for why, n in self.reasons.items()},
            "refused": [[one.row, one.column, one.why.value, one.said] for one in self.refused], "about": list(self.about),
            "dropped": list(self.dropped), "personal": list(self.personal),
        }  # fmt: skip

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> "Report":
        """From what `as_data` gave."""
        refused = [Refused(row, column, Why(why), said) for row, column, why, said in data["refused"]]
        reasons = Counter({Why(why): n for why, n in data["reasons"].items()})
        return cls(
            data["read"],
            data["kept"],
            data["blank"],
            data["rounded"],
            reasons,
            refused,
            list(data["about"]),
            tuple(data["dropped"]),
            tuple(data["personal"]),
        )


def in_words(report: Report) -> Sequence[str]:
    """The report in sentences."""
    said = [f"{report.kept:,} of {report.read:,} rows can be imported. Refused: {report.left_out:,}. Blank: {report.blank:,}."]
    said += [f"{WHY_LABELS[why][0]}: {n:,}. {WHY_LABELS[why][1]}" for why, n in report.reasons.most_common()]
    if report.rounded:
        said.append(f"{report.rounded:,} amounts were rounded to the penny.")
    if report.personal:
        said.append(f"Not imported, because they look like personal data: {', '.join(report.personal)}.")
    return [*said, *report.about]
