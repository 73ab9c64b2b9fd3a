"""Transactions over UDP (RFC 3261, section 17): what is sent is sent again until it is answered, what comes twice is answered twice and done once."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse

T1: Final = 0.5
T2: Final = 4.0
GIVE_UP: Final = 64 * T1
Peer = tuple[str, int]
Send = Callable[[bytes, Peer], None]


class NoResponseError(Exception):
    """Nobody answered a request in time."""


def new_branch() -> str:
    """A branch for a new transaction, with RFC 3261's cookie."""
    return f"z9hG4bK{secrets.token_hex(8)}"


class Transactions:
    """Every transaction of one endpoint. `give_up` shortens the wait in tests."""

    def __init__(self, send: Send, t1: float = T1) -> None:
        self._send = send
        self._t1 = t1
        self._answered: dict[tuple[str, str], tuple[bytes, Peer]] = {}
        self._begun: set[tuple[str, str]] = set()
        self._asked: dict[tuple[str, str], asyncio.Queue[SipResponse]] = {}
        self._repeating: dict[tuple[str, str], asyncio.Task[None]] = {}

    @property
    def open(self) -> int:
        """How many are remembered; none, some time after the last."""
        return len(self._begun) + len(self._asked) + len(self._repeating)

    def seen_before(self, request: SipRequest) -> bool:
        """Whether this very request came before; if it was answered, the answer is sent again."""
        key = (request.branch, request.method)
        if key in self._begun:
            if key in self._answered:
                self._send(*self._answered[key])
            return True
        self._begun.add(key)
        asyncio.get_running_loop().call_later(64 * self._t1, self._forget, key)
        return False

    def respond(self, request: SipRequest, response: SipResponse, peer: Peer, until_acked: Callable[[], None] | None = None) -> None:
        """Answer a request. A final answer to an INVITE is repeated until `acked`; when that never comes, `until_acked` is called."""
        key, data = (request.branch, request.method), response.encoded()
        self._answered[key] = (data, peer)
        self._send(data, peer)
        if request.method == "INVITE" and response.status >= 200:
            dialog = (request.call_id, str(request.cseq[0]))
            self._repeating[dialog] = asyncio.create_task(self._repeat(dialog, data, peer, until_acked))

    def acked(self, request: SipRequest) -> bool:
        """The ACK of a final answer came; whether one was waited for."""
        task = self._repeating.pop((request.call_id, str(request.cseq[0])), None)
        if task is not None:
            task.cancel()
        return task is not None

    async def ask(
        self, request: SipRequest, peer: Peer, provisional: Callable[[SipResponse], None] | None = None, ring_seconds: float = 0.0
    ) -> SipResponse:
        """Send a request and give its final response. Raises NoResponseError. An INVITE that rings may take `ring_seconds`."""
        key = (request.branch, request.method)
        answers: asyncio.Queue[SipResponse] = asyncio.Queue()
        self._asked[key] = answers
        loop, data = asyncio.get_running_loop(), request.encoded()
        ends, interval, ringing = loop.time() + 64 * self._t1, self._t1, False
        try:
            self._send(data, peer)
            while loop.time() < ends:
                try:
                    response = await asyncio.wait_for(
                        answers.get(), min(interval, ends - loop.time()) if not ringing else ends - loop.time()
                    )
                except TimeoutError:
                    if not ringing:
                        self._send(data, peer)
                        interval = interval * 2 if request.method == "INVITE" else min(interval * 2, T2)
                    continue
                if response.status >= 200:
                    return response
                if provisional:
                    provisional(response)
                if not ringing and request.method == "INVITE":
                    ringing, ends = True, max(ends, loop.time() + ring_seconds)
            raise NoResponseError(f"no answer to {request.method}")
        finally:
            del self._asked[key]

    def response(self, response: SipResponse) -> bool:
        """A response came; whether somebody waits for it."""
        answers = self._asked.get((response.branch, response.cseq[1]))
        if answers is None:
            return False
        answers.put_nowait(response)
        return True

    def close(self) -> None:
        """Stop repeating anything."""
        for task in self._repeating.values():
            task.cancel()
        self._repeating.clear()
        self._begun.clear()
        self._answered.clear()

    async def _repeat(self, dialog: tuple[str, str], data: bytes, peer: Peer, gave_up: Callable[[], None] | None) -> None:
        waited, interval = 0.0, self._t1
        while waited < 64 * self._t1:
            await asyncio.sleep(interval)
            waited += interval
            interval = min(interval * 2, 8 * self._t1)
            self._send(data, peer)
        self._repeating.pop(dialog, None)
        if gave_up:
            gave_up()

    def _forget(self, key: tuple[str, str]) -> None:
        self._begun.discard(key)
        self._answered.pop(key, None)
