"""What a value page is made from (the snapshot, the question, this council's words), and what a page makes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guildhall.bootstrap.value_pages import Snapshot
from guildhall.storage.analysis.pictures import Asked
from guildhall.value.measures.result import Result
from guildhall.web.charts import Figure
from guildhall.web.console.value.asking import Asking
from guildhall.web.console.visit import Visit

MEASURES = "/console/value/measures"
CONTACTS = "/console/value/contacts"


@dataclass(frozen=True)
class Sight:
    """One look at the snapshot."""

    visit: Visit
    snapshot: Snapshot
    asking: Asking

    @property
    def asked(self) -> Asked:
        """Which contacts drawings count."""
        return self.asking.pictured(self.snapshot.simulated)

    def measure(self, key: str, by: str = "") -> Result | None:
        """A measure over the period and filters asked for."""
        return self.snapshot.measure(key, self.asking.since, self.asking.until, by, self.asking.where)

    def picture(self, make: Callable[..., Any]) -> Any:
        """A drawing's numbers over the period and filters asked for."""
        return self.snapshot.picture(make, self.asked)

    def definition(self, key: str, **changes: str) -> str:
        """Where a figure's definition and rows are."""
        return self.asking.link(f"{MEASURES}/{key}", **changes)

    def rows(self, **changes: str) -> str:
        """Where the contacts behind a figure are listed."""
        return self.asking.link(CONTACTS, **changes)

    def name(self, by: str, group: str) -> str:
        """A group in words."""
        words = self.visit.words
        if not group:
            return "Not known"
        match by:
            case "language":
                return words.language(group)
            case "channel":
                return {"web": "Web", "phone": "Phone"}.get(group, group.capitalize())
            case "queue":
                return words.queue(group)
            case "hour":
                return f"{group}:00"
            case "day" | "week":
                on = date.fromisoformat(group)
                return f"{on.day} {on:%b}"
            case "service":
                return group.replace("-", " ").replace("_", " ").capitalize()
            case _:
                return group


@dataclass(frozen=True)
class View:
    """What a page shows: its figures by name, and the values for its template."""

    figures: Sequence[Figure] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def figure(self, name: str) -> Figure | None:
        """One of its figures."""
        return next((figure for figure in self.figures if figure.name == name), None)


@dataclass(frozen=True)
class Page:
    """One page under `/console/value`: its path, the word in the menu, its heading, and how it is made."""

    path: str
    tab: str
    title: str
    template: str
    make: Callable[[Sight], View]
