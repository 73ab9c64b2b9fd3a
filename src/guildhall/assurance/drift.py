"""Where a paper and the running system no longer say the same.

A fact that differs, is gone or is new is drift. A dated figure that moved is not: it is told, and counts for nothing. A paper that
residents read and that is older than its review date is listed too, whether or not anything in it changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from guildhall.assurance.facts import Fact, SourceKind, on_day
from guildhall.assurance.keeping import KeptFact, KeptPaper
from guildhall.assurance.papers import Paper


class DriftKind(StrEnum):
    """How a paper and the system differ."""

    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    OPEN_AGAIN = "open again"
    OLD = "old"
    MOVED = "moved"


DRIFT_LABELS: dict[DriftKind, str] = {
    DriftKind.CHANGED: "The system says something else now.",
    DriftKind.GONE: "The system no longer says this.",
    DriftKind.NEW: "The system says this now, and the paper does not.",
    DriftKind.OPEN_AGAIN: "This was answered when the paper was drafted, and is open now.",
    DriftKind.OLD: "It is past its review date.",
    DriftKind.MOVED: "A dated figure moved, as figures do.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where in the paper, what it says, what the system says now, and where that is written."""

    paper: str
    kind: DriftKind
    key: str
    old: Any
    new: Any
    source: str

    @property
    def counts(self) -> bool:
        """Whether it is drift, and not merely a figure that moved."""
        return self.kind is not DriftKind.MOVED


def differences(then: KeptPaper, now: Paper) -> tuple[Difference, ...]:
    """Every difference, the policy pack's first."""
    facts = now.facts()
    still_open = {key for entry in now.entries() for key, item in entry.known() if not isinstance(item, Fact)}
    found = []
    for key, old in then.facts.items():
        new = facts.get(key)
        if new is None:
            kind = DriftKind.OPEN_AGAIN if key in still_open else DriftKind.GONE
            found.append(Difference(then.title, kind, key, old.value, None, ", ".join(old.sources[:3])))
        elif new.digest != old.digest:
            found.append(_changed(then, key, old, new))
    for key, new in facts.items():
        if key not in then.facts:
            kind = DriftKind.MOVED if new.taken_at else DriftKind.NEW
            found.append(Difference(then.title, kind, key, None, new.value, _where(new)))
    return (*_grown_old(then, now), *_rows_once(found))


def _rows_once(found: Iterable[Difference]) -> Iterator[Difference]:
    """A row of a table that came or went is one difference, told by its first cell."""
    told: set[tuple[str, DriftKind]] = set()
    for item in found:
        row = (item.key.rpartition("/")[0], item.kind)
        whole = item.key.count("/") >= 2 and item.kind in (DriftKind.NEW, DriftKind.GONE)
        if not (whole and row in told):
            yield item
        told.add(row)


def _changed(then: KeptPaper, key: str, old: KeptFact, new: Fact) -> Difference:
    kind = DriftKind.MOVED if old.taken_at and new.taken_at else DriftKind.CHANGED
    return Difference(then.title, kind, key, old.value, new.value, _where(new))


def _grown_old(then: KeptPaper, now: Paper) -> Iterator[Difference]:
    """The paper past its review date, and answers that people gave longer ago than that, each answer once."""
    days = (now.drafted_at - then.drafted_at).days
    if days > then.review_days:
        due = f"{days} days old; {'residents read it, and ' if then.public else ''}it is to be reviewed every {then.review_days} days"
        form = f"file:councils/_baseline/assurance/forms/{then.kind.value}.yaml"
        yield Difference(then.title, DriftKind.OLD, "drafted_at", f"drafted {on_day(then.drafted_at)}", due, form)
    told: set[str] = set()
    for key, fact in now.facts().items():
        source = next((str(source) for source in fact.sources if source.kind is SourceKind.ANSWER), "")
        if fact.said_on and source not in told and (now.drafted_at.date() - fact.said_on).days > then.review_days:
            told.add(source)
            due = f"to be said again every {then.review_days} days"
            yield Difference(then.title, DriftKind.OLD, key, f"said on {on_day(fact.said_on)}", due, source)


def _where(fact: Fact) -> str:
    more = len(fact.sources) - 3
    return ", ".join(str(source) for source in fact.sources[:3]) + (f" and {more} more" if more > 0 else "")
