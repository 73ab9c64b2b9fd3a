"""The gateway's end of the guard: the socket it inherits, the beat that shows it lives, the calls that must not be lost, and a new guard when the old one dies."""

import asyncio
import base64
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from guildhall.providers.telephony.guard.channel import Channel, Message
from guildhall.providers.telephony.guard.gateway_process import TICK_SECONDS
from guildhall.providers.telephony.guard.ports import Peer, RunningCall
from guildhall.providers.telephony.sip.dialog_state import DialogState, Stage

log = structlog.get_logger("guildhall.guard")

GUARD_HANGS_TICKS: Final = 16
GUARD: Final = (sys.executable, "-m", "guildhall.providers.telephony.guard")


@dataclass
class GuardLink:
    """What the gateway tells its guard, and hears from it. `drain` is called once, when callers are to be let finish."""

    sip: socket.socket | None
    drain: Callable[[float], None]
    parent: int | None = None
    guard_command: tuple[str, ...] = GUARD

    def __post_init__(self) -> None:
        self._channel: Channel | None = None
        self._calls: dict[str, RunningCall] = {}
        self._config = ""
        self._guard = 0
        self._missed = 0
        self._goes = asyncio.Event()
        self._ready = self._leaving = False

    @property
    def running(self) -> int:
        """How many calls are not over."""
        return len(self._calls)

    async def open(self, end: socket.socket) -> None:
        """Meet the guard over the inherited end of its channel."""
        self._channel = await Channel.over(end, self._told, self._guard_gone)

    async def answer(self) -> None:
        """Say that we can take calls, and wait until the socket is ours to read."""
        self._ready = True
        self._tell(ready=True)
        await self._goes.wait()

    async def beat(self) -> None:
        """Show that the event loop turns, until cancelled. A guard that shows no life is replaced."""
        while True:
            self._tell(beat=True)
            await asyncio.sleep(TICK_SECONDS)
            self._missed += 1
            if self._missed > GUARD_HANGS_TICKS and self._guard:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(self._guard, signal.SIGKILL)

    def call(self, name: str, call: RunningCall | None) -> None:
        """A call began or changed; None when it is over."""
        if call is None:
            self._calls.pop(name, None)
            self._tell(over=name)
        else:
            self._calls[name] = call
            self._tell(id=name, call=call)

    def report(self, state: DialogState) -> None:
        """The SIP gateway tells how a dialog stands."""
        self.call(state.id, None if state.stage == Stage.OVER else state.to_json())

    def elsewhere(self, data: bytes, peer: Peer) -> None:
        """A message that belongs to no call of ours: it may be for one that the guard rescued."""
        self._tell(data=base64.b64encode(data).decode(), host=peer[0], port=peer[1])

    def leave(self) -> None:
        """We end, and nobody is to be rung for it."""
        self._leaving = True
        self._tell(left=True)

    def _tell(self, **message: object) -> None:
        if self._channel is not None:
            self._channel.tell(**message)

    def _told(self, message: Message) -> None:
        self._missed = 0
        if "config" in message:
            self._config, self._guard = str(message["config"]), int(message["guard"])
        elif "go" in message:
            self._goes.set()
        elif "drain" in message and not self._leaving:
            self.drain(float(message["drain"]))

    def _guard_gone(self) -> None:
        """Without a guard the next fault of ours would leave callers alone, so there is a new one at once."""
        self._channel, self._guard, self._missed = None, 0, 0
        if self._leaving:
            return
        log.error("guard_gone", calls=len(self._calls))
        if not self._ready:  # we are not of use yet, and the new guard starts a gateway of its own
            if self._config:
                self._spawn_guard({})
            os._exit(1)
        asyncio.get_running_loop().create_task(self._start_guard())

    def _spawn_guard(self, more: dict[str, int], *words: str) -> None:
        files = {"--sip": self.sip.fileno() if self.sip else None, "--parent": self.parent, **more}
        kept = {name: number for name, number in files.items() if number is not None}
        named = [word for name, number in kept.items() for word in (name, str(number))]
        command = [*self.guard_command, *named, *words, self._config]
        subprocess.Popen(command, pass_fds=list(kept.values()), stdin=subprocess.DEVNULL, start_new_session=True)

    async def _start_guard(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._spawn_guard({"--gateway": theirs.fileno()}, "--pid", str(os.getpid()))
        await self.open(ours)
        self._goes.set()
        self._tell(beat=True)
        for name, call in self._calls.items():
            self._tell(id=name, call=call)
