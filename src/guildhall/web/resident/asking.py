"""Asking and reaching a person: one form, answered by a redirect to the page or, when the script asks, by a stream."""

import re
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from guildhall.bootstrap.turns import Asked
from guildhall.vocabulary.turns import Channel, Utterance
from guildhall.web.admission import LONGEST, Admission, admit, needs_person
from guildhall.web.audience import Audience, audience
from guildhall.web.event_stream import wants_stream
from guildhall.web.forgery import comes_from_our_page
from guildhall.web.front_door import FrontDoor, address_of
from guildhall.web.journal import note_resent
from guildhall.web.resident.home import back_to, problem
from guildhall.web.resident.page import Entered, FieldError, Page, open_page
from guildhall.web.resident.streaming import stream_reply
from guildhall.web.sessions import Session

ATTEMPT = re.compile(r"turn_[A-Za-z0-9_-]{1,35}")  # it becomes an id in the record, so nothing else may travel in it


@dataclass(frozen=True, slots=True)
class AskForm:
    """What the form of the main page sends."""

    message: str
    token: str
    attempt: str
    person: bool
    agreed: bool = False

    @property
    def entered(self) -> Entered:
        """The words, to be shown again."""
        return Entered(message=self.message, agreed=self.agreed)


def asking_routes(door: FrontDoor) -> APIRouter:
    """`/ask` and `/person`."""
    router = APIRouter()

    @router.post("/ask")
    @audience(Audience.RESIDENT)
    async def ask(
        request: Request,
        message: Annotated[str, Form()] = "",
        option: Annotated[str, Form()] = "",
        token: Annotated[str, Form()] = "",
        attempt: Annotated[str, Form()] = "",
        trial: Annotated[str, Form()] = "",
        lang: Annotated[str, Form()] = "",
        embed: Annotated[str, Form()] = "",
    ) -> Response:
        page = await run_in_threadpool(open_page, door, request, lang=lang, embed=embed == "1", token=token)
        return await _answer(page, AskForm(option or message, token, attempt, person=False, agreed=trial == "yes"))

    @router.post("/person")
    @audience(Audience.RESIDENT)
    async def person(
        request: Request,
        message: Annotated[str, Form()] = "",
        token: Annotated[str, Form()] = "",
        attempt: Annotated[str, Form()] = "",
        lang: Annotated[str, Form()] = "",
        embed: Annotated[str, Form()] = "",
    ) -> Response:
        page = await run_in_threadpool(open_page, door, request, lang=lang, embed=embed == "1", token=token)
        return await _answer(page, AskForm(message, token, attempt, person=True))

    return router


async def _answer(page: Page, form: AskForm) -> Response:
    streamed = wants_stream(page.request)
    if not comes_from_our_page(page.request, page.door.address):
        return await run_in_threadpool(_refused, page, 403, "page.error_refused", form, streamed)
    if _is_stale(page, form.token):
        return await run_in_threadpool(_refused, page, 403, "page.error_expired", form, streamed)
    if not form.message.strip() and not form.person:
        error = FieldError(page.say("page.error_empty"), "message")
        return await run_in_threadpool(problem, page, 400, [error], form.entered, streamed)
    admission = await run_in_threadpool(_admission, page, form)
    if admission.refused:
        return await run_in_threadpool(_not_now, page, admission, form, streamed)
    return await _run(page, form, admission.care, streamed)


def _is_stale(page: Page, token: str) -> bool:
    """Whether the form belongs to another conversation than the browser now holds. A fresh form has no token yet."""
    if page.session is None:
        return token != ""
    return not page.session.owns(token)


def _refused(page: Page, status: int, wording: str, form: AskForm, streamed: bool) -> Response:
    return problem(page, status, [FieldError(page.say(wording), "message")], form.entered, streamed)


def _admission(page: Page, form: AskForm) -> Admission:
    wait = page.door.limits.wait(page.session.conversation_id if page.session else "", address_of(page.request))
    if form.person:  # nothing stands between anybody and a person
        too_long = len(form.message) > LONGEST
        return Admission(wait, too_long, care=too_long or wait > 0)
    return admit(form.message, wait, page.language, page.door.guildhall.house)


def _not_now(page: Page, admission: Admission, form: AskForm, streamed: bool) -> Response:
    if admission.too_long and not admission.wait:
        message = page.say("page.error_long", limit=f"{LONGEST:,}")
        return problem(page, 413, [FieldError(message, "message")], form.entered, streamed)
    errors = [FieldError(page.say("page.error_busy"), "message")]
    return problem(page, 429, errors, form.entered, streamed, {"Retry-After": str(admission.wait)})


async def _run(page: Page, form: AskForm, care: bool, streamed: bool) -> Response:
    fresh = page.session is None
    if page.session is None:
        page = replace(page, session=await run_in_threadpool(_start, page, form))
    asked = _asked(page, form, care)
    if streamed:
        response: Response = stream_reply(page, asked)
    else:
        note_resent(page.request.scope, await page.door.turns.whole(asked))
        response = await run_in_threadpool(back_to, page, "latest", sent="1")
    if fresh and page.session:
        page.door.cookies.keep(response, page.session, page.embed)
    return response


def _start(page: Page, form: AskForm) -> Session:
    """A new conversation. Nobody whose first words tell of danger, or ask for a person, is put into a trial, whatever they ticked."""
    agreed = form.agreed and not needs_person(form.message, page.language, page.door.guildhall.house)
    conversation, secret = page.door.start(page.request, page.chosen, agreed)
    return Session(conversation.id, secret)


def _asked(page: Page, form: AskForm, care: bool) -> Asked:
    assert page.session is not None
    words = form.message
    if form.person:
        words = f"{form.message.strip()}\n\n{page.text('page.talk_to_person')}".strip()
    utterance = Utterance(words, Channel.WEB, page.door.guildhall.house.clock(), page.chosen)
    attempt = form.attempt if ATTEMPT.fullmatch(form.attempt) else ""
    return Asked(page.session.conversation_id, utterance, attempt, form.person, care)
