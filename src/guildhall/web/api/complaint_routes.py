"""Complain about how one's personal data are used."""

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.requests import Request

from guildhall.web.api.conversation_routes import check_rate
from guildhall.web.api.models import ComplaintIn, ComplaintOut
from guildhall.web.api.problems import ProblemError, problems
from guildhall.web.audience import Audience, audience
from guildhall.web.complaints import take_complaint
from guildhall.web.front_door import FrontDoor, address_of


def complaint_routes(door: FrontDoor) -> APIRouter:
    """`/complaints`."""
    router = APIRouter(tags=["Complaints"])

    @router.post("/complaints", status_code=201, responses=problems(409, 429), summary="Complain about how personal data are used")
    @audience(Audience.API_CLIENT)
    def complain(request: Request, body: Annotated[ComplaintIn, Body()]) -> ComplaintOut:
        check_rate(door.limits.address.take(address_of(request)))
        if not body.text.strip():
            raise ProblemError(409, "There is no complaint in it", "Say in `text` what went wrong.")
        language = body.language or "en"
        taken = take_complaint(door.guildhall, body.text.strip(), body.contact.strip(), language)
        profile = door.guildhall.profile
        care = profile.wordings.say(taken.care, language, council=profile.council.name, phone=profile.reached_by) if taken.care else ""
        return ComplaintOut(reference=taken.reference, acknowledge_by=taken.acknowledge_by, care=care)

    return router
