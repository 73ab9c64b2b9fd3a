"""The Asterisk gateway: hears over ARI of each call, and hands it to a call session. When Asterisk goes, it waits until it is back.

Whoever calls while this process is not there goes to the advisers, by the dialplan alone (docs/examples/asterisk).
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import structlog

from guildhall.channels.phone.ports import HangUpCause, OnCall
from guildhall.providers.telephony.asterisk.ari import Ari, AriError
from guildhall.providers.telephony.asterisk.config import AsteriskConfig
from guildhall.providers.telephony.asterisk.leg import AsteriskLeg
from guildhall.providers.telephony.asterisk.media import MediaServer
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.tells_session import run_session

log = structlog.get_logger("guildhall.asterisk")

AGAIN_SECONDS: Final = 1.0


class AsteriskGateway:
    """A MediaGateway over ARI."""

    def __init__(self, config: AsteriskConfig) -> None:
        self._config = config
        self._on_call: OnCall | None = None
        self._legs: dict[str, AsteriskLeg] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False
        self._opened = asyncio.Event()
        self.ticker = Ticker()
        self.media_port = 0
        self._media = MediaServer(config)
        self._ari: Ari | None = None

    async def opened(self) -> None:
        """Wait until Asterisk tells us of calls."""
        await self._opened.wait()

    @property
    def running(self) -> int:
        """How many calls there are."""
        return len(self._legs)

    async def serve(self, on_call: OnCall) -> None:
        """Take calls until cancelled."""
        self._on_call = on_call
        self._ari = Ari(self._config)
        ticking = asyncio.get_running_loop().create_task(self.ticker.run())
        try:
            self.media_port = await self._media.start()
            while True:
                try:
                    await self._listen(self._ari)
                except AriError as error:
                    log.warning("asterisk_not_there", status=error.status)
                await self._lost()
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            await self._to_people(HangUpCause.DRAINED)  # we go, and so whoever still talks to us is not done
            ticking.cancel()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(ticking, *self._tasks, return_exceptions=True)
            await self._media.stop()
            await self._ari.close()

    async def drain(self, deadline_seconds: float) -> None:
        """Take no more calls: new ones go to the advisers, and so do those that still run at the deadline."""
        self._draining = True
        sessions = [task for task in self._tasks if task.get_name() == "call"]
        if sessions:
            await asyncio.wait(sessions, timeout=deadline_seconds)
        await self._to_people(HangUpCause.DRAINED)

    async def _to_people(self, cause: HangUpCause) -> None:
        await asyncio.gather(*(leg.to_people(cause) for leg in list(self._legs.values())))

    async def _listen(self, ari: Ari) -> None:
        await self._left_behind(ari)  # before new callers can come to us, who would look the same
        async with ari.events() as events:
            self._opened.set()
            async for event in events:
                self._event(event)

    async def _left_behind(self, ari: Ari) -> None:
        """Callers of a process before us, whom nobody serves: they go to the advisers. Who talks to an adviser is left alone."""
        for channel in await ari.channels():
            plan = channel.get("dialplan", {})
            stuck = plan.get("app_name") == "Stasis" and str(plan.get("app_data", "")).startswith(f"{self._config.app},caller")
            if stuck and str(channel["id"]) not in self._legs and not await ari.get(str(channel["id"]), "GUILDHALL_ADVISER"):
                log.warning("caller_left_behind")
                with suppress(AriError):
                    await ari.let_go(str(channel["id"]), self._config.advisers_context)

    async def _lost(self) -> None:
        """Asterisk is gone, or we are to it: no call of ours can be steered any more."""
        for leg in list(self._legs.values()):
            leg.finish(HangUpCause.MEDIA_GONE)

    def _event(self, event: Mapping[str, Any]) -> None:
        channel = event.get("channel")
        if not isinstance(channel, Mapping) or "id" not in channel:
            return
        kind, name = event.get("type"), str(channel["id"])
        if kind == "StasisStart" and list(event.get("args", []))[:1] == ["caller"]:
            self._start(self._take(channel), "call")
            return
        leg = self._legs.get(name)
        if leg is not None:
            self._of_caller(leg, str(kind), event)
        else:
            self._of_other(str(kind), name, channel, event)

    def _of_caller(self, leg: AsteriskLeg, kind: str, event: Mapping[str, Any]) -> None:
        if kind == "ChannelDtmfReceived":
            leg.pressed(str(event.get("digit", "")), int(event.get("duration_ms", 0)) / 1000)
        elif kind in ("ChannelHold", "ChannelUnhold"):
            leg.held(kind == "ChannelHold")
        elif kind in ("StasisEnd", "ChannelDestroyed", "ChannelHangupRequest"):
            leg.left()

    def _of_other(self, kind: str, name: str, channel: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        for leg in list(self._legs.values()):
            if name not in (leg.media_channel, leg.adviser_channel):
                continue
            if kind == "StasisStart":
                leg.entered(channel)
            elif kind == "ChannelDestroyed" and name == leg.adviser_channel:
                leg.adviser_left(int(event.get("cause", 0)))

    async def _take(self, channel: Mapping[str, Any]) -> None:
        assert self._on_call is not None and self._ari is not None
        name = str(channel["id"])
        if self._draining or len(self._legs) >= self._config.calls:
            with suppress(AriError):
                await self._ari.let_go(name)
            return
        leg = self._legs[name] = AsteriskLeg(channel, self._ari, self._media, self._config, self.ticker)
        try:
            await run_session(self._on_call, leg, lambda: leg.to_people(HangUpCause.FAILED))
        finally:
            await leg.tidy()
            self._legs.pop(name, None)

    def _start(self, work: "asyncio._CoroutineLike[None]", name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def asterisk_gateway(config: AsteriskConfig) -> AsteriskGateway:
    """The gateway of a configuration."""
    return AsteriskGateway(config)
