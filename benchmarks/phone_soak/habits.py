"""What callers of a soak do: each habit ends a call in another state, and most of them badly."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import numpy as np

from guildhall.providers.telephony.sip.messages import SipRequest, response_to
from guildhall.providers.telephony.sip.sdp import offer
from tests.providers.telephony.caller import Caller

SDP = ("content-type", "application/sdp")
VOICE = (5000 * np.sin(np.arange(160) * 2 * np.pi * 200 / 8000)).astype(np.int16)


class DeadAirError(Exception):
    """A caller was answered and heard nothing."""


async def answered(caller: Caller) -> None:
    """Call, and hear something at once."""
    final = await caller.call()
    if final.status != 200:
        raise ConnectionError(f"answered {final.status}")
    try:
        await caller.listen(3)
    except TimeoutError:
        raise DeadAirError from None


async def speaks(caller: Caller, frames: int = 10) -> None:
    """Say something."""
    for _ in range(frames):
        caller.say(VOICE)
        await caller.listen(1)


async def hangs_up_in_the_greeting(caller: Caller) -> None:
    """The most usual."""
    await answered(caller)
    await caller.hang_up()


async def gives_up_at_once(caller: Caller) -> None:
    """CANCEL right behind the INVITE; who was answered all the same hangs up."""
    invite = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1))
    caller.send(invite)
    caller.send(caller.request("CANCEL", branch=invite.branch, cseq=1))
    finals = {final.cseq[1]: final.status for final in [await caller.final(), await caller.final()]}
    caller.send(caller.request("ACK", branch="" if finals.get("INVITE") == 200 else invite.branch, cseq=1))
    if finals.get("INVITE") == 200:
        await caller.hang_up()


async def never_acknowledges(caller: Caller) -> None:
    """Its ACK is always lost; the BYE is answered."""
    caller.send(caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1)))
    while not isinstance(message := await caller.receive(60), SipRequest):
        continue
    caller.send(response_to(message, 200))


async def vanishes(caller: Caller) -> None:
    """The battery is empty."""
    await answered(caller)
    await speaks(caller)


async def vanishes_on_hold(caller: Caller) -> None:
    """Put us on hold and went away."""
    await answered(caller)
    await caller.call(offer("127.0.0.1", caller.rtp.port, 1, version=1).replace(b"sendrecv", b"sendonly"))


async def holds_and_comes_back(caller: Caller) -> None:
    """Hold, resume, goodbye."""
    await answered(caller)
    for body in (b"inactive", b"sendrecv"):
        await caller.call(offer("127.0.0.1", caller.rtp.port, 1, version=1).replace(b"sendrecv", body))
    await speaks(caller, 3)
    await caller.hang_up()


async def is_let_go(caller: Caller) -> None:
    """Presses 9 and is hung up on."""
    await answered(caller)
    caller.press("9")
    await bye(caller)


async def bye(caller: Caller) -> None:
    """Wait to be hung up on."""
    while not (isinstance(message := await caller.receive(30), SipRequest) and message.method == "BYE"):
        if isinstance(message, SipRequest):
            caller.send(response_to(message, 200))
    caller.send(response_to(message, 200))


def transferred(key: str, then: Callable[[Caller], Awaitable[object]]) -> Callable[[Caller], Awaitable[None]]:
    """Presses a key for somebody, and then."""

    async def habit(caller: Caller) -> None:
        await answered(caller)
        caller.press(key)
        if then is not bye:
            await speaks(caller, 20)
        await then(caller)

    habit.__name__ = f"transferred_{key}_{getattr(then, '__name__', 'then')}"
    return habit


async def calls_twice_with_one_call_id(caller: Caller) -> None:
    """A confused telephone."""
    await answered(caller)
    first = caller.their_tag
    caller.their_tag = ""
    caller.send(caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1), cseq=1))
    await asyncio.sleep(0.05)
    caller.their_tag = first
    caller.cseq += 1
    while not caller.sip.came.empty():
        caller.sip.came.get_nowait()
    await caller.hang_up()


async def says_nonsense(caller: Caller) -> None:
    """Noise at the door, and then a call."""
    for _ in range(5):
        caller.send(secrets.token_bytes(200))
    await answered(caller)
    caller.rtp.transport.sendto(secrets.token_bytes(60), (caller.media.host, caller.media.port))  # type: ignore[union-attr]
    await caller.hang_up()


async def hang_up(caller: Caller) -> None:
    """Goodbye."""
    await caller.hang_up()


async def vanish(caller: Caller) -> None:
    """Gone."""


HABITS = (
    hangs_up_in_the_greeting,
    gives_up_at_once,
    never_acknowledges,
    vanishes,
    vanishes_on_hold,
    holds_and_comes_back,
    is_let_go,
    transferred("1", hang_up),
    transferred("1", vanish),
    transferred("2", hang_up),
    transferred("3", hang_up),
    transferred("3", vanish),
    transferred("4", bye),
    calls_twice_with_one_call_id,
    says_nonsense,
)
"""Keys: 1 somebody who answers, 2 who is busy, 3 who lets it ring, 4 who answers and hangs up."""
