"""One request of a signed-in member of staff: who they are, what they sent, and the pages they get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.roles import DESK_ROLES, GOVERNING_ROLES, ROLE_LABELS, VALUE_ROLES, Role
from guildhall.vocabulary.staff import Purpose, StaffMember, StaffSession
from guildhall.web.console.cookies import form_token
from guildhall.web.console.section import Group, Section
from guildhall.web.console.words import Words
from guildhall.web.front_door import FrontDoor


@dataclass(frozen=True, slots=True)
class Tab:
    """A link of the menu."""

    title: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a form: what it is called, what is in it, and its bytes."""

    name: str
    file: BinaryIO
    size: int


@dataclass(frozen=True)
class Visit:
    """One request. `form` is what was sent, field by field; empty for a page that is only read. `files` are there for as long as the request."""

    front: FrontDoor
    console: Console
    request: Request
    session: StaffSession
    secret: str
    sections: Sequence[Section]
    section: Section | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Sent] = field(default_factory=dict)

    @property
    def member(self) -> StaffMember:
        """Who it is."""
        return self.session.member

    @property
    def token(self) -> str:
        """What every form carries to show that it is ours."""
        return form_token(self.secret)

    @property
    def words(self) -> Words:
        """How things are said."""
        return Words(self.console)

    @property
    def query(self) -> Mapping[str, str]:
        """What the address asks for; the last of each, at most 200 characters."""
        return {key: value.strip()[:200] for key, value in self.request.query_params.items()}

    @property
    def home(self) -> str:
        """The first page for who they are."""
        return home_of(self.member)

    @property
    def top(self) -> str:
        """Where the name of the console leads: the overview, for who may see it."""
        return "/console" if self.may(GOVERNING_ROLES) else self.home

    @property
    def reads_turns(self) -> bool:
        """Whether the pages of single turns are open to them."""
        return self.may(GOVERNING_ROLES)

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether they hold one of these roles."""
        return self.member.holds(roles)

    @property
    def readable(self) -> list[Section]:
        """The sections they may read."""
        return [section for section in self.sections if self.may(section.readers)]

    @property
    def menu(self) -> list[Tab]:
        """The groups, each leading to its first section."""
        first: dict[Group, Section] = {}
        for section in self.readable:
            first.setdefault(section.group, section)
        here = self.section.group if self.section else None
        tabs = [Tab(group.value, first[group].path, group == here) for group in Group if group in first]
        path = self.request.url.path
        desk = [Tab("Desk", "/desk", False)] if self.may(DESK_ROLES) else []
        if not self.may(GOVERNING_ROLES):
            return [*desk, *tabs]
        return [Tab("Overview", "/console", path == "/console"), *tabs, Tab("Board pack", "/console/pack", path == "/console/pack"), *desk]

    @property
    def within(self) -> list[Tab]:
        """The sections of the group they are in."""
        here = self.section
        same = [section for section in self.readable if here and section.group == here.group]
        return [Tab(section.title, section.path, section == here) for section in same] if len(same) > 1 else []

    @property
    def role_names(self) -> str:
        """Their roles, in words."""
        return ", ".join(ROLE_LABELS[role][0] for role in Role if role in self.member.roles)

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A whole page of the console."""
        return self.render(f"console/{template}", status, **values)

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """A whole page, or a part of one."""
        nonce = self.request.scope.get("guildhall.nonce", "")
        context = {"visit": self, "words": self.words, "nonce": nonce, "council": self.console.guildhall.profile.council}
        return HTMLResponse(self.front.templates.get_template(template).render(**(context | values)), status)

    def missing(self, what: str) -> Response:
        """What was asked for is not here."""
        return self.show("said.html", 404, heading=f"{what} not found", paragraphs=["It may have been mistyped, or it was never here."])

    def go_to(self, path: str, fragment: str = "", **query: str) -> Response:
        """Another page, after something was done, so that loading it again does nothing twice."""
        return RedirectResponse(path + (f"?{urlencode(query)}" if query else "") + (f"#{fragment}" if fragment else ""), 303)

    def note(self, kind: EventKind, facts: Mapping[str, Any], about: tuple[str, str] | None = None) -> None:
        """Put into the record what they do, before it is done."""
        self.console.door.entrance.note(kind, self.member.id, facts, about)

    def note_reading(self, what: str, purpose: Purpose, about: tuple[str, str], reference: str = "") -> None:
        """Put into the record that they look at what somebody said, and why, before they see it."""
        facts = {"what": what, "purpose": purpose.value, "roles": sorted(self.member.roles)} | (
            {"reference": reference} if reference else {}
        )
        self.note(EventKind.PERSONAL_DATA_READ, facts, about)

    def now(self) -> datetime:
        """The time."""
        return self.console.now()


def home_of(member: StaffMember) -> str:
    """Where somebody begins: at the desk, if they work there."""
    if member.holds(DESK_ROLES):
        return "/desk"
    return "/console" if member.holds(GOVERNING_ROLES) or not member.holds(VALUE_ROLES) else "/console/value"
