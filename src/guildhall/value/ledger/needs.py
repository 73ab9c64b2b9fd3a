"""What a benefit needs before it can move to each stage. Each lack names a field and says what would be right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.value.ledger.benefit import NO_BASELINE, BenefitFacts, budget_code_of
from guildhall.value.ledger.claims import Account
from guildhall.value.ledger.retests import too_early
from guildhall.vocabulary.benefits import COLUMN_LABELS, COLUMNS_OF, GEF_CLASS_LABELS, Bearer, Column, EvidenceLevel, GefClass, Stage

LEAST_TEXT: Final = 15
EFFICIENCIES: Final = frozenset({GefClass.CASH_RELEASING, GefClass.NON_CASH_MONETISABLE})
FAMILIES: Final = ("baseline", "evaluation", "measure", "figure", "document")


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing or wrong for a stage: the field, and what would be right."""

    field: str
    text: str


Need = Callable[[Account, date], Iterator[Lack]]


def lacks(account: Account, to: Stage, today: date) -> tuple[Lack, ...]:
    """What a benefit still lacks for a stage; empty if it may move there. What earlier stages needed must still hold."""
    found: dict[Lack, None] = {}
    for stage in _NEEDED_BEFORE[to]:
        for need in _NEEDS[stage]:
            found.update(dict.fromkeys(need(account, today)))
    return tuple(found)


def wrong_reference(reference: str) -> bool:
    """Whether a reference to evidence is not written as `kind:id`."""
    kind, colon, rest = reference.partition(":")
    return kind not in FAMILIES or not colon or not rest.strip()


REFERENCE_FIX: Final = f"write a reference as kind:id; the kinds are {', '.join(FAMILIES)}"


def _classified(account: Account, _today: date) -> Iterator[Lack]:
    facts = account.benefit.facts
    if facts.gef_class is None:
        yield Lack("gef_class", "choose its class under the Government Efficiency Framework")
    if facts.gef_type is None:
        yield Lack("gef_type", "say whether it is technical or allocative")
    if facts.recurrence is None:
        yield Lack("recurrence", "say whether it comes once or every year")
    if not facts.outputs:
        yield Lack("outputs", "say whether residents get more, the same or less")
    elif facts.outputs == "less" and facts.gef_class in EFFICIENCIES:
        label = GEF_CLASS_LABELS[GefClass.NON_EFFICIENCY_SAVING][0]
        yield Lack("outputs", f"if residents get less, it is not an efficiency: choose the class “{label}”")


def _amounts(account: Account, _today: date) -> Iterator[Lack]:
    facts = account.benefit.facts
    if facts.gef_class is None:
        return
    yield from columns_wrong(facts, "planned")
    if not facts.planned.columns and facts.gef_class != GefClass.QUALITY_ONLY:
        yield Lack("planned", "give the planned amount in at least one column")
    if facts.profile_pence:
        main = next(iter(facts.planned.columns), Column.COUNCIL_CASH)
        if len(facts.profile_pence) != 12 or sum(facts.profile_pence) != facts.planned.of(main):
            yield Lack(
                "profile_pence", f"a profile needs twelve months that add up to the planned amount of {COLUMN_LABELS[main][0].lower()}"
            )


def columns_wrong(facts: BenefitFacts, which: str) -> Iterator[Lack]:
    """Amounts in columns that its class does not allow."""
    worth = facts.planned if which == "planned" else facts.measured
    if facts.gef_class is None or worth is None:
        return
    for column in worth.columns:
        if column not in COLUMNS_OF[facts.gef_class]:
            kind, name = GEF_CLASS_LABELS[facts.gef_class][0].lower(), COLUMN_LABELS[column][0].lower()
            yield Lack(which, f"a benefit of the class “{kind}” has no {name}: take the amount out, or choose another class")


def _counted_and_borne(account: Account, _today: date) -> Iterator[Lack]:
    facts = account.benefit.facts
    if not facts.measure or not facts.unit:
        yield Lack("measure", "name the measure and its unit")
    if not facts.borne:
        yield Lack("borne", "say who bears a cost, or that somebody looked and nobody bears one")
    elif len(facts.borne) > 1 and any(one.by == Bearer.NOBODY for one in facts.borne):
        yield Lack("borne", "a cost cannot be borne by nobody and by somebody: take one of them out")
    if not facts.dis_benefits and not facts.no_dis_benefits:
        yield Lack("dis_benefits", "say what gets worse, or that somebody looked and nothing gets worse")
    if facts.gef_class == GefClass.INCOME_GAIN and all(one.by == Bearer.NOBODY for one in facts.borne):
        yield Lack("borne", "somebody pays every income gain: say who")


def _baseline(account: Account, _today: date) -> Iterator[Lack]:
    facts = account.benefit.facts
    if facts.baseline == NO_BASELINE:
        return
    if not facts.baseline.startswith("baseline:") or wrong_reference(facts.baseline):
        yield Lack("baseline", f"name a frozen baseline as baseline:id, or write “{NO_BASELINE}”")
    elif not facts.method:
        yield Lack("method", "say how before and after will be compared")


def _owned(account: Account, _today: date) -> Iterator[Lack]:
    facts = account.benefit.facts
    said: Mapping[str, str] = {"owner": "name its owner by post", "finance_partner": "name the finance partner by post"}
    yield from (Lack(name, text) for name, text in said.items() if not getattr(facts, name))
    if not budget_code_of(facts.budget_code):
        yield Lack("budget_code", "give the code of the budget line it is on, such as CS-4410")
    if len(facts.power) < LEAST_TEXT:
        yield Lack(
            "power",
            "say how small a change could be seen, and by when, such as “with this data at least 20% by month 6”; or say that no change could be seen",
        )
    if not facts.attribution_percent:
        yield Lack("attribution_percent", "say how much of the change on its budget line is due to it, from 1 to 100%")
    for name, text in (
        ("run_cost_pence", "what it costs to run for a year"),
        ("change_cost_pence", "what it costs once to make the change"),
    ):
        if getattr(facts, name) is None:
            yield Lack(name, f"say {text}; write 0 if it costs nothing")


def _begun(account: Account, _today: date) -> Iterator[Lack]:
    if account.benefit.facts.starts_on is None:
        yield Lack("starts_on", "give the first day on which the change is in effect")


def _measured(account: Account, _today: date) -> Iterator[Lack]:
    facts = account.benefit.facts
    if facts.measured is None:
        yield Lack("measured", "give the measured amount in each column; it may be 0")
    yield from columns_wrong(facts, "measured")
    if facts.evidence == EvidenceLevel.E0:
        yield Lack("evidence", "an estimate is not a measurement: it needs evidence of level E1 or better")
    elif facts.evidence.rank >= EvidenceLevel.E2.rank and facts.baseline == NO_BASELINE:
        yield Lack(
            "evidence",
            f"nothing was compared, because there is no baseline. So it cannot be {facts.evidence.value.upper()}: choose E1 at most",
        )
    if not facts.evidence_refs:
        yield Lack("evidence_refs", "name the evaluation, measure or figure that is its evidence")
    elif any(wrong_reference(one) for one in facts.evidence_refs):
        yield Lack("evidence_refs", REFERENCE_FIX)
    if facts.measured and facts.measured.reinvested_capacity_pence and not facts.workforce:
        yield Lack("workforce", "capacity is staff hours: say whose hours, how many, and where they went")


def _taken(account: Account, _today: date) -> Iterator[Lack]:
    if account.benefit.facts.gef_class != GefClass.CASH_RELEASING:
        yield Lack("gef_class", "only a cash-releasing efficiency can be taken out of a budget")
    if not account.signed_claims:
        waiting = len(account.unsigned_claims)
        yield Lack("claims", "time saved is not cash without a named act: it needs a claim" + (" that is signed" if waiting else ""))


def _still_holds(account: Account, today: date) -> Iterator[Lack]:
    until = too_early(account, today)
    if until:
        yield Lack("to", f"it is too early to test it again: the next re-test may be signed from {until:%d %B %Y}")
    before = next((entry for entry in reversed(account.entries) if entry.moved), None)
    if before and set(account.benefit.facts.evidence_refs) <= set(before.facts.evidence_refs):
        yield Lack("evidence_refs", "add the evidence of the re-test to the evidence that is already there")


def _nothing_claimed(account: Account, _today: date) -> Iterator[Lack]:
    count = len(account.standing_claims)
    if count:
        yield Lack(
            "claims", f"{count} {'claim stands' if count == 1 else 'claims stand'}: take {'it' if count == 1 else 'them'} back first"
        )


def _named_elsewhere(account: Account, _today: date) -> Iterator[Lack]:
    if len(account.benefit.facts.delivered_by) < 5:
        yield Lack("delivered_by", "say what delivered it instead")


_NEEDS: Final[dict[Stage, tuple[Need, ...]]] = {
    Stage.IDEA: (),
    Stage.IDENTIFIED: (_classified, _amounts, _counted_and_borne),
    Stage.BASELINED: (_baseline,),
    Stage.APPROVED: (_owned,),
    Stage.IN_DELIVERY: (_begun,),
    Stage.MEASURED: (_measured,),
    Stage.FINANCE_VALIDATED: (),
    Stage.BUDGET_TAKEN: (_taken,),
    Stage.SUSTAINED: (_still_holds,),
    Stage.REVERSED: (_nothing_claimed,),
    Stage.SUBSTITUTED: (_named_elsewhere,),
}
_LINE: Final = tuple(Stage)[: tuple(Stage).index(Stage.FINANCE_VALIDATED) + 1]
_NEEDED_BEFORE: Final[dict[Stage, tuple[Stage, ...]]] = {
    **{stage: _LINE[: number + 1] for number, stage in enumerate(_LINE)},
    Stage.BUDGET_TAKEN: (*_LINE, Stage.BUDGET_TAKEN),
    Stage.SUSTAINED: (*_LINE, Stage.SUSTAINED),
    Stage.REVERSED: (Stage.REVERSED,),
    Stage.SUBSTITUTED: (Stage.SUBSTITUTED,),
}
