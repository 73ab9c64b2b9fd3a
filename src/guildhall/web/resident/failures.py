"""Pages for what went wrong; each has a way to a person."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.page import Page, open_page


def _page(door: FrontDoor, request: Request) -> Page:
    query = request.query_params
    return open_page(door, request, lang=query.get("lang", ""), embed=query.get("embed") == "1")


def missing_page(door: FrontDoor, request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Nothing is here, or not for this method."""
    paragraphs = ["page.not_found_body"]
    return _page(door, request).respond("words.html", status, headers, heading="page.not_found", paragraphs=paragraphs, human_route=True)


def unreadable_page(door: FrontDoor, request: Request) -> Response:
    """A form that is none of ours."""
    paragraphs = ["unreadable", "page.phone_instead"]
    return _page(door, request).respond("words.html", 400, heading="page.error_heading", paragraphs=paragraphs, human_route=True)


def too_big_page(door: FrontDoor, scope: Scope) -> Response:
    """More was sent than is read."""
    paragraphs = ["page.error_too_big"]
    return _page(door, Request(scope)).respond("words.html", 413, heading="page.error_heading", paragraphs=paragraphs, human_route=True)


def broken_page(door: FrontDoor, scope: Scope) -> Response:
    """Something failed. The store may be what failed, so the conversation is not read; nor may the page itself fail."""
    page = open_page(door, Request(scope), with_session=False)
    try:
        return page.respond("words.html", 500, heading="page.server_error", paragraphs=["page.server_error_body"], human_route=True)
    except (LookupError, TypeError, ValueError):
        phone = page.phone or "the council"
        return HTMLResponse(f"<!DOCTYPE html><html lang=en><title>Sorry</title><p>Sorry, there is a problem. Phone {phone}.", 500)
