"""The two edges of the web: a body that is too big, and an error nobody expected. Both end in a kind page with a human route."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("guildhall.web")

LARGEST_BODY = 256 * 1024  # 20,000 characters of any script, percent-encoded, with room for the form
LARGER: Final = {"/console/value/baselines/new": 20 * 1024 * 1024, "/console/next/workshops/new": 3 * 1024 * 1024}
"""Paths that take a file, and how many bytes each takes; who may send one is asked before it is read."""


@dataclass(frozen=True)
class BodyLimit:
    """Refuses a body over the limit, announced or not."""

    app: ASGIApp
    refuse: Callable[[Scope], Response]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = LARGER.get(scope["path"], LARGEST_BODY)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        read = int(announced) if announced.isdigit() else 0
        if read > most:
            await self.refuse(scope)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            return {"type": "http.disconnect"} if read > most else message

        async def unless_too_big(message: Message) -> None:
            if read <= most:
                await send(message)

        await self.app(scope, counted, unless_too_big)
        if read > most:
            await self.refuse(scope)(scope, receive, send)


@dataclass(frozen=True)
class FailSafeEdge:
    """The catch-all of the web edge: whatever went wrong, it is noted, and the resident gets a page with a person's number on it."""

    app: ASGIApp
    apologise: Callable[[Scope], Response]
    note: Callable[[Scope, str, Exception, bytes], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything through, and answer for what fails before it spoke."""
        started, body = False, bytearray()

        async def remembered() -> Message:
            message = await receive()
            if len(body) <= LARGEST_BODY:
                body.extend(message.get("body", b""))
            return message

        async def noticed(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, remembered, noticed)
        except Exception as error:  # noqa: BLE001  # boundary: the web edge
            # the type alone: messages and tracebacks may hold what a resident wrote
            log.error("request_failed", path=_route(scope), error=type(error).__name__)
            if scope["type"] != "http":
                return
            await run_in_threadpool(self.note, scope, _route(scope), error, bytes(body))
            if not started:
                await self.apologise(scope)(scope, receive, send)


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", "unknown"))
