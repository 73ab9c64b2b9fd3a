"""The board's console, wired: everything its pages read, beside the house itself."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from guildhall.bootstrap.fairness import Fairness
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.paper_desk import PaperDesk
from guildhall.bootstrap.staff import StaffDoor, open_staff_door
from guildhall.bootstrap.understanding_weights import card, load_weights
from guildhall.storage.fairness import EnrolledBoard, FairnessStore
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

    def now(self) -> datetime:
        """The time."""
        return self.guildhall.house.clock()


def open_console(guildhall: Guildhall) -> Console:
    """The console of a house. Raises ConfigurationError for settings of the identity provider that cannot be."""
    database, profile = guildhall.database, guildhall.profile

    def desk_open(queue: str, at: datetime) -> bool:
        found = profile.handoffs.queues.get(queue)
        return found is not None and profile.calendar.is_open(found.hours, at)

    door = open_staff_door(guildhall.settings, database, guildhall.record, guildhall.house.clock, guildhall.house.new_id)
    return Console(
        guildhall=guildhall,
        door=door,
        turns=TurnReader(database, profile.slug),
        trail=TrailReader(database),
        waits=WaitReader(database, desk_open),
        misses=MissStore(database),
        fairness=_fairness(guildhall),
        papers=PaperDesk(guildhall),
    )


def _fairness(guildhall: Guildhall) -> Fairness:
    """The fairness probes' results, over the house's own stores."""
    database, slug = guildhall.database, guildhall.profile.slug
    store, board = FairnessStore(database, slug, new_id), EnrolledBoard(database, slug)
    return Fairness(guildhall.settings, slug, database, store, guildhall.record, board, guildhall.house.clock)
