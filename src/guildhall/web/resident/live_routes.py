"""The open page: a stream of what happens in its conversation, and the signs it gives that somebody is writing or has read."""

from typing import Annotated

from fastapi import APIRouter, Form, Header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from guildhall.web.audience import Audience, audience
from guildhall.web.event_stream import EVENT_STREAM, STREAM_HEADERS
from guildhall.web.forgery import comes_from_our_page
from guildhall.web.front_door import FrontDoor
from guildhall.web.open_streams import give_signs
from guildhall.web.resident.live_stream import LivePage
from guildhall.web.resident.page import open_page


def live_routes(door: FrontDoor) -> APIRouter:
    """`/live`: to listen, and to give signs."""
    router = APIRouter()

    @router.get("/live")
    @audience(Audience.RESIDENT)
    async def listen(
        request: Request, after: str = "", lang: str = "", embed: str = "",
        last_event_id: Annotated[str, Header()] = "", conversation_token: Annotated[str, Header()] = "",
    ) -> Response:  # fmt: skip
        page = await run_in_threadpool(open_page, door, request, lang=lang, embed=embed == "1", token=conversation_token)
        if page.session is None:
            return Response(status_code=204)  # which tells the page to stop asking
        if door.streams.full(page.session.conversation_id):
            return Response(status_code=503, headers={"Retry-After": "30"})
        place = last_event_id or after
        live = LivePage(page, int(place) if place.isascii() and place.isdigit() and len(place) < 19 else 0)
        events = door.streams.counted(page.session.conversation_id, live.events(door.live))
        return StreamingResponse(events, media_type=EVENT_STREAM, headers=STREAM_HEADERS)

    @router.post("/live")
    @audience(Audience.RESIDENT)
    def sign(
        request: Request, writing: Annotated[str, Form()] = "", seen: Annotated[str, Form()] = "",
        token: Annotated[str, Form()] = "", embed: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        page = open_page(door, request, embed=embed == "1", token=token)
        if not comes_from_our_page(request, door.address) or page.session is None or not page.session.owns(token):
            return Response(status_code=403)
        give_signs(door, page.session.conversation_id, writing == "1", int(seen) if seen.isascii() and seen.isdigit() else 0)
        return Response(status_code=204)

    return router
