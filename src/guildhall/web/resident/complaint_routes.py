"""Complaining about how one's personal data are used: a form that needs no script, and a page with the reference."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from guildhall.web.audience import Audience, audience
from guildhall.web.complaints import COMPLAINT_AT_MOST, CONTACT_AT_MOST, take_complaint
from guildhall.web.forgery import comes_from_our_page
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.page import FieldError, Page, open_page

Text = Annotated[str, Form()]
FIELD = "complaint-text"


def complaint_routes(door: FrontDoor) -> APIRouter:
    """`/complaint`."""
    router = APIRouter()

    @router.get("/complaint")
    @audience(Audience.RESIDENT)
    def form(request: Request, lang: str = "", embed: str = "") -> Response:
        return _form(open_page(door, request, lang=lang, embed=embed == "1"))

    @router.post("/complaint")
    @audience(Audience.RESIDENT)
    def send(request: Request, text: Text = "", contact: Text = "", token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        typed = {"text": text, "contact": contact}
        if not comes_from_our_page(request, door.address):
            return _form(page, typed, "page.error_refused", 403)
        if not text.strip():
            return _form(page, typed, "page.error_complaint", 400)
        if len(text) > COMPLAINT_AT_MOST:
            return _form(page, typed, "page.error_long", 413)
        wait = door.limits.address.take(request.client.host if request.client else "")
        if wait:
            return _form(page, typed, "page.error_busy", 429, {"Retry-After": str(wait)})
        about = [page.session.conversation_id] if page.session else []
        taken = take_complaint(door.guildhall, text.strip(), contact.strip()[:CONTACT_AT_MOST], page.language, about)
        return page.respond("complaint_done.html", taken=taken, due=page.date(taken.acknowledge_by.date().isoformat()))

    return router


def _form(
    page: Page, typed: dict[str, str] | None = None, wrong: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    error = FieldError(page.say(wrong, limit=f"{COMPLAINT_AT_MOST:,}"), FIELD) if wrong else None
    return page.respond("complaint.html", status, headers, typed=typed or {}, errors=[error] if error else [], error=error)
