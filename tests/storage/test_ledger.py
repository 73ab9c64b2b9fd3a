"""A pound is claimed once, whoever tries, on either database; what is written is never changed; every total resolves to its rows."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from guildhall.storage.ledger import ChangedSinceError, ClaimDraft, LedgerStore
from guildhall.storage.ledger_schema import WRITTEN_ONCE, benefit_claim_months, benefit_claims, benefits
from guildhall.storage.trail import TrailReader
from guildhall.value.ledger.claims import altered
from guildhall.value.ledger.moving import LackingError
from guildhall.vocabulary.benefits import CashAct, Stage
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from tests.storage.memory import Memory
from tests.value.ledger.a_ledger import LEAD, MEASURED, OFFICER, PARTNER, WHY, ready

NOW = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)
DRAFT = ClaimDraft("CS-4410", "2026-10", CashAct.POST_DELETED, "p-1047", 100_000, "document:establishment-list-10")


class House:
    """A store, and benefits that can be claimed on."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.store = LedgerStore(memory.database, "testshire", memory.new_id, lambda: NOW)

    def validated(self, share: int = 50, **changes: Any) -> str:
        store = self.store
        key = store.add(ready(attribution_percent=share, **changes), LEAD).id
        for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
            store.move(key, stage, by, WHY)
        store.change(key, replace(store.account(key).benefit.facts, **MEASURED), LEAD, WHY)
        store.move(key, Stage.MEASURED, LEAD, WHY)
        store.move(key, Stage.FINANCE_VALIDATED, PARTNER, WHY)
        return key

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [dict(event.facts) for event in TrailReader(self.memory.database).of_council(kind, None, 100)]


@pytest.fixture
def house(memory: Memory) -> House:
    return House(memory)


def both(*acts: Callable[[], object]) -> list[str]:
    """Do things at once; what was refused says why."""
    refused: list[str] = []
    ready_to_go = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        ready_to_go.wait()
        try:
            act()
        except RefusedError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_a_benefit_comes_back_as_it_was_with_its_history_and_signatures(house: House) -> None:
    key = house.validated()
    account = house.store.account(key)
    assert account.benefit.facts.measured == MEASURED["measured"]
    assert [entry.stage for entry in account.entries if entry.moved] == list(Stage)[1:7]
    assert {one.about_id for one in account.signatures} == {f"{key}/{entry.number}" for entry in account.entries if entry.moved}
    assert altered(account) == ()
    assert house.store.accounts() == (account,)
    changed = house.events("BenefitChanged")
    assert len(changed) == len(account.entries) == 8
    assert changed[-1] == {
        "benefit": key, "number": 1, "was": "", "stage": "idea", "fields": [], "by": "staff-lea", "role": "programme_lead",
        "digest": account.entries[0].digest, "council": "testshire",
    }  # fmt: skip
    assert len(house.events("BenefitSigned")) == 6


def test_a_pound_is_claimed_once_however_it_is_written(house: House) -> None:
    first, second = house.validated(), house.validated()
    claim = house.store.claim(first, DRAFT, PARTNER)
    for again in (
        DRAFT,
        replace(DRAFT, budget_code="cs- 4410", act_reference=" P-1047 ", amount_pence=1),
        replace(DRAFT, period="2026-27-q3"),
        replace(DRAFT, act_reference="P 1047"),
        replace(DRAFT, act_reference="p1047"),
        replace(DRAFT, act_reference="P\u20131047\u200b"),
    ):
        with pytest.raises(RefusedError, match=f"claimed already for 2026-10, by {claim.id} of {first}: a pound is claimed once"):
            house.store.claim(second, again, PARTNER)
    house.store.claim(second, replace(DRAFT, act_reference="P-1048"), PARTNER)
    house.store.claim(second, replace(DRAFT, period="2026-27-Q2"), PARTNER)
    with pytest.raises(RefusedError, match="claimed already for 2026-08"):
        house.store.claim(first, replace(DRAFT, period="2026-08"), PARTNER)
    assert len(house.events("BenefitClaimed")) == 3


def test_a_budget_line_spelled_otherwise_is_the_same_line(house: House) -> None:
    first, second = house.validated(), house.validated(budget_code="cs/4410")
    claim = house.store.claim(first, DRAFT, PARTNER)
    with pytest.raises(RefusedError, match=f"claimed already for 2026-10, by {claim.id} of {first}"):
        house.store.claim(second, replace(DRAFT, budget_code="CS/4410"), PARTNER)


def test_a_claim_entered_before_spellings_were_compared_is_found_and_corrected(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = house.validated(), house.validated()
    with monkeypatch.context() as before:
        before.setattr("guildhall.storage.ledger.alike", str)
        claim = house.store.claim(first, DRAFT, PARTNER)
    with pytest.raises(RefusedError, match="a pound is claimed once"):
        house.store.claim(second, DRAFT, PARTNER)
    house.store.reverse(claim.id, PARTNER, "It was another post")
    house.store.claim(second, DRAFT, PARTNER)
    with pytest.raises(RefusedError, match="a pound is claimed once"):
        house.store.claim(first, DRAFT, PARTNER)


def test_two_writers_at_once_claim_it_once(house: House) -> None:
    first, second = house.validated(), house.validated()
    for number in range(8):
        draft = replace(DRAFT, act_reference=f"P-{number}", amount_pence=10)
        quarter = replace(draft, period="2026-27-Q3")
        refused = both(partial(house.store.claim, first, draft, PARTNER), partial(house.store.claim, second, quarter, PARTNER))
        assert len(refused) == 1 and "a pound is claimed once" in refused[0]
    with house.memory.database.reading() as connection:
        assert len(connection.execute(select(benefit_claims)).all()) == 8
    assert len(house.events("BenefitClaimed")) == 8, "what was refused is in no event"


def test_two_writers_at_once_do_not_claim_more_than_was_validated(house: House) -> None:
    key = house.validated(share=100)
    drafts = [replace(DRAFT, act_reference=f"P-{number}", amount_pence=5_000_000) for number in range(2)]
    refused = both(*(partial(house.store.claim, key, draft, PARTNER) for draft in drafts))
    assert len(refused) == 1 and "£90,000 was validated in 2026-27 and £50,000 is claimed" in refused[0]


def test_two_benefits_approved_at_once_do_not_share_out_more_than_the_whole_line(house: House) -> None:
    keys = [house.store.add(ready(attribution_percent=60), LEAD).id for _ in range(2)]
    for key in keys:
        house.store.move(key, Stage.IDENTIFIED, LEAD, WHY)
        house.store.move(key, Stage.BASELINED, PARTNER, WHY)
    refused = both(*(partial(house.store.move, key, Stage.APPROVED, PARTNER, WHY) for key in keys))
    assert len(refused) == 1 and "at most 40% is left" in refused[0]


def test_a_correction_is_a_reversal_and_a_new_claim_and_both_stay(house: House) -> None:
    key = house.validated()
    wrong = house.store.claim(key, DRAFT, PARTNER)
    house.store.sign(wrong.id, OFFICER)
    house.store.reverse(wrong.id, PARTNER, "The post was half funded by a grant")
    right = house.store.claim(key, replace(DRAFT, amount_pence=50_000), PARTNER)
    house.store.sign(right.id, OFFICER)
    account = house.store.account(key)
    assert [claim.amount_pence for claim in account.claims] == [100_000, 50_000]
    assert account.cash_pence == 50_000
    assert altered(account) == ()
    with pytest.raises(RefusedError, match=f"by {right.id}"):
        house.store.claim(key, DRAFT, PARTNER)
    with pytest.raises(RefusedError, match="already been taken back"):
        house.store.reverse(wrong.id, PARTNER, "The post was half funded by a grant")
    (told,) = house.events("ClaimReversed")
    assert (told["claim"], told["amount_pence"], told["by"]) == (wrong.id, 100_000, "staff-fin")


def test_two_corrections_at_once_are_one(house: House) -> None:
    key = house.validated()
    wrong = house.store.claim(key, DRAFT, PARTNER)
    assert len(both(*[lambda: house.store.reverse(wrong.id, PARTNER, "Entered on the wrong post")] * 2)) == 1
    assert len(both(*[lambda: house.store.claim(key, DRAFT, PARTNER)] * 2)) == 1


@pytest.mark.parametrize("table", WRITTEN_ONCE, ids=lambda table: table.name)
def test_the_database_itself_refuses_to_change_or_delete_what_is_written(house: House, table: Any) -> None:
    key = house.validated()
    claim = house.store.claim(key, DRAFT, PARTNER)
    house.store.reverse(claim.id, PARTNER, "Entered on the wrong post")
    column = list(table.c)[-1]
    for statement in (update(table).values({column.name: None}), delete(table)):
        with pytest.raises(DBAPIError, match="written once"), house.memory.database.writing() as connection:
            connection.execute(statement)
    with pytest.raises(DBAPIError, match="written once"), house.memory.database.writing() as connection:
        connection.execute(delete(benefits))


def test_not_even_a_writer_without_our_rules_claims_a_pound_twice(house: House) -> None:
    key = house.validated()
    first = house.store.claim(key, DRAFT, PARTNER)
    other = house.store.claim(key, replace(DRAFT, act_reference="P-2"), PARTNER)
    gone = house.store.claim(key, replace(DRAFT, act_reference="P-3"), PARTNER)
    house.store.reverse(gone.id, PARTNER, "Entered on the wrong post")
    with house.memory.database.reading() as connection:
        stands = connection.execute(select(benefit_claim_months).where(benefit_claim_months.c.claim_id == first.id)).one()
    cell = {name: getattr(stands, name) for name in ("council", "budget_code", "cash_action", "month")}
    for replaces in (None, first.id, gone.id):  # a first one again; in place of one that stands; in place of another pound's
        with house.memory.database.reading() as connection:
            row = dict(connection.execute(select(benefit_claims).where(benefit_claims.c.id == other.id)).one()._mapping)
        with pytest.raises(IntegrityError), house.memory.database.writing() as connection:
            connection.execute(insert(benefit_claims).values(row | {"id": f"forged-{replaces}"}))
            connection.execute(insert(benefit_claim_months).values(cell | {"claim_id": f"forged-{replaces}", "replaces": replaces}))


def test_what_was_signed_is_what_stands_or_it_is_found_out(house: House) -> None:
    key = house.validated()
    assert altered(house.store.account(key)) == ()
    with house.memory.database.writing() as connection:
        connection.execute(update(benefits).values(facts=benefits.c.facts, stage=Stage.SUSTAINED.value))
    assert altered(house.store.account(key)) == ("the benefit’s row is not what its history says",)


def test_somebody_elses_change_is_not_written_over(house: House) -> None:
    benefit = house.store.add(ready(), LEAD)
    house.store.change(benefit.id, replace(benefit.facts, unit="days"), LEAD, WHY, benefit.version)
    with pytest.raises(RefusedError, match="somebody else changed it"):
        house.store.change(benefit.id, replace(benefit.facts, unit="weeks"), PARTNER, WHY, benefit.version)
    with pytest.raises(ChangedSinceError, match="somebody else changed it"):  # nobody signs what they have not seen
        house.store.move(benefit.id, Stage.IDENTIFIED, LEAD, WHY, benefit.version)
    assert house.store.move(benefit.id, Stage.IDENTIFIED, LEAD, WHY, benefit.version + 1).stage == Stage.IDENTIFIED


def test_a_reason_is_asked_for_and_another_councils_ledger_is_not_seen(house: House, memory: Memory) -> None:
    benefit = house.store.add(ready(), LEAD)
    with pytest.raises(LackingError, match="at least 10 characters"):
        house.store.move(benefit.id, Stage.IDENTIFIED, LEAD, "ok")
    other = LedgerStore(memory.database, "elsewhere", memory.new_id, lambda: NOW)
    assert other.accounts() == ()
    for act in (lambda: other.account(benefit.id), lambda: other.move(benefit.id, Stage.IDENTIFIED, LEAD, WHY)):
        with pytest.raises(NotFoundError):
            act()
