"""A council as the house sees it: every slice, checked and ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from guildhall.answers.supervision import SupervisionFile
from guildhall.answers.wording import Wordings
from guildhall.councils.config import CouncilFile, SignpostEntry
from guildhall.councils.phone_config import PhoneFile
from guildhall.handoffs.config import HandoffsFile
from guildhall.handoffs.desk_file import DeskFile
from guildhall.handoffs.hours import Calendar
from guildhall.handoffs.next_steps import NextStepsFile
from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.places import Places
from guildhall.policy.packs import Pack
from guildhall.records.retention import RetentionFile
from guildhall.safeguarding.config import SafeguardingFile
from guildhall.understanding.elsewhere import ElsewhereIndex
from guildhall.value.measures.book import MeasureBook
from guildhall.value.trials.plan import TrialPlan
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import Service


@dataclass(frozen=True)
class CouncilProfile:
    """Everything the council's folder and the baseline say, loaded and checked together."""

    council: CouncilFile
    services: Mapping[ServiceKey, Service]
    wordings: Wordings
    signposts: Mapping[str, SignpostEntry]
    elsewhere: ElsewhereIndex
    pack: Pack
    handoffs: HandoffsFile
    calendar: Calendar
    places: Places
    lexicon: Lexicon
    retention: RetentionFile
    next_steps: NextStepsFile
    desk: DeskFile = field(default_factory=DeskFile)
    safeguarding: SafeguardingFile = field(default_factory=SafeguardingFile)
    supervision: SupervisionFile = SupervisionFile()
    phone: PhoneFile = field(default_factory=PhoneFile)
    value: MeasureBook = field(default_factory=MeasureBook)
    trials: Mapping[str, TrialPlan] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The council's folder name."""
        return self.council.slug

    @property
    def reached_by(self) -> str:
        """The council's number, for sentences that say to phone it; its name while no number is set, so that they still read well."""
        return self.council.contact.phone or self.council.name

    def may_ring(self, number: str) -> bool:
        """Whether a number is one of the phone's lines: no other is ever dialled. A council without lines has no phone that could."""
        return not self.phone.lines or self.phone.dialable(number) is not None

    def queue_is_open(self, queue: str, at: datetime) -> bool:
        """Whether a queue is in its opening hours; one that the council does not have never is."""
        found = self.handoffs.queues.get(queue)
        return found is not None and self.calendar.is_open(found.hours, at)

    def queue_for(self, service: ServiceKey | None) -> str:
        """The queue that takes a service."""
        return self.handoffs.services.get(service or "", self.handoffs.default_queue)
