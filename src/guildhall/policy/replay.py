"""Decision replay: past facts judged again by other rules. It reads values and returns values; it has nothing to act with."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from guildhall.policy.domain import Domain
from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack
from guildhall.policy.protections import lost_between
from guildhall.policy.sentences import difference_in_words, facts_in_words
from guildhall.policy.stored import StoredDecision
from guildhall.vocabulary.decisions import Act, Facts

EVERY: Final = 1_000
"""How many decisions are judged between two reports of progress."""
A_SORT: Final = 3
"""How many decisions of one sort are sampled at most."""


class Change(StrEnum):
    """How a past decision would come out now."""

    MISSED = "newly_missed"
    FIRED = "newly_fired"
    CHANGED = "changed_action"


@dataclass(frozen=True, slots=True)
class Replayable:
    """One past decision: the facts as they were judged, and the facts to judge now (the same, unless words were heard again).

    `pack` and `rules` are what was recorded; when given, the old pack must reproduce the rules from the facts.
    """

    turn_id: str
    was: Facts
    now: Facts
    pack: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampled:
    """A difference to read: which turn, what was done and what would be done now."""

    turn_id: str
    change: Change
    subject: str
    language: str
    sentence: str
    less_protective: bool


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What other rules would have changed. `counts` is by change, then subject (a category of evidence, or a rule), then language."""

    before: str
    after: str
    decisions: int
    cannot_be_replayed: int
    """Decisions recorded without the facts that a replay needs."""
    not_reproduced: int
    """Decisions that the old pack made and does not make again from their facts; more than none means that record or code is wrong."""
    less_protective: int
    """Decisions that would now do less for somebody, all rules taken together."""
    counts: dict[Change, dict[str, dict[str, int]]]
    sample: tuple[Sampled, ...]

    def total(self, change: Change) -> int:
        """How many differences of one sort, all subjects and languages together."""
        return sum(n for languages in self.counts.get(change, {}).values() for n in languages.values())

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON, the same for the same replay, fit to be hashed and signed."""
        counts = {
            change.value: {subject: dict(sorted(languages.items())) for subject, languages in sorted(self.counts[change].items())}
            for change in Change
            if change in self.counts
        }
        return {
            "before": self.before,
            "after": self.after,
            "decisions": self.decisions,
            "cannot_be_replayed": self.cannot_be_replayed,
            "not_reproduced": self.not_reproduced,
            "less_protective": self.less_protective,
            "counts": counts,
            "sample": [
                {
                    "turn": item.turn_id,
                    "change": item.change.value,
                    "subject": item.subject,
                    "language": item.language,
                    "sentence": item.sentence,
                    "less_protective": item.less_protective,
                }
                for item in self.sample
            ],
        }


def replayable(decisions: Iterable[StoredDecision]) -> Iterator[Replayable | None]:
    """Stored decisions as they are replayed from facts alone; None for one that was recorded without facts."""
    for stored in decisions:
        if stored.facts is None:
            yield None
        else:  # what other packs said beside it is in the recorded rules too, so only a pack that judged alone can be held to them
            alone = "" if stored.beside else stored.pack
            yield Replayable(stored.turn_id, stored.facts, stored.facts, alone, stored.rules)


def replay(past: Iterable[Replayable | None], before: Pack, after: Pack, sample: int = 50) -> Generator[int, None, ReplayReport]:
    """Judge each past decision by both packs. Yields how many are done, now and then; returns the report."""
    judge = _Judge(before, after)
    tally = _Tally()
    for number, item in enumerate(past, start=1):
        if item is None:
            tally.cannot += 1
        else:
            tally.add(item, judge.outcome(item), reproduced_by=before.id)
        if number % EVERY == 0:
            yield number
    return ReplayReport(
        before.id, after.id, tally.decisions, tally.cannot, tally.not_reproduced, tally.less, tally.counts, tally.sample(sample)
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What both packs make of one cell."""

    rules: tuple[str, ...]
    changes: tuple[tuple[Change, str], ...]
    sentence: str
    less: bool


class _Judge:
    """Judges each cell once: the packs cannot tell its members apart."""

    def __init__(self, before: Pack, after: Pack) -> None:
        self._before, self._after = before, after
        self._domain = Domain.of((before, after))
        self._known: dict[Any, _Outcome] = {}

    def outcome(self, item: Replayable) -> _Outcome:
        """What both packs make of a past decision."""
        cell = self._domain.cell(item.was)
        key = cell if item.now is item.was else (cell, self._domain.cell(item.now))
        outcome = self._known.get(key)
        if outcome is None:
            outcome = self._known[key] = self._judged(item)
        return outcome

    def _judged(self, item: Replayable) -> _Outcome:
        was, now = decide(item.was, self._before).acts, decide(item.now, self._after).acts
        rules = tuple(f"{act.rule.id}@{act.rule.version}#{act.rule.case}" for act in was)
        changes = tuple(_changes(was, now))
        lost = lost_between(was, now)
        if not changes and not lost:
            return _Outcome(rules, (), "", less=False)
        said = facts_in_words(item.was, strengths=False)
        return _Outcome(rules, changes, difference_in_words(said, was, now, lost, lost_between(now, was)), less=bool(lost))


def _changes(was: tuple[Act, ...], now: tuple[Act, ...]) -> Iterator[tuple[Change, str]]:
    """How each subject's treatment changed."""
    old, new = _by_subject(was), _by_subject(now)
    for subject in dict.fromkeys((*old, *new)):
        if subject not in new:
            yield Change.MISSED, subject
        elif subject not in old:
            yield Change.FIRED, subject
        elif old[subject] != new[subject]:
            yield Change.CHANGED, subject


def _by_subject(acts: tuple[Act, ...]) -> dict[str, set[tuple[Any, ...]]]:
    """What is done about each category of evidence; an act that rests on none goes by its rule."""
    found: dict[str, set[tuple[Any, ...]]] = {}
    for act in acts:
        done = (act.effect, act.wording, act.signposts, act.queue, act.answer, act.sensitive, act.keep_from)
        found.setdefault(act.category or act.rule.id, set()).add(done)
    return found


@dataclass
class _Tally:
    """The counts of one replay."""

    decisions: int = 0
    cannot: int = 0
    not_reproduced: int = 0
    less: int = 0
    counts: dict[Change, dict[str, dict[str, int]]] = field(default_factory=dict)
    kept: dict[tuple[Change, str, str], list[Sampled]] = field(default_factory=dict)

    def add(self, item: Replayable, outcome: _Outcome, reproduced_by: str) -> None:
        """Count one decision."""
        self.decisions += 1
        if item.pack == reproduced_by and item.rules != outcome.rules:
            self.not_reproduced += 1
        self.less += outcome.less
        for change, subject in outcome.changes:
            language = item.was.language
            by_language = self.counts.setdefault(change, {}).setdefault(subject, {})
            by_language[language] = by_language.get(language, 0) + 1
            sort = self.kept.setdefault((change, subject, language), [])
            if len(sort) < A_SORT:
                sort.append(Sampled(item.turn_id, change, subject, language, outcome.sentence, outcome.less))

    def sample(self, size: int) -> tuple[Sampled, ...]:
        """A few of every sort: what protects less first, then one of each sort before a second."""
        ranked = [
            (not sampled.less_protective, rank, number, sampled)
            for number, sort in enumerate(self.kept.values())
            for rank, sampled in enumerate(sort)
        ]
        return tuple(sampled for *_, sampled in sorted(ranked, key=lambda item: item[:3])[:size])
