"""Transactions over UDP (RFC 3261, section 17): what is sent is sent again until it is answered, what comes twice is answered twice and done once."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse

T1: Final = 0.5
T2: Final = 8
"""The longest wait between two sendings of a request, in times of T1 (RFC 3261 has half a second and four)."""
LIVES: Final = 64
"""A transaction lives 64 times T1, 32 seconds."""
Peer = tuple[str, int]
Send = Callable[[bytes, Peer], None]
Tell = Callable[[SipResponse], None]


class NoResponseError(Exception):
    """Nobody answered a request in time."""


def new_branch() -> str:
    """A branch for a new transaction, with RFC 3261's cookie."""
    return f"z9hG4bK{secrets.token_hex(8)}"


class Transactions:
    """Every transaction of one endpoint. A smaller `t1` shortens every wait in tests."""

    def __init__(self, send: Send, t1: float = T1) -> None:
        self.send = send
        self.t1 = t1
        self._answered: dict[tuple[str, str], tuple[bytes, Peer]] = {}
        self._begun: set[tuple[str, str]] = set()
        self._asked: dict[tuple[str, str], Tell] = {}
        self._repeating: dict[tuple[str, str], asyncio.Task[None]] = {}

    @property
    def open(self) -> int:
        """How many are remembered; none, some time after the last."""
        return len(self._begun) + len(self._asked) + len(self._repeating)

    def seen_before(self, request: SipRequest) -> bool:
        """Whether this very request came before; if it was answered, the answer is sent again."""
        key = (request.transaction, request.method)
        if key not in self._begun:
            return False
        if key in self._answered:
            self.send(*self._answered[key])
        return True

    def began(self, request: SipRequest) -> bool:
        """Whether the request is remembered."""
        return (request.transaction, request.method) in self._begun

    def begin(self, request: SipRequest) -> None:
        """Remember a request, so that it is done only once."""
        key = (request.transaction, request.method)
        self._begun.add(key)
        asyncio.get_running_loop().call_later(LIVES * self.t1, self._forget, key)

    def respond(self, request: SipRequest, response: SipResponse, peer: Peer, until_acked: Callable[[], None] | None = None) -> None:
        """Answer a request. A final answer to an INVITE is repeated until `acked`; when that never comes, `until_acked` is called."""
        key, data = (request.transaction, request.method), response.encoded()
        if key in self._begun:
            self._answered[key] = (data, peer)
        self.send(data, peer)
        if request.method == "INVITE" and response.status >= 200:
            self.repeat(request.call_id, request.cseq[0], data, peer, until_acked)

    def repeat(self, call_id: str, cseq: int, data: bytes, peer: Peer, gave_up: Callable[[], None] | None) -> None:
        """Send a final answer to an INVITE again and again, until its ACK comes or it is given up."""
        dialog = (call_id, str(cseq))
        if before := self._repeating.pop(dialog, None):
            before.cancel()
        self._repeating[dialog] = asyncio.create_task(self._repeat(dialog, data, peer, gave_up))

    def acked(self, request: SipRequest) -> bool:
        """The ACK of a final answer came; whether one was waited for."""
        return self.acknowledged(request.call_id, request.cseq[0])

    def acknowledged(self, call_id: str, cseq: int) -> bool:
        """A final answer need not be repeated any more; whether it was."""
        task = self._repeating.pop((call_id, str(cseq)), None)
        if task is not None:
            task.cancel()
        return task is not None

    async def ask(self, request: SipRequest, peer: Peer) -> SipResponse:
        """Send a request other than an INVITE and give its final response. Raises NoResponseError."""
        answers: asyncio.Queue[SipResponse] = asyncio.Queue()
        self.expect(request, answers.put_nowait)
        loop, data = asyncio.get_running_loop(), request.encoded()
        ends, interval = loop.time() + LIVES * self.t1, self.t1
        try:
            self.send(data, peer)
            while (left := ends - loop.time()) > 0:
                try:
                    response = await asyncio.wait_for(answers.get(), min(interval, left))
                except TimeoutError:
                    self.send(data, peer)
                    interval = min(interval * 2, T2 * self.t1)
                    continue
                if response.status >= 200:
                    return response
                interval = T2 * self.t1
            raise NoResponseError(f"no answer to {request.method}")
        finally:
            self.forget(request)

    def expect(self, request: SipRequest, tell: Tell) -> None:
        """Tell every response to a request, until `forget`."""
        self._asked[request.transaction, request.method] = tell

    def forget(self, request: SipRequest) -> None:
        """No more responses to this request are waited for."""
        self._asked.pop((request.transaction, request.method), None)

    def response(self, response: SipResponse) -> bool:
        """A response came; whether somebody waits for it."""
        tell = self._asked.get((response.branch, response.cseq[1]))
        if tell is None:
            return False
        tell(response)
        return True

    def close(self) -> None:
        """Stop repeating anything."""
        for task in self._repeating.values():
            task.cancel()
        self._repeating.clear()
        self._begun.clear()
        self._answered.clear()
        self._asked.clear()

    async def _repeat(self, dialog: tuple[str, str], data: bytes, peer: Peer, gave_up: Callable[[], None] | None) -> None:
        waited, interval = 0.0, self.t1
        while waited < LIVES * self.t1:
            await asyncio.sleep(interval)
            waited += interval
            interval = min(interval * 2, T2 * self.t1)
            self.send(data, peer)
        self._repeating.pop(dialog, None)
        if gave_up:
            gave_up()

    def _forget(self, key: tuple[str, str]) -> None:
        self._begun.discard(key)
        self._answered.pop(key, None)
