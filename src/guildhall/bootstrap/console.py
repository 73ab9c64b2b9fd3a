"""The board's console, wired: everything its pages read, beside the house itself."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from guildhall.bootstrap.auditing import audits_of
from guildhall.bootstrap.baselines import Baselines, open_baselines
from guildhall.bootstrap.checking_record import Checked, check_record
from guildhall.bootstrap.fairness import Fairness, fairness_over
from guildhall.bootstrap.figure_desk import FigureDesk, open_figure_desk
from guildhall.bootstrap.figure_work import FigureWork
from guildhall.bootstrap.governance import office_over
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.learning import Learning, open_learning
from guildhall.bootstrap.ledger import Ledger, ledger_of
from guildhall.bootstrap.long_work import LongWork
from guildhall.bootstrap.opportunities import Opportunities, open_opportunities
from guildhall.bootstrap.opportunities_ledger import OpensLedgerRows
from guildhall.bootstrap.paper_desk import PaperDesk
from guildhall.bootstrap.record_log import log_signer, named_witnesses
from guildhall.bootstrap.staff import StaffDoor, open_staff_door
from guildhall.bootstrap.understanding_weights import card, load_weights
from guildhall.bootstrap.value_pages import ValuePages
from guildhall.bootstrap.value_taking import open_value_pages
from guildhall.governance.office import Office
from guildhall.governance.packs import UnreadablePackError
from guildhall.policy.packs import Pack
from guildhall.records.checkpoints import OPERATOR, VerifierKey
from guildhall.storage.auditing import AuditStore
from guildhall.storage.checkpoints import CheckpointStore
from guildhall.storage.learning_jobs import JobStore
from guildhall.storage.misses import MissStore
from guildhall.storage.trail import TrailReader
from guildhall.storage.turns import TurnReader
from guildhall.storage.waits import WaitReader
from guildhall.understanding.cards import DetectorCard, read_card
from guildhall.understanding.heads import HEADS

CARDS = ("signals-en", "signals-nine")


@dataclass(frozen=True)
class Console:
    """One council's console."""

    guildhall: Guildhall
    door: StaffDoor
    turns: TurnReader
    trail: TrailReader
    waits: WaitReader
    misses: MissStore
    fairness: Fairness
    papers: PaperDesk
    office: Office
    checkpoints: CheckpointStore
    learning: Learning
    opportunities: Opportunities

    @property
    def rules(self) -> Pack:
        """The rules in force now: the board's, or the folder's while nobody is on the board."""
        found = self.office.store.in_force()
        if found is None:
            return self.guildhall.profile.pack
        try:
            return self.office.packs.get(found.active)
        except UnreadablePackError:  # the turn puts the last good pack in force within a second, and the record says so
            return self.guildhall.profile.pack

    @cached_property
    def baselines(self) -> Baselines:
        """What measures were before a change, and what is asked of that."""
        return open_baselines(self.guildhall)

    @cached_property
    def log_key(self) -> VerifierKey:
        """The public key that signs the record's checkpoints."""
        return log_signer(self.guildhall.settings).key(OPERATOR)

    @cached_property
    def witnesses(self) -> tuple[tuple[str, VerifierKey], ...]:
        """Addresses and keys of the witnesses. Raises ConfigurationError."""
        return tuple(named_witnesses(self.guildhall.settings))

    def check_record(self) -> Checked:
        """Check the record in place."""
        return check_record(self.guildhall.database, self.checkpoints, self.log_key, [key for _, key in self.witnesses])

    @cached_property
    def cards(self) -> tuple[DetectorCard, ...]:
        """The detectors' cards, with the thresholds that are loaded."""
        baseline = self.guildhall.settings.councils_dir / "_baseline"
        weights = load_weights(baseline)
        thresholds = {
            language.value: {head: round(float(at), 2) for head, at in zip(HEADS, model.thresholds, strict=True)}
            for language, model in weights.signals.items()
        }
        return tuple(read_card(name, card(baseline, name), thresholds) for name in CARDS)

    @cached_property
    def value_pages(self) -> ValuePages:
        """The figures of the pages of value, opened when the first of them is asked for."""
        return open_value_pages(self.guildhall)

    @cached_property
    def figures(self) -> FigureDesk:
        """Measures and published figures, opened when they are first asked for."""
        return open_figure_desk(self.guildhall)

    @cached_property
    def figure_work(self) -> FigureWork:
        """The long work on published figures."""
        jobs = JobStore(self.guildhall.database, self.guildhall.profile.slug, self.guildhall.house.new_id)
        return FigureWork(self.figures, LongWork(jobs, self.figures.clock, self.guildhall.house.stopwatch))

    @cached_property
    def ledger(self) -> Ledger:
        """The benefits ledger."""
        return ledger_of(self.guildhall)

    @cached_property
    def audits(self) -> AuditStore:
        """The audited samples."""
        return audits_of(self.guildhall)

    def now(self) -> datetime:
        """The time."""
        return self.guildhall.house.clock()


def open_console(guildhall: Guildhall) -> Console:
    """The console of a house. Raises ConfigurationError for settings of the identity provider that cannot be."""
    database, profile = guildhall.database, guildhall.profile

    door = open_staff_door(guildhall.settings, database, guildhall.record, guildhall.house.clock, guildhall.house.new_id)
    house = guildhall.house
    probes = fairness_over(guildhall.settings, profile.slug, database, guildhall.record, house.clock)
    return Console(
        guildhall=guildhall,
        door=door,
        turns=TurnReader(database, profile.slug),
        trail=TrailReader(database),
        waits=WaitReader(database, profile.queue_is_open),
        misses=MissStore(database),
        fairness=probes,
        papers=PaperDesk(guildhall),
        office=office_over(
            guildhall.settings,
            profile.slug,
            database,
            guildhall.record.keys,
            lambda: house.understanding,
            probes.objections,
            house.clock,
        ),
        checkpoints=CheckpointStore(database, house.clock),
        learning=open_learning(guildhall),
        opportunities=open_opportunities(guildhall, OpensLedgerRows(ledger_of(guildhall).store)),
    )
