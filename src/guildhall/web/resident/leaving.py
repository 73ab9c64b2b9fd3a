"""Leaving: quickly, so that going back shows nothing; or to start a new conversation."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guildhall.web.audience import Audience, audience
from guildhall.web.forgery import comes_from_our_page
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.page import EXIT_TO, open_page


def leaving_routes(door: FrontDoor) -> APIRouter:
    """`/exit` and `/start-again`."""
    router = APIRouter()

    @router.get("/exit")
    @audience(Audience.RESIDENT)
    def leave_by_link(request: Request) -> Response:
        response = RedirectResponse(EXIT_TO, 303)
        if comes_from_our_page(request, door.address):
            door.cookies.clear(response)
        return response

    @router.post("/exit")
    @audience(Audience.RESIDENT)
    def leave(request: Request) -> Response:
        response = Response(status_code=204)
        if comes_from_our_page(request, door.address):
            door.cookies.clear(response)
        return response

    @router.post("/start-again")
    @audience(Audience.RESIDENT)
    def start_again(request: Request, lang: Annotated[str, Form()] = "", embed: Annotated[str, Form()] = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1")
        response = RedirectResponse(page.here("/"), 303)
        if comes_from_our_page(request, door.address):
            door.cookies.clear(response)
        return response

    return router
