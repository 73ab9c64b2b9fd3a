"""What a reference can carry: an evaluation its own level, a figure beside a frozen baseline E2, and nothing what no longer stands."""

from dataclasses import replace
from typing import Any

import pytest

from guildhall.value.ledger.evidence import Found, carried, fallen, fallen_said, missing, move_lacks, new_lacks
from guildhall.vocabulary.benefits import EvidenceLevel, Stage
from tests.value.ledger.a_ledger import Book, ready

E = EvidenceLevel
FOUND = {
    one.reference: one
    for one in (
        Found("baseline:calls-2025", "Calls"),
        Found("baseline:old", "Calls", "the baseline old was superseded by calls-2025"),
        Found("figure:now", "A fifth"),
        Found("figure:gone", "A half", "the figure gone was superseded: the record gives less"),
        Found("document:list", "List"),
        Found("evaluation:plain", "Before and after", carries=E.E2),
        Found("evaluation:series", "Series", carries=E.E3),
        Found("evaluation:lot", "By lot", carries=E.E4),
        Found("evaluation:none", "Nothing found", carries=E.E0),
        Found("evaluation:fell", "Rests on old", "the evaluation fell rests on the baseline old", carries=E.E3),
        missing("evaluation:nowhere"),
    )
}


def facts(level: EvidenceLevel, *references: str, **changes: Any) -> Any:
    return ready(evidence=level, evidence_refs=references, **changes)


def wrong(level: EvidenceLevel, *references: str, **changes: Any) -> str:
    return "; ".join(lack.text for lack in new_lacks(None, facts(level, *references, **changes), FOUND))


@pytest.mark.parametrize(
    ("references", "level"),
    [
        (("evaluation:plain",), E.E2),
        (("evaluation:series", "figure:now"), E.E3),
        (("evaluation:lot",), E.E4),
        (("evaluation:none",), E.E0),
        (("evaluation:none", "figure:now"), E.E2),
        (("figure:now",), E.E2),
        (("figure:gone",), E.E0),
        (("evaluation:fell", "document:list"), E.E2),
    ],
)
def test_what_references_carry(references: tuple[str, ...], level: EvidenceLevel) -> None:
    assert carried(facts(E.E0, *references), FOUND) == level


def test_without_a_baseline_a_figure_is_no_comparison() -> None:
    assert carried(facts(E.E1, "figure:now", baseline="none: no comparison"), FOUND) == E.E1
    assert "E2 needs a frozen baseline" in wrong(E.E2, "figure:now", baseline="none: no comparison")


def test_a_level_that_the_evidence_cannot_carry_is_refused_with_what_would() -> None:
    assert wrong(E.E2, "evaluation:plain") == wrong(E.E3, "evaluation:series") == wrong(E.E4, "evaluation:lot") == ""
    assert "E3 needs a kept evaluation as a time series" in wrong(E.E3, "evaluation:plain")
    assert "E4 needs a kept evaluation of a trial or of a staggered rollout" in wrong(E.E4, "evaluation:series")
    assert "an evaluation that found none carries none" in wrong(E.E1, "evaluation:none")


def test_a_reference_has_to_lead_somewhere_that_stands_when_it_is_written() -> None:
    assert "there is no evaluation “nowhere”: `guildhall value evidence list`" in wrong(E.E1, "evaluation:nowhere")
    assert "the figure gone was superseded" in wrong(E.E1, "figure:gone")
    assert "was superseded by calls-2025" in wrong(E.E0, baseline="baseline:old")
    assert "write a reference as kind:id" in wrong(E.E1, "a spreadsheet")


def test_what_was_written_before_is_not_asked_for_again_when_something_else_changes() -> None:
    was = facts(E.E1, "figure:gone")
    assert list(new_lacks(was, replace(was, about="More of it"), FOUND)) == []


def test_a_step_waits_until_what_stands_carries_the_level_and_other_evidence_heals_it() -> None:
    book = Book()
    account = book.accounts[book.add(facts(E.E3, "evaluation:fell"))]
    (lack,) = move_lacks(account, Stage.FINANCE_VALIDATED, FOUND)
    assert "its evidence no longer stands, so it is not E3" in lack.text and "rests on the baseline old" in lack.text
    assert move_lacks(account, Stage.REVERSED, FOUND) == ()
    assert "E3" in fallen(account, FOUND)[0] and "“Fewer agency shifts on the phones”" in fallen_said([account], FOUND)
    healed = book.accounts[book.add(facts(E.E3, "evaluation:fell", "evaluation:series"))]
    assert (move_lacks(healed, Stage.FINANCE_VALIDATED, FOUND), fallen(healed, FOUND), fallen_said([healed], FOUND)) == ((), (), "")


def test_a_claim_whose_document_was_withdrawn_is_named() -> None:
    book = Book()
    key = book.to_validated()
    claim = book.claim(key)
    found = {"evaluation:calls-2026": Found("evaluation:calls-2026", carries=E.E3), "baseline:calls-2025": FOUND["baseline:calls-2025"]}
    gone = {claim.evidence_ref: Found(claim.evidence_ref, why="the document was withdrawn: it was last year's")}
    assert fallen(book.accounts[key], found | gone) == (f"claim {claim.id}: the document was withdrawn: it was last year's",)
