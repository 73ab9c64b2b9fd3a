"""Starts a guard over a socket that is bound already."""

import argparse
import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.gateway_process import GatewayProcess
from guildhall.providers.telephony.guard.guard import Guard
from guildhall.providers.telephony.guard.ports import Peer, Rescue, RunningCall

STOP = b"s"
"""What a parent that stops in good order writes before it closes its end."""


Rescuing = Callable[[GuardConfig, socket.socket], Rescue]


class NoRescue:
    """Where others carry the calls, such as an Asterisk, they also have to bring callers to people: its dialplan does."""

    running = 0

    async def prepare(self) -> None:
        """Nothing is needed."""

    async def open(self, calls: Sequence[RunningCall]) -> None:
        """Nobody is rung from here."""

    def heard(self, data: bytes, peer: Peer) -> None:
        """Nothing comes."""

    def hand_over(self) -> None:
        """Nothing was ours."""

    def drain(self) -> None:
        """Nothing runs."""

    async def close(self) -> None:
        """Nothing is open."""


def main(words: list[str], rescue: Rescuing) -> None:
    """Guard until told to leave."""
    parser = argparse.ArgumentParser(prog="guildhall-guard", description="Guards the phone gateway. `guildhall phone serve` starts it.")
    parser.add_argument("--sip", type=int, default=None, help="Number of the open SIP socket, where we answer SIP.")
    parser.add_argument("--parent", type=int, default=None, help="Number of a pipe that ends with the process that started us.")
    parser.add_argument("--gateway", type=int, default=None, help="Number of the channel of a gateway that runs already.")
    parser.add_argument("--pid", type=int, default=0, help="Process of that gateway.")
    parser.add_argument("config", type=GuardConfig.decoded, help="What to guard, as JSON.")
    given = parser.parse_args(words)
    with _in_charge(given.config):
        asyncio.run(_guard(given, rescue))


async def _guard(given: argparse.Namespace, rescue: Rescuing) -> None:
    config: GuardConfig = given.config
    sip = None if given.sip is None else socket.socket(fileno=given.sip)
    guard = Guard(config, sip, NoRescue() if sip is None else rescue(config, sip), given.parent)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, guard.leave)
    if given.parent is not None:
        loop.add_reader(given.parent, _parent, given.parent, guard)
    found = None
    if given.gateway is not None:
        found = await GatewayProcess.found(given.pid, socket.socket(fileno=given.gateway), guard.passed_on)
    await guard.run(found)


@contextmanager
def _in_charge(config: GuardConfig) -> Iterator[None]:
    """Write down who is in charge, so that whoever has to stop the phone finds the guard that replaced another."""
    if not config.pid_file:
        yield
        return
    file = Path(config.pid_file)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(os.getpid()), "ascii")
    try:
        yield
    finally:
        if file.read_text("ascii") == str(os.getpid()):
            file.unlink()


def _parent(pipe: int, guard: Guard) -> None:
    """The parent said something, or ended."""
    asyncio.get_running_loop().remove_reader(pipe)
    said = b""
    with suppress(OSError):
        said = os.read(pipe, 16)
    guard.leave() if said.startswith(STOP) else guard.abandoned()
