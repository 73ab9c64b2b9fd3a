"""Runs a gateway under its guard: from what it inherits to the last call."""

import argparse
import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from guildhall.channels.phone.ports import MediaGateway, OnCall
from guildhall.providers.telephony.guard.link import GuardLink

log = structlog.get_logger("guildhall.phone")

Make = Callable[[GuardLink], Awaitable[tuple[MediaGateway, OnCall]]]


def inherited(parser: argparse.ArgumentParser) -> None:
    """The options by which a guard names the open files it hands down."""
    parser.add_argument("--sip", type=int, default=None, help="Number of the open SIP socket.")
    parser.add_argument("--guard", type=int, required=True, help="Number of the channel to the guard.")
    parser.add_argument(
        "--parent", type=int, default=None, help="Number of the pipe that ends with the guard's parent; kept for its successor."
    )


async def run_guarded(given: argparse.Namespace, make: Make, guard_command: Sequence[str] = ()) -> None:
    """Make the gateway ready, take calls when the guard says so, and let them end when it says so."""
    sip = None if given.sip is None else socket.socket(fileno=given.sip)
    draining: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def drain(seconds: float) -> None:
        if not draining.done():
            draining.set_result(seconds)

    more = {"guard_command": tuple(guard_command)} if guard_command else {}
    link = GuardLink(sip, drain, given.parent, **more)
    await link.open(socket.socket(fileno=given.guard))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, drain, DRAIN_SECONDS)
    beating = asyncio.create_task(link.beat())
    gateway, on_call = await make(link)
    await link.answer()
    serving = asyncio.create_task(gateway.serve(on_call))
    try:
        await asyncio.wait((draining, serving), return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()  # a gateway ends of itself only by an error: the guard starts another
        await gateway.drain(await draining)
        if not link.running:  # else the guard carries on what the gateway has left to it
            link.leave()
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        beating.cancel()
    await asyncio.sleep(0)  # what was told to the guard goes out


DRAIN_SECONDS = 30.0
"""When the gateway alone is asked to end; its guard then starts another."""
