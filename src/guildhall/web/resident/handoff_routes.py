"""What a resident does about a conversation with a person: leave it, say how it went, how to talk with them, where to send a summary."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from guildhall.storage.needs import OTHER_AT_MOST
from guildhall.storage.satisfaction import COMMENT_AT_MOST
from guildhall.vocabulary.aftercare import Need, Score
from guildhall.vocabulary.turns import Owner
from guildhall.web.audience import Audience, audience
from guildhall.web.contacts import contact_of
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.home import back_to, home, refused_form, take_back
from guildhall.web.resident.page import Entered, FieldError, Page, open_page

Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form()]
NEEDS = {need.value: need for need in Need}
SCORES = {score.value: score for score in Score}
LEAVE_TO = {"assistant": Owner.ASSISTANT, "closed": Owner.CLOSED}


def handoff_routes(door: FrontDoor) -> APIRouter:
    """`/leave`, `/satisfaction`, `/needs` and `/follow-up`, the last two with `/withdraw`."""
    router = APIRouter()

    @router.post("/leave")
    @audience(Audience.RESIDENT)
    def leave(request: Request, to: Text = "", token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        if refused := refused_form(page, token, Entered()):
            return refused
        if to in LEAVE_TO:
            leave_person(page, LEAVE_TO[to])
        return back_to(page, "owner" if to == "closed" else "message")

    @router.post("/satisfaction")
    @audience(Audience.RESIDENT)
    def satisfaction(
        request: Request, score: Text = "", comment: Text = "", token: Text = "", lang: Text = "", embed: Text = ""
    ) -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        entered = Entered(aftercare={"score": score, "comment": comment})
        if refused := refused_form(page, token, entered):
            return refused
        if score not in SCORES:
            return home(page, 400, [FieldError(page.say("satisfaction.error"), "satisfaction-score")], entered)
        assert page.session is not None
        guildhall = door.guildhall
        guildhall.desk.satisfaction.give(page.session.conversation_id, SCORES[score], comment[:COMMENT_AT_MOST], guildhall.house.clock())
        return back_to(page, "satisfaction")

    _needs_routes(door, router)
    _follow_up_routes(door, router)
    return router


def _needs_routes(door: FrontDoor, router: APIRouter) -> None:
    @router.post("/needs")
    @audience(Audience.RESIDENT)
    def needs(
        request: Request, need: Texts = [], other: Text = "", consent: Text = "", token: Text = "", lang: Text = "", embed: Text = "",  # noqa: B006  # FastAPI copies it
    ) -> Response:  # fmt: skip
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        entered = Entered(needs=tuple(need), aftercare={"other": other})
        if refused := refused_form(page, token, entered):
            return refused
        chosen = [NEEDS[code] for code in need if code in NEEDS]
        errors = []
        if not chosen and not other.strip():
            errors.append(FieldError(page.say("needs.error_none"), "needs-chosen"))
        if consent != "yes":
            errors.append(FieldError(page.say("needs.error_consent"), "needs-consent"))
        if errors:
            return home(page, 400, errors, entered)
        assert page.session is not None
        door.guildhall.desk.needs.give(page.session.conversation_id, chosen, other.strip()[:OTHER_AT_MOST], door.guildhall.house.clock())
        return back_to(page, "needs", told="needs")

    @router.post("/needs/withdraw")
    @audience(Audience.RESIDENT)
    def withdraw(request: Request, token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        return take_back(page, token, "needs", lambda mine: door.guildhall.desk.needs.withdraw(mine, door.guildhall.house.clock()))


def _follow_up_routes(door: FrontDoor, router: APIRouter) -> None:
    @router.post("/follow-up")
    @audience(Audience.RESIDENT)
    def ask(request: Request, contact: Text = "", consent: Text = "", token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        entered = Entered(aftercare={"contact": contact})
        if refused := refused_form(page, token, entered):
            return refused
        found, errors = contact_of(contact), []
        if found is None:
            errors.append(FieldError(page.say("follow_up.error_contact"), "follow-up-contact"))
        if consent != "yes":
            errors.append(FieldError(page.say("needs.error_consent"), "follow-up-consent"))
        if errors or found is None:
            return home(page, 400, errors, entered)
        assert page.session is not None
        if not door.guildhall.after.messages.may_offer(page.session.conversation_id):
            return back_to(page)  # an older page offered what is not safe any more; nothing is promised
        door.guildhall.desk.follow_ups.ask(page.session.conversation_id, *found, page.language, door.guildhall.house.clock())
        return back_to(page, "follow-up", told="follow-up")

    @router.post("/follow-up/withdraw")
    @audience(Audience.RESIDENT)
    def withdraw(request: Request, token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        return take_back(page, token, "follow-up", lambda mine: door.guildhall.desk.follow_ups.withdraw(mine, door.guildhall.house.clock()))


def leave_person(page: Page, owner: Owner) -> None:
    """Go on without a person. Nothing happens when no person has the conversation, or will have it: the form was sent twice."""
    assert page.session is not None
    guildhall, conversation_id = page.door.guildhall, page.session.conversation_id
    if guildhall.conversations.owner_of(conversation_id) in (Owner.QUEUE, Owner.ADVISER):
        guildhall.desk.handoffs.withdraw(conversation_id, owner, guildhall.house.clock())
