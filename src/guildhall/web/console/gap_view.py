"""What the pages of content gaps show: a row of the list, and one gap with its questions, its history and what asking again brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.learning_work import RERUN
from guildhall.learning.demand import Demand
from guildhall.storage.learning_jobs import DONE, Job
from guildhall.storage.trail import PastEvent
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gaps import Gap, GapStatus, Missed

STATUS_TAGS: Final = {
    GapStatus.OPEN: "yellow",
    GapStatus.BEING_WRITTEN: "blue",
    GapStatus.FIXED: "green",
    GapStatus.WILL_NOT_FIX: "grey",
}
CHANGED: Final = {"status": "status", "owner": "owner", "due_on": "due date", "page": "page", "service": "service"}


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap in a list."""

    gap: Gap
    title: str
    demand: Demand
    owner: str
    changed: bool
    overdue: bool
    lift: str

    @property
    def tag(self) -> str:
        """The colour of its status."""
        return STATUS_TAGS[self.gap.status]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a gap's history."""

    event: PastEvent
    by: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapPage:
    """Everything about one gap but its words."""

    row: GapRow
    questions: Sequence[Missed]
    count: int
    results: Mapping[str, Mapping[str, Any]]
    job: Job | None
    running: bool
    died: bool
    history: Sequence[Told]
    staff: Sequence[tuple[str, str]]
    pages: Sequence[tuple[str, str]]
    page_title: str
    since_fixed: int


def rows(console: Console) -> list[GapRow]:
    """Every gap."""
    learning, titles = console.learning, console.learning.page_titles()
    demand = learning.demands()
    return [_row(console, gap, demand.get(gap.id, Demand()), titles) for gap in learning.gaps.gaps()]


def page_of(console: Console, gap: Gap, most: int) -> GapPage:
    """One gap."""
    learning, titles = console.learning, console.learning.page_titles()
    asked = learning.gaps.questions(gap.id)
    job = learning.jobs.latest(RERUN, gap.id)
    kept = next((one for one in learning.jobs.all(RERUN, gap.id) if one.state == DONE), None)
    names = console.door.staff.names()
    fixed_at = gap.changed_at if gap.status == GapStatus.FIXED else None
    return GapPage(
        row=_row(console, gap, learning.demands().get(gap.id, Demand()), titles),
        questions=asked[:most],
        count=len(asked),
        results={result["turn_id"]: result for result in kept.result["results"]} if kept else {},
        job=job,
        running=bool(job and job.runs(console.now())),
        died=bool(job and job.died(console.now())),
        history=[_told(event, names, titles) for event in learning.history(gap.id)],
        staff=sorted(((m.id, m.name) for m in console.door.staff.everyone() if m.active or m.id == gap.owner), key=lambda pair: pair[1]),
        pages=sorted(((key, title) for key, (title, _) in titles.items()), key=lambda pair: pair[1].casefold()),
        page_title=titles.get(gap.page, (gap.page, ""))[0],
        since_fixed=len({one.conversation_id for one in asked if fixed_at and one.at > fixed_at}),
    )


def _row(console: Console, gap: Gap, demand: Demand, titles: Mapping[str, tuple[str, str]]) -> GapRow:
    overdue = gap.unfinished and gap.due_on is not None and gap.due_on < console.now().date()
    owner = console.door.staff.names().get(gap.owner, gap.owner)
    learning = console.learning
    return GapRow(gap, learning.title(gap), demand, owner, learning.content_changed(gap, titles), bool(overdue), lift_of(console, gap))


def lift_of(console: Console, gap: Gap) -> str:
    """What the last asking again brought, in a sentence; empty when it was never done."""
    kept = next((job for job in console.learning.jobs.all(RERUN, gap.id) if job.state == DONE), None)
    if kept is None:
        return ""
    zone = console.guildhall.profile.calendar.zone
    day = kept.started_at.astimezone(zone)
    asked = kept.result["asked"]
    return f"{day.day} {day:%b}: 0 of {asked} → {kept.result['answered']} of {asked} answered (content version {kept.result['version']})"


def _told(event: PastEvent, names: Mapping[str, str], titles: Mapping[str, tuple[str, str]]) -> Told:
    facts = event.facts
    by = names.get(str(facts.get("by", "")), str(facts.get("by", "")))
    if event.kind == EventKind.GAP_RERUN:
        return Told(event, by, (f"{facts['answered']} of {facts['asked']} answered, with version {facts['version']} of the content",))
    changed: Mapping[str, Sequence[str]] = facts.get("changed", {})
    return Told(event, by, tuple(f"{CHANGED[name]}: {_said(name, new, names, titles)}" for name, (_, new) in changed.items()))


def _said(name: str, value: str, names: Mapping[str, str], titles: Mapping[str, tuple[str, str]]) -> str:
    if name == "owner":
        return names.get(value, value) or "nobody"
    if name == "page":
        return titles.get(value, (value, ""))[0] or "none"
    return value.replace("_", " ") or "none"
