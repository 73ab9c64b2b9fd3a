"""What is only read: the main page, the transcript, privacy and accessibility."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.conversation_view import view_of
from guildhall.web.resident.home import home
from guildhall.web.resident.page import FieldError, Page, open_page


def reading_routes(door: FrontDoor) -> APIRouter:
    """Routes that change nothing but the language a resident prefers."""
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    @audience(Audience.RESIDENT)
    def front_page(
        request: Request, lang: str = "", embed: str = "", sent: str = "", booked: str = "", cancelled: str = "", thanks: str = "",
        rebook: str = "", told: str = "", wait: str = "",
    ) -> Response:  # fmt: skip
        page = open_page(door, request, lang=lang, embed=embed == "1")
        if page.chosen and page.session:
            door.guildhall.conversations.set_language(page.session.conversation_id, page.chosen)
        errors = [FieldError(page.say("page.error_cookies"))] if sent and page.session is None else []
        notices = {"sent": sent, "booked": booked, "cancelled": cancelled, "thanks": thanks, "told": told}
        return home(page, errors=errors, rebook=rebook, notices=notices, waits=wait == "1")

    @router.get("/transcript")
    @audience(Audience.RESIDENT)
    def transcript(request: Request, lang: str = "", embed: str = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1")
        return page.respond("transcript.html", view=view_of(page), today=page.date(_today(page)))

    @router.get("/privacy")
    @audience(Audience.ANYONE)
    def privacy(request: Request, lang: str = "", embed: str = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1")
        return page.respond("words.html", heading="page.privacy", paragraphs=["page.privacy_body", "page.privacy_cookie"])

    @router.get("/accessibility")
    @audience(Audience.ANYONE)
    def accessibility(request: Request, lang: str = "", embed: str = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1")
        return page.respond("words.html", heading="page.accessibility", paragraphs=["page.accessibility_body"])

    return router


def _today(page: Page) -> str:
    guildhall = page.door.guildhall
    return guildhall.house.clock().astimezone(guildhall.profile.calendar.zone).date().isoformat()
