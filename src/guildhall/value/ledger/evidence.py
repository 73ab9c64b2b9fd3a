"""What a reference to evidence leads to, whether that still stands, and which level of evidence it can support."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from guildhall.value.ledger.benefit import NO_BASELINE, BenefitFacts
from guildhall.value.ledger.claims import Account
from guildhall.value.ledger.needs import REFERENCE_FIX, Lack, wrong_reference
from guildhall.vocabulary.benefits import EvidenceLevel, Stage, Standing

NAMED: Final = 3
SHOWN_FROM: Final = frozenset({Stage.MEASURED, Stage.FINANCE_VALIDATED, Stage.BUDGET_TAKEN, Stage.SUSTAINED})
"""Stages that may not be reached while what stands does not carry the level that is claimed."""
HOW: Final[Mapping[str, str]] = {
    "evaluation": "`guildhall value evidence list` has those that were kept, and `guildhall value evaluate --keep` keeps one",
    "document": "`guildhall value evidence list` has those that are known, and `guildhall value evidence add` adds one",
    "figure": "`guildhall value published` lists them",
    "baseline": "`guildhall value baseline list` has them",
    "measure": "`guildhall value measures` lists them",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a reference leads to. `why` says why it does not stand, or is not there; empty while it stands.

    `carries` is the level it can carry by itself. What is measured without a comparison carries E1.
    """

    reference: str
    label: str = ""
    why: str = ""
    carries: EvidenceLevel = EvidenceLevel.E1
    there: bool = True

    @property
    def stands(self) -> bool:
        """Whether it is there and holds."""
        return self.there and not self.why


class Evidence(Protocol):
    """Looks references up."""

    def look(self, references: Iterable[str]) -> Mapping[str, Found]:
        """What each leads to, by the reference."""
        ...


class AnyEvidence:
    """Takes every reference as one that stands and carries anything: for rules that are tried without a store."""

    def look(self, references: Iterable[str]) -> Mapping[str, Found]:
        """Each stands."""
        return {one: Found(one, carries=EvidenceLevel.E4) for one in references}


def missing(reference: str) -> Found:
    """A reference that leads nowhere, with where to look."""
    kind = reference.partition(":")[0]
    how = HOW.get(kind)
    why = f"there is no {kind} “{reference.partition(':')[2]}”: {how}" if how else REFERENCE_FIX
    return Found(reference, why=why, carries=EvidenceLevel.E0, there=False)


def references(facts: BenefitFacts) -> tuple[str, ...]:
    """Everything that a benefit names: its baseline first."""
    return (*((facts.baseline,) if facts.baseline.startswith("baseline:") else ()), *facts.evidence_refs)


def carried(facts: BenefitFacts, found: Mapping[str, Found]) -> EvidenceLevel:
    """The best level that what stands carries: an evaluation's own; E2 where a frozen baseline stands beside something measured later; E1 else."""
    standing = [found[one] for one in facts.evidence_refs if one in found and found[one].stands]
    best = max((one.carries for one in standing), key=lambda level: level.rank, default=EvidenceLevel.E0)
    later = any(one.carries == EvidenceLevel.E1 for one in standing)
    before = facts.baseline not in ("", NO_BASELINE) and found.get(facts.baseline, missing(facts.baseline)).there
    return EvidenceLevel.E2 if later and before and best.rank < EvidenceLevel.E2.rank else best


def new_lacks(was: BenefitFacts | None, now: BenefitFacts, found: Mapping[str, Found]) -> Iterator[Lack]:
    """What is wrong with evidence as somebody writes it: new references that lead nowhere or no longer stand, and a level they cannot carry."""
    before = set(references(was)) if was else set()
    for one in references(now):
        if one not in before:
            field = "baseline" if one == now.baseline else "evidence_refs"
            if wrong_reference(one):
                yield Lack(field, REFERENCE_FIX)
            elif not found[one].stands:
                yield Lack(field, found[one].why)
    touched = was is None or (was.evidence, was.evidence_refs, was.baseline) != (now.evidence, now.evidence_refs, now.baseline)
    if touched and now.evidence_refs and not any(wrong_reference(one) for one in references(now)):
        yield from level_lacks(now, found)


def level_lacks(facts: BenefitFacts, found: Mapping[str, Found]) -> Iterator[Lack]:
    """A level of evidence that what stands does not carry."""
    most = carried(facts, found)
    if facts.evidence.rank <= most.rank:
        return
    fallen = [found[one].why for one in facts.evidence_refs if one in found and not found[one].stands]
    claimed = facts.evidence.value.upper()
    if fallen:
        yield Lack("evidence", f"its evidence no longer stands, so it is not {claimed}: {'; '.join(fallen)}. Name evidence that does")
    elif facts.evidence == EvidenceLevel.E4:
        yield Lack("evidence", "E4 needs a kept evaluation of a trial or of a staggered rollout in a drawn order")
    elif facts.evidence == EvidenceLevel.E3:
        yield Lack("evidence", "E3 needs a kept evaluation as a time series or against a comparator: a before and after is E2")
    elif most == EvidenceLevel.E0:
        yield Lack(
            "evidence", f"nothing that it rests on shows a change, so it is not {claimed}: an evaluation that found none carries none"
        )
    else:
        yield Lack("evidence", f"{claimed} needs a frozen baseline beside what was measured, or a kept evaluation")


def move_lacks(account: Account, to: Stage, found: Mapping[str, Found]) -> tuple[Lack, ...]:
    """What evidence lacks for a stage."""
    facts = account.benefit.facts
    lacking = []
    if to == Stage.BASELINED and facts.baseline.startswith("baseline:") and not found[facts.baseline].stands:
        lacking.append(Lack("baseline", found[facts.baseline].why))
    if to in SHOWN_FROM and facts.evidence_refs and not any(wrong_reference(one) for one in facts.evidence_refs):
        lacking += level_lacks(facts, found)
    return tuple(lacking)


def fallen(account: Account, found: Mapping[str, Found]) -> tuple[str, ...]:
    """Why the evidence of a benefit and of its standing claims no longer stands, in sentences' ends; nothing while it does.

    What fell is healed by naming other evidence that carries the level; a claim has one piece of evidence, and is taken back.
    """
    facts = account.benefit.facts
    said = [lack.text for lack in level_lacks(facts, found)] if facts.evidence_refs else []
    for claim in account.standing_claims:
        one = found.get(claim.evidence_ref) or missing(claim.evidence_ref)
        if not one.stands:
            said.append(f"claim {claim.id}: {one.why}")
    return tuple(said)


def fallen_said(accounts: Iterable[Account], found: Mapping[str, Found]) -> str:
    """The benefits whose evidence no longer stands, in a sentence for whoever reads one page; '' where there is none."""
    titles = [
        f"“{account.benefit.facts.title}”" for account in accounts if account.benefit.standing != Standing.GONE and fallen(account, found)
    ]
    if not titles:
        return ""
    more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    what = "One benefit in the ledger rests" if len(titles) == 1 else f"{len(titles)} benefits in the ledger rest"
    return f"{what} on evidence that no longer stands: {', '.join(titles[:NAMED])}{more}. They need new evidence before anybody repeats those amounts."


def everything_named(accounts: Iterable[Account]) -> set[str]:
    """Every reference in these accounts."""
    return {one for account in accounts for one in (*references(account.benefit.facts), *(claim.evidence_ref for claim in account.claims))}
