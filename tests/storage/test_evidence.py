"""Evidence in the store: kept with its event, found by its reference, and fallen when what it rests on changes; on either database."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, update

from guildhall.storage.baselines_schema import baselines
from guildhall.storage.evidence import EvidenceStore
from guildhall.storage.evidence_schema import kept_evaluations
from guildhall.storage.ledger import ClaimDraft, LedgerStore
from guildhall.storage.published_schema import published_figures
from guildhall.storage.trail import TrailReader
from guildhall.value.evaluation.effects import Evidence
from guildhall.value.evaluation.keeping import Input
from guildhall.value.ledger.documents import Document
from guildhall.value.ledger.evidence import fallen
from guildhall.value.ledger.moving import LackingError
from guildhall.vocabulary.benefits import CashAct, EvidenceLevel, Stage
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from tests.storage.evidence_rows import FELL, NOW, freeze
from tests.storage.memory import Memory
from tests.value.ledger.a_ledger import LEAD, MEASURED, OFFICER, PARTNER, WHY, ready

LIST = Document("establishment-list", "Establishment list", "ab" * 32, "staff-fin", NOW, 2048)


class House:
    """Evidence and a ledger over one database."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.evidence = EvidenceStore(memory.database, "testshire", memory.new_id, lambda: NOW, frozenset({"contacts"}))
        self.ledger = LedgerStore(memory.database, "testshire", memory.new_id, lambda: NOW, evidence=self.evidence)
        self.freeze("calls-2025", "11" * 32)

    def freeze(self, key: str, sha256: str, supersedes: str | None = None, council: str = "testshire") -> None:
        freeze(self.memory.database, council, key, sha256, supersedes)

    def publish(self, key: str, simulated: bool = False) -> None:
        row: dict[str, Any] = dict.fromkeys(("measure", "label", "unit", "caution", "approver", "superseded_why"), "x")
        row |= {
            "id": key,
            "council": "testshire",
            "words": "A fifth.",
            "since": date(2026, 10, 1),
            "until": date(2026, 10, 31),
            "narrowed": "{}",
        }
        row |= {"value": 0.2, "n": 9, "query_hash": "", "definition_hash": "", "definition": "{}", "beside": "[]", "simulated": simulated}
        with self.memory.database.writing() as connection:
            connection.execute(insert(published_figures).values(**row, as_at=NOW, published_at=NOW))

    def supersede(self, key: str) -> None:
        with self.memory.database.writing() as connection:
            values = {"superseded_at": NOW, "superseded_why": "the record gives less"}
            connection.execute(update(published_figures).where(published_figures.c.id == key).values(**values))

    def keep(self, evidence: Evidence = Evidence.E3, found: bool = True) -> str:
        inputs = [Input("baseline", "calls-2025", "11" * 32), Input("months", "", "22" * 32)]
        return self.evidence.keep("Calls after April", {"design": "interrupted"}, inputs, evidence, found, FELL, "staff-fin").id

    def why(self, reference: str) -> str:
        return self.evidence.look([reference])[reference].why

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [dict(event.facts) for event in TrailReader(self.memory.database).of_council(kind, None, 100)]

    def measured(self, **changes: Any) -> str:
        key = self.ledger.add(ready(**changes), LEAD).id
        for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
            self.ledger.move(key, stage, by, WHY)
        self.change(key, **(MEASURED | {"evidence_refs": (f"evaluation:{self.keep()}",)}))
        self.ledger.move(key, Stage.MEASURED, LEAD, WHY)
        return key

    def change(self, key: str, **changes: Any) -> None:
        self.ledger.change(key, replace(self.ledger.account(key).benefit.facts, **changes), LEAD, WHY)

    def fallen(self, key: str) -> tuple[str, ...]:
        account = self.ledger.account(key)
        return fallen(account, self.ledger.found([account]))


@pytest.fixture
def house(memory: Memory) -> House:
    return House(memory)


def test_an_evaluation_comes_back_as_it_was_kept_with_an_event_of_its_inputs(house: House) -> None:
    key = house.keep()
    kept = house.evidence.evaluation(key)
    assert kept.result == FELL and kept.now == kept.digest and kept.evidence == Evidence.E3
    (told,) = house.events("EvaluationKept")
    assert told["inputs"] == [f"baseline:calls-2025:{'11' * 32}", f"months::{'22' * 32}"] and told["digest"] == kept.digest
    found = house.evidence.look([f"evaluation:{key}"])[f"evaluation:{key}"]
    assert found.stands and found.carries == EvidenceLevel.E3
    with pytest.raises(LackingError, match="name of 5 to 200"):
        house.evidence.keep("no", {}, [], Evidence.E2, True, FELL, "staff-fin")
    with pytest.raises(NotFoundError, match="there is no evaluation nobody"):
        house.evidence.evaluation("nobody")


def test_an_evaluation_that_found_nothing_is_kept_and_carries_nothing(house: House) -> None:
    reference = f"evaluation:{house.keep(found=False)}"
    assert house.evidence.look([reference])[reference].carries == EvidenceLevel.E0


def test_an_evaluation_falls_when_its_row_or_its_baseline_changes(house: House) -> None:
    key = house.keep()
    with house.memory.database.writing() as connection:
        connection.execute(update(kept_evaluations).where(kept_evaluations.c.id == key).values(evidence="E4"))
    assert "its row was altered" in house.why(f"evaluation:{key}")
    other = house.keep()
    house.freeze("calls-2025-again", "33" * 32, supersedes="calls-2025")
    assert "which was superseded by calls-2025-again" in house.why(f"evaluation:{other}")
    with house.memory.database.writing() as connection:
        connection.execute(update(baselines).where(baselines.c.id == "calls-2025").values(sha256="44" * 32))
    assert "which is not what it was" in house.why(f"evaluation:{other}")


def test_a_document_is_known_by_its_digest_until_it_is_withdrawn(house: House) -> None:
    house.evidence.add_document(LIST)
    assert house.why("document:establishment-list") == "" and house.evidence.documents() == (LIST,)
    with pytest.raises(LackingError, match="there is a document “establishment-list” already"):
        house.evidence.add_document(LIST)
    house.evidence.withdraw("establishment-list", "It was of last year", "staff-fin")
    assert "was withdrawn: It was of last year" in house.why("document:establishment-list")
    with pytest.raises(RefusedError, match="withdrawn already"):
        house.evidence.withdraw("establishment-list", "It was of last year", "staff-fin")
    assert [len(house.events(kind)) for kind in ("DocumentKept", "DocumentWithdrawn")] == [1, 1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "A b"}, "write a key"),
        ({"name": "x"}, "give its name"),
        ({"sha256": "abc"}, "64 hexadecimal digits"),
        ({"link": "http://example.org/list", "dated": date(2026, 10, 1)}, "begins with https://"),
        ({"link": "https://me:secret@example.org/list", "dated": date(2026, 10, 1)}, "holds no password"),
        ({"link": "https://example.org/list"}, "the day on which it was read"),
        ({"dated": date(2027, 1, 1)}, "has not come yet"),
    ],
)
def test_what_is_wrong_with_a_document_is_said(house: House, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(LackingError, match=said):
        house.evidence.add_document(replace(LIST, **changes))
    assert house.evidence.documents() == () and house.events("DocumentKept") == []


def test_references_lead_to_what_this_council_has_and_to_nothing_else(house: House) -> None:
    house.freeze("theirs", "55" * 32, council="elsewhere")
    house.publish("figure-1")
    found = house.evidence.look(
        ["baseline:calls-2025", "figure:figure-1", "measure:contacts", "baseline:theirs", "measure:laughs", "hope:x"]
    )
    assert {key: (one.there, one.stands) for key, one in found.items()} == {
        "baseline:calls-2025": (True, True), "figure:figure-1": (True, True), "measure:contacts": (True, True), "baseline:theirs": (False, False),
        "measure:laughs": (False, False), "hope:x": (False, False),
    }  # fmt: skip
    house.publish("figure-2", simulated=True)
    assert house.why("figure:figure-2") == "the figure figure-2 is of made-up contacts"
    house.supersede("figure-1")
    assert house.why("figure:figure-1") == "the figure figure-1 was superseded: the record gives less"


def test_the_ledger_refuses_what_leads_nowhere_and_a_level_that_is_not_carried(house: House) -> None:
    key = house.ledger.add(ready(), LEAD).id
    with pytest.raises(LackingError, match="there is no evaluation “x”"):
        house.change(key, evidence_refs=("evaluation:x",))
    with pytest.raises(LackingError, match="there is no baseline “hoped”"):
        house.change(key, baseline="baseline:hoped")
    with pytest.raises(LackingError, match="E3 needs a kept evaluation as a time series"):
        house.change(key, evidence=EvidenceLevel.E3, evidence_refs=(f"evaluation:{house.keep(Evidence.E2)}",))
    with pytest.raises(LackingError, match="E4 needs a kept evaluation of a trial"):
        house.change(key, evidence=EvidenceLevel.E4, evidence_refs=(f"evaluation:{house.keep(Evidence.E3)}",))
    house.change(key, evidence=EvidenceLevel.E4, evidence_refs=(f"evaluation:{house.keep(Evidence.E4)}",))
    assert len(house.events("BenefitChanged")) == 2, "what was refused is in no event"


def test_a_step_waits_while_the_evidence_has_fallen_and_new_evidence_heals_it(house: House) -> None:
    key = house.measured()
    house.freeze("calls-2025-again", "33" * 32, supersedes="calls-2025")
    assert "rests on the baseline calls-2025" in house.fallen(key)[0]
    with pytest.raises(LackingError, match="its evidence no longer stands, so it is not E3"):
        house.ledger.move(key, Stage.FINANCE_VALIDATED, PARTNER, WHY)
    again = house.evidence.keep(
        "Calls, once more",
        {"design": "interrupted"},
        [Input("baseline", "calls-2025-again", "33" * 32)],
        Evidence.E3,
        True,
        FELL,
        "staff-fin",
    )
    was = house.ledger.account(key).benefit.facts
    house.change(key, evidence_refs=(*was.evidence_refs, f"evaluation:{again.id}"))
    assert house.fallen(key) == ()
    house.ledger.move(key, Stage.FINANCE_VALIDATED, PARTNER, WHY)


def test_a_claim_needs_evidence_that_stands_when_it_is_made_and_when_it_is_signed(house: House) -> None:
    key = house.measured()
    house.ledger.move(key, Stage.FINANCE_VALIDATED, PARTNER, WHY)
    draft = ClaimDraft("CS-4410", "2026-10", CashAct.POST_DELETED, "p-1047", 100_000, "document:establishment-list")
    with pytest.raises(LackingError, match="there is no document “establishment-list”"):
        house.ledger.claim(key, draft, PARTNER)
    house.evidence.add_document(LIST)
    claim = house.ledger.claim(key, draft, PARTNER)
    house.evidence.withdraw("establishment-list", "It was of last year", "staff-fin")
    assert house.fallen(key) == (f"claim {claim.id}: the document “establishment-list” was withdrawn: It was of last year",)
    with pytest.raises(RefusedError, match="its evidence no longer stands"):
        house.ledger.sign(claim.id, OFFICER)
    house.ledger.reverse(claim.id, PARTNER, WHY)
    assert house.fallen(key) == ()
