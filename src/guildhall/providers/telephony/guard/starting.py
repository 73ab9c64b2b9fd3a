"""Starts a guard over a socket that is bound already."""

import argparse
import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.gateway_process import GatewayProcess
from guildhall.providers.telephony.guard.guard import Guard
from guildhall.providers.telephony.guard.ports import Rescue

STOP = b"s"
"""What a parent that stops in good order writes before it closes its end."""


def main(words: list[str], rescue: Callable[[GuardConfig], Rescue]) -> None:
    """Guard until told to leave."""
    parser = argparse.ArgumentParser(prog="guildhall-guard", description="Guards the phone gateway. `guildhall phone serve` starts it.")
    parser.add_argument("--sip", type=int, required=True, help="Number of the open SIP socket.")
    parser.add_argument("--parent", type=int, default=None, help="Number of a pipe that ends with the process that started us.")
    parser.add_argument("--gateway", type=int, default=None, help="Number of the channel of a gateway that runs already.")
    parser.add_argument("--pid", type=int, default=0, help="Process of that gateway.")
    parser.add_argument("config", type=GuardConfig.decoded, help="What to guard, as JSON.")
    given = parser.parse_args(words)
    asyncio.run(_guard(given, rescue))


async def _guard(given: argparse.Namespace, rescue: Callable[[GuardConfig], Rescue]) -> None:
    sip = socket.socket(fileno=given.sip)
    sip.setblocking(False)
    guard = Guard(given.config, sip, rescue(given.config), given.parent)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, guard.leave)
    if given.parent is not None:
        loop.add_reader(given.parent, _parent, given.parent, guard)
    found = None
    if given.gateway is not None:
        found = await GatewayProcess.found(given.pid, socket.socket(fileno=given.gateway), guard.passed_on)
    await guard.run(found)


def _parent(pipe: int, guard: Guard) -> None:
    """The parent said something, or ended."""
    asyncio.get_running_loop().remove_reader(pipe)
    said = b""
    with suppress(OSError):
        said = os.read(pipe, 16)
    guard.leave() if said.startswith(STOP) else guard.abandoned()
