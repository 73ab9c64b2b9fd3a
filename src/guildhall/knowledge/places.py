"""The council's streets, wards, councillors and bin rounds, and how a resident's words find one of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Street:
    """A street, its ward and its bin round. `postcode` is spaced, as in AV1 3TH."""

    id: str
    name: str
    town: str
    ward_id: str
    round: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Councillor:
    """An elected member for a ward."""

    name: str
    party: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Round:
    """A bin round: weekday 0 is Monday; each stream has its week, `A` or `B`, or `every`. Months bound a season."""

    id: str
    weekday: int
    streams: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shift:
    """A collection moved by a holiday."""

    from_day: date
    to_day: date
    note: str = ""


@dataclass(frozen=True)
class Places:
    """All place data of a council; empty for a council that gives none."""

    streets: tuple[Street, ...] = ()
    wards: Mapping[str, str] = field(default_factory=dict)
    councillors: Mapping[str, tuple[Councillor, ...]] = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    week_a: date | None = None
    seasons: Mapping[str, tuple[tuple[date, date], ...]] = field(default_factory=dict)
    """Stream to the spans of dates in which it runs; a stream that is not named runs all year."""
    put_out_by: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Local nickname, casefolded, to street id."""

    def find(self, text: str) -> tuple[Street, ...]:
        """Every street the words may mean: by postcode first, then by name or nickname. Empty when none."""
        if match := POSTCODE.search(text):
            code = f"{match[1]} {match[2]}".upper()
            return tuple(street for street in self.streets if street.postcode == code)
        words = f" {' '.join(WORD.findall(text.casefold()))} "
        named = [street for street in self.streets if f" {street.name.casefold()} " in words]
        if named:
            longest = max(len(street.name) for street in named)
            return tuple(street for street in named if len(street.name) == longest)
        by_id = {street.id: street for street in self.streets}
        return tuple(by_id[target] for alias, target in self.aliases.items() if f" {alias} " in words and target in by_id)[:1]

    def has_postcode_shape(self, text: str) -> bool:
        """Whether the words hold something written like a postcode, ours or not."""
        return POSTCODE.search(text) is not None
