"""Advisers at the desk without a script, and residents who ask for them."""

from guildhall.bootstrap.house import Guildhall
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.handoffs import Handoff
from guildhall.vocabulary.roles import Role
from tests.web.browser import Browser
from tests.web.console.staff import Staff, app_of


class Adviser(Staff):
    """Signs in, and serves every queue unless others are named."""

    def __init__(
        self, guildhall: Guildhall, name: str = "Ada Marsh", *, roles: tuple[Role, ...] = (Role.ADVISER,), profile: bool = True
    ) -> None:
        super().__init__(guildhall)
        self.name = name
        member = self.door.entrance.add(name, frozenset(roles))
        self.id = str(member.id)
        if profile:
            queues = list(guildhall.profile.handoffs.queues)
            guildhall.desk.advisers.set(self.id, queues, ["en", "pl"], True, 3, "a test", guildhall.house.clock())
        self.sign_in()

    def comes(self) -> "Adviser":
        """Is there and takes what comes."""
        self.open("/desk").press("button[value=available]")
        return self

    def press(self, button: str, **fields: str) -> "Adviser":
        """Press a button of the page: its form is sent with what stands in it."""
        node = self.one(button)
        form = node.parent
        while form is not None and form.tag != "form":
            form = form.parent
        assert form is not None, f"{button} stands in no form"
        sent = {field.attributes["name"] or "": field.attributes.get("value") or "" for field in form.css("input[type=hidden]")}
        if node.attributes.get("name"):
            sent[node.attributes["name"] or ""] = node.attributes.get("value") or ""
        action = node.attributes.get("formaction") or form.attributes["action"] or ""
        self.take(self.client.post(action, data=sent | fields))
        return self

    def takes(self, handoff: Handoff) -> "Adviser":
        """Looks at somebody who waits, accepts, and has their conversation open."""
        self.open("/desk").press(f"#row-{handoff.reference} button").press("#offer button")
        assert self.status == 200, self.text()
        return self

    def writes_to(self, handoff: Handoff, text: str) -> "Adviser":
        """Sends words to a conversation that is not open."""
        token = self.one("body").attributes["data-token"] or ""
        path = f"/desk/conversations/{handoff.conversation_id}/messages"
        self.take(self.client.post(path, data={"token": token, "id": "mess_by_hand", "text": text, "mode": "send"}))
        return self

    def writes(self, text: str, mode: str = "send", **fields: str) -> "Adviser":
        """Sends words from the open conversation."""
        self.take(
            self.client.post(
                self.one("#compose").attributes["action"] or "", data={**self.hidden("#compose"), "text": text, "mode": mode, **fields}
            )
        )
        return self


def resident_asks(guildhall: Guildhall, *words: str) -> tuple[Browser, Handoff]:
    """Somebody asks for a person; their browser and the request."""
    resident = Staff(guildhall)
    assert resident.client.app is app_of(guildhall)
    resident.open("/")
    for each in words or ("How much is bulky waste?", "let me talk to a person"):
        resident.ask(each)
        assert resident.status == 200
    handoff = guildhall.desk.handoffs.live_of(resident.conversation_id)
    assert handoff is not None
    return resident, handoff


def move(guildhall: Guildhall, **by: float) -> None:
    """Let time pass; whoever has a page open is still heard of."""
    clock = guildhall.house.clock
    assert isinstance(clock, FakeClock)
    clock.move(**by)
    for adviser in guildhall.desk.advisers.everyone():
        guildhall.desk.advisers.seen(adviser.staff_id, clock())
