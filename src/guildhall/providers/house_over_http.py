"""The house over HTTP, for a phone gateway in a process of its own. What takes too long, or fails, is a house that has gone.

Whatever is sent twice is done once: a call has its id, a turn its attempt, a note its own id, and a person's request is the conversation's.
So one lost connection is tried again at once. What the caller heard is told before the next turn is asked for.
"""

import asyncio
import json
import secrets
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final

import httpx2

from guildhall.channels.phone.dead_air import GONE_AFTER_SECONDS
from guildhall.channels.phone.house import CallFacts, HouseGoneError, PersonAnswer, PersonRoute, Replied, TurnDone
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.conversations.recording import part_from_json

CONNECT_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 3.0
STALL_SECONDS: Final = GONE_AFTER_SECONDS + 2.0
"""A slow reply is not a house that has gone: the call itself tells the caller of the wait, and ends it before this does."""
NOTES_SECONDS: Final = 0.5
"""A turn waits no longer than that for notes that are on their way."""
AGAIN: Final = (httpx2.ConnectError, httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError)
"""The connection was lost, as when the house starts again: once more."""


class HouseOverHttp:
    """A `TalksToHouse`. `address` is the house's own, such as http://127.0.0.1:8080."""

    def __init__(
        self,
        address: str,
        secret: str,
        transport: httpx2.AsyncBaseTransport | None = None,
        answer_seconds: float = ANSWER_SECONDS,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        timeout = httpx2.Timeout(answer_seconds, connect=CONNECT_SECONDS)
        headers = {"Authorization": f"Bearer {secret}"}
        self._client = httpx2.AsyncClient(
            base_url=f"{address.rstrip('/')}/api/v1/phone", timeout=timeout, headers=headers, transport=transport, trust_env=False
        )
        self._stall = httpx2.Timeout(stall_seconds, connect=CONNECT_SECONDS)
        self._noting: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def begin(self, facts: CallFacts) -> str:
        """A new conversation on the phone; its id."""
        body = {
            "call_id": facts.call_id, "caller": facts.caller_number, "dialled": facts.dialled_number, "language": facts.language,
            "hearing": facts.hearing,
        }  # fmt: skip
        return str((await self._post("/calls", body))["conversation"])

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        """One turn, part by part."""
        await self._notes_told(conversation_id)
        body = {"text": text, "attempt": attempt, "confidence": confidence}
        path, begun, again = f"/calls/{conversation_id}/turns", False, True
        try:
            while True:
                try:
                    async with aclosing(self._turn(path, body)) as turn:
                        async for item in turn:
                            begun = True
                            yield item
                    return
                except AGAIN:
                    if begun or not again:  # who has heard some of it would hear it twice
                        raise
                    again = False
        except (httpx2.HTTPError, ValueError, KeyError) as error:
            raise HouseGoneError from error

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        """The caller wants, or needs, a person."""
        return _route(await self._post(f"/calls/{conversation_id}/person", {"text": words, "danger": danger}))

    async def route(self, conversation_id: str, reference: str) -> PersonRoute:
        """How the caller who waits reaches a person by now."""
        return _route(await self._asked("GET", f"/calls/{conversation_id}/route/{reference}"))

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        """How the transfer ended."""
        found = await self._post(f"/calls/{conversation_id}/transferred", {"reference": reference, "outcome": outcome.value})
        return _route(found) if found else None

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        """Whether what was answered is on its way to that number."""
        return (await self._post(f"/calls/{conversation_id}/text", {"turn": turn_id, "number": number}))["sent"] is True

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        """Book a callback; when it is, in words."""
        body = {"reference": reference, "number": number, "starts_at": starts_at}
        return str((await self._post(f"/calls/{conversation_id}/callback", body))["when"])

    async def note(self, conversation_id: str, what: str, facts: dict[str, object]) -> None:
        """Put into the record what happened in the call, in the order in which it is told."""
        body = {"id": f"even_{secrets.token_urlsafe(16)}", "what": what, "facts": facts}
        async with self._noting[conversation_id]:
            await self._post(f"/calls/{conversation_id}/notes", body)

    async def over(self, conversation_id: str, cause: str) -> None:
        """The call is over."""
        await self._notes_told(conversation_id)
        self._noting.pop(conversation_id, None)
        await self._post(f"/calls/{conversation_id}/over", {"cause": cause[:40]})

    async def close(self) -> None:
        """Give back what it holds."""
        await self._client.aclose()

    async def _turn(self, path: str, body: dict[str, Any]) -> AsyncGenerator[Replied | TurnDone]:
        """What one request for a turn brings. Raises HouseGoneError when that ends before the turn does."""
        async with self._client.stream("POST", path, json=body, timeout=self._stall) as response:
            if response.status_code != 200:
                raise HouseGoneError
            async for line in response.aiter_lines():
                item = _item(json.loads(line))
                yield item
                if isinstance(item, TurnDone):
                    return
        raise HouseGoneError  # the line was cut before the turn had ended

    async def _notes_told(self, conversation_id: str) -> None:
        """What was heard of the last reply is known to the house before it goes on; but nobody waits long for that."""
        lock = self._noting[conversation_id]
        try:
            async with asyncio.timeout(NOTES_SECONDS):
                async with lock:
                    return
        except TimeoutError:
            return

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._asked("POST", path, body)

    async def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            try:
                response = await self._client.request(method, path, json=body)
            except AGAIN:
                response = await self._client.request(method, path, json=body)
            if response.status_code == 204:
                return {}
            if response.status_code not in (200, 201):
                raise HouseGoneError
            found: dict[str, Any] = response.json()
            return found
        except (httpx2.HTTPError, ValueError) as error:
            raise HouseGoneError from error


def _item(plain: dict[str, Any]) -> Replied | TurnDone:
    """A line of a reply. Raises HouseGoneError for one that says so."""
    if "part" in plain:
        return Replied(plain["turn"], part_from_json(plain["part"]), plain["number"])
    if "done" in plain:
        return TurnDone(**plain["done"])
    raise HouseGoneError


def _route(plain: dict[str, Any]) -> PersonRoute:
    try:
        return PersonRoute(**(plain | {"answer": PersonAnswer(plain["answer"]), "slots": tuple(plain["slots"])}))
    except (KeyError, TypeError, ValueError) as error:
        raise HouseGoneError from error
