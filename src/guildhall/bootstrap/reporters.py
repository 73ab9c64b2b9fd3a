"""What the parts of the system say of themselves in the assurance papers: one small function a part, each fact with its source.

A figure of a moment is dated, so that it is no drift when it moves. What is written in files stands undated, so that it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind, on_day
from guildhall.bootstrap.evidence import Evidence
from guildhall.bootstrap.identifiers import new_id, new_reference
from guildhall.councils.profile import CouncilProfile
from guildhall.records.clocks import clocks_of
from guildhall.records.retention import HOW
from guildhall.settings import Settings
from guildhall.storage.checkpoints import CheckpointStore
from guildhall.storage.database import Database
from guildhall.storage.fairness import FairnessStore
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.holds import HoldStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import Record
from guildhall.storage.rights_requests import RightsStore
from guildhall.storage.switches import SwitchStore
from guildhall.storage.trail import PastEvent, TrailReader
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.governance import HOW_LABELS, PHASE_LABELS
from guildhall.vocabulary.rights import RIGHTS_LABELS

REDTEAM: Final = "evals/redteam/results.json"
LATELY: Final = 5
LOOKED_BACK: Final = 100


@dataclass(frozen=True)
class Reporting:
    """What a part needs to say how it stands."""

    settings: Settings
    profile: CouncilProfile
    moment: datetime
    database: Database
    keys: KeyRing

    def fact(self, value: Any, *sources: Source) -> Fact:
        """A figure of this moment."""
        return Fact(value, sources[0], sources[1:], taken_at=self.moment)

    def last(self, kind: EventKind) -> PastEvent | None:
        """The newest event of a kind that is about this council, or about the whole deployment."""
        events = TrailReader(self.database).of_council(kind.value, None, LOOKED_BACK)
        return next((event for event in events if event.facts.get("council", self.profile.slug) == self.profile.slug), None)

    def day(self, at: datetime) -> str:
        """A day as the council's calendar has it."""
        return on_day(at.astimezone(self.profile.calendar.zone).date())


def reported(asked: Reporting) -> dict[str, Known]:
    """Everything that the parts with a memory say."""
    return {name: known for report in REPORTERS for name, known in report(asked).items()}


def reported_by_files(profile: CouncilProfile, folder: str, evidence: Evidence) -> dict[str, Known]:
    """What stands in files, with or without a database: the schedules of retention, and how the last red-team run ended."""
    own = Source(SourceKind.FILE, f"{folder}/retention.yaml")
    source = own if evidence.resolves(own) else Source(SourceKind.FILE, "councils/_baseline/retention.yaml")
    lines = [
        f"{HOW[each.covers][2]}: {each.days} days from {each.trigger.replace('_', ' ')}, then {each.action.value}; "
        + (f"adopted by {each.adopted.by} on {on_day(each.adopted.on)}" if each.adopted else "an example, not yet adopted")
        for each in profile.retention.schedules.values()
    ]
    found: dict[str, Known] = {"retention.schedules": Fact(lines, source)}
    ran = evidence.value(f"{REDTEAM}#attacks")
    if ran:
        found["redteam.result"] = Fact(_redteam(evidence), Source(SourceKind.FILE, REDTEAM))
    return found


def _redteam(evidence: Evidence) -> str:
    def of(key: str) -> Any:
        return evidence.value(f"{REDTEAM}#{key}")

    harms = {harm: count for harm, count in (of("harms") or {}).items() if count}
    broke = ", ".join(f"{harm} {count}" for harm, count in harms.items())
    through = f"{sum(harms.values())} did harm ({broke})" if harms else "none did harm"
    text = f"{of('attacks'):,} attacks in {of('conversations'):,} conversations: {through}"
    return f"{text}; {of('refused_share') or 0:.1%} of {of('lookalikes'):,} harmless look-alikes were refused"


def _log(asked: Reporting) -> dict[str, Known]:
    store = CheckpointStore(asked.database, lambda: asked.moment)
    last = store.latest()
    if last is None:
        return {"log.verified": Missing("No checkpoint was signed yet: does the record verify?", "whoever runs `guildhall log checkpoint`")}
    said = [
        (
            f"The record {'leads' if store.fits(last) else 'does NOT lead'} to its last checkpoint, "
            f"signed on {asked.day(last.at)} over {last.size:,} records"
        )
    ]
    for witness in store.witnesses():
        name = witness.witness.partition("+")[0]
        said.append(
            f"the witness {name} cosigned {witness.size:,} of them" + (f", and failed since: {witness.problem}" * bool(witness.failures))
        )
    said += [] if store.witnesses() else ["no witness cosigned it"]
    compared = asked.last(EventKind.RECORD_RECONCILED)
    if compared:
        amiss = sum(compared.facts.get("findings", {}).values())
        said.append(
            f"it was last compared with what else is stored on {asked.day(compared.at)}: {_count(amiss, 'thing', 'things')} did not fit"
        )
    sources = (Source(SourceKind.COMMAND, "log reconcile"), Source(SourceKind.EVENT, EventKind.CHECKPOINT_SIGNED.value))
    return {"log.verified": asked.fact("; ".join(said), *sources)}


def _switches(asked: Reporting) -> dict[str, Known]:
    store = SwitchStore(asked.database, asked.profile.slug, lambda _kind: (), new_id, lambda: asked.moment)
    off = [f"{each.kind.value} {each.target}, off since {asked.day(each.at)} by {each.by}: {each.reason}" for each in store.off().off]
    facts: dict[str, Known] = {"switches.off": asked.fact(off or "Everything is on", Source(SourceKind.COMMAND, "switch list"))}
    drilled = asked.last(EventKind.SWITCH_DRILLED)
    if drilled is None:
        who = "whoever runs `guildhall switch drill`"
        return facts | {"switches.drilled": Missing("No kill switch was drilled here yet: how fast does one take effect?", who)}
    told, sources = drilled.facts, (Source(SourceKind.COMMAND, "switch drill"), Source(SourceKind.EVENT, EventKind.SWITCH_DRILLED.value))
    seconds = told.get("off_seconds")
    took = f"off after {seconds:.2f} seconds" if seconds is not None else "it did not take effect in time"
    text = f"{told['kind']} {told['target']} on {asked.day(drilled.at)}: {took}, {told['bound_seconds']:.0f} are promised; "
    return facts | {"switches.drilled": asked.fact(text + ("passed" if told["passed"] else "FAILED"), *sources)}


def _fairness(asked: Reporting) -> dict[str, Known]:
    run = FairnessStore(asked.database, asked.profile.slug, new_id).last_run()
    if run is None:
        who = "whoever runs `guildhall fairness run`"
        return {"fairness.worst": Missing("The fairness probes were never run here: is anybody served worse for how they speak?", who)}
    # Read here and not above: it brings in the statistics, which a turn never needs.
    from guildhall.evaluation.fairness import MEASURE_LABELS, breaches, comparison_from_json

    found = comparison_from_json(run.found)
    worst, breached = found.worst, breaches(found)
    text = (
        f"Last run on {asked.day(run.at)}, {found.probes:,} probes in {found.pairs:,} pairs: {_count(len(breached), 'breach', 'breaches')}"
    )
    if worst:
        text += f"; the worst is {MEASURE_LABELS[worst.measure].lower()} for {worst.name}, {worst.gap.points:.1f} points worse"
    text += f" ({worst.gap.low:.1f} to {worst.gap.high:.1f})" if worst else ""
    return {"fairness.worst": asked.fact(text, Source(SourceKind.COMMAND, "fairness show"))}


def _rights(asked: Reporting) -> dict[str, Known]:
    record, calendar = Record(asked.database, asked.keys), asked.profile.calendar
    clock = lambda: asked.moment  # noqa: E731
    requests = RightsStore(asked.database, asked.keys, record, asked.profile.slug, clock, new_id, new_reference).all()
    lines = []
    for request in requests:
        clocks = clocks_of(request.kind, request.received_at, request.taken, calendar.zone, calendar.bank_holidays)
        told = "; ".join(each.in_words(asked.moment) for each in clocks)
        lines.append(f"{RIGHTS_LABELS[request.kind][0]}, received {asked.day(request.received_at)}: {told}")
    holds = len(HoldStore(asked.database, record, clock, new_id).all())
    lines = lines or ["No request and no complaint is open"]
    lines.append(f"{_count(holds, 'hold', 'holds')} in force")
    return {"rights.open": asked.fact(lines, Source(SourceKind.COMMAND, "rights list"), Source(SourceKind.COMMAND, "hold list"))}


def _proposals(asked: Reporting) -> dict[str, Known]:
    store = GovernanceStore(asked.database, asked.keys, asked.profile.slug, new_id)
    lines = [
        f"{each.id}: {PHASE_LABELS[each.phase][0].lower()} since {asked.day(each.phase_since)}, proposed by {each.author}, "
        f"signed by {', '.join(signed.name for signed in store.signatures(each.id)) or 'nobody yet'}"
        for each in store.proposals()[:LATELY]
    ]
    activations = store.activations()
    if activations:
        last = activations[-1]
        lines.append(f"In force since {asked.day(last.at)}: pack {last.pack[:12]}, by {HOW_LABELS[last.how][0].lower()}")
    nothing = "No board was founded here, so that no change was proposed and the folder's rules are in force"
    return {"proposals.recent": asked.fact(lines or nothing, Source(SourceKind.COMMAND, "policy show"))}


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"


REPORTERS: Final[tuple[Callable[[Reporting], Mapping[str, Known]], ...]] = (_log, _switches, _fairness, _rights, _proposals)
"""Each part that reports to the papers; each answers names of `LATER`."""
