"""Keeps the phone answered: starts the gateway, sees it die or hang, has an adviser rung for each of its callers, and starts it again.

While no gateway reads the SIP socket the rescue does. Both have it open all the time, so nothing that callers send is lost in between.
"""

import asyncio
import base64
import os
import socket
from typing import Final

import structlog

from guildhall.providers.telephony.guard.channel import Message
from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.gateway_process import TICK_SECONDS, GatewayProcess
from guildhall.providers.telephony.guard.ports import Rescue, RunningCall

log = structlog.get_logger("guildhall.guard")

STARTS_WITHIN_SECONDS: Final = 120.0
HEALTHY_SECONDS: Final = 60.0
"""A gateway that lived so long did not fail at its start: the next is started at once."""


class Guard:
    """One SIP socket and the gateway behind it."""

    def __init__(self, config: GuardConfig, sip: socket.socket | None, rescue: Rescue, parent: int | None = None) -> None:
        self._config, self._sip, self._rescue, self._parent = config, sip, rescue, parent
        self._gateway: GatewayProcess | None = None
        self._leaving = asyncio.Event()
        self._rescuing = False
        self.starts = 0

    async def run(self, found: GatewayProcess | None = None) -> None:
        """Until told to leave and every call is over, or the deadline is."""
        self._gateway, fails = found, 0
        await self._rescue.prepare()
        while not self._leaving.is_set():
            if self._gateway is None:
                await self._pause(self._config.back_off_seconds[min(fails, len(self._config.back_off_seconds) - 1)])
                if self._leaving.is_set():
                    break
                self._gateway = await self._start()
            gateway, since = self._gateway, _now()
            await self._watch(gateway)
            await self._gone(gateway)
            fails = 0 if _now() - since > HEALTHY_SECONDS else fails + 1
        await self._finish()

    def passed_on(self, message: Message) -> None:
        """The gateway read something for a call of the rescue's."""
        self._rescue.heard(base64.b64decode(message["data"]), (str(message["host"]), int(message["port"])))

    def leave(self) -> None:
        """Take no more calls, let those that run end within the deadline, and go. Told again, go at once."""
        if self._leaving.is_set() and self._gateway is not None:
            self._gateway.gone.set()
        self._leaving.set()
        self._rescue.drain()
        if self._gateway is not None:
            self._gateway.tell(drain=self._config.drain_seconds)

    def abandoned(self) -> None:
        """The process that started us died. Callers still reach people for a while; somebody may start it again by then."""
        log.error("phone_parent_gone")
        asyncio.get_running_loop().call_later(self._config.linger_seconds, self._leave_when_idle)

    def _leave_when_idle(self) -> None:
        if self._rescue.running or (self._gateway is not None and self._gateway.calls):
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._leave_when_idle)
        else:
            self.leave()

    async def _start(self) -> GatewayProcess:
        self.starts += 1
        files = (("--sip", self._sip.fileno() if self._sip else None), ("--parent", self._parent))
        kept = [(name, number) for name, number in files if number is not None]
        gateway = await GatewayProcess.start(self._config.gateway, kept, self._config.environment, self.passed_on)
        gateway.tell(guard=os.getpid(), config=self._config.encoded())
        log.info("gateway_started", pid=gateway.pid)
        return gateway

    async def _watch(self, gateway: GatewayProcess) -> None:
        """Until it is gone, hangs, or was told to leave and did not in time."""
        if gateway.ready:
            gateway.tell(guard=os.getpid(), config=self._config.encoded())
        waited = left_for = 0.0
        answering = gateway.ready
        while not gateway.gone.is_set():
            await self._tick(gateway)
            waited += TICK_SECONDS
            left_for += TICK_SECONDS if self._leaving.is_set() else 0
            if gateway.ready and not answering:
                answering = True
                self._hand_over(gateway)
            if not answering and not self._rescuing and waited >= self._config.patience_seconds:
                await self._ring([])
            if gateway.missed_ticks * TICK_SECONDS >= (self._config.hang_seconds if answering else STARTS_WITHIN_SECONDS):
                log.error("gateway_hangs", pid=gateway.pid)
                return
            if left_for > self._config.drain_seconds + 2 or (left_for and not answering):
                return

    async def _tick(self, gateway: GatewayProcess) -> None:
        """Wait for a quarter of a second, or for news."""
        gone, news = asyncio.ensure_future(gateway.gone.wait()), asyncio.ensure_future(gateway.news.wait())
        done, waiting = await asyncio.wait((gone, news), timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        gateway.news.clear()
        if not done:
            gateway.tick()

    def _hand_over(self, gateway: GatewayProcess) -> None:
        """The gateway reads the socket from now on, and passes on what is for calls that the rescue has."""
        if self._rescuing:
            self._rescue.hand_over()
        self._rescuing = False
        gateway.tell(go=True)
        log.info("gateway_answers", pid=gateway.pid, rescued=self._rescue.running)

    async def _gone(self, gateway: GatewayProcess) -> None:
        """Nothing of it runs any more; its callers are rung for."""
        self._gateway = None
        calls = list(gateway.calls.values())
        ended = asyncio.ensure_future(gateway.end())
        if not gateway.left:
            log.error("gateway_gone", pid=gateway.pid, calls=len(calls))
            await self._ring(calls)
        await ended

    async def _ring(self, calls: list[RunningCall]) -> None:
        self._rescuing = True
        await self._rescue.open(calls)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._leaving.wait(), seconds)
        except TimeoutError:
            return

    async def _finish(self) -> None:
        """Callers that the rescue has may finish talking."""
        waited = 0.0
        while self._rescue.running and waited < self._config.drain_seconds:
            await asyncio.sleep(TICK_SECONDS)
            waited += TICK_SECONDS
        await self._rescue.close()


def _now() -> float:
    return asyncio.get_running_loop().time()
