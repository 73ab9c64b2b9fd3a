"""Claims, reversals of claims, and signatures. These rows are written once and never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from guildhall.value.ledger.benefit import Benefit, BenefitFacts, digest_of
from guildhall.value.ledger.periods import Period, period_of
from guildhall.vocabulary.benefits import CASH_ACT_LABELS, CashAct, Stage
from guildhall.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a benefit's history: it was entered, changed, or moved.

    `facts` is what stood in the row afterwards. `moved` is true for a signed step, a re-test from sustained to sustained among them.
    """

    number: int
    benefit_id: str
    was: Stage | None
    stage: Stage
    by: str
    role: Role
    at: datetime
    why: str
    facts: BenefitFacts
    digest: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Money claimed once: from a budget line, in a period, by an act that has a name."""

    id: str
    benefit_id: str
    budget_code: str
    period: str
    act: CashAct
    act_reference: str
    amount_pence: int
    evidence_ref: str
    by: str
    at: datetime

    @property
    def cash_action(self) -> str:
        """What was done, by kind and the council's own number for it: `post_deleted:P-1047`."""
        return f"{self.act.value}:{self.act_reference}"

    @property
    def when(self) -> Period:
        """Its period."""
        return period_of(self.period)

    @property
    def in_words(self) -> str:
        """The act as people say it."""
        return f"{CASH_ACT_LABELS[self.act][0]}, {self.act_reference}"

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the row."""
        row = {"claim": self.id, "benefit": self.benefit_id, "budget_code": self.budget_code, "period": self.period}
        more = {
            "act": self.cash_action,
            "pence": self.amount_pence,
            "evidence": self.evidence_ref,
            "by": self.by,
            "at": self.at.isoformat(),
        }
        return digest_of(row | more)


@dataclass(frozen=True, slots=True)
class Reversal:
    """A whole claim taken back. If part of it was right, that part is claimed again."""

    id: str
    claim_id: str
    why: str
    by: str
    role: Role
    at: datetime

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the row."""
        return digest_of({"reversal": self.id, "claim": self.claim_id, "why": self.why, "by": self.by, "at": self.at.isoformat()})


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed what, as what, and when. `digest` is of the row as it stood."""

    id: str
    benefit_id: str
    about: Literal["entry", "claim", "reversal"]
    about_id: str
    digest: str
    by: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Everything the ledger holds of one benefit, each kind in the order it was written."""

    benefit: Benefit
    entries: tuple[Entry, ...] = ()
    claims: tuple[Claim, ...] = ()
    reversals: tuple[Reversal, ...] = ()
    signatures: tuple[Signature, ...] = ()

    @property
    def standing_claims(self) -> tuple[Claim, ...]:
        """Claims that were not taken back."""
        gone = {reversal.claim_id for reversal in self.reversals}
        return tuple(claim for claim in self.claims if claim.id not in gone)

    @property
    def signed_claims(self) -> tuple[Claim, ...]:
        """Standing claims that the chief finance officer signed as they stand."""
        signed = {(one.about_id, one.digest) for one in self.signatures if one.about == "claim" and one.role == Role.CHIEF_FINANCE_OFFICER}
        return tuple(claim for claim in self.standing_claims if (claim.id, claim.digest) in signed)

    @property
    def unsigned_claims(self) -> tuple[Claim, ...]:
        """Standing claims that the chief finance officer has not signed yet. They do not count."""
        signed = {claim.id for claim in self.signed_claims}
        return tuple(claim for claim in self.standing_claims if claim.id not in signed)

    @property
    def cash_pence(self) -> int:
        """The total that was claimed, signed and not taken back, in pence."""
        return sum(claim.amount_pence for claim in self.signed_claims)

    def signer_of(self, stage: Stage) -> str:
        """Who brought it to a stage last; empty when nobody did."""
        return next((entry.by for entry in reversed(self.entries) if entry.stage == stage and entry.moved), "")

    @property
    def measurer(self) -> str:
        """Who entered the measured amounts that stand; empty while nothing was measured."""
        by, was = "", None
        for entry in self.entries:
            if entry.facts.measured != was:
                by, was = entry.by, entry.facts.measured
        return by if was is not None else ""

    def reached_at(self, stage: Stage) -> datetime | None:
        """When it first came to a stage."""
        return next((entry.at for entry in self.entries if entry.stage == stage and entry.moved), None)


def altered(account: Account) -> tuple[str, ...]:
    """What does not match what was signed or entered; nothing where the ledger is whole."""
    said = []
    benefit, entries = account.benefit, account.entries
    if not entries or entries[-1].digest != benefit.digest:
        said.append("the benefit’s row is not what its history says")
    said += [
        f"entry {entry.number} of its history is not what it was"
        for entry in entries
        if Benefit(entry.benefit_id, entry.stage, entry.facts, entry.number).digest != entry.digest
    ]
    rows = {("claim", claim.id): claim.digest for claim in account.claims}
    rows |= {("reversal", one.id): one.digest for one in account.reversals}
    rows |= {("entry", f"{benefit.id}/{entry.number}"): entry.digest for entry in entries}
    said += [
        f"{one.about} {one.about_id} is not what was signed"
        for one in account.signatures
        if rows.get((one.about, one.about_id)) != one.digest
    ]
    return tuple(said)
