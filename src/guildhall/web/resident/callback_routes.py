"""Booking, changing and cancelling a callback, and saying whether a reply helped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from guildhall.bootstrap.callback_slots import NAME_AT_MOST, NEEDS_AT_MOST, chosen_slot, offered_slots
from guildhall.handoffs.phone_numbers import uk_phone
from guildhall.storage.people import CallbackDetails, CallbackRow
from guildhall.vocabulary.errors import NotFoundError
from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.home import back_to, home, refused_form
from guildhall.web.resident.page import Entered, FieldError, Page, open_page

SOONEST = "soonest"
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class CallbackForm:
    """What the callback form sends, as it was typed."""

    reference: str
    name: str
    phone: str
    slot: str
    safe: str
    needs: str
    recognise: bool = False

    @property
    def entered(self) -> Entered:
        """The fields, to be shown again."""
        fields = {"name": self.name, "phone": self.phone, "slot": self.slot, "safe": self.safe, "needs": self.needs}
        fields["recognise"] = "yes" if self.recognise else ""
        return Entered(callback=fields)


def callback_routes(door: FrontDoor) -> APIRouter:
    """`/callback`, `/callback/cancel` and `/feedback`."""
    router = APIRouter()

    @router.post("/callback")
    @audience(Audience.RESIDENT)
    def book(
        request: Request, reference: Text = "", name: Text = "", phone: Text = "", slot: Text = "", safe: Text = "", needs: Text = "",
        recognise: Text = "", token: Text = "", lang: Text = "", embed: Text = "",
    ) -> Response:  # fmt: skip
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        form = CallbackForm(reference, name.strip(), phone.strip(), slot, safe, needs.strip(), recognise == "yes")
        if refused := refused_form(page, token, form.entered):
            return refused
        return _book(page, form)

    @router.post("/callback/cancel")
    @audience(Audience.RESIDENT)
    def cancel(request: Request, reference: Text = "", token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        if refused := refused_form(page, token, Entered()):
            return refused
        assert page.session is not None
        try:
            door.guildhall.people.cancel(page.session.conversation_id, reference, door.guildhall.house.clock())
        except NotFoundError:
            return back_to(page)
        return back_to(page, "callback", cancelled=reference)

    @router.post("/feedback")
    @audience(Audience.RESIDENT)
    def feedback(request: Request, turn: Text = "", helpful: Text = "", token: Text = "", lang: Text = "", embed: Text = "") -> Response:
        page = open_page(door, request, lang=lang, embed=embed == "1", token=token)
        if refused := refused_form(page, token, Entered()):
            return refused
        assert page.session is not None
        given = helpful in ("yes", "no") and door.give_feedback(page.session.conversation_id, turn, helpful == "yes")
        return back_to(page, f"feedback-{turn}", thanks=turn) if given else back_to(page)

    return router


def _book(page: Page, form: CallbackForm) -> Response:
    assert page.session is not None
    guildhall = page.door.guildhall
    now = guildhall.house.clock()
    row = _request_of(page, form.reference)
    if row is None:
        return home(page, 404, [FieldError(page.say("page.error_expired"))], form.entered)
    slot, slot_error = _slot(page, form.slot, row.queue, now)
    phone = uk_phone(form.phone)
    errors = [*_field_errors(page, form, phone), *([slot_error] if slot_error else [])]
    if errors:
        return home(page, 400, errors, form.entered, rebook=form.reference)
    details = CallbackDetails(form.name[:NAME_AT_MOST], phone, form.safe == "yes", form.needs[:NEEDS_AT_MOST])
    guildhall.people.book(page.session.conversation_id, form.reference, details, slot, now)
    if form.recognise:
        guildhall.after.contacts.recognise(page.session.conversation_id, phone, now)
    else:
        guildhall.after.contacts.forget(page.session.conversation_id, now)
    return back_to(page, "callback", booked=form.reference)


def _request_of(page: Page, reference: str) -> CallbackRow | None:
    assert page.session is not None
    rows = page.door.guildhall.people.open_requests(page.session.conversation_id)
    return next((row for row in rows if row.reference == reference), None)


def _field_errors(page: Page, form: CallbackForm, phone: str) -> list[FieldError]:
    errors = []
    if not form.name:
        errors.append(FieldError(page.say("page.error_name"), "callback-name"))
    if not phone:
        wording = "page.error_phone" if form.phone else "page.error_phone_given"
        errors.append(FieldError(page.say(wording), "callback-phone"))
    if form.safe not in ("yes", "no"):
        errors.append(FieldError(page.say("page.error_safe"), "callback-safe"))
    return errors


def _slot(page: Page, value: str, queue: str, now: datetime) -> tuple[tuple[datetime, datetime] | None, FieldError | None]:
    """The chosen times, or what is wrong with the choice; no times at all mean as soon as possible."""
    if value == SOONEST:
        return None, None
    try:
        starts_at = datetime.fromisoformat(value)
    except ValueError:
        return None, FieldError(page.say("page.error_slot"), "callback-slot")
    found = chosen_slot(starts_at, offered_slots(page.door.guildhall, queue, now)) if starts_at.tzinfo else None
    if found is None:
        return None, FieldError(page.say("page.error_slot_gone"), "callback-slot")
    return (found.starts_at, found.ends_at), None
