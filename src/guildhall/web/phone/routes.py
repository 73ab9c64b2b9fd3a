"""`/api/v1/phone`: begin a call, say something in it, bring a person, and tell what became of it. Replies come line by line, as JSON."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Scope

from guildhall.bootstrap.phone import PhoneHouse
from guildhall.channels.phone.house import NOT_SURE, CallFacts, HouseGoneError, Replied, TurnDone
from guildhall.conversations.recording import part_as_json
from guildhall.records.journal import NOTHING_SETTLED
from guildhall.settings import Settings
from guildhall.vocabulary.outcomes import Outcome
from guildhall.web.api.problems import ProblemError
from guildhall.web.audience import Audience, audience
from guildhall.web.journal import note_call, note_turn
from guildhall.web.phone.access import from_gateway
from guildhall.web.phone.models import BeginIn, BookIn, Named, NoteIn, OverIn, PersonIn, SayIn, TextIn, TransferredIn, route_out
from guildhall.web.phone.recording_routes import recording_routes
from guildhall.web.surviving import surviving

NDJSON = "application/x-ndjson"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
GONE = ProblemError(503, "The house cannot do that now", "Bring the caller to a person.")


def phone_routes(house: PhoneHouse, settings: Settings) -> APIRouter:
    """Every route of the phone, behind its secret. They are in no description of the public API."""
    router = APIRouter(prefix="/api/v1/phone", include_in_schema=False, dependencies=[Depends(from_gateway(settings))])

    @router.post("/calls", status_code=201)
    @audience(Audience.GATEWAY)
    async def begin(request: Request, body: Annotated[BeginIn, Body()]) -> dict[str, str]:
        facts = CallFacts(body.call_id, body.caller, body.dialled, body.language, body.hearing)
        try:
            conversation = await house.begin(facts)
        except HouseGoneError:
            raise GONE from None
        note_call(request.scope, conversation)
        return {"conversation": conversation}

    @router.post("/calls/{conversation}/turns")
    @audience(Audience.GATEWAY)
    async def say(request: Request, conversation: Named, body: Annotated[SayIn, Body()]) -> StreamingResponse:
        return StreamingResponse(_lines(house, conversation, body, request.scope), media_type=NDJSON, headers=HEADERS)

    _person_routes(router, house)
    _record_routes(router, house)
    recording_routes(router, house)
    return router


def _person_routes(router: APIRouter, house: PhoneHouse) -> None:
    @router.post("/calls/{conversation}/person")
    @audience(Audience.GATEWAY)
    async def person(conversation: Named, body: Annotated[PersonIn, Body()]) -> dict[str, Any]:
        try:
            return route_out(await house.person(conversation, body.text, body.danger))
        except HouseGoneError:
            raise GONE from None

    @router.get("/calls/{conversation}/route/{reference}")
    @audience(Audience.GATEWAY)
    async def route(conversation: Named, reference: Named) -> dict[str, Any]:
        try:
            return route_out(await house.route(conversation, reference))
        except HouseGoneError:
            raise GONE from None

    @router.post("/calls/{conversation}/transferred")
    @audience(Audience.GATEWAY)
    async def transferred(conversation: Named, body: Annotated[TransferredIn, Body()]) -> dict[str, Any]:
        try:
            return route_out(await house.transferred(conversation, body.reference, body.ended))
        except HouseGoneError:
            raise GONE from None

    @router.post("/calls/{conversation}/callback")
    @audience(Audience.GATEWAY)
    async def book(conversation: Named, body: Annotated[BookIn, Body()]) -> dict[str, str]:
        try:
            return {"when": await house.book(conversation, body.reference, body.number, body.starts_at)}
        except HouseGoneError:
            raise GONE from None


def _record_routes(router: APIRouter, house: PhoneHouse) -> None:
    @router.post("/calls/{conversation}/text")
    @audience(Audience.GATEWAY)
    async def text(conversation: Named, body: Annotated[TextIn, Body()]) -> dict[str, bool]:
        try:
            return {"sent": await house.text(conversation, body.turn, body.number)}
        except HouseGoneError:
            raise GONE from None

    @router.post("/calls/{conversation}/notes", status_code=204)
    @audience(Audience.GATEWAY)
    async def note(conversation: Named, body: Annotated[NoteIn, Body()]) -> None:
        try:
            await house.note(conversation, body.what, body.facts, body.id)
        except HouseGoneError:
            raise GONE from None

    @router.post("/calls/{conversation}/over", status_code=204)
    @audience(Audience.GATEWAY)
    async def over(conversation: Named, body: Annotated[OverIn, Body()]) -> None:
        try:
            await house.over(conversation, body.cause)
        except HouseGoneError:
            raise GONE from None


async def _lines(house: PhoneHouse, conversation: str, body: SayIn, scope: Scope) -> AsyncIterator[str]:
    """A line as each part is recorded, and one for the end. A line `gone` says that a person must come."""
    with surviving("phone_stream_failed") as stream:
        async for item in house.say(conversation, body.text, body.attempt, body.confidence):
            if isinstance(item, TurnDone):
                _note(scope, item)
            yield _line(item)
    if stream.error is not None:
        note_turn(scope, "", 503)
        yield json.dumps({"gone": True}) + "\n"


def _note(scope: Scope, done: TurnDone) -> None:
    """What the record must hold of it: the turn, unless the words were only said back, or failed, which is an event of its own."""
    if done.reason == NOT_SURE:
        note_turn(scope, "", NOTHING_SETTLED)
    elif done.outcome == Outcome.FAIL_SAFE.value:
        note_turn(scope, "", 503)
    else:
        note_turn(scope, done.turn_id)


def _line(item: Replied | TurnDone) -> str:
    if isinstance(item, Replied):
        plain: dict[str, Any] = {"turn": item.turn_id, "number": item.number, "part": part_as_json(item.part)}
    else:
        plain = {"done": asdict(item)}
    return json.dumps(plain, ensure_ascii=False) + "\n"
