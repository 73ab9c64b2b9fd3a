"""The plan of a trial, and a check that its measure can decide it.

A measure can decide a trial if everybody can be counted in the way that chance gave them (intention to treat).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.formula import Share
from guildhall.value.measures.mistakes import DefinitionError, listed
from guildhall.value.trials.config import TrialEntry, TrialsFile
from guildhall.vocabulary.trials import NewWay

KNOWN_BEFORE: Final = ("channel", "hour", "weekday", "simulated")
"""Columns of a contact that are settled before chance decides, so that a condition on them leaves the two ways alike."""


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """One trial of `trials.yaml`. `share` is of the new way; `worth_seeing` and `expected` are shares of contacts; `digest` is of all of it."""

    id: str
    question: str
    new_way: NewWay
    since: date
    until: date
    share: float
    measure: str
    expected: float
    worth_seeing: float
    contacts: int
    owner: str
    digest: str

    def runs_on(self, day: date) -> bool:
        """Whether a day lies within its dates."""
        return self.since <= day <= self.until


def plans_of(file: TrialsFile, book: MeasureBook) -> Mapping[str, TrialPlan]:
    """Every trial, checked against the measures. Raises DefinitionError with the keys of what is wrong."""
    return {key: _plan(key, entry, book) for key, entry in file.trials.items()}


def _plan(key: str, entry: TrialEntry, book: MeasureBook) -> TrialPlan:
    _check_measure(key, entry.measure, book)
    written = f"{key}\0{entry.model_dump_json()}\0{book.definition_hash(entry.measure)}"
    return TrialPlan(
        key, entry.question, entry.new_way, entry.since, entry.until, entry.share, entry.measure, entry.expected, entry.worth_seeing,
        entry.contacts, entry.owner, hashlib.sha256(written.encode()).hexdigest(),
    )  # fmt: skip


def _check_measure(key: str, name: str, book: MeasureBook) -> None:
    where = ("trials", key, "measure")
    if name not in book.measures:
        shares = [one for one, measure in book.measures.items() if _decides(measure.tree, book)]
        raise DefinitionError(f"there is no measure `{name}`.", f"The shares of contacts are {listed(shares, 20)}.", where)
    measure = book.measures[name]
    if not _decides(measure.tree, book):
        raise DefinitionError(f"`{name}` is no share of contacts, so two ways cannot be compared by it.", "Name a measure such as share(verified of everyone).", where)  # fmt: skip
    assert isinstance(measure.tree, Share)
    narrowed = [*book.counts[measure.tree.whole].conditions, *(one for each in measure.exclusions for one in each.conditions)]
    later = sorted({condition.column for condition in narrowed} - set(KNOWN_BEFORE))
    if later:
        what = f"`{name}` leaves out contacts by {listed(later)}, which the way a contact goes may change; those who were assigned would not all be counted."
        raise DefinitionError(what, f"Name a share of all contacts, or of those told apart by {listed(KNOWN_BEFORE)}.", where)


def _decides(tree: object, book: MeasureBook) -> bool:
    return isinstance(tree, Share) and tree.whole in book.counts and book.counts[tree.whole].view == "contacts"
