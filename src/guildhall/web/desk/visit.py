"""One request of somebody at the desk: who they are as an adviser, and the pages they get."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from starlette.responses import JSONResponse, Response

from guildhall.bootstrap.desk import Desk
from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.handoffs import ADVISER_STATUS_LABELS, STOOD_DOWN, Adviser, AdviserStatus, PassedBack
from guildhall.vocabulary.rights import Looker
from guildhall.vocabulary.roles import GOVERNING_ROLES, Role
from guildhall.vocabulary.staff import Purpose, StaffMember
from guildhall.vocabulary.translations import TRANSLATION_LABELS, TRANSLATION_PROBLEMS
from guildhall.web.console.visit import Visit
from guildhall.web.console.words import Words
from guildhall.web.desk.keys import KEYS
from guildhall.web.desk.preferences import Preferences

REFRESH = "x-desk-refresh"
"""The header with which the page's own script asks for the page again: that is no new opening."""


@dataclass(frozen=True)
class DeskVisit:
    """One request at the desk, around the visit that admission made."""

    visit: Visit

    @property
    def guildhall(self) -> Guildhall:
        """The house."""
        return self.visit.console.guildhall

    @property
    def desk(self) -> Desk:
        """Handoffs, messages, advisers."""
        return self.guildhall.desk

    @property
    def member(self) -> StaffMember:
        """Who it is."""
        return self.visit.member

    @property
    def me(self) -> str:
        """Their id."""
        return str(self.visit.member.id)

    @cached_property
    def adviser(self) -> Adviser | None:
        """Their profile as an adviser, if somebody has made one."""
        return self.desk.advisers.get(self.me)

    @cached_property
    def advisers(self) -> tuple[Adviser, ...]:
        """Every adviser, read once."""
        return self.desk.moment.of("advisers", self.now(), self.desk.advisers.everyone)

    @property
    def stood_down(self) -> str:
        """Why the desk has set them to busy, in a sentence; nothing when they did it themselves."""
        why = self.adviser.why if self.adviser and self.adviser.status == AdviserStatus.BUSY else ""
        return STOOD_DOWN[PassedBack(why)] if why in STOOD_DOWN else ""

    @property
    def supervises(self) -> bool:
        """Whether they run the desk."""
        return self.visit.may(frozenset({Role.SUPERVISOR}))

    @property
    def governs(self) -> bool:
        """Whether the console has anything for them."""
        return self.visit.may(GOVERNING_ROLES)

    @property
    def looker(self) -> Looker:
        """How their looking is recorded."""
        return Looker(self.me, Purpose.ANSWERING.value)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of staff by id, read once."""
        return self.desk.moment.of("names", self.now(), self.visit.console.door.staff.names)

    @cached_property
    def preferences(self) -> Preferences:
        """What they chose for the page."""
        return Preferences.read(self.visit.request)

    @property
    def refreshes(self) -> bool:
        """Whether the page is asked for again by its own script."""
        return self.visit.request.headers.get(REFRESH) == "1"

    @property
    def wants_json(self) -> bool:
        """Whether the script asks; a form gets a page."""
        return "application/json" in self.visit.request.headers.get("accept", "")

    @property
    def form(self) -> Mapping[str, str]:
        """What was sent."""
        return self.visit.form

    @property
    def query(self) -> Mapping[str, str]:
        """What the address asks for."""
        return self.visit.query

    @property
    def words(self) -> Words:
        """How things are said."""
        return self.visit.words

    def was_seen(self) -> None:
        """They are here: for whoever has no script, and so no live stream, each page that they load says it."""
        if not self.refreshes:
            self.desk.advisers.seen(self.me, self.now())

    def path(self, name: str) -> str:
        """A part of the path."""
        return self.visit.path(name)

    def now(self) -> datetime:
        """The time."""
        return self.visit.now()

    def today(self) -> date:
        """The date where the council is."""
        return self.now().astimezone(self.guildhall.profile.calendar.zone).date()

    def clock_time(self, at: datetime | None) -> str:
        """A time of day as the council's clocks show it; with the day when it is another."""
        if at is None:
            return ""
        zone = self.guildhall.profile.calendar.zone
        local = at.astimezone(zone)
        same_day = local.date() == self.now().astimezone(zone).date()
        return f"{local:%H:%M}" if same_day else f"{local.day} {local:%b, %H:%M}"

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page of the desk, or a part of one."""
        context = {
            "at": self,
            "statuses": [(status.value, *ADVISER_STATUS_LABELS[status]) for status in AdviserStatus],
            "keys": KEYS,
            "preferences": self.preferences,
            "translation_labels": TRANSLATION_LABELS,
            "translation_problems": TRANSLATION_PROBLEMS,
        }
        return self.visit.render(f"desk/{template}", status, **(context | values))

    def say(self, heading: str, *paragraphs: str, status: int = 200) -> Response:
        """A page with a few sentences."""
        return self.show("said.html", status, heading=heading, paragraphs=paragraphs)

    def json(self, status: int = 200, **values: Any) -> Response:
        """What the script reads."""
        return JSONResponse(values, status)

    def go_to(self, path: str, fragment: str = "", **query: str) -> Response:
        """Another page."""
        return self.visit.go_to(path, fragment, **query)
