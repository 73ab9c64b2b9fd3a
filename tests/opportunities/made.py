"""Opportunities as tests need them."""

from typing import Any

from guildhall.opportunities.register import Answer, Details, Opportunity, Quote, Status


def made(opportunity_id: str = "o1", status: Status = Status.ACCEPTED, quotes: tuple[Quote, ...] = (), **details: Any) -> Opportunity:
    known = {"title": f"Title of {opportunity_id}", "problem": "Letters are typed twice.", "answer": Answer.AI} | details
    return Opportunity(opportunity_id, Details(**known), status, quotes)
