"""Signing in and out: by a single-use link, or through the council's identity provider."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from guildhall.access.entrance import SignInRefusedError, challenge
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.vocabulary.roles import Role
from guildhall.web.audience import Audience, audience
from guildhall.web.console.cookies import is_own
from guildhall.web.console.routing import SIGN_IN, Form, Routes
from guildhall.web.console.visit import home_of
from guildhall.web.forgery import comes_from_our_page

TOKEN_AT_MOST = 128
NOT_REACHED = "Your identity provider could not be reached, or did not vouch for you. Nobody is signed in. Try again in a few minutes."


def sign_in_routes(routes: Routes) -> APIRouter:
    """`/console/sign-in…` and `/console/sign-out`."""
    router = APIRouter()
    _links(router, routes)
    if routes.console.door.provider is not None:
        _provider(router, routes)

    @router.get(SIGN_IN)
    @audience(Audience.ANYONE)
    def sign_in(ended: str = "", out: str = "") -> Response:
        notice = "You are signed out." if out else "Your session has ended. Sign in again to go on." if ended else ""
        return _page(routes, notice=notice)

    @router.post("/console/sign-out")
    @audience(Audience.STAFF, frozenset(Role))
    def sign_out(request: Request, form: Form) -> Response:
        visit = routes.visit(request, form)
        response = RedirectResponse(f"{SIGN_IN}?out=1", 303)
        if visit is not None and comes_from_our_page(request, routes.front.address) and is_own(form.get("token", ""), visit.secret):
            routes.console.guildhall.desk.advisers.set_status(visit.member.id, AdviserStatus.OFFLINE, visit.now())
            routes.console.door.entrance.sign_out(visit.session)
        elif visit is not None:
            return RedirectResponse(visit.home, 303)
        routes.cookies.clear_session(response)
        return response

    return router


def _links(router: APIRouter, routes: Routes) -> None:
    @router.get(f"{SIGN_IN}/link")
    @audience(Audience.ANYONE)
    def follow(token: str = "") -> Response:
        # a mail program that looks at links must not use this one up, so it takes a button
        return _page(routes, link=token[:TOKEN_AT_MOST])

    @router.post(f"{SIGN_IN}/link")
    @audience(Audience.ANYONE)
    def use(request: Request, form: Form) -> Response:
        if not comes_from_our_page(request, routes.front.address):
            return _page(routes, 403, error="The form did not come from this website.")
        if wait := _wait(routes, request):
            return _slow(routes, wait)
        try:
            secret = routes.console.door.entrance.by_link(form.get("link", ""))
        except SignInRefusedError as error:
            return _page(routes, 403, error=str(error))
        return _signed_in(routes, request, secret)


def _provider(router: APIRouter, routes: Routes) -> None:
    entrance, provider = routes.console.door.entrance, routes.console.door.provider
    assert provider is not None

    @router.get(f"{SIGN_IN}/provider")
    @audience(Audience.ANYONE)
    def leave(request: Request, strong: str = "") -> Response:
        if wait := _wait(routes, request):
            return _slow(routes, wait)
        state, attempt = entrance.begin_attempt(bool(strong))
        try:
            address = provider.address_to_sign_in(state, attempt.nonce, challenge(attempt.verifier), strong=attempt.strong)
        except ProviderError:
            return _page(routes, 502, error=NOT_REACHED)
        response = RedirectResponse(address, 303)
        routes.cookies.keep_attempt(response, state)
        return response

    @router.get(f"{SIGN_IN}/return")
    @audience(Audience.ANYONE)
    def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        try:
            attempt = entrance.resume_attempt(state, routes.cookies.attempt(request))
            if error or not code:
                raise entrance.refusal("provider_said_no", "Your identity provider did not sign you in. You can try again.")
            secret = entrance.by_identity(provider.redeem(code, attempt.verifier, attempt.nonce))
        except SignInRefusedError as refused:
            response = _page(routes, 403, error=str(refused))
        except ProviderError as failed:
            entrance.refusal(type(failed).__name__, NOT_REACHED)
            response = _page(routes, 502, error=NOT_REACHED)
        else:
            response = _signed_in(routes, request, secret)
        routes.cookies.clear_attempt(response)
        return response


def _signed_in(routes: Routes, request: Request, secret: str) -> Response:
    before = routes.console.door.entrance.session(routes.cookies.session(request))
    if before is not None:  # whoever sat here before is signed out
        routes.console.door.entrance.sign_out(before)
    session = routes.console.door.entrance.session(secret)
    response = RedirectResponse(home_of(session.member) if session else SIGN_IN, 303)
    routes.cookies.keep_session(response, secret)
    return response


def _page(routes: Routes, status: int = 200, *, link: str = "", notice: str = "", error: str = "") -> Response:
    values = {
        "council": routes.console.guildhall.profile.council,
        "provider": routes.console.guildhall.settings.oidc_name if routes.console.door.provider else "",
        "minutes": routes.console.guildhall.settings.staff_link_minutes,
        "link": link,
        "notice": notice,
        "error": error,
    }
    return HTMLResponse(routes.front.templates.get_template("console/sign_in.html").render(**values), status)


def _wait(routes: Routes, request: Request) -> int:
    return routes.front.limits.starts.take(f"staff {request.client.host if request.client else ''}")


def _slow(routes: Routes, wait: int) -> Response:
    response = _page(routes, 429, error=f"Too many tries. Wait {wait} seconds, then try again.")
    response.headers["Retry-After"] = str(wait)
    return response
