"""What residents are told of what happens between: the name of an adviser, and which sentence an event is worth. For the page and the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.threads import Entry
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import PassedBack
from guildhall.vocabulary.ids import PassageId
from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.turns import Owner

LEFT = (PassedBack.WENT_QUIET.value, PassedBack.GONE.value)


class Says(Protocol):
    """Approved wording in the resident's language."""

    def __call__(self, wording_id: str, **values: str) -> str:
        """The words."""
        ...


@dataclass
class AdviserNames:
    """A first name, or only that it is an adviser, as the council decides; each looked up once."""

    guildhall: Guildhall
    says: Says
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, staff_id: str) -> str:
        """The name of a member of staff; `An adviser` where the council gives none, or nobody of that id is known."""
        if staff_id not in self._known:
            self._known[staff_id] = self._named(staff_id)
        return self._known[staff_id]

    def _named(self, staff_id: str) -> str:
        if self.guildhall.profile.handoffs.desk.adviser_name == "first":
            found = self.guildhall.desk.advisers.get(staff_id)
            if found and found.name.strip():
                return self.says("live.adviser", name=found.name.split()[0])
        return self.says("live.adviser_role")


def notice_of(entry: Entry, name_of: Callable[[str], str], team_of: Callable[[str], str]) -> tuple[str, dict[str, str]] | None:
    """The wording, with its values, that tells a resident of an event; None for most events."""
    facts = entry.facts
    if entry.event == EventKind.HANDOFF_ACCEPTED:
        return "live.joined", {"adviser": name_of(entry.by)}
    if entry.event == EventKind.HANDOFF_CLOSED:
        return "live.closed", {"adviser": name_of(entry.by)}
    if entry.event == EventKind.HANDOFF_WITHDRAWN:
        return ("live.you_ended" if facts.get("owner") == Owner.CLOSED.value else "live.went_on"), {}
    if entry.event != EventKind.HANDOFF_PASSED_BACK:
        return None
    had = {"adviser": name_of(str(facts.get("had", "")))}
    if facts.get("why") in LEFT:
        return "live.left", had
    if facts.get("why") == PassedBack.TRANSFERRED.value:
        team = "" if facts.get("to") else team_of(str(facts.get("queue", "")))
        return ("live.passed_team", had | {"queue": team}) if team else ("live.passed_person", had)
    return None  # an offer that was not taken: the resident never met anybody


def citation_of(given: Mapping[str, str]) -> Citation:
    """A citation as an adviser's message keeps it."""
    return Citation(
        PassageId(given.get("passage", "")),
        given.get("title", ""),
        given.get("section", ""),
        given.get("url", ""),
        given.get("updated", ""),
    )
