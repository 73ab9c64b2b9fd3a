"""A member of staff at the console, without a script; and residents before them, so that there is something to see."""

from typing import Any

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.staff import StaffDoor, open_staff_door
from guildhall.vocabulary.roles import Role
from tests.web.browser import Browser

ASKED = (
    "How much is bulky waste?",
    "my husband hits me",
    "let me talk to a person",
    "I lost my badge",
    "I smell gas",
    "What about my dragon?",
)


def door_of(guildhall: Guildhall) -> StaffDoor:
    return open_staff_door(guildhall.settings, guildhall.database, guildhall.record, guildhall.house.clock)


class Staff(Browser):
    """Signs in with a link, as whoever runs the deployment would print it."""

    def __init__(self, guildhall: Guildhall, *roles: Role, name: str = "Pat Okafor", app: Any = None) -> None:
        super().__init__(guildhall)
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

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("guildhall-staff") or ""

    @property
    def heading(self) -> str:
        return self.text("h1")


def residents_ask(guildhall: Guildhall, *words: str) -> Browser:
    """Each asks in a conversation of their own; the last one's browser."""
    browser = Browser(guildhall)
    for each in words or ASKED:
        browser = Browser(guildhall)
        browser.ask(each)
        assert browser.status == 200
    return browser


def events_of(guildhall: Guildhall, kind: str) -> list[dict[str, Any]]:
    from guildhall.storage.trail import TrailReader

    return [dict(event.facts) for event in TrailReader(guildhall.database).of_council(kind, None, 100)]
