"""Whatever people try, in any order: no cash without the chief finance officer, and sums that always come to their rows."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from guildhall.value.ledger.attribution import share_left
from guildhall.value.ledger.benefit import Worth
from guildhall.value.ledger.claims import Claim
from guildhall.value.ledger.headline import headlines
from guildhall.value.ledger.totals import together, totals
from guildhall.vocabulary.benefits import CashAct, Column, EvidenceLevel, GefClass, Stage, Standing
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import Role
from tests.value.ledger.a_ledger import AUDITOR, EVERYTHING, LEAD, OFFICER, PARTNER, TODAY, Book, ready

PEOPLE = st.sampled_from([LEAD, PARTNER, OFFICER, EVERYTHING, AUDITOR])
CLAIMANTS, OFFICERS = st.sampled_from([PARTNER, EVERYTHING]), st.sampled_from([OFFICER, EVERYTHING])
PENCE = st.integers(0, 20_000_000)
WORTH = st.builds(Worth, PENCE, PENCE, PENCE, PENCE)


def tried(doing: Any, /, *given: Any, **more: Any) -> Any:
    try:
        return doing(*given, **more)
    except RefusedError:
        return None


class AnyPath(RuleBasedStateMachine):
    """People who try everything."""

    keys = Bundle("keys")
    far = Bundle("far")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()

    @rule(target=keys, gef_class=st.sampled_from(GefClass), plan=WORTH, share=st.integers(0, 100), code=st.sampled_from(["A-1", "A-2"]))
    def enter(self, gef_class: GefClass, plan: Worth, share: int, code: str) -> str:
        return self.book.add(ready(gef_class=gef_class, planned=plan, attribution_percent=share, budget_code=code))

    @rule(target=far, share=st.integers(1, 100), code=st.sampled_from([f"A-{n}" for n in range(1, 9)]))
    def enter_and_bring_as_far_as_it_goes(self, share: int, code: str) -> str:
        book = self.book
        key = book.add(ready(attribution_percent=share, budget_code=code))
        for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
            tried(book.move, key, stage, by)
        tried(book.change, key, measured=Worth(9_000_000), evidence=EvidenceLevel.E3, evidence_refs=("evaluation:x",))
        tried(book.move, key, Stage.MEASURED, LEAD)
        tried(book.move, key, Stage.FINANCE_VALIDATED, PARTNER)
        return key

    @rule(target=claims, key=far, claimant=CLAIMANTS, signer=OFFICERS, taker=PEOPLE, pence=st.integers(1, 1000))
    def go_for_the_money(self, key: str, claimant: Any, signer: Any, taker: Any, pence: int) -> Claim | None:
        claim = self.claim(key, claimant, pence, CashAct.POST_DELETED, 1)
        if claim:
            tried(self.book.sign, claim, signer)
        tried(self.book.move, key, Stage.BUDGET_TAKEN, taker)
        return claim

    @rule(key=st.one_of(keys, far), to=st.sampled_from(Stage), by=PEOPLE)
    def move(self, key: str, to: Stage, by: Any) -> None:
        tried(self.book.move, key, to, by)

    @rule(key=st.one_of(keys, far), by=PEOPLE, worth=WORTH, level=st.sampled_from(EvidenceLevel))
    def measure(self, key: str, by: Any, worth: Worth, level: EvidenceLevel) -> None:
        tried(self.book.change, key, by, measured=worth, evidence=level, evidence_refs=("evaluation:x",))

    @rule(key=st.one_of(keys, far), by=PEOPLE)
    def say_what_did_it_instead(self, key: str, by: Any) -> None:
        tried(self.book.change, key, by, delivered_by="Another act")

    @rule(target=claims, key=st.one_of(keys, far), by=PEOPLE, pence=PENCE, act=st.sampled_from(CashAct), number=st.integers(1, 3))
    def claim_by_anybody(self, key: str, by: Any, pence: int, act: CashAct, number: int) -> Claim | None:
        return self.claim(key, by, pence, act, number)

    def claim(self, key: str, by: Any, pence: int, act: CashAct, number: int) -> Claim | None:
        code = self.book.accounts[key].benefit.facts.budget_code
        found: Claim | None = tried(self.book.claim, key, by, amount_pence=pence, act=act, act_reference=f"N-{number}", budget_code=code)
        return found

    @rule(claim=claims, by=PEOPLE)
    def sign(self, claim: Claim | None, by: Any) -> None:
        if claim:
            tried(self.book.sign, claim, by)

    @rule(claim=claims, by=PEOPLE)
    def reverse(self, claim: Claim | None, by: Any) -> None:
        if claim:
            tried(self.book.reverse, claim, by)

    @invariant()
    def no_cash_without_the_chief_finance_officer(self) -> None:
        for account in self.book.accounts.values():
            taken = [entry for entry in account.entries if entry.stage == Stage.BUDGET_TAKEN and entry.moved]
            assert all(entry.role == Role.CHIEF_FINANCE_OFFICER for entry in taken)
            for entry in taken:
                assert entry.by not in {account.signer_of(Stage.MEASURED), account.signer_of(Stage.FINANCE_VALIDATED)}
            delivered = [one for one in headlines(account, TODAY) if one.column == Column.COUNCIL_CASH]
            if account.benefit.standing == Standing.DELIVERED and account.benefit.facts.gef_class == GefClass.CASH_RELEASING:
                signed = {one.about_id for one in account.signatures if one.role == Role.CHIEF_FINANCE_OFFICER}
                assert sum(one.pence for one in delivered) == sum(c.amount_pence for c in account.standing_claims if c.id in signed)
            if account.benefit.facts.gef_class != GefClass.CASH_RELEASING:
                assert not taken and not account.claims

    @invariant()
    def sums_come_to_their_rows(self) -> None:
        accounts = list(self.book.accounts.values())
        cells = totals(accounts, TODAY)
        rows = [one for account in accounts for one in headlines(account, TODAY)]
        for column in Column:
            here = [cell for cell in cells if cell.column == column]
            assert sum(cell.pence for cell in here) == sum(one.pence for one in rows if one.column == column)
            assert sum(cell.attributed_pence for cell in here) == sum(one.attributed_pence for one in rows if one.column == column)
        assert all(cell.attributed_pence <= cell.pence and cell.after_haircut_pence <= cell.attributed_pence for cell in cells)

    @invariant()
    def hopes_and_money_never_add(self) -> None:
        cells = totals(list(self.book.accounts.values()), TODAY)
        for one in cells:
            for other in cells:
                if one.standing != other.standing or one.column != other.column:
                    assert tried(together, [one, other]) is None

    @invariant()
    def no_line_is_shared_out_beyond_all_of_it(self) -> None:
        benefits = [account.benefit for account in self.book.accounts.values()]
        assert all(share_left(benefits, code) >= 0 for code in ("A-1", "A-2", "A-3"))


AnyPath.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestAnyPath = AnyPath.TestCase
