"""The gateway as its guard sees it: a process with its group, what it last told, and whether it is still there."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, Self

from guildhall.providers.telephony.guard.channel import Channel, Message
from guildhall.providers.telephony.guard.ports import RunningCall

TICK_SECONDS: Final = 0.25


class GatewayProcess:
    """One gateway, started by this guard or found running by it. `passed_on` gets messages of calls that are not the gateway's."""

    def __init__(self, pid: int, process: "subprocess.Popen[bytes] | None", passed_on: Callable[[Message], None]) -> None:
        self.pid, self._process, self._passed_on = pid, process, passed_on
        self.calls: dict[str, RunningCall] = {}
        self.ready = self.left = False
        self.gone = asyncio.Event()
        self.news = asyncio.Event()
        self.missed_ticks = 0
        self._channel: Channel | None = None
        self._pidfd = _pidfd(pid)

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        kept: Sequence[tuple[str, int]],
        environment: dict[str, str],
        passed_on: Callable[[Message], None],
    ) -> Self:
        """Start a gateway in a process group of its own; `kept` are the open files it inherits, each with the option that names it."""
        ours, theirs = socket.socketpair()
        with theirs:
            files = [*kept, ("--guard", theirs.fileno())]
            process = subprocess.Popen(
                [*command, *(word for name, number in files for word in (name, str(number)))],
                pass_fds=[number for _, number in files],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ | environment,
            )
        gateway = cls(process.pid, process, passed_on)
        await gateway.listen(ours)
        return gateway

    @classmethod
    async def found(cls, pid: int, end: socket.socket, passed_on: Callable[[Message], None]) -> Self:
        """A gateway that runs already: the guard before us died."""
        gateway = cls(pid, None, passed_on)
        gateway.ready = True
        await gateway.listen(end)
        return gateway

    async def listen(self, end: socket.socket) -> None:
        """Hear it, and see it end."""
        self._channel = await Channel.over(end, self._told, self.gone.set)
        if self._pidfd is not None:  # a worker of the gateway may keep the other end of the channel open
            asyncio.get_running_loop().add_reader(self._pidfd, self._died)

    def tell(self, **message: Any) -> None:
        """Tell it something."""
        if self._channel is not None:
            self._channel.tell(**message)

    def tick(self) -> None:
        """A quarter of a second went by."""
        self.missed_ticks += 1
        self.tell(beat=True)

    def _told(self, message: Message) -> None:
        self.missed_ticks = 0
        if "call" in message:
            self.calls[str(message["id"])] = message["call"]
        elif "over" in message:
            self.calls.pop(str(message["over"]), None)
        elif "data" in message:
            self._passed_on(message)
        elif message.get("ready"):
            self.ready = True
            self.news.set()
        elif message.get("left"):
            self.left = True

    def _died(self) -> None:
        self._forget_pid()
        self.gone.set()

    async def end(self) -> None:
        """Make sure that it runs no more, with all that it started: two must not answer one caller."""
        if self._channel is not None:
            self._channel.close()
        self._kill()
        if self._process is not None:
            await asyncio.to_thread(self._process.wait)
        self._forget_pid()

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.killpg(self.pid, signal.SIGKILL)  # its group outlives it while its workers run

    def _forget_pid(self) -> None:
        if self._pidfd is not None:
            asyncio.get_running_loop().remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = None


def _pidfd(pid: int) -> int | None:
    """Names the process even after its number was given to another; only Linux has it."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None
