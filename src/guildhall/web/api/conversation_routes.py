"""Start a conversation, say something in it, read it back, and say whether a reply helped."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from guildhall.bootstrap.turns import Asked
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, ReplyPart, Utterance
from guildhall.web.admission import Admission, admit
from guildhall.web.api.access import opened_by_token
from guildhall.web.api.models import ConversationOut, FeedbackIn, StartedOut, StartIn, TurnOut, UtteranceIn
from guildhall.web.api.problems import ProblemError, problems
from guildhall.web.api.shown import ended_out, human_route, part_out, recorded_out, request_out
from guildhall.web.audience import Audience, audience
from guildhall.web.event_stream import EVENT_STREAM, STREAM_HEADERS, sse, wants_stream
from guildhall.web.failing import note_failure
from guildhall.web.front_door import FrontDoor, address_of
from guildhall.web.surviving import surviving

STREAM_DESCRIPTION = (
    "The turn. With `Accept: text/event-stream` it comes as server-sent events: `part` for each part once it is recorded (the data is a "
    "part as in `parts`), then `done` (the data is the whole turn), or `failed` (a problem document)."
)
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"description": STREAM_DESCRIPTION, "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}
}


@dataclass(frozen=True)
class Said:
    """What a client says in a conversation; `person` asks for one."""

    conversation_id: ConversationId
    text: str
    language: str
    person: bool = False


def conversation_routes(door: FrontDoor) -> APIRouter:
    """`/conversations` and what is said in them."""
    router = APIRouter(tags=["Conversations"])
    Opened = Annotated[ConversationId, Depends(opened_by_token(door))]

    @router.post("/conversations", status_code=201, responses=problems(429), summary="Start a conversation")
    @audience(Audience.API_CLIENT)
    def start(request: Request, body: Annotated[StartIn, Body()]) -> StartedOut:
        check_rate(door.limits.starts.take(address_of(request)))
        guildhall = door.guildhall
        conversation, token = door.start(request, body.language)
        wordings, language = guildhall.profile.wordings, body.language or "en"
        named = {"council": guildhall.profile.council.name, "phone": guildhall.profile.reached_by}
        greeting = wordings.say("opening.greeting", language, **named)
        off = door.notice(language)
        notice = wordings.say(off, language, **named) if off else ""
        spoken = wordings.language_of("opening.greeting", language)
        return StartedOut(id=conversation.id, token=token, greeting=greeting, language=spoken, notice=notice)

    @router.post(
        "/conversations/{conversation_id}/utterances",
        response_model=TurnOut,
        responses=problems(401, 429) | STREAMED,
        summary="Say something and get the reply",
    )
    @audience(Audience.API_CLIENT)
    async def say(request: Request, conversation_id: Opened, body: Annotated[UtteranceIn, Body()]) -> Response:
        return await reply_to(door, request, Said(conversation_id, body.text, body.language))

    @router.get("/conversations/{conversation_id}", responses=problems(401), summary="Read a conversation")
    @audience(Audience.API_CLIENT)
    def read(conversation_id: Opened) -> ConversationOut:
        guildhall = door.guildhall
        conversation = guildhall.conversations.load(conversation_id)
        if conversation is None:
            raise ProblemError(401, "This conversation is not open to you")
        return ConversationOut(
            id=conversation.id,
            owner=conversation.owner,
            language=conversation.language,
            turns=[recorded_out(turn, door) for turn in guildhall.conversations.transcript(conversation_id)],
            requests=[request_out(row) for row in guildhall.people.open_requests(conversation_id)],
        )

    @router.post(
        "/conversations/{conversation_id}/turns/{turn_id}/feedback",
        status_code=204,
        responses=problems(401, 404),
        summary="Say whether a reply helped",
    )
    @audience(Audience.API_CLIENT)
    def feedback(conversation_id: Opened, turn_id: str, body: Annotated[FeedbackIn, Body()]) -> None:
        if not door.give_feedback(conversation_id, turn_id, body.helpful):
            raise ProblemError(404, "No such turn", "Use the `id` of a finished turn of this conversation.")

    return router


async def reply_to(door: FrontDoor, request: Request, said: Said) -> Response:
    """Run the turn and answer in the form that was asked for."""
    admission = await run_in_threadpool(_admission, door, request, said)
    if admission.refused:
        check_rate(admission.wait)
    words = said.text
    utterance = Utterance(words, Channel.WEB, door.guildhall.house.clock(), said.language)
    asked = Asked(said.conversation_id, utterance, person=said.person, care=admission.care)
    if wants_stream(request):
        return StreamingResponse(_events(door, asked), media_type=EVENT_STREAM, headers=STREAM_HEADERS)
    ended = await door.turns.whole(asked)
    return JSONResponse(ended_out(ended, words, door).model_dump(mode="json"))


def _admission(door: FrontDoor, request: Request, said: Said) -> Admission:
    wait = 0 if said.person else door.limits.wait(said.conversation_id, address_of(request))
    return admit(said.text[:20_000], wait, said.language, door.guildhall.house)


async def _events(door: FrontDoor, asked: Asked) -> AsyncIterator[str]:
    with surviving("stream_failed") as stream:
        async for item in door.turns.stream(asked):
            if isinstance(item, ReplyPart):
                yield sse("part", part_out(item, door).model_dump(mode="json"))
            else:
                yield sse("done", ended_out(item, asked.utterance.text, door).model_dump(mode="json"))
    if stream.error is not None:
        said = asked.utterance
        first = await run_in_threadpool(note_failure, door, "/utterances", stream.error, said.text, said.language_hint)
        yield sse("failed", {"title": "Something went wrong on our side", "status": 500, "detail": human_route(door, first)})


def check_rate(wait: int) -> None:
    """Raise a 429 problem when there is something to wait for."""
    if wait:
        raise ProblemError(429, "Too many requests", f"Try again in {wait} seconds.", {"Retry-After": str(wait)})
