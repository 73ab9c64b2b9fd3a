"""The ledger as sheets for a spreadsheet: benefits, history and claims. Every row is there, so that anybody can check each total."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from guildhall.value.ledger.claims import Account, altered
from guildhall.value.ledger.headline import SUGGESTED, Haircuts, headlines, net
from guildhall.value.ledger.retests import next_retest
from guildhall.vocabulary.benefits import Column

Row = tuple[str, ...]
Sheet = tuple[Row, tuple[Row, ...]]
NAMES: Final = ("benefits", "history", "claims")


def sheet(
    name: str, accounts: Sequence[Account], as_at: date, haircuts: Haircuts = SUGGESTED, staff: Mapping[str, str] | None = None
) -> Sheet:
    """Headings and rows of one sheet of `NAMES`. Amounts are in pence, empty where nothing is known. `staff` gives names for ids."""
    names = staff or {}
    if name == "history":
        return _history(accounts, names)
    return _claims(accounts, names) if name == "claims" else _benefits(accounts, as_at, haircuts)


def _benefits(accounts: Sequence[Account], as_at: date, haircuts: Haircuts) -> Sheet:
    head = ["id", "title", "service", "opportunity", "stage", "standing", "gef_class", "gef_type", "recurrence", "evidence", "assurance"]
    head += ["owner", "finance_partner", "budget_code", "measure", "unit", "baseline", "method", "attribution_percent", "haircut_percent"]
    for column in Column:
        head += [f"{column.value}_pence", f"{column.value}_attributed_pence", f"{column.value}_after_haircut_pence"]
    head += ["run_cost_pence", "change_cost_pence", "net_cash_first_year_pence", "net_cash_later_years_pence", "borne_by", "borne_pence"]
    head += ["dis_benefits", "delivered_by", "evidence_refs", "next_retest", "overdue", "as_at", "whole"]
    return tuple(head), tuple(_benefit(account, as_at, haircuts) for account in accounts)


def _benefit(account: Account, as_at: date, haircuts: Haircuts) -> Row:
    benefit, facts = account.benefit, account.benefit.facts
    said = {one.column: one for one in headlines(account, as_at, haircuts)}
    row: list[object] = [benefit.id, facts.title, facts.service, facts.opportunity, benefit.stage, benefit.standing, facts.gef_class]
    row += [facts.gef_type, facts.recurrence, facts.evidence, facts.assurance, facts.owner, facts.finance_partner, facts.budget_code]
    row += [facts.measure, facts.unit, facts.baseline, facts.method, facts.attribution_percent, haircuts[facts.evidence]]
    for column in Column:
        one = said.get(column)
        row += [one.pence, one.attributed_pence, one.after_haircut_pence] if one else [0, 0, 0]
    left, coming = net(account, as_at, haircuts), next_retest(account, as_at)
    row += [
        facts.run_cost_pence,
        facts.change_cost_pence,
        left.first_year_pence if left else None,
        left.later_years_pence if left else None,
    ]
    known = [one.pence for one in facts.borne if one.pence is not None]
    row += [
        "; ".join(one.by.value for one in facts.borne),
        sum(known) if known else None,
        "; ".join(one.text for one in facts.dis_benefits),
    ]
    row += [facts.delivered_by, "; ".join(facts.evidence_refs), coming.due_on if coming else "", "yes" if coming and coming.overdue else ""]
    row += [as_at, "no" if altered(account) else "yes"]
    return _said(row)


def _history(accounts: Sequence[Account], staff: Mapping[str, str]) -> Sheet:
    head = ("benefit", "number", "was", "stage", "signed", "by", "role", "at", "why", "digest")
    rows = []
    for account in accounts:
        for entry in account.entries:
            row: list[object] = [entry.benefit_id, entry.number, entry.was, entry.stage, "yes" if entry.moved else ""]
            row += [staff.get(entry.by, entry.by), entry.role, entry.at.isoformat(), entry.why, entry.digest]
            rows.append(_said(row))
    return head, tuple(rows)


def _claims(accounts: Sequence[Account], staff: Mapping[str, str]) -> Sheet:
    head: Row = ("claim", "benefit", "budget_code", "period", "cash_action", "amount_pence", "evidence_ref", "by", "at", "digest")
    head += ("signed_by", "signed_at", "reversed_by", "reversed_at", "reversed_why", "counts_pence")
    rows: list[Row] = []
    for account in accounts:
        signed = {one.about_id: one for one in account.signatures if one.about == "claim"}
        gone = {one.claim_id: one for one in account.reversals}
        counts = {claim.id for claim in account.signed_claims}
        for claim in account.claims:
            seal, back = signed.get(claim.id), gone.get(claim.id)
            row: list[object] = [claim.id, claim.benefit_id, claim.budget_code, claim.period, claim.cash_action, claim.amount_pence]
            row += [claim.evidence_ref, staff.get(claim.by, claim.by), claim.at.isoformat(), claim.digest]
            row += [staff.get(seal.by, seal.by), seal.at.isoformat()] if seal else ["", ""]
            row += [staff.get(back.by, back.by), back.at.isoformat(), back.why] if back else ["", "", ""]
            rows.append(_said([*row, claim.amount_pence if claim.id in counts else 0]))
    return head, tuple(rows)


def _said(row: Sequence[object]) -> Row:
    return tuple("" if value is None else str(value) for value in row)
