"""What others changed of a benefit after somebody opened it, field by field, from its history."""

from collections.abc import Mapping
from typing import Final

from guildhall.value.ledger.claims import Account
from guildhall.value.ledger.typed import CHOICES, as_typed
from guildhall.vocabulary.benefits import STAGE_LABELS, Column
from guildhall.web.console.ledger.views import COLUMNS, Say
from guildhall.web.console.meanwhile import Difference, Meanwhile, taken_up

_COLUMNS: Final = dict(COLUMNS)
LABELS: Final = {
    "title": "Title", "about": "More about it", "service": "Service", "opportunity": "The opportunity that it comes from",
    "gef_class": "Class in the Government Efficiency Framework", "gef_type": "Is it technical or allocative?",
    "recurrence": "Does it come once, or every year?", "outputs": "Do residents get more, the same or less?",
    "profile": "Amount for each month, if you know it", "run_cost": "Cost to run for a year", "change_cost": "One-off cost of making the change",
    "borne": "Who bears a cost", "dis_benefits": "What gets worse", "no_dis_benefits": "Somebody looked, and nothing gets worse",
    "workforce": "Hours released a year", "measure": "Measure", "unit": "Unit", "data_source": "Where the numbers come from", "baseline": "Baseline",
    "method": "How before and after are compared", "counterfactual": "What would have happened without the change",
    "power": "How small a change could be seen, and by when", "owner": "Owner’s post", "finance_partner": "Finance partner’s post",
    "budget_code": "Budget line", "attribution_percent": "How much of the change on that line is due to this benefit, in percent",
    "starts_on": "In effect from", "evidence": "Level of evidence", "evidence_refs": "References to the evidence",
    "assurance": "Opinion of internal audit", "delivered_by": "If something else delivered it, say what",
    **{f"planned_{column.value}": _COLUMNS[column.value] for column in Column},
    **{f"measured_{column.value}": f"{_COLUMNS[column.value]}, measured" for column in Column},
}  # fmt: skip
"""What the form calls each field."""


def since(account: Account, seen: int, given: Mapping[str, str] | None = None) -> Meanwhile:
    """What changed after version `seen`, and the fields to show: the newest, with what was typed on top."""
    before = next((entry for entry in account.entries if entry.number == seen), account.entries[0])
    after = [entry for entry in reversed(account.entries) if entry.number > seen]
    saved = [(entry.by, entry.at, entry.why) for entry in after]
    found = taken_up(as_typed(before.facts), as_typed(account.benefit.facts), given or {}, LABELS, saved, _said)
    if before.stage == account.benefit.stage:
        return found
    stage = Difference("to", "Stage", STAGE_LABELS[before.stage][0], STAGE_LABELS[account.benefit.stage][0], None)
    return Meanwhile(found.saved, (stage, *found.differences), found.fields)


def _said(field: str, text: str) -> str:
    kind = "outputs" if field == "outputs" else field if field in CHOICES else ""
    if kind and text in dict(Say.options(kind)):
        return Say.label(kind, text)
    return ("yes" if text else "no") if field == "no_dis_benefits" else "; ".join(text.splitlines())
