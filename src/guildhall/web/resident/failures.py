"""Pages for what went wrong; each has a way to a person."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from guildhall.channels.web.reply_html import Block
from guildhall.web.event_stream import wants_stream
from guildhall.web.failing import CHOSEN, SAID_FIRST
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.page import FieldError, Page, open_page
from guildhall.web.resident.thread_view import presenter


def broken_part(page: Page, blocks: Sequence[Block]) -> str:
    """What the page's script shows when a turn could not be run: what must be said first, then that something went wrong, and a number."""
    errors = [FieldError(page.say("page.server_error")), FieldError(page.say("page.server_error_body"))]
    return page.html("parts/broken.html", blocks=blocks) + page.html("parts/errors.html", errors=errors)


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
    """Something failed. The store may be what failed, so the conversation is not read; nor may the page itself fail.

    What the rules want said first about the words that were sent stands at the top. The page's script gets the same as a part of the page.
    """
    request = Request(scope)
    query = request.query_params
    page = open_page(door, request, lang=scope.get(CHOSEN) or query.get("lang", ""), embed=query.get("embed") == "1", with_session=False)
    try:
        blocks = list(presenter(page, 1).all(scope.get(SAID_FIRST, ())))
        if wants_stream(request):
            return JSONResponse({"html": broken_part(page, blocks)}, 500)
        paragraphs = ["fail_safe.unkept" if request.method == "POST" else "page.server_error_body"]
        return page.respond("words.html", 500, heading="page.server_error", paragraphs=paragraphs, human_route=True, blocks=blocks)
    except (LookupError, TypeError, ValueError):
        phone = page.phone or "the council"
        return HTMLResponse(f"<!DOCTYPE html><html lang=en><title>Sorry</title><p>Sorry, there is a problem. Phone {phone}.", 500)
