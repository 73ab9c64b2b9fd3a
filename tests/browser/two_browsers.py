"""A resident and staff, each in a browser of their own, at one running front door. Staff touch nothing but the keyboard."""

from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Browser, Page, expect

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.roles import Role

MOST_TABS = 150
COUNTS_THE_MOUSE = "for (const kind of ['mousedown', 'pointerdown']) addEventListener(kind, () => window.countMouse(), true)"


def opened(browser: Browser, width: int, height: int) -> Page:
    """A page of a browser of its own."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    return page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(MOST_TABS):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


@dataclass
class ResidentsBrowser:
    """A resident at the front door, with a script."""

    page: Page

    @classmethod
    def come(cls, browser: Browser, url: str, width: int = 1000, height: int = 900) -> Self:
        page = opened(browser, width, height)
        page.goto(url)
        return cls(page)

    @property
    def conversation_id(self) -> str:
        cookie = next(cookie for cookie in self.page.context.cookies() if cookie.get("name") == "guildhall")
        return str(cookie.get("value", "")).partition(".")[0]

    def asks(self, words: str) -> None:
        """Ask the assistant, and wait for the whole reply."""
        turns = self.page.locator(".turn").count()
        self.writes(words)
        self.page.locator(".turn").nth(turns).wait_for()
        self.page.locator("#conversation[aria-busy=false]").wait_for(state="attached")
        self.page.locator("#waiting", has_text="…").wait_for(state="detached")

    def writes(self, words: str) -> None:
        """Send words to whoever has the conversation."""
        self.page.fill("#message", words)
        self.page.click(".ask__send")
        expect(self.page.locator("#message")).to_have_value("")

    def waits(self) -> None:
        """Stand in a queue."""
        self.page.wait_for_selector("#owner.owner--queue")

    def is_with(self, words: str) -> None:
        """Have somebody, and be told who."""
        expect(self.page.locator("#owner.owner--adviser")).to_contain_text(words)

    def reads(self, words: str) -> None:
        """See a person's message."""
        expect(self.page.locator(".turn--adviser", has_text=words)).to_have_count(1)


class AtTheKeyboard:
    """A member of staff at the desk who has no mouse: `mouse` counts what a mouse would have done."""

    def __init__(self, browser: Browser, url: str, link: str, *, width: int = 1400, height: int = 900) -> None:
        self.page = opened(browser, width, height)
        self.url = url
        self.mouse = 0
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.context.expose_function("countMouse", self._count)
        self.page.context.add_init_script(COUNTS_THE_MOUSE)
        self.page.goto(f"{url}/console/sign-in/link?token={link}")
        self.to("form button[type=submit]").press("Enter")
        self.page.wait_for_url("**/desk")
        self.ready()

    def _count(self) -> None:
        self.mouse += 1

    def ready(self) -> Self:
        """The page listens."""
        self.page.wait_for_selector("body[data-ready][data-connection=open]")
        return self

    def press(self, *keys: str) -> Self:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, words: str) -> Self:
        self.page.keyboard.type(words)
        return self

    def to(self, selector: str) -> Self:
        """Press Tab until the focus is there."""
        tab_to(self.page, selector)
        return self

    def comes(self) -> Self:
        """Say that they are available."""
        self.press("s").to("button[value=available]").press("Enter")
        self.page.wait_for_selector("button[value=available][aria-pressed=true]")
        return self.ready()

    def is_asked(self) -> None:
        """Somebody is offered to them."""
        self.page.wait_for_selector(".row--offered")

    def looks(self) -> Self:
        """Open what is offered: the brief, and nothing else yet."""
        self.press("a")
        self.page.wait_for_selector("#offer")
        return self.ready()

    def has_the_conversation(self) -> Self:
        """It is theirs, and open."""
        self.page.wait_for_selector("#thread")
        return self.ready()

    def begins(self, words: str) -> Self:
        """Type to the resident and do not send yet."""
        return self.press("Escape", "r").type(words)

    def sends(self) -> Self:
        return self.press("Control+Enter")

    def writes(self, words: str) -> Self:
        """Type and send."""
        return self.begins(words).sends()

    def notes(self, words: str) -> Self:
        """Write a private note."""
        self.press("Escape", "n").type(words).sends()
        expect(self.page.locator(".entry--note:not([data-pending])", has_text=words)).to_have_count(1)
        return self

    def reads(self, words: str) -> None:
        """See what the resident wrote."""
        expect(self.page.locator(".entry--said", has_text=words)).to_have_count(1)

    def searches(self, words: str) -> Self:
        """Search the council's content."""
        self.press("Escape", "/")
        self.page.wait_for_selector("#q:focus")
        self.type(words).press("Enter")
        self.page.wait_for_selector(".found__insert")
        return self

    def asks_colleague(self, name: str, why: str) -> Self:
        """Ask a colleague to take over."""
        self.press("Escape", "p").to("#to").type(name)
        self.to("#why-colleague").type(why)
        self.to("form[action$=colleague] button").press("Enter")
        self.page.wait_for_selector("text=You asked")
        return self.ready()

    def wraps_up(self, *, right_team: bool) -> Self:
        """End the conversation as signposted, which is the second of the endings."""
        self.press("Escape", "e").press("ArrowDown")
        self.to("input[name=right_team]").press("Space")
        if not right_team:
            self.press("ArrowDown")
        self.to("#panel-wrap-up button[type=submit]").press("Enter")
        self.page.wait_for_url("**/desk?**")
        return self.ready()


def desk_link(guildhall: Guildhall, name: str, role: Role, *, capacity: int = 3, safeguarding: bool = True) -> str:
    """A link for somebody with a desk role, who is made the first time; an adviser serves every queue."""
    door = open_staff_door(guildhall.settings, guildhall.database, guildhall.record, guildhall.house.clock)
    if name not in {member.name for member in door.staff.everyone()}:
        member = door.entrance.add(name, frozenset({role}))
        if role == Role.ADVISER:
            queues = list(guildhall.profile.handoffs.queues)
            guildhall.desk.advisers.set(str(member.id), queues, ["en"], safeguarding, capacity, str(member.id), guildhall.house.clock())
    return door.entrance.link_for(door.staff.by_name(name))
