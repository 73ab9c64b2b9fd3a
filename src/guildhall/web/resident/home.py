"""The main page, in whatever state it is in: empty, in the middle of a conversation, or with something to put right."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from guildhall.web.resident.conversation_view import view_of
from guildhall.web.resident.page import Entered, FieldError, Page


def home(
    page: Page,
    status: int = 200,
    errors: Sequence[FieldError] = (),
    entered: Entered | None = None,
    headers: Mapping[str, str] | None = None,
    rebook: str = "",
    notices: Mapping[str, str] | None = None,
) -> Response:
    """The main page. `notices` are `sent`, `booked`, `cancelled` (a reference) and `thanks` (a turn)."""
    values = home_values(page, errors, entered, rebook) | {"notices": notices or {}}
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
    }


def back_to(page: Page, fragment: str = "", **notices: str) -> Response:
    """The main page after something was done: by redirect, so that loading it again does nothing twice.

    The embedded page comes at once, as a redirect would lose a conversation that only its forms carry.
    """
    if page.embed:
        return home(page, notices=notices)
    return RedirectResponse(page.here("/", fragment, **notices), 303)


def problem(
    page: Page, status: int, errors: Sequence[FieldError], entered: Entered, streamed: bool, headers: Mapping[str, str] | None = None
) -> Response:
    """What is wrong with what was sent: the whole page with the words kept, or its error summary for the script."""
    if not streamed:
        return home(page, status, errors, entered, headers)
    values = home_values(page, errors, entered)
    body = {"html": page.html("parts/errors.html", **values), "token": page.token, "attempt": values["attempt"]}
    return JSONResponse(body, status, dict(headers or {}))
