"""An entry of the council's service catalogue, and how sure we are that one is meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guildhall.vocabulary.ids import ServiceKey


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a team. Empty strings where the council gives none."""

    phone: str = ""
    email: str = ""
    url: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """What something costs. `phrases` are words that always stand next to this amount on a page."""

    what: str
    amount_pence: int
    per: str = ""
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A date or yearly deadline of a service; `on` is ISO (2026-12-24) or words (31 October each year)."""

    what: str
    on: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherBody:
    """Who handles it when the council does not."""

    name: str
    handles: str
    phone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that another body does and residents ask the council for, with the words that say it is meant.

    `phrases` count wherever they stand in a question; `alone` only where nothing else does. `url` is https, `text` plain English.
    """

    key: str
    name: str
    body: str
    text: str
    url: str
    phone: str = ""
    phrases: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the council, keyed by LGSL id where the national list has it (several entries may share one)."""

    key: ServiceKey
    name: str
    team: str
    summary: str
    lgsl: int | None = None
    synonyms: tuple[str, ...] = ()
    contact: Contact = Contact()
    hours: str = ""
    steps: tuple[str, ...] = ()
    eligibility: tuple[str, ...] = ()
    fees: tuple[Fee, ...] = ()
    dates: tuple[KeyDate, ...] = ()
    other_body: OtherBody | None = None
    lookup: str = ""
    sensitive: bool = False
    pages: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def name_in(self, language: str) -> str:
        """The service's name in a language, English where there is none."""
        return self.names.get(language, self.name)


@dataclass(frozen=True, slots=True)
class ServiceMatch:
    """A service that may be meant, with calibrated confidence from 0 to 1."""

    key: ServiceKey
    confidence: float
    lgsl: int | None = None
