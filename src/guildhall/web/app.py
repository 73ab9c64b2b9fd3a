"""The web application of one council: routes by audience, and the edges that guard them all."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.phone import open_phone_house
from guildhall.bootstrap.turns import Turns
from guildhall.channels.web.links import LinkPolicy
from guildhall.web.api.described import describe
from guildhall.web.api.problems import API_PREFIX, ProblemError, problem_response
from guildhall.web.api.routes import api_routes
from guildhall.web.api.shown import human_route
from guildhall.web.assets import Assets
from guildhall.web.console.routes import console_trouble, is_console, staff_routes
from guildhall.web.edges import BodyLimit, FailSafeEdge
from guildhall.web.embed.routes import embed_routes
from guildhall.web.failing import CHOSEN, SAID_FIRST, note_failure, words_of
from guildhall.web.front_door import FrontDoor
from guildhall.web.health import health_routes
from guildhall.web.journal import Journal, JournalEdge, fixed_words
from guildhall.web.live import LiveHub
from guildhall.web.open_streams import OpenStreams
from guildhall.web.phone.routes import phone_routes
from guildhall.web.rate_limits import Limits, Rates
from guildhall.web.record_routes import record_routes
from guildhall.web.resident.failures import broken_page, missing_page, too_big_page, unreadable_page
from guildhall.web.resident.routes import resident_routes
from guildhall.web.security_headers import SecurityHeaders
from guildhall.web.sessions import SessionCookies
from guildhall.web.standings import Standings
from guildhall.web.static_files import static_routes
from guildhall.web.templates import open_templates

STATUS_TITLES = {404: "Not found", 405: "Method not allowed", 400: "Bad request", 401: "Unauthorised"}


def create_app(guildhall: Guildhall, rates: Rates | None = None) -> FastAPI:
    """The application, ready for uvicorn. `rates` are the limits on messages; the defaults suit a council's public page."""
    door = open_door(guildhall, rates or Rates())
    app = FastAPI(title="Guildhall", docs_url=None, redoc_url=None, openapi_url=None)
    desk, console = staff_routes(door)
    often = (resident_routes(door), desk)
    for router in (*often, static_routes(door), embed_routes(door), health_routes(door), record_routes(door), api_routes(door), console):
        app.include_router(router)
    app.include_router(phone_routes(open_phone_house(guildhall, door.turns), guildhall.settings))
    describe(app, guildhall.profile.council.name)
    _answer_for_errors(app, door)
    settings = guildhall.settings
    app.add_middleware(BodyLimit, refuse=_either(door, lambda scope: too_big_page(door, scope), 413, "Too much was sent at once"))
    app.add_middleware(FailSafeEdge, apologise=lambda scope: _apology(door, scope), note=lambda *failed: _note(door, *failed))
    journal = Journal(settings.data_dir / "journal", guildhall.house.clock)
    app.add_middleware(JournalEdge, journal=journal, words=fixed_words(app.routes, API_PREFIX))
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.allowed_frame_ancestors, https=door.cookies.secure)
    return app


def open_door(guildhall: Guildhall, rates: Rates) -> FrontDoor:
    """Everything the routes share."""
    council = guildhall.profile.council
    assets = Assets.read(council.brand)
    return FrontDoor(
        guildhall=guildhall,
        templates=open_templates(assets),
        assets=assets,
        cookies=SessionCookies(guildhall.conversations, guildhall.settings.address.startswith("https://")),
        limits=Limits.of(rates, guildhall.house.stopwatch),
        turns=Turns(guildhall),
        links=LinkPolicy.of(council),
        live=LiveHub(guildhall.desk.changes),
        standings=Standings(guildhall.desk, guildhall.house.clock, guildhall.house.stopwatch),
        streams=OpenStreams(),
    )


def _note(door: FrontDoor, scope: Scope, path: str, error: Exception, body: bytes) -> None:
    text, scope[CHOSEN] = words_of(scope, body)
    begun = "{" in path or any(name == b"cookie" and b"guildhall" in value for name, value in scope["headers"])
    scope[SAID_FIRST] = note_failure(door, path, error, text, scope[CHOSEN], begun)


def _apology(door: FrontDoor, scope: Scope) -> Response:
    """A page for residents or for staff; for programs a problem whose detail is to be shown to the resident, safety words first."""
    if is_console(scope["path"]):
        return console_trouble(door, 500)
    if not scope["path"].startswith(API_PREFIX):
        return broken_page(door, scope)
    return problem_response(500, "Something went wrong on our side", human_route(door, scope.get(SAID_FIRST, ())))


def _either(door: FrontDoor, page: Callable[[Scope], Response], status: int, title: str) -> Callable[[Scope], Response]:
    """A page for residents or for staff, a problem for programs."""

    def respond(scope: Scope) -> Response:
        if is_console(scope["path"]):
            return console_trouble(door, status)
        return problem_response(status, title) if scope["path"].startswith(API_PREFIX) else page(scope)

    return respond


def _answer_for_errors(app: FastAPI, door: FrontDoor) -> None:
    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if request.url.path.startswith(API_PREFIX):
            return problem_response(error.status_code, STATUS_TITLES.get(error.status_code, "Refused"), str(error.detail), headers)
        if is_console(request.url.path):
            return console_trouble(door, error.status_code)
        return missing_page(door, request, error.status_code, headers)

    @app.exception_handler(ProblemError)
    def troubled(_request: Request, error: ProblemError) -> Response:
        return problem_response(error.status, error.title, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> Response:
        if request.url.path.startswith(API_PREFIX):
            # where and what, never the value itself: it may be what a resident wrote
            faults = "; ".join(f"{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:10])
            return problem_response(422, "The request is not as described", faults.encode("utf-8", "replace").decode())
        if is_console(request.url.path):
            return console_trouble(door, 400)
        return unreadable_page(door, request)
