"""A ledger in memory, for tests of its rules: people with roles, a day that moves, and benefits that are ready for a stage."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from guildhall.value.ledger.benefit import NO_BASELINE, Benefit, BenefitFacts, Borne, Worth
from guildhall.value.ledger.claims import Account, Claim, Entry, Reversal, Signature
from guildhall.value.ledger.moving import check_change, check_claim, check_move, check_reversal, check_signing, may_add
from guildhall.vocabulary.benefits import Bearer, CashAct, EvidenceLevel, GefClass, GefType, Recurrence, Stage
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember

TODAY = date(2026, 11, 27)
LEAD = StaffMember(StaffId("staff-lea"), "Lea Lead", frozenset({Role.PROGRAMME_LEAD}))
PARTNER = StaffMember(StaffId("staff-fin"), "Fin Partner", frozenset({Role.FINANCE_PARTNER}))
OFFICER = StaffMember(StaffId("staff-cfo"), "Cy Officer", frozenset({Role.CHIEF_FINANCE_OFFICER}))
EVERYTHING = StaffMember(
    StaffId("staff-all"), "Al Everything", frozenset({Role.PROGRAMME_LEAD, Role.FINANCE_PARTNER, Role.CHIEF_FINANCE_OFFICER})
)
AUDITOR = StaffMember(StaffId("staff-aud"), "Au Ditor", frozenset({Role.AUDITOR}))
WHY = "Agreed at the October review"
MEASURED: dict[str, Any] = {
    "measured": Worth(council_cash_pence=9_000_000),
    "evidence": EvidenceLevel.E3,
    "evidence_refs": ("evaluation:calls-2026",),
}


def ready(**changes: Any) -> BenefitFacts:
    """What a benefit needs to be delivered; nothing is measured yet."""
    facts = BenefitFacts(
        title="Fewer agency shifts on the phones", service="council-tax", gef_class=GefClass.CASH_RELEASING, gef_type=GefType.TECHNICAL,
        recurrence=Recurrence.RECURRING, outputs="same", owner="Head of contact centre", finance_partner="Finance partner, places",
        budget_code="CS-4410", measure="agency hours", unit="hours a month", baseline="baseline:calls-2025", method="interrupted time series",
        power="With this data a saving of at least 20% could be seen by month 6", attribution_percent=100,
        planned=Worth(council_cash_pence=12_000_000), run_cost_pence=1_000_000, change_cost_pence=2_000_000, starts_on=date(2026, 1, 1),
        borne=(Borne(Bearer.NOBODY),), no_dis_benefits=True,
    )  # fmt: skip
    return replace(facts, **changes)


@dataclass
class Book:
    """The rules with a memory: what the store does, without one."""

    today: date = TODAY
    accounts: dict[str, Account] = field(default_factory=dict)
    keys: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC)

    def add(self, facts: BenefitFacts, by: StaffMember = LEAD) -> str:
        who, benefit = may_add(by), Benefit(f"benefit-{len(self.accounts) + 1}", Stage.IDEA, facts)
        entry = Entry(1, benefit.id, None, Stage.IDEA, who.staff_id, who.role, self.now, "", facts, benefit.digest)
        self.accounts[benefit.id] = Account(benefit, (entry,))
        return benefit.id

    def change(self, key: str, by: StaffMember = LEAD, **changes: Any) -> None:
        account, who = self.accounts[key], may_add(by)
        facts = replace(account.benefit.facts, **changes)
        check_change(account.benefit, facts)
        self._write(account, account.benefit.stage, facts, who.staff_id, who.role)

    def move(self, key: str, to: Stage, by: StaffMember) -> None:
        account = self.accounts[key]
        who = check_move(account, to, by, self.today, [one.benefit for one in self.accounts.values()])
        self._write(account, to, account.benefit.facts, who.staff_id, who.role, moved=True)

    def claim(self, key: str, by: StaffMember = PARTNER, **changes: Any) -> Claim:
        account = self.accounts[key]
        given: dict[str, Any] = {
            "act": CashAct.AGENCY_SHIFT_NOT_BOOKED,
            "act_reference": "AG-1",
            "amount_pence": 100_000,
            "period": "2026-10",
        } | changes
        claim = Claim(
            f"claim-{len(account.claims) + 1}", key, given.get("budget_code", "CS-4410"), given["period"], given["act"],
            given["act_reference"], given["amount_pence"], "document:ledger-export-10", str(by.id), self.now,
        )  # fmt: skip
        check_claim(account, claim, by, self.today)
        self.accounts[key] = replace(account, claims=(*account.claims, claim))
        return claim

    def sign(self, claim: Claim, by: StaffMember = OFFICER) -> None:
        account = self.accounts[claim.benefit_id]
        who = check_signing(claim, account, by)
        made = Signature(f"signature-{claim.id}", claim.benefit_id, "claim", claim.id, claim.digest, who.staff_id, who.role, self.now)
        self.accounts[claim.benefit_id] = replace(account, signatures=(*account.signatures, made))

    def reverse(self, claim: Claim, by: StaffMember = PARTNER) -> None:
        account = self.accounts[claim.benefit_id]
        who = check_reversal(claim, account, by)
        made = Reversal(f"reversal-{claim.id}", claim.id, WHY, who.staff_id, who.role, self.now)
        self.accounts[claim.benefit_id] = replace(account, reversals=(*account.reversals, made))

    def to_validated(self, **changes: Any) -> str:
        """A benefit that finance has validated."""
        key = self.add(ready(**changes))
        for stage, by in (
            (Stage.IDENTIFIED, LEAD),
            (Stage.BASELINED, PARTNER),
            (Stage.APPROVED, PARTNER),
            (Stage.IN_DELIVERY, LEAD),
        ):
            self.move(key, stage, by)
        measured = MEASURED if changes.get("baseline") != NO_BASELINE else MEASURED | {"evidence": EvidenceLevel.E1}
        self.change(key, **measured)
        self.move(key, Stage.MEASURED, LEAD)
        self.move(key, Stage.FINANCE_VALIDATED, PARTNER)
        return key

    def to_taken(self, **changes: Any) -> str:
        """A benefit whose budget was taken."""
        key = self.to_validated(**changes)
        self.sign(self.claim(key))
        self.move(key, Stage.BUDGET_TAKEN, OFFICER)
        return key

    def stage(self, key: str) -> Stage:
        return self.accounts[key].benefit.stage

    def _write(self, account: Account, to: Stage, facts: BenefitFacts, by: str, role: Role, moved: bool = False) -> None:
        was = account.benefit
        now = Benefit(was.id, to, facts, was.version + 1)
        entry = Entry(now.version, was.id, was.stage, to, by, role, self.now, WHY, facts, now.digest, moved)
        self.accounts[was.id] = replace(account, benefit=now, entries=(*account.entries, entry))
