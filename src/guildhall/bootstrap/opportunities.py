"""What next, wired: the register, proposals from notes, near-duplicates, scores, the portfolio as long work, and the way into the ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from guildhall.bootstrap.answers import open_model
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.knowledge import open_embedder
from guildhall.bootstrap.long_work import LongWork, Progress
from guildhall.opportunities.choosing import Asked, for_money, judge, run
from guildhall.opportunities.duplicates import Pair, near_duplicates, words_of
from guildhall.opportunities.gates import Barred
from guildhall.opportunities.model_extractor import ModelExtractor
from guildhall.opportunities.objective import Judged
from guildhall.opportunities.ports import Extracts, OpensBenefit, TurnsToVectors
from guildhall.opportunities.proposing import EmbeddedExtractor, Proposal, propose
from guildhall.opportunities.register import Details, Opportunity, Quote, Status
from guildhall.opportunities.workshops import Workshop
from guildhall.storage.learning_jobs import Job, JobStore
from guildhall.storage.opportunities import OpportunityStore
from guildhall.storage.opportunity_merging import MergingStore
from guildhall.storage.opportunity_scoring import ScoreStore
from guildhall.storage.portfolio_runs import PortfolioStore
from guildhall.vocabulary.benefits import EvidenceLevel
from guildhall.vocabulary.errors import ProviderError, RefusedError
from guildhall.vocabulary.staff import StaffMember

PORTFOLIO: Final = "portfolio"
SURE: Final = 0.6
"""How sure the understanding has to be of a service before a proposal names it."""


class UnderstoodService:
    """Names the service that the house's own understanding finds in words, where it is sure."""

    def __init__(self, guildhall: Guildhall) -> None:
        self._guildhall = guildhall

    def service_of(self, text: str) -> str:
        """The key of a service, or ''."""
        try:
            questions = self._guildhall.house.understanding.understand(text[:600], "en", ()).questions
        except ProviderError:
            return ""
        matches = [match for question in questions for match in question.services[:1]]
        best = max(matches, key=lambda match: match.confidence, default=None)
        return str(best.key) if best is not None and best.confidence >= SURE else ""


@dataclass(frozen=True)
class Opportunities:
    """One council's register, over a house that is open."""

    guildhall: Guildhall
    register: OpportunityStore
    merging: MergingStore
    scores: ScoreStore
    runs: PortfolioStore
    jobs: JobStore
    ledger: OpensBenefit | None = None

    @property
    def haircut_percent(self) -> int:
        """What the council takes off an estimate that nothing has shown yet (evidence E0), in percent."""
        return self.guildhall.profile.value.haircuts[EvidenceLevel.E0]

    @property
    def clock(self) -> Callable[[], datetime]:
        """The house's clock."""
        return self.guildhall.house.clock

    @cached_property
    def embedder(self) -> TurnsToVectors:
        """The house's embedder; opened when first asked for."""
        return open_embedder(self.guildhall.settings)

    @cached_property
    def services(self) -> UnderstoodService:
        """Who names services."""
        return UnderstoodService(self.guildhall)

    def record(self, workshop: Workshop, by: str) -> Workshop:
        """Keep a workshop. Personal data in its notes are masked before they are stored."""
        masked = self.guildhall.house.understanding.redact(workshop.notes).text
        return self.register.record_workshop(replace(workshop, notes=masked), by, self.clock())

    def proposals(self, workshop: Workshop) -> tuple[tuple[Proposal, ...], bool]:
        """What a workshop's notes may hold and is not kept yet, and whether a configured model failed to help."""
        extractors: list[Extracts] = [EmbeddedExtractor(self.services)]
        failed = False
        model = open_model(self.guildhall.settings)
        if model is not None:
            try:
                extractors.insert(0, _Found(ModelExtractor(model, self.services).extract(workshop.notes)))
            except ProviderError:
                failed = True
        return propose(workshop.notes, extractors), failed

    def propose(self, workshop_id: str, by: str) -> tuple[tuple[str, ...], bool]:
        """Put the proposals of a workshop before people; the new ids. Those whose quotes are all in the register already are left out."""
        workshop = self.register.workshop(workshop_id)
        known = {quote.text for each in self.register.everything() for quote in each.quotes if quote.workshop == workshop_id}
        found, failed = self.proposals(workshop)
        new = [proposal for proposal in found if not {text for _, text in proposal.quotes} <= known]
        made = [
            (
                Details(each.title, each.problem, each.service or workshop.service, workshop.directorate, volume_pa=each.volume_pa, minutes_each=each.minutes_each),
                [Quote(workshop_id, role, text) for role, text in each.quotes],
            )
            for each in new
        ]  # fmt: skip
        return self.register.add(made, by, self.clock()), failed

    def pairs(self) -> tuple[Pair, ...]:
        """Near-duplicates for people to look at."""
        everything = [each for each in self.register.everything() if each.status in (Status.PROPOSED, Status.ACCEPTED)]
        if len(everything) < 2:
            return ()
        return near_duplicates(everything, self.embedder.embed([words_of(each) for each in everything]), self.merging.told_apart())

    def candidates(self) -> tuple[tuple[Judged, ...], dict[str, tuple[Barred, ...]]]:
        """Who may be chosen now, and why each other may not."""
        live = [each for each in self.register.everything() if each.status not in (Status.MERGED, Status.REFUSED)]
        return judge(live, self.scores.heads(), self.register.gates())

    def choose(self, name: str, asked: Asked, by: str, progress: Progress) -> str:
        """Run the portfolio and keep what came of it; the run's id. Raises RefusedError when nothing may be chosen."""
        judged, out = self.candidates()
        if not judged:
            raise RefusedError("nothing may be chosen yet: accept opportunities, say what would meet them, and score them.")
        judged, out = for_money(judged, out, asked.money, self.titles())
        if not judged:
            raise RefusedError("nothing may be chosen in pounds yet: give opportunities their figures, or keep those without for nothing.")
        found = run(judged, asked, progress)
        barred = {opportunity: [reason.text for reason in reasons] for opportunity, reasons in out.items()}
        return self.runs.keep(name, asked, judged, found, barred, by, self.clock())

    def begin(self, name: str, asked: Asked, by: str) -> Job:
        """Choose in a thread of its own, unless a run is under way; whoever asks `jobs` sees how far it is."""
        work = LongWork(self.jobs, self.clock, self.guildhall.house.stopwatch)
        return work.begin(PORTFOLIO, self.guildhall.profile.slug, by[:40], lambda progress: {"run": self.choose(name, asked, by, progress)})

    def running(self) -> Job | None:
        """The newest run as work, finished or not."""
        return self.jobs.latest(PORTFOLIO, self.guildhall.profile.slug)

    def make_benefits(self, run_id: str, member: StaffMember) -> tuple[str, ...]:
        """Make a row of the ledger of each chosen opportunity that has none; the new ids. Raises RefusedError where there is no ledger."""
        if self.ledger is None:
            raise RefusedError("the ledger of benefits is not open here.")
        kept, made, titles = self.runs.get(run_id), [], self.titles()
        for opportunity_id in kept.chosen:
            if opportunity_id not in kept.benefits:
                benefit = self.ledger.open_benefit(self.register.get(opportunity_id), run_id, member, titles)
                self.runs.opened_benefit(run_id, opportunity_id, benefit, str(member.id), self.clock())
                made.append(benefit)
        return tuple(made)

    def titles(self) -> Mapping[str, Opportunity]:
        """Every opportunity by its id."""
        return {each.id: each for each in self.register.everything()}


class _Found:
    """Proposals that were found before."""

    def __init__(self, found: Sequence[Proposal]) -> None:
        self._found = tuple(found)

    def extract(self, notes: str) -> tuple[Proposal, ...]:
        """The same."""
        return self._found


def open_opportunities(guildhall: Guildhall, ledger: OpensBenefit | None = None) -> Opportunities:
    """What next, of a house that is open."""
    slug = guildhall.profile.slug
    register = OpportunityStore(guildhall.database, slug, new_id)
    jobs = JobStore(guildhall.database, slug, new_id)
    return Opportunities(guildhall, register, MergingStore(register), ScoreStore(register), PortfolioStore(register), jobs, ledger)
