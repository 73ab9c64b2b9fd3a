"""Puts pages under `/console`, each with the roles that may use it. There are four kinds, and no other way in:

`reads` shows a page. `opens` shows personal data: the page records who looks and why before it shows anything. `acts` changes
something, and an auditor can never be given one; `takes` does so with a file, of which nothing is read before it is known who sends it. Whoever is not signed in is asked to; whoever lacks the role is told so kindly.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.roles import GOVERNING_ROLES, ROLE_LABELS, VALUE_ROLES, Role
from guildhall.vocabulary.staff import SignInMethod
from guildhall.web.audience import Audience, audience
from guildhall.web.console.cookies import StaffCookies, is_own
from guildhall.web.console.section import Section
from guildhall.web.console.visit import Sent, Visit
from guildhall.web.edges import LARGER
from guildhall.web.forgery import comes_from_our_page
from guildhall.web.front_door import FrontDoor
from guildhall.web.threads import unhurried

Page = Callable[[Visit], Response]
FIELD_AT_MOST = 20_000  # what a store refuses as too long has to reach it
SIGN_IN = "/console/sign-in"


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each; files are left out."""
    form = await request.form()
    return {key: value.strip()[:FIELD_AT_MOST] for key, value in form.multi_items() if isinstance(value, str)}


Form = Annotated[dict[str, str], Depends(read_form)]


@dataclass(frozen=True)
class Routes:
    """Where a section's pages are put."""

    front: FrontDoor
    console: Console
    cookies: StaffCookies
    sections: Sequence[Section]
    router: APIRouter
    section: Section | None = None

    def of(self, section: Section) -> "Routes":
        """The same, for the pages of one section."""
        return replace(self, section=section)

    def reads(self, path: str, roles: frozenset[Role] | None = None, *, waits: bool = False) -> Callable[[Page], Page]:
        """A page that changes nothing. The section's readers may see it unless fewer are named.

        `waits`: pages ask for it by themselves, and it waits while people do things.
        """
        allowed = self._readers(roles)

        def register(page: Page) -> Page:
            if waits:

                @self.router.get(path)
                @audience(Audience.STAFF, allowed)
                async def read_again(request: Request) -> Response:
                    return await unhurried(self._admit, request, allowed, page)

                return page

            @self.router.get(path)
            @audience(Audience.STAFF, allowed)
            def read(request: Request) -> Response:
                return self._admit(request, allowed, page)

            return page

        return register

    def opens(self, path: str, roles: frozenset[Role]) -> Callable[[Page], Page]:
        """A page with personal data, which is asked for with a purpose; it changes nothing but the record of who looked."""
        if roles & VALUE_ROLES:
            raise ValueError(f"{path}: those who answer for money see counts, never what a resident said")

        def register(page: Page) -> Page:
            @self.router.post(path)
            @audience(Audience.STAFF, roles)
            def opened(request: Request, form: Form) -> Response:
                return self._admit(request, roles, page, form)

            return page

        return register

    def acts(self, path: str, roles: frozenset[Role], *, signing: bool = False) -> Callable[[Page], Page]:
        """Something that changes something. `signing` demands more than one factor of whoever came through the identity provider."""
        if Role.AUDITOR in roles:
            raise ValueError(f"{path}: an auditor reads everything and changes nothing")

        def register(page: Page) -> Page:
            @self.router.post(path)
            @audience(Audience.STAFF, roles)
            def act(request: Request, form: Form) -> Response:
                return self._admit(request, roles, page, form, signing=signing)

            return page

        return register

    def takes(self, path: str, roles: frozenset[Role]) -> Callable[[Page], Page]:
        """The same with a file in the form. Its path must stand in `edges.LARGER`, which bounds its size; nothing is kept after the request."""
        if Role.AUDITOR in roles:
            raise ValueError(f"{path}: an auditor reads everything and changes nothing")
        if path not in LARGER:
            raise ValueError(f"{path}: say in `edges.LARGER` how much may be sent there")

        def register(page: Page) -> Page:
            @self.router.post(path)
            @audience(Audience.STAFF, roles)
            async def taken(request: Request) -> Response:
                turned_away = await run_in_threadpool(self._turn_away, request, roles)
                if turned_away is not None:
                    return turned_away
                async with request.form(max_files=1, max_fields=40, max_part_size=FIELD_AT_MOST * 4) as form:
                    fields = {key: value.strip()[:FIELD_AT_MOST] for key, value in form.multi_items() if isinstance(value, str)}
                    files = {key: value for key, value in form.multi_items() if isinstance(value, UploadFile)}
                    sent = {key: Sent(each.filename or "", each.file, each.size or 0) for key, each in files.items()}
                    return await run_in_threadpool(self._admit, request, roles, page, fields, files=sent)

            return page

        return register

    def _turn_away(self, request: Request, roles: frozenset[Role]) -> Response | None:
        """Who may not send a file here is told so before any of it is read."""
        visit = self.visit(request)
        if visit is None:
            return self._ask_to_sign_in(request)
        return None if visit.may(roles) else refuse(visit, roles)

    def _readers(self, roles: frozenset[Role] | None) -> frozenset[Role]:
        return roles if roles is not None else self.section.readers if self.section else GOVERNING_ROLES

    def visit(self, request: Request, form: Mapping[str, str] | None = None, files: Mapping[str, Sent] | None = None) -> Visit | None:
        """Who it is, or None for somebody who is not signed in."""
        secret = self.cookies.session(request)
        session = self.console.door.entrance.session(secret)
        if session is None:
            return None
        return Visit(self.front, self.console, request, session, secret, self.sections, self.section, form or {}, files or {})

    def _admit(
        self, request: Request, roles: frozenset[Role], page: Page, form: Mapping[str, str] | None = None, *, signing: bool = False,
        files: Mapping[str, Sent] | None = None,
    ) -> Response:  # fmt: skip
        visit = self.visit(request, form, files)
        if visit is None:
            return self._ask_to_sign_in(request)
        if form is not None and not (comes_from_our_page(request, self.front.address) and is_own(form.get("token", ""), visit.secret)):
            said = ["The form did not come from a page of this session. It may be from before you signed in, or from another website."]
            return visit.show("said.html", 403, heading="This form could not be checked", paragraphs=[*said, "Nothing was changed."])
        if not visit.may(roles):
            return refuse(visit, roles)
        if signing and visit.session.method == SignInMethod.PROVIDER and not visit.session.strong:
            return visit.show("second_factor.html", 403)
        return page(visit)

    def _ask_to_sign_in(self, request: Request) -> Response:
        ended = bool(self.cookies.session(request))
        response = RedirectResponse(f"{SIGN_IN}?ended=1" if ended else SIGN_IN, 303)
        if ended:
            self.cookies.clear_session(response)
        return response


def refuse(visit: Visit, roles: frozenset[Role]) -> Response:
    """A kind page for whoever lacks the role: what it takes, and whom to ask."""
    needed = [ROLE_LABELS[role] for role in Role if role in roles]
    return visit.show("refused.html", 403, needed=needed)
