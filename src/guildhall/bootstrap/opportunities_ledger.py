"""From a chosen opportunity to a row of the ledger: an idea, with what is known of it and nothing that nobody said.

The ledger lets it become identified once somebody has said its class, who bears a cost and what gets worse: no score says that.
"""

from guildhall.opportunities.register import Opportunity
from guildhall.storage.ledger import LedgerStore
from guildhall.value.ledger.benefit import BenefitFacts, Worth
from guildhall.vocabulary.staff import StaffMember

LONGEST_LINE = 200
LONGEST_TEXT = 2_000


class OpensLedgerRows:
    """Opens rows in the ledger."""

    def __init__(self, ledger: LedgerStore) -> None:
        self._ledger = ledger

    def open_benefit(self, opportunity: Opportunity, run: str, member: StaffMember) -> str:
        """The id of the new row. Time is capacity that may be used again: never council cash. Raises RefusedError."""
        known = opportunity.details
        facts = BenefitFacts(
            title=known.title[:LONGEST_LINE],
            about=known.problem[:LONGEST_TEXT],
            service=known.service[:LONGEST_LINE],
            opportunity=opportunity.id,
            owner=known.owner[:LONGEST_LINE],
            planned=Worth(reinvested_capacity_pence=max(0, round(known.hours_pa * known.staff_pence_an_hour))),
            run_cost_pence=known.run_cost_pence_pa,
            change_cost_pence=known.cost_pence,
        )
        return self._ledger.add(facts, member).id
