"""The main page, in whatever state it is in: empty, in the middle of a conversation, or with something to put right."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from guildhall.web.forgery import comes_from_our_page
from guildhall.web.resident.conversation_view import view_of
from guildhall.web.resident.owner_view import need_items
from guildhall.web.resident.page import Entered, FieldError, Page
from guildhall.web.resident.trial_view import trial_view


def home(
    page: Page,
    status: int = 200,
    errors: Sequence[FieldError] = (),
    entered: Entered | None = None,
    headers: Mapping[str, str] | None = None,
    rebook: str = "",
    notices: Mapping[str, str] | None = None,
    waits: bool = False,
) -> Response:
    """The main page. `notices` are `sent`, `booked`, `cancelled` (a reference), `thanks` (a turn) and `told` (what was told or taken back).

    `waits`: loaded again every half minute, as the resident chose; there is no box to write in then, so that no words are lost.
    """
    values = home_values(page, errors, entered, rebook)
    values |= {"notices": notices or {}, "checks_alone": waits and values["view"].owner == Owner.QUEUE}
    page.note_read(values["view"].seq, values["view"].owner)
    return page.respond("home.html", status, headers, **values)


def home_values(page: Page, errors: Sequence[FieldError] = (), entered: Entered | None = None, rebook: str = "") -> dict[str, Any]:
    """What the main page's template is filled with."""
    entered = entered or Entered()
    by_field = {error.field: error for error in reversed(errors)}
    return {
        "view": view_of(page, rebook),
        "errors": errors,
        "error_at": by_field,
        "entered": entered,
        "attempt": page.door.guildhall.house.new_id("turn"),
        "notices": {},
        "switched_off": page.door.notice(page.language),
        "need_items": need_items(page),
        "trial": trial_view(page),
        "checks_alone": False,
    }


def state_of(page: Page, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script changes when the conversation passes from hand to hand. `values` are those of `home_values`."""
    view = values["view"]
    write, hint = ("live.write_label", "live.write_hint") if view.with_person else ("page.input_label", "page.input_hint")
    return {
        "owner": view.owner.value,
        "state_key": view.state_key,
        "panel_key": view.panel.key if view.panel else "",
        "panel": page.html("parts/owner.html", **values),
        "more": page.html("parts/owner_more.html", **values),
        "people": page.html("parts/people.html", **values),
        "label": str(page.say(write)),
        "hint": str(page.say(hint)),
        "with_person": view.with_person,
        "live": view.live,
        "seq": view.seq,
        "sensitive": view.sensitive,
        "trial": page.html("parts/trial.html", **values),
    }


def back_to(page: Page, fragment: str = "", **notices: str) -> Response:
    """The main page after something was done: by redirect, so that loading it again does nothing twice.

    The embedded page comes at once, as a redirect would lose a conversation that only its forms carry.
    """
    if page.embed:
        return home(page, notices=notices)
    return RedirectResponse(page.here("/", fragment, **notices), 303)


def take_back(page: Page, token: str, part: str, undo: Callable[[ConversationId], object]) -> Response:
    """Undo something for the conversation, as its form asks; the page then tells so at the part it is about."""
    if refused := refused_form(page, token, Entered()):
        return refused
    assert page.session is not None
    undo(page.session.conversation_id)
    return back_to(page, part, told=part)


def problem(
    page: Page, status: int, errors: Sequence[FieldError], entered: Entered, streamed: bool, headers: Mapping[str, str] | None = None
) -> Response:
    """What is wrong with what was sent: the whole page with the words kept, or its error summary for the script."""
    if not streamed:
        return home(page, status, errors, entered, headers)
    values = home_values(page, errors, entered)
    body = {"html": page.html("parts/errors.html", **values), "token": page.token, "attempt": values["attempt"]}
    return JSONResponse(body, status, dict(headers or {}))


def refused_form(page: Page, token: str, entered: Entered) -> Response | None:
    """The page that says why a form is not taken: it came from elsewhere, or belongs to another conversation."""
    if not comes_from_our_page(page.request, page.door.address):
        return home(page, 403, [FieldError(page.say("page.error_refused"))], entered)
    if page.session is None or not page.session.owns(token):
        return home(page, 403, [FieldError(page.say("page.error_expired"))], entered)
    return None
