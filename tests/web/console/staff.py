"""A member of staff at the console, without a script; and residents before them, so that there is something to see."""

import re
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.staff import StaffDoor, open_staff_door
from guildhall.storage.trail import TrailReader
from guildhall.vocabulary.roles import Role
from guildhall.web.app import create_app
from tests.web.browser import Browser

ASKED = (
    "How much is bulky waste?",
    "my husband hits me",
    "let me talk to a person",
    "I lost my badge",
    "I smell gas",
    "What about my dragon?",
)


_LAST: list[tuple[Guildhall, FastAPI]] = []


def app_of(guildhall: Guildhall) -> FastAPI:
    """The application of a house, made once: everybody in a test comes through the same door."""
    if not _LAST or _LAST[0][0] is not guildhall:
        _LAST[:] = [(guildhall, create_app(guildhall))]
    return _LAST[0][1]


def door_of(guildhall: Guildhall) -> StaffDoor:
    return open_staff_door(guildhall.settings, guildhall.database, guildhall.record, guildhall.house.clock)


class Staff(Browser):
    """Signs in with a link, as whoever runs the deployment would print it."""

    def __init__(self, guildhall: Guildhall, *roles: Role, name: str = "Pat Okafor") -> None:
        self.guildhall, self.html, self.status = guildhall, "", 0
        self.client = TestClient(app_of(guildhall), base_url=guildhall.settings.address)
        self.door = door_of(guildhall)
        self.name = name
        if roles:
            self.door.entrance.add(name, frozenset(roles))
            self.sign_in()

    def sign_in(self) -> "Staff":
        self.follow(self.link())
        self.send("form[action='/console/sign-in/link']")
        return self

    def link(self) -> str:
        return self.door.entrance.link_for(self.door.staff.by_name(self.name))

    def follow(self, secret: str) -> "Staff":
        self.open(f"/console/sign-in/link?token={secret}")
        return self

    def text(self, selector: str = "main") -> str:
        return re.sub(r" ([,.;:)])", r"\1", super().text(selector))

    def notices(self) -> list[str]:
        """What the overview says needs attention."""
        self.open("/console")
        return [item.text(strip=True) for item in self.all(".attention a")]

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("guildhall-staff") or ""

    @property
    def heading(self) -> str:
        return self.text("h1")


def residents_ask(guildhall: Guildhall, *words: str) -> Browser:
    """Each asks in a conversation of their own; the last one's browser."""
    browser = Staff(guildhall)
    for each in words or ASKED:
        browser.client.cookies.clear()
        browser.open("/").ask(each)
        assert browser.status == 200
    return browser


def events_of(guildhall: Guildhall, kind: str) -> list[dict[str, Any]]:
    return [dict(event.facts) for event in TrailReader(guildhall.database).of_council(kind, None, 100)]
