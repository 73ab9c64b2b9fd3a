"""The edge's own journal: a line is on disk before a request may change anything, and another when it has ended.

Written by the web edge alone and kept apart from the record, so that an event which the record never took in is found by comparing the
two (`guildhall log reconcile`). It holds times, routes and random ids; never words, names or addresses.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

import structlog
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guildhall.bootstrap.turns import Ended
from guildhall.records.journal import Request, begun_line, ended_line

log = structlog.get_logger("guildhall.web")

CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SIGNS = frozenset({"/live"})
"""Paths that only say that somebody is writing or has read: they come every few seconds and leave no event."""
CONVERSATION = re.compile(r"conv[a-z]*[_-][A-Za-z0-9_-]{1,40}")
NOTED = "guildhall.journal"
"""Where in a request's scope its routes may leave word for the journal."""


@dataclass(frozen=True)
class Journal:
    """Appends lines to one file a day. A full disk is said in the log and stops nobody: the way to a person comes first."""

    folder: Path
    clock: Callable[[], datetime]

    def begun(self, method: str, route: str, conversation: str) -> Request:
        """Note a request that is about to be let in."""
        request = Request(secrets.token_urlsafe(12), method, route, conversation, self.clock())
        self._append(request.begun_at, begun_line(request))
        return request

    def ended(self, request: Request, status: int, resent: str) -> None:
        """Note how it ended."""
        self._append(request.begun_at, ended_line(request.id, self.clock(), status, request.conversation, resent))

    def _append(self, day: datetime, line: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / f"{day:%Y-%m-%d}.jsonl").open("a", encoding="utf-8") as file:
                file.write(line)  # one write, so that lines of several processes do not mix
        except OSError as error:
            log.error("journal_failed", error=type(error).__name__)


@dataclass(frozen=True)
class JournalEdge:
    """The middleware. `words` are the fixed parts of our routes; anything else in a path is written as `*`."""

    app: ASGIApp
    journal: Journal
    words: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note, let through, note again."""
        if scope["type"] != "http" or scope["method"] not in CHANGES or scope["path"] in SIGNS:
            await self.app(scope, receive, send)
            return
        request = self.journal.begun(scope["method"], self._route(scope["path"]), _conversation(scope))
        scope[NOTED] = noted = {"resent": "", "conversation": "", "status": ""}
        status, conversation = 0, request.conversation

        async def noticed(message: Message) -> None:
            nonlocal status, conversation
            if message["type"] == "http.response.start":
                status = message["status"]
                conversation = conversation or _given(message)
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        finally:
            mine = replace(request, conversation=conversation or noted["conversation"])
            self.journal.ended(mine, int(noted["status"] or status or 500), noted["resent"])

    def _route(self, path: str) -> str:
        return "/".join(part if part in self.words else "*" for part in path.split("/"))


def note_resent(scope: Scope, ended: Ended) -> None:
    """Tell the journal that a form was sent twice and its turn is in the record already."""
    if ended.resent and NOTED in scope:
        scope[NOTED]["resent"] = ended.id


def note_call(scope: Scope, conversation: str) -> None:
    """Tell the journal which conversation a call has become."""
    if NOTED in scope:
        scope[NOTED]["conversation"] = conversation


def note_turn(scope: Scope, turn_id: str, status: int = 200) -> None:
    """Tell the journal which turn was recorded, or with another status that none was: a stream's own status was sent before either was known."""
    if NOTED in scope:
        scope[NOTED] |= {"resent": turn_id, "status": str(status)}


def fixed_words(routes: Iterable[BaseRoute], prefix: str) -> frozenset[str]:
    """The fixed parts of the paths of routes, those of included routers too."""
    words = {"", *prefix.split("/")}
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            words |= fixed_words(included.routes, included.prefix)
        words |= {part for part in getattr(route, "path", "").split("/") if not part.startswith("{")}
    return frozenset(words)


def _conversation(scope: Scope) -> str:
    """The conversation a request names, by its path or its cookie; nothing is checked here."""
    named = next((part for part in scope["path"].split("/") if CONVERSATION.fullmatch(part)), "")
    return named or _of_cookies(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


def _given(message: Message) -> str:
    """The conversation whose cookie a response gives."""
    return _of_cookies(value.decode("latin-1") for name, value in message["headers"] if name == b"set-cookie")


def _of_cookies(headers: Iterable[str]) -> str:
    for header in headers:
        try:
            cookies = SimpleCookie(header)
        except CookieError:
            continue
        for morsel in cookies.values():
            conversation = morsel.value.partition(".")[0]
            if "guildhall" in morsel.key and CONVERSATION.fullmatch(conversation):
                return conversation
    return ""
