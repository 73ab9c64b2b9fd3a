"""Wires fairness probing: a run in a record of its own, its result into the council's, and the board's view of it."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildhall.bootstrap.house import open_guildhall
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.evaluation.fairness import Breach, Comparison, Observed, breaches, compare, comparison_from_json, observe
from guildhall.evaluation.fairness_probes import FairnessFile, Probe, pairs_of, read_probes
from guildhall.evaluation.waivers import check_signature, check_terms, unwaived
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.fairness import EnrolledBoard, FairnessStore, StoredRun
from guildhall.storage.migrating import upgrade
from guildhall.storage.record import Record
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.fairness import Waiver
from guildhall.vocabulary.ids import EventId

Say = Callable[[int], None]
SEED = 20261126


@dataclass(frozen=True)
class Fairness:
    """What the commands and the gates need."""

    settings: Settings
    council: str
    database: Database
    store: FairnessStore
    record: Record
    board: EnrolledBoard
    clock: Callable[[], datetime]

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()

    @property
    def probes(self) -> FairnessFile:
        """The probes and the margin in force."""
        return read_probes(self.settings.councils_dir, self.council, self.settings.data_dir / "cache" / "yaml")

    def run(self, total: Say = lambda _n: None, step: Callable[[], None] = lambda: None) -> tuple[str, Comparison]:
        """Ask every probe, keep the result and record that it was done."""
        with tempfile.TemporaryDirectory() as folder:
            apart = Database(f"sqlite:///{folder}/fairness.sqlite3")
            guildhall = open_guildhall(self.settings, self.council, apart)
            probes = self.probes
            pairs, left_out = pairs_of(probes, frozenset(guildhall.profile.services))
            total(len({(probe.situation.id, probe.text) for pair in pairs for probe in (pair.variant, pair.against)}))

            def ask(probe: Probe) -> Observed:
                step()
                return observe(probe, guildhall.house, guildhall.conversations)

            found = compare(pairs, ask, probes.margin_points, SEED, left_out)
            pack = guildhall.profile.pack.id
            guildhall.close()
            apart.close()
        run = self.store.add_run(self.clock(), pack, found.as_json())
        self._note(EventKind.FAIRNESS_PROBED, _facts(run, pack, found))
        return run, found

    def last(self) -> tuple[StoredRun, Comparison] | None:
        """The newest run, judged by the margin in force now."""
        kept = self.store.last_run()
        if kept is None:
            return None
        return kept, comparison_from_json(kept.found | {"margin_points": self.probes.margin_points})

    def blocking(self) -> tuple[Breach, ...]:
        """The breaches of the last run that no standing waiver covers: these block a release. None when nothing was ever run."""
        last = self.last()
        if last is None:
            return ()
        return unwaived(breaches(last[1]), self.waivers(), self.board, self.clock().date())

    def objections(self) -> tuple[str, ...]:
        """Why a change or a release is blocked, a sentence each: breaches without a waiver, and probes that were not run lately."""
        overdue = self.overdue()
        return (*((overdue,) if overdue else ()), *(breach.in_words for breach in self.blocking()))

    def overdue(self) -> str:
        """A sentence when the probes were never run or not lately; empty when they were."""
        last = self.store.last_run()
        if last is None:
            return "The fairness probes have never been run here: run `guildhall fairness run`."
        days = (self.clock() - last.at) // timedelta(days=1)
        if days >= self.probes.overdue_after_days:
            return f"The fairness probes were last run {days} days ago, which is overdue: run `guildhall fairness run`."
        return ""

    def outdated(self, pack: str) -> bool:
        """Whether the last run looked at other rules than these."""
        last = self.store.last_run()
        return last is None or last.pack != pack

    def waivers(self) -> tuple[Waiver, ...]:
        """Every waiver ever signed, newest first."""
        return self.store.waivers()

    def waive(self, waiver: Waiver) -> str:
        """Keep a signed waiver and record it. Raises RefusedError."""
        check_terms(waiver, self.clock().date())
        check_signature(waiver, self.board)
        last = self.last()
        found = breaches(last[1]) if last else ()
        if not any(breach.slice == waiver.slice and breach.measure == waiver.measure for breach in found):
            names = ", ".join(f"{breach.slice} {breach.measure}" for breach in found) or "none"
            raise RefusedError(f"the last run found no breach of {waiver.measure} in {waiver.slice}; its breaches are: {names}")
        kept = self.store.add_waiver(waiver)
        facts = {"waiver": kept, "slice": waiver.slice, "measure": waiver.measure, "points": waiver.points, "by": waiver.by}
        self._note(EventKind.WAIVER_SIGNED, facts | {"minute": waiver.minute, "until": waiver.until.isoformat()})
        return kept

    def _note(self, kind: EventKind, facts: dict[str, object]) -> None:
        self.record.append([Event(EventId(new_id("event")), kind, self.clock(), facts=facts)])


def open_fairness(settings: Settings, council: str = "", database: Database | None = None) -> Fairness:
    """Everything about fairness that needs no models."""
    slug = council or settings.council
    database = database or Database(settings.database)
    upgrade(database)
    return fairness_over(settings, slug, database, Record(database, open_keys(settings, database)), Clock(settings.today))


def fairness_over(settings: Settings, slug: str, database: Database, record: Record, clock: Callable[[], datetime]) -> Fairness:
    """The same over a database that is open."""
    return Fairness(settings, slug, database, FairnessStore(database, slug, new_id), record, EnrolledBoard(database, slug), clock)


def _facts(run: str, pack: str, found: Comparison) -> dict[str, object]:
    worst = found.worst
    told = [{"slice": b.slice, "measure": b.measure, "points": f"{b.points:.2f}"} for b in breaches(found)]
    facts: dict[str, object] = {"run": run, "pack": pack, "pairs": found.pairs, "probes": found.probes, "breaches": told}
    return facts | ({"worst": worst.name, "worst_points": f"{worst.gap.points:.2f}"} if worst else {})
