"""What somebody can do on a benefit's page: move it, claim money, sign a claim, or take a claim back."""

from collections.abc import Mapping
from typing import Final

from guildhall.storage.ledger import ClaimDraft, LedgerStore
from guildhall.value.ledger.claims import Account
from guildhall.value.ledger.moving import LackingError
from guildhall.value.ledger.needs import Lack
from guildhall.vocabulary.benefits import CashAct, Stage
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.money import pence_of
from guildhall.vocabulary.staff import StaffMember
from guildhall.web.console.meanwhile import version_in

AT_FIELD: Final[Mapping[str, Mapping[str, str]]] = {
    "move": {"to": "to", "why": "move-why"},
    "claim": {
        "amount": "amount", "budget_code": "budget_code", "period": "period", "act": "act", "act_reference": "act_reference",
        "evidence_ref": "evidence_ref",
    },
    "sign": {"claim": "claims"},
    "reverse": {"claim": "claims", "why": "claims"},
}  # fmt: skip
"""The id of the control at which each lack is told; the first is for whatever has none."""


def act(way: str, store: LedgerStore, account: Account, form: Mapping[str, str], member: StaffMember) -> None:
    """Do it. Raises RefusedError, LackingError, NotFoundError."""
    if way == "move":
        if form.get("to") not in set(Stage):
            raise LackingError([Lack("to", "choose the stage to move it to")])
        store.move(account.benefit.id, Stage(form["to"]), member, form.get("why", ""), version_in(form))
    elif way == "claim":
        store.claim(account.benefit.id, _draft(form), member)
    else:
        claim = next((one for one in account.claims if one.id == form.get("claim", "")), None)
        if claim is None:
            raise NotFoundError("there is no such claim on this benefit. Reload the page")
        if way == "sign":
            store.sign(claim.id, member)
        else:
            store.reverse(claim.id, member, form.get("why", ""))


def _draft(form: Mapping[str, str]) -> ClaimDraft:
    found: list[Lack] = []
    try:
        pence = pence_of(form.get("amount", ""))
    except ValueError as error:
        pence = 0
        found.append(Lack("amount", str(error)))
    if form.get("act") not in set(CashAct):
        found.append(Lack("act", "choose the act that keeps the money in the council"))
    if not form.get("period"):
        found.append(Lack("period", "give the month, such as 2026-04, or the quarter, such as 2026-27-Q1"))
    if found:
        raise LackingError(found)
    reference, evidence = form.get("act_reference", ""), form.get("evidence_ref", "")
    return ClaimDraft(form.get("budget_code", ""), form["period"], CashAct(form["act"]), reference, pence, evidence)
