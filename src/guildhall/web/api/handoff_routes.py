"""A conversation with a person: read and follow its thread, know the place in the queue, leave, and what is told around it."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Query
from starlette.responses import Response, StreamingResponse

from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from guildhall.web.api.access import opened_by_token
from guildhall.web.api.handoff_models import (
    LAST_SEQ,
    FollowUpIn,
    FollowUpOut,
    NeedsIn,
    SatisfactionIn,
    SignsIn,
    StandingOut,
    ThreadOut,
    WithdrawIn,
)  # fmt: skip
from guildhall.web.api.live import LiveThread
from guildhall.web.api.problems import ProblemError, problems
from guildhall.web.api.thread import ThreadShower
from guildhall.web.audience import Audience, audience
from guildhall.web.contacts import contact_of
from guildhall.web.event_stream import EVENT_STREAM, STREAM_HEADERS
from guildhall.web.front_door import FrontDoor
from guildhall.web.open_streams import give_signs

After = Annotated[int, Query(ge=0, le=LAST_SEQ, description="Only what comes after this `seq`.")]
LIVE_DESCRIPTION = (
    "Server-sent events: `thread` (as `…/thread` gives it, with what is new; its `id` is the `seq` to go on from, in `Last-Event-ID`), "
    "`standing` (as `…/standing` gives it), `typing` (an adviser is writing) and `beat` in silence."
)


def handoff_routes(door: FrontDoor) -> APIRouter:
    """`…/thread`, `…/live`, `…/standing`, `…/withdraw`, `…/signs`."""
    router = APIRouter(tags=["A person"], prefix="/conversations/{conversation_id}")
    Opened = Annotated[ConversationId, Depends(opened_by_token(door))]

    @router.get("/thread", responses=problems(401), summary="Read everything that was said, or what is new")
    @audience(Audience.API_CLIENT)
    def thread(conversation_id: Opened, after: After = 0) -> ThreadOut:
        return ThreadShower(door, conversation_id).since(after)

    @router.get(
        "/live",
        response_class=Response,
        responses=problems(401, 503) | {200: {"description": LIVE_DESCRIPTION, "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}},
        summary="Follow a conversation as it happens",
    )
    @audience(Audience.API_CLIENT)
    async def live(conversation_id: Opened, after: After = 0, last_event_id: Annotated[str, Header()] = "") -> Response:
        if door.streams.full(conversation_id):
            raise ProblemError(503, "Too many streams are open", "Close one, or try again later.", {"Retry-After": "30"})
        place = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 17 else after
        events = door.streams.counted(conversation_id, LiveThread(door, conversation_id, place).events())
        return StreamingResponse(events, media_type=EVENT_STREAM, headers=STREAM_HEADERS)

    @router.get("/standing", responses=problems(401), summary="Who has the conversation, and the place in the queue")
    @audience(Audience.API_CLIENT)
    def standing(conversation_id: Opened) -> StandingOut:
        return ThreadShower(door, conversation_id).standing()

    @router.post("/withdraw", status_code=204, responses=problems(401, 409), summary="Go on without a person")
    @audience(Audience.API_CLIENT)
    def withdraw(conversation_id: Opened, body: Annotated[WithdrawIn, Body()]) -> None:
        guildhall = door.guildhall
        if guildhall.conversations.owner_of(conversation_id) not in (Owner.QUEUE, Owner.ADVISER):
            raise ProblemError(409, "No person has this conversation", "Nobody waits in it, and no adviser has it; just go on.")
        guildhall.desk.handoffs.withdraw(conversation_id, Owner(body.to), guildhall.house.clock())

    @router.post("/signs", status_code=204, responses=problems(401), summary="Say that the resident is writing, or has read")
    @audience(Audience.API_CLIENT)
    def signs(conversation_id: Opened, body: Annotated[SignsIn, Body()]) -> None:
        give_signs(door, conversation_id, body.writing, body.seen)

    return router


def aftercare_routes(door: FrontDoor) -> APIRouter:
    """`…/satisfaction`, `…/needs` and `…/follow-up`."""
    router = APIRouter(tags=["A person"], prefix="/conversations/{conversation_id}")
    Opened = Annotated[ConversationId, Depends(opened_by_token(door))]
    desk, clock = door.guildhall.desk, door.guildhall.house.clock

    @router.post("/satisfaction", status_code=204, responses=problems(401, 409), summary="Say how a conversation went that has ended")
    @audience(Audience.API_CLIENT)
    def satisfaction(conversation_id: Opened, body: Annotated[SatisfactionIn, Body()]) -> None:
        if not desk.satisfaction.give(conversation_id, body.score, body.comment, clock()):
            raise ProblemError(409, "There is nothing to judge", "It has not ended, or was judged already; an answer cannot be changed.")

    @router.post("/needs", status_code=204, responses=problems(401, 409), summary="Tell staff how to talk with the resident")
    @audience(Audience.API_CLIENT)
    def needs(conversation_id: Opened, body: Annotated[NeedsIn, Body()]) -> None:
        try:
            desk.needs.give(conversation_id, body.needs, body.other, clock())
        except RefusedError as error:
            raise ProblemError(409, "There is no need in it", str(error)) from None

    @router.post("/needs/withdraw", status_code=204, responses=problems(401, 404), summary="Take that back")
    @audience(Audience.API_CLIENT)
    def withdraw_needs(conversation_id: Opened) -> None:
        if not desk.needs.withdraw(conversation_id, clock()):
            raise ProblemError(404, "Nothing was told", "There is nothing to take back.")

    @router.post("/follow-up", status_code=201, responses=problems(401, 409), summary="Ask for a summary by text or e-mail")
    @audience(Audience.API_CLIENT)
    def follow_up(conversation_id: Opened, body: Annotated[FollowUpIn, Body()]) -> FollowUpOut:
        found = contact_of(body.contact)
        if found is None:
            raise ProblemError(409, "Nothing can be sent there", "Give an e-mail address, or a UK mobile number like 07700 900001.")
        if not door.guildhall.after.messages.may_offer(conversation_id):
            raise ProblemError(
                409, "No message is sent here", "After what was said in this conversation nothing is sent to a phone or an inbox."
            )
        kind, contact = found
        desk.follow_ups.ask(conversation_id, kind, contact, body.language, clock())
        return FollowUpOut(kind=kind, contact=contact)

    @router.post("/follow-up/withdraw", status_code=204, responses=problems(401, 404), summary="Do not send it")
    @audience(Audience.API_CLIENT)
    def withdraw_follow_up(conversation_id: Opened) -> None:
        if not desk.follow_ups.withdraw(conversation_id, clock()):
            raise ProblemError(404, "Nothing was asked for", "There is nothing to take back.")

    return router
