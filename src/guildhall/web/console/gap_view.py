"""What the pages of content gaps show: a row of the list, and one gap with its questions, its history and what asking again brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.learning_work import RERUN
from guildhall.learning.demand import Demand
from guildhall.storage.learning_jobs import Job
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
    seen = _Seen.of(console)
    return [_row(console, gap, seen) for gap in console.learning.gaps.gaps()]


def page_of(console: Console, gap: Gap, most: int) -> GapPage:
    """One gap."""
    learning, seen = console.learning, _Seen.of(console)
    asked = learning.gaps.questions(gap.id)
    job, kept = learning.jobs.latest(RERUN, gap.id), seen.reruns.get(gap.id)
    history, titles = learning.history(gap.id), seen.titles
    fixed_at = next((event.at for event in history if _fixes(event)), None) if gap.status == GapStatus.FIXED else None
    return GapPage(
        row=_row(console, gap, seen),
        questions=asked[:most],
        count=len(asked),
        results={result["turn_id"]: result for result in kept.result["results"]} if kept else {},
        job=job,
        running=bool(job and job.runs(console.now())),
        died=bool(job and job.died(console.now())),
        history=[_told(event, seen.names, titles) for event in history],
        staff=sorted(((m.id, m.name) for m in console.door.staff.everyone() if m.active or m.id == gap.owner), key=lambda pair: pair[1]),
        pages=sorted(((key, title) for key, (title, _) in titles.items()), key=lambda pair: pair[1].casefold()),
        page_title=titles.get(gap.page, (gap.page, ""))[0],
        since_fixed=len({one.conversation_id for one in asked if fixed_at and one.at > fixed_at}),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What rows are made of, read once for all of them."""

    demand: Mapping[str, Demand]
    titles: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]
    reruns: Mapping[str, Job]

    @classmethod
    def of(cls, console: Console) -> "_Seen":
        learning = console.learning
        return cls(learning.demands(), learning.page_titles(), console.door.staff.names(), learning.jobs.last_done(RERUN))


def _row(console: Console, gap: Gap, seen: _Seen) -> GapRow:
    overdue = gap.unfinished and gap.due_on is not None and gap.due_on < console.now().date()
    learning = console.learning
    demand, owner = seen.demand.get(gap.id, Demand()), seen.names.get(gap.owner, gap.owner)
    changed = learning.content_changed(gap, seen.titles)
    return GapRow(gap, learning.title(gap), demand, owner, changed, bool(overdue), _lift(console, seen.reruns.get(gap.id)))


def _lift(console: Console, kept: Job | None) -> str:
    """What the last asking again brought, in a sentence; empty when it was never done."""
    if kept is None:
        return ""
    day = kept.started_at.astimezone(console.guildhall.profile.calendar.zone)
    asked, answered = kept.result["asked"], kept.result["answered"]
    return f"{day.day} {day:%b}: 0 of {asked} → {answered} of {asked} answered (content version {kept.result['version']})"


def _fixes(event: PastEvent) -> bool:
    return event.kind == EventKind.GAP_CHANGED and event.facts.get("changed", {}).get("status", ("", ""))[1] == GapStatus.FIXED


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
