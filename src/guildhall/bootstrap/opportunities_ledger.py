"""From a chosen opportunity to a row of the ledger: an idea, with what is known of it and nothing that nobody said.

Its estimate comes over column by column, as evidence E0, with the class that its first column suggests. The ledger lets it become identified once
somebody has said who bears a cost and what gets worse: no score says that.
"""

from collections.abc import Mapping

from guildhall.opportunities.register import Opportunity
from guildhall.opportunities.worth import class_of, how, pounds_of
from guildhall.storage.ledger import LedgerStore
from guildhall.value.ledger.benefit import BenefitFacts, Worth
from guildhall.vocabulary.benefits import EvidenceLevel, Recurrence
from guildhall.vocabulary.staff import StaffMember

LONGEST_LINE = 200
LONGEST_TEXT = 2_000


class OpensLedgerRows:
    """Opens rows in the ledger."""

    def __init__(self, ledger: LedgerStore) -> None:
        self._ledger = ledger

    def open_benefit(self, opportunity: Opportunity, run: str, member: StaffMember, titles: Mapping[str, Opportunity]) -> str:
        """The id of the new row. Cash stands as cash only by an act that has a name. Raises RefusedError."""
        known, pounds = opportunity.details, pounds_of(opportunity.details)
        planned = {f"{column.value}_pence": pounds.of(column) for column in pounds.columns} if pounds else {}
        facts = BenefitFacts(
            title=known.title[:LONGEST_LINE],
            about=_about(opportunity, titles),
            service=known.service[:LONGEST_LINE],
            opportunity=opportunity.id,
            owner=known.owner[:LONGEST_LINE],
            gef_class=class_of(pounds) if pounds else None,
            recurrence=Recurrence.RECURRING if planned else None,
            planned=Worth(**planned),
            evidence=EvidenceLevel.E0,
            run_cost_pence=known.run_cost_pence_pa,
            change_cost_pence=known.cost_pence,
        )
        return self._ledger.add(facts, member).id


def _about(opportunity: Opportunity, titles: Mapping[str, Opportunity]) -> str:
    """The problem, how its time was valued, by which act cash leaves a budget, and what it needs or stands instead of."""
    known = opportunity.details
    linked = {
        field: "; ".join(f"“{titles[name].details.title if name in titles else name}”" for name in getattr(known, field))
        for field in ("depends_on", "excludes")
    }
    parts = (
        how(known) or ("" if pounds_of(known) else "Not valued in pounds: nobody has given its figures."),
        f"Cash leaves a budget by: {known.cash_act}." if known.cash_pence_pa else "",
        f"Needs first: {linked['depends_on']}." if known.depends_on else "",
        f"Instead of: {linked['excludes']}." if known.excludes else "",
    )
    facts = "\n".join(part for part in parts if part)
    return f"{known.problem[: max(0, LONGEST_TEXT - len(facts) - 1)]}\n{facts}".strip()[:LONGEST_TEXT]
