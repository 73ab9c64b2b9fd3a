"""Residents and advisers as their browsers behave: what the page's own script asks for when its stream speaks is asked for here too."""

import asyncio
import contextlib
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from benchmarks.desk_load.tally import Tally
from benchmarks.desk_load.wire import Answer, Browser
from guildhall.vocabulary.ids import ConversationId
from guildhall.web.sessions import Session

OFFERED = re.compile(r'row--offered" id="row-([A-Z0-9-]+)">\s*<a class="row__link" href="(/desk/conversations/[^"]+)"')
TOKEN = re.compile(r'data-token="([^"]+)"')
REFERENCE = re.compile(r'/desk/requests/([A-Z0-9-]+)/accept"')
REFRESH = {"X_Desk_Refresh": "1", "X_Desk_Seen": "1", "X_Desk_Writes": "open"}
LIST_PAUSE, PAGE_PAUSE = 0.4, 0.05
"""How long the page's script waits at least between reading its list, or its conversation, again."""
REPLIES = 6
"""Messages that an adviser sends before wrapping up."""
AT_FIRST = 2
NOTICES = (2.0, 5.0)
"""Seconds after which an adviser looks up when the page rings, and after which they have read a brief."""


class Again:
    """Reads something again when told to: one at a time, and once more if told meanwhile. As `Reader` of desk.js."""

    def __init__(self, read: Callable[[], Awaitable[None]], pause: float) -> None:
        self._read, self._pause, self._running, self._again = read, pause, False, False
        self._tasks: set[asyncio.Task[None]] = set()

    def now(self) -> None:
        """Read soon."""
        if self._running:
            self._again = True
            return
        self._running = True
        task = asyncio.create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            await self._read()
            await asyncio.sleep(self._pause)
        self._running = False


@dataclass
class Resident:
    """Somebody who waits; `listens` says whether their page is open with a script."""

    tally: Tally
    browser: Browser
    server: int
    random: Random
    listens: bool = False
    stream: asyncio.Task[None] | None = None
    hears: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def session(self) -> Session:
        """What the cookie holds."""
        conversation, _, secret = self.browser.cookies["guildhall"].partition(".")
        return Session(ConversationId(conversation), secret)

    async def asks(self, *messages: str) -> None:
        """Say something to the council."""
        for message in messages:
            token = self.session.form_token if "guildhall" in self.browser.cookies else ""
            answer = await self._timed("a resident's message", {"message": message, "token": token})
            if answer is None or answer.status != 303:
                self.tally.fail(f"resident: {answer.status if answer else 'no answer'}")

    async def _timed(self, name: str, form: dict[str, str]) -> Answer | None:
        began = time.perf_counter()
        try:
            answer = await self.browser.post("/ask", form)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return None
        self.tally.note(name, time.perf_counter() - began)
        return answer

    def opens_page(self) -> None:
        """Listen."""
        self.stream = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            async for name, data in self.browser.events("/live?after=0"):
                self.hears.set()
                if name == "items":
                    for item in data["items"]:
                        self.tally.hear(item["key"], self.server, "adviser's message to the resident's page")
                        if item["message"] and self.random.random() < 0.7:
                            await asyncio.sleep(self.random.uniform(1, 3))
                            await self._writes()
        except (OSError, asyncio.IncompleteReadError):
            self.tally.fail("a resident's stream broke")

    async def _writes(self) -> None:
        self.tally.send(self.session.conversation_id, self.server)
        await self.asks("Thank you. It was the old sofa, and nobody came on Tuesday.")


@dataclass
class Held:
    """A conversation that an adviser has, and how many messages they sent in it."""

    path: str
    sent: int = 0


@dataclass
class Adviser:
    """One adviser at work, with the page that is open. They take what they are offered within seconds, and write in two conversations by turns."""

    tally: Tally
    browser: Browser
    server: int
    random: Random
    think: float
    token: str = ""
    open: str = ""
    reference: str = ""
    held: list[Held] = field(default_factory=list)
    offered: list[tuple[str, str]] = field(default_factory=list)
    freed_at: float | None = None
    began: int = 0
    """How many conversations they have taken so far. The first are met halfway through, or all advisers would end theirs at the same time."""
    stream: asyncio.Task[None] | None = None
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.list_again = Again(self._read_list, LIST_PAUSE)
        self.page_again = Again(self._read_page, PAGE_PAUSE)
        self.script = Browser(self.browser.port, self.browser.cookies)  # what it asks for does not hold up what the adviser does

    async def comes(self) -> None:
        """Open the desk and take what comes."""
        page = await self.browser.get("/desk")
        found = TOKEN.search(page.text)
        assert page.status == 200 and found is not None, page.status
        self.token = found[1]
        await self.browser.post("/desk/status", {"token": self.token, "status": "available"})
        self._listen_again()

    async def works(self) -> None:
        """One action every few seconds, and sooner when the page rings, until cancelled."""
        await asyncio.sleep(self.random.random() * self.think)
        while True:
            try:
                await self._acts()
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                self.tally.fail(f"adviser: {type(error).__name__}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.rung.wait(), self.random.uniform(0.5, 1.5) * self.think)
                await asyncio.sleep(self.random.uniform(*NOTICES))
            self.rung.clear()

    async def _acts(self) -> None:
        if self.reference:
            await self._accepts()
        elif self.offered:
            reference, path = self.offered.pop(0)
            self._shows(path, reference, await self._does("look at an offer (brief)", path))
            self.rung.set()
        elif self.held:
            self.held.append(one := self.held.pop(0))
            if one.path != self.open:
                self._shows(one.path, "", await self._does("turn to the other conversation", one.path))
            await (self._writes(one) if one.sent < REPLIES else self._wraps_up(one))
        elif self.random.random() < 0.5:
            page = await self._does("look at the next one", "/desk/next", {})
            if found := REFERENCE.search(page.text):
                self._shows(page.headers["path"], found[1], page)
                self.rung.set()
        else:
            self._take_list(await self._does("open the list", "/desk"))

    async def _accepts(self) -> None:
        page = await self._does("accept, and the conversation opens", f"/desk/requests/{self.reference}/accept", {})
        self.reference = ""
        if page.headers["path"].startswith("/desk/conversations/"):
            self.held.insert(0, Held(page.headers["path"], self.random.randrange(REPLIES) if self.began < AT_FIRST else 0))
            self.began += 1
            self.open = page.headers["path"]
            self._listen_again()
        else:  # it was given to somebody else meanwhile
            self._shows("", "", page)

    async def _writes(self, one: Held) -> None:
        text = "Hello, I have read what you wrote. I am looking at your collection now and will tell you what I find."
        began = time.perf_counter()
        await self.script.post(f"{one.path}/draft", {"token": self.token, "text": text, "mode": "send"}, Accept="application/json")
        self.tally.note("keep what is typed", time.perf_counter() - began)
        message = f"mess_{secrets.token_hex(10)}"
        self.tally.send(message, self.server)
        form = {"id": message, "text": text, "mode": "send"}
        answer = await self._does("send", f"{one.path}/messages", form, Accept="application/json")
        one.sent = one.sent + 1 if answer.status == 200 else REPLIES
        self.page_again.now()

    async def _wraps_up(self, one: Held) -> None:
        form = {"wrap_up": "resolved", "right_team": "yes"}
        page = await self._does("wrap up, and the list opens", f"{one.path}/wrap-up", form)
        self.held.remove(one)
        self.freed_at = time.perf_counter()
        self._shows("", "", page)
        self._take_list(page)

    def _shows(self, path: str, reference: str, page: Answer) -> None:
        self.open, self.reference = (path, reference) if page.status == 200 else ("", "")
        self._listen_again()

    def _take_list(self, page: Answer) -> None:
        self.offered = [found for found in OFFERED.findall(page.text) if found[1] != self.open]
        if self.offered:
            self.rung.set()

    async def _does(self, name: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """Do it, and load the page that it leads to: what the adviser waits for is both."""
        began = time.perf_counter()
        sent = None if form is None else form | {"token": self.token}
        answer = await (self.browser.get(path, **headers) if sent is None else self.browser.post(path, sent, **headers))
        if answer.status == 303:
            path = answer.headers["location"].partition("#")[0]
            answer = await self.browser.get(path)
        self.tally.note(name, time.perf_counter() - began)
        if answer.status not in (200, 403, 409):
            self.tally.fail(f"{name}: {answer.status}")
        return Answer(answer.status, {**answer.headers, "path": path.partition("?")[0]}, answer.text)

    # the page's script

    def _listen_again(self) -> None:
        """A page that is opened opens its own stream; the one before ends with its page."""
        if self.stream is not None:
            self.stream.cancel()
        self.stream = asyncio.create_task(self._listen(self.open.rpartition("/")[2]))

    async def _listen(self, open_here: str) -> None:
        covered = None
        try:
            async for name, data in self.browser.events(f"/desk/live?open={open_here}"):
                if name == "conversation":
                    if data["kind"] == "UtteranceReceived":
                        self.tally.hear(data["id"], self.server, "resident's message to the adviser's page")
                    if data["id"] == open_here:
                        covered = self.browser.heard
                        self.page_again.now()
                if name == "offered" and self.freed_at is not None:
                    self.tally.note("free until offered the next", time.perf_counter() - self.freed_at)
                    self.freed_at = None
                by_the_page = name == "list" and covered is not None and self.browser.heard == covered
                if name in ("list", "offered", "everything") and not by_the_page:
                    self.list_again.now()
        except (OSError, asyncio.IncompleteReadError):
            self.tally.fail("an adviser's stream broke")

    async def _read_list(self) -> None:
        await self._reads("the list, read again", f"/desk/list?open={self.open.rpartition('/')[2]}", self._take_list)

    async def _read_page(self) -> None:
        if any(one.path == self.open for one in self.held):
            await self._reads("the conversation, read again", self.open, self._take_list)

    async def _reads(self, name: str, path: str, take: Callable[[Answer], None]) -> None:
        began = time.perf_counter()
        with contextlib.suppress(TimeoutError):
            page = await self.script.get(path, **REFRESH)
            self.tally.note(name, time.perf_counter() - began)
            if page.status == 200:
                take(page)
            elif page.status != 409:  # not theirs any more
                self.tally.fail(f"{name}: {page.status}")
            return
        self.tally.fail(f"{name}: no answer")
