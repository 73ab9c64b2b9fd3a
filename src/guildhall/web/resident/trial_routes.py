"""Taking part in a randomised trial is taken back here. The agreement comes with the first question, so that nobody has to answer anything before they ask."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.home import take_back
from guildhall.web.resident.page import open_page

Text = Annotated[str, Form()]


def trial_routes(door: FrontDoor) -> APIRouter:
    """`/trial/leave`."""
    router = APIRouter()

    @router.post("/trial/leave")
    @audience(Audience.RESIDENT)
    def leave(request: Request, token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        return take_back(page, token, "trial", door.guildhall.trials.leave)

    return router
