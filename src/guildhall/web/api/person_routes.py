"""Reach a person: ask for one, see the times they offer, book or cancel a callback."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from starlette.requests import Request
from starlette.responses import Response

from guildhall.bootstrap.callback_slots import chosen_slot, offered_slots
from guildhall.handoffs.phone_numbers import uk_phone
from guildhall.storage.people import CallbackDetails, CallbackRow
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.ids import ConversationId
from guildhall.web.api.access import opened_by_token
from guildhall.web.api.conversation_routes import STREAMED, Said, reply_to
from guildhall.web.api.models import CallbackIn, PersonIn, RequestOut, SlotOut, SlotsOut, TurnOut
from guildhall.web.api.problems import ProblemError, problems
from guildhall.web.api.shown import request_out
from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor


def person_routes(door: FrontDoor) -> APIRouter:
    """`…/person`, `…/slots` and `…/callback`."""
    router = APIRouter(tags=["A person"], prefix="/conversations/{conversation_id}")
    Opened = Annotated[ConversationId, Depends(opened_by_token(door))]

    @router.post("/person", response_model=TurnOut, responses=problems(401, 429) | STREAMED, summary="Ask for a person")
    @audience(Audience.API_CLIENT)
    async def person(request: Request, conversation_id: Opened, body: Annotated[PersonIn, Body()]) -> Response:
        asking = door.guildhall.profile.wordings.say("page.talk_to_person", body.language or "en")
        words = f"{body.text.strip()}\n\n{asking}".strip()
        return await reply_to(door, request, Said(conversation_id, words, body.language, person=True))

    @router.get("/slots", responses=problems(401, 404), summary="Times a callback can be booked for")
    @audience(Audience.API_CLIENT)
    def slots(conversation_id: Opened, reference: str) -> SlotsOut:
        row = _request_of(door, conversation_id, reference)
        offered = offered_slots(door.guildhall, row.queue, door.guildhall.house.clock())
        shown = [SlotOut(starts_at=slot.starts_at, ends_at=slot.ends_at) for slot in offered]
        return SlotsOut(reference=row.reference, queue=row.queue, slots=shown)

    @router.post("/callback", status_code=201, responses=problems(401, 404, 409), summary="Book a callback, or book it again")
    @audience(Audience.API_CLIENT)
    def book(conversation_id: Opened, body: Annotated[CallbackIn, Body()]) -> RequestOut:
        return _book(door, conversation_id, body)

    @router.delete("/callback/{reference}", status_code=204, responses=problems(401, 404), summary="Cancel a callback")
    @audience(Audience.API_CLIENT)
    def cancel(conversation_id: Opened, reference: str) -> None:
        row = _request_of(door, conversation_id, reference)
        if row.details is None:
            raise ProblemError(404, "No callback is booked on this request")
        try:
            door.guildhall.people.cancel(conversation_id, reference, door.guildhall.house.clock())
        except NotFoundError:
            raise ProblemError(404, "No callback is booked on this request", "An adviser has it by now.") from None

    return router


def _request_of(door: FrontDoor, conversation_id: ConversationId, reference: str) -> CallbackRow:
    rows = door.guildhall.people.open_requests(conversation_id)
    row = next((row for row in rows if row.reference == reference), None)
    if row is None:
        raise ProblemError(404, "No such request", "Use the `reference` that the reply gave when a person was brought in.")
    return row


def _book(door: FrontDoor, conversation_id: ConversationId, body: CallbackIn) -> RequestOut:
    guildhall = door.guildhall
    now = guildhall.house.clock()
    row = _request_of(door, conversation_id, body.reference)
    phone = uk_phone(body.phone)
    if not phone:
        raise ProblemError(409, "That number cannot be phoned", "Give a UK number, like 01632 960001; not a premium-rate one.")
    if not body.name.strip():
        raise ProblemError(409, "There is no name to ask for", "Give a name; a first name is enough.")
    slot = None
    if body.starts_at is not None:
        slot = chosen_slot(body.starts_at, offered_slots(guildhall, row.queue, now))
        if slot is None:
            raise ProblemError(409, "That time is not offered", "Choose one of the times of `slots`, or null for as soon as possible.")
    details = CallbackDetails(body.name.strip(), phone, body.safe_to_leave_message, body.needs.strip())
    try:
        guildhall.people.book(conversation_id, row.reference, details, (slot.starts_at, slot.ends_at) if slot else None, now)
    except NotFoundError:
        raise ProblemError(404, "No such request") from None
    return request_out(_request_of(door, conversation_id, row.reference))
