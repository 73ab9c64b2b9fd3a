"""Checks whether somebody may enter, change, move or claim a benefit. If not, says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.value.ledger.alike import alike
from guildhall.value.ledger.attribution import SHARING, share_left
from guildhall.value.ledger.benefit import FIELDS, MOST_PENCE, Benefit, BenefitFacts, budget_code_of
from guildhall.value.ledger.claims import Account, Claim
from guildhall.value.ledger.needs import REFERENCE_FIX, Lack, lacks, wrong_reference
from guildhall.value.ledger.stages import MAY_ADD, MAY_CLAIM, MAY_REVERSE, MAY_SIGN_CLAIMS, MOVES, moves_from
from guildhall.vocabulary.benefits import CASH_ACTS, STAGE_LABELS, GefClass, Stage
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.money import pounds
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.staff import StaffMember

LEAST_REASON: Final = 10
DISCLOSURES: Final = frozenset({"borne", "dis_benefits", "no_dis_benefits", "workforce", "assurance", "delivered_by", "about"})
"""Fields that may change at any stage, because they only add to what is known."""
RESULTS: Final = frozenset({"measured", "evidence", "evidence_refs", "starts_on", "run_cost_pence", "change_cost_pence", "method"})
"""Fields that may change while the benefit is being delivered, because they are found out then."""
PLANNING: Final = frozenset({Stage.IDEA, Stage.IDENTIFIED, Stage.BASELINED})
CLAIMABLE: Final = frozenset({Stage.FINANCE_VALIDATED, Stage.BUDGET_TAKEN, Stage.SUSTAINED})


class LackingError(RefusedError):
    """A benefit lacks something for a stage: `lacks` has each field with what would be right."""

    def __init__(self, found: Iterable[Lack]) -> None:
        self.lacks = tuple(found)
        super().__init__("; ".join(lack.text for lack in self.lacks))


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts: a member of staff, and the role in which they do."""

    staff_id: str
    role: Role


def signer(member: StaffMember, roles: frozenset[Role], what: str) -> Signer:
    """The member in the first of these roles that they hold. Raises RefusedError that names the roles."""
    held = next((role for role in Role if role in roles and role in member.roles), None)
    if held is None or not member.active:
        names = " or ".join(ROLE_LABELS[role][0].lower() for role in Role if role in roles)
        raise RefusedError(f"{member.name} may not {what}: it takes the role of {names}")
    return Signer(str(member.id), held)


def may_add(member: StaffMember) -> Signer:
    """Who may enter or change a benefit."""
    return signer(member, MAY_ADD, "enter or change a benefit")


def check_reason(why: str) -> str:
    """A reason, tidied. Raises RefusedError for one that is too short to be understood later."""
    tidy = " ".join(why.split())
    if len(tidy) < LEAST_REASON:
        raise LackingError([Lack("why", f"give a reason of at least {LEAST_REASON} characters, so that others understand it later")])
    return tidy[:500]


def check_facts(facts: BenefitFacts) -> None:
    """Raise LackingError for facts that are wrong at every stage."""
    if len(facts.title.strip()) < 5:
        raise LackingError([Lack("title", "give it a title of at least 5 characters")])
    if facts.budget_code and not budget_code_of(facts.budget_code):
        raise LackingError([Lack("budget_code", "write a budget code with letters, digits, dots, dashes and slashes, such as CS-4410")])


def changed_fields(was: BenefitFacts, now: BenefitFacts) -> tuple[str, ...]:
    """The fields that differ, in their order."""
    return tuple(name for name in FIELDS if getattr(was, name) != getattr(now, name))


def check_change(benefit: Benefit, now: BenefitFacts) -> tuple[str, ...]:
    """What a change would change. Raises RefusedError where a field is fixed at its stage, or nothing changes."""
    changed = changed_fields(benefit.facts, now)
    if not changed:
        raise RefusedError("nothing would change")
    check_facts(now)
    allowed = set(FIELDS) if benefit.stage in PLANNING else set(DISCLOSURES)
    if benefit.stage in (Stage.APPROVED, Stage.IN_DELIVERY):
        allowed |= RESULTS
    elif set(now.evidence_refs) > set(benefit.facts.evidence_refs):
        allowed.add("evidence_refs")  # a re-test brings evidence of its own; none is taken away
    fixed = [
        Lack(name, f"“{name}” cannot change any more, because the benefit is {STAGE_LABELS[benefit.stage][0].lower()}")
        for name in changed
        if name not in allowed
    ]
    if fixed:
        raise LackingError(fixed)
    return changed


def check_move(account: Account, to: Stage, member: StaffMember, today: date, others: Iterable[Benefit]) -> Signer:
    """The signer of a move. Raises RefusedError: no such move, the wrong role or person, or what is lacking. `others` are all benefits."""
    benefit = account.benefit
    move = MOVES.get((benefit.stage, to))
    if move is None or not move.is_for(benefit.facts.gef_class):
        raise RefusedError(_no_such_move(benefit, to))
    who = signer(member, move.roles, f"move it to “{STAGE_LABELS[to][0].lower()}”")
    for stage in move.apart_from:
        if account.signer_of(stage) == who.staff_id:
            raise RefusedError(f"{member.name} signed “{STAGE_LABELS[stage][0].lower()}”, so another person has to sign this")
    if Stage.MEASURED in move.apart_from and account.measurer == who.staff_id:
        raise RefusedError(f"{member.name} entered the measured amounts, so another person has to sign this")
    if to == Stage.BUDGET_TAKEN and any(claim.by == who.staff_id for claim in account.standing_claims):
        raise RefusedError(f"{member.name} made a claim on it, so another person has to take the budget")
    found = list(lacks(account, to, today))
    if to == Stage.APPROVED:
        left = share_left(others, benefit.facts.budget_code, benefit.id)
        if benefit.facts.attribution_percent > left:
            text = f"other benefits have {100 - left}% of this budget line, so at most {left}% is left for this one"
            found.append(Lack("attribution_percent", text))
    if found:
        raise LackingError(found)
    return who


def _no_such_move(benefit: Benefit, to: Stage) -> str:
    if to == Stage.BUDGET_TAKEN and benefit.facts.gef_class != GefClass.CASH_RELEASING:
        return "only a cash-releasing efficiency can be taken out of a budget"
    ways = ", ".join(f"“{move.name.lower()}”" for move in moves_from(benefit.stage, benefit.facts.gef_class))
    said = f"from “{STAGE_LABELS[benefit.stage][0].lower()}” it cannot go to “{STAGE_LABELS[to][0].lower()}”"
    return f"{said}; it can go to {ways}" if ways else f"{said}: it has come to its end"


def check_claim(account: Account, claim: Claim, member: StaffMember, today: date) -> Signer:
    """The signer of a claim. Raises RefusedError or LackingError. Whether the pound was claimed before is for the store to say."""
    benefit, found = account.benefit, []
    who = signer(member, MAY_CLAIM, "claim money")
    if benefit.facts.gef_class != GefClass.CASH_RELEASING:
        raise RefusedError("only a cash-releasing efficiency can be claimed as cash")
    if benefit.stage not in CLAIMABLE:
        raise RefusedError(
            f"it is {STAGE_LABELS[benefit.stage][0].lower()}: money can be claimed only after finance has validated what was measured"
        )
    if claim.act not in CASH_ACTS:
        found.append(Lack("act", "absorbing growth in demand avoids a cost and is never cash: choose an act that releases cash"))
    if not alike(claim.act_reference):
        found.append(
            Lack("act_reference", "give the council’s own number for the act, such as the number of the post, the shift or the contract")
        )
    if not 0 < claim.amount_pence <= MOST_PENCE:
        found.append(Lack("amount", "claim an amount of more than £0"))
    if budget_code_of(claim.budget_code) != claim.budget_code:
        found.append(Lack("budget_code", "write a budget code with letters, digits, dots, dashes and slashes, such as CS-4410"))
    elif claim.budget_code != budget_code_of(benefit.facts.budget_code):
        found.append(Lack("budget_code", f"the benefit is on the budget line {benefit.facts.budget_code}"))
    if wrong_reference(claim.evidence_ref):
        found.append(Lack("evidence_ref", REFERENCE_FIX))
    if claim.when.begins_on > today:
        found.append(Lack("period", "the period has not begun: nothing can be claimed from it yet"))
    elif not found:
        found += _beyond(account, claim)
    if found:
        raise LackingError(found)
    return who


def _beyond(account: Account, claim: Claim) -> list[Lack]:
    worth = account.benefit.facts.worth.council_cash_pence * account.benefit.facts.attribution_percent // 100
    one_off = account.benefit.facts.recurrence == "one_off"
    claimed = sum(one.amount_pence for one in account.standing_claims if one_off or one.when.year == claim.when.year)
    if claimed + claim.amount_pence <= worth:
        return []
    span = "in all" if one_off else f"in {claim.when.year}"
    return [
        Lack("amount", f"{pounds(worth)} was validated {span} and {pounds(claimed)} is claimed: at most {pounds(worth - claimed)} is left")
    ]


def check_signing(claim: Claim, account: Account, member: StaffMember) -> Signer:
    """The chief finance officer who signs a claim, and did not make it. Raises RefusedError."""
    who = signer(member, MAY_SIGN_CLAIMS, "sign a claim")
    if claim not in account.standing_claims:
        raise RefusedError("it was taken back, so there is nothing to sign")
    if claim in account.signed_claims:
        raise RefusedError("it is already signed")
    if claim.by == who.staff_id:
        raise RefusedError(f"{member.name} made this claim, so another person has to sign it")
    return who


def check_reversal(claim: Claim, account: Account, member: StaffMember) -> Signer:
    """Who takes a claim back. Raises RefusedError when it has already been taken back."""
    if claim not in account.standing_claims:
        raise RefusedError("it has already been taken back")
    return signer(member, MAY_REVERSE, "take a claim back")


def sharing(benefit: Benefit) -> bool:
    """Whether a benefit has a share of its budget line now."""
    return benefit.stage in SHARING
