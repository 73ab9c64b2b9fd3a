"""One caller whom Asterisk has. Whatever fails here, the caller goes on in the dialplan, where an adviser's phone rings.

The channel that carries the sound has an errand at its end (a hang-up handler): unless we let go of it, it sends the caller to the
advisers. So does Asterisk by itself when this process dies.
"""

import asyncio
import secrets
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Literal

import structlog

from guildhall.channels.phone.ports import HangUpCause, TransferOutcome, TransferTarget
from guildhall.providers.telephony.asterisk.ari import Ari, AriError
from guildhall.providers.telephony.asterisk.config import AsteriskConfig
from guildhall.providers.telephony.asterisk.media import MediaServer
from guildhall.providers.telephony.numbers import number_of
from guildhall.providers.telephony.paced import PacedLeg
from guildhall.providers.telephony.sip.outcomes import reference_headers
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.tones import ringing

log = structlog.get_logger("guildhall.asterisk")

MEDIA_SECONDS: Final = 5.0
LATE_SECONDS: Final = 3.0
_NEVER: Final = asyncio.Event()
HANDLER: Final = "CHANNEL(hangup_handler_push)"
REFUSES: Final = {486: 17, 600: 17, 404: 1, 403: 21, 603: 21}
"""SIP's status to Q.850's cause, where the caller is to be refused; with anything else they go to people."""
OUTCOMES: Final = {
    17: TransferOutcome.BUSY,
    0: TransferOutcome.NO_ANSWER,
    16: TransferOutcome.NO_ANSWER,
    18: TransferOutcome.NO_ANSWER,
    19: TransferOutcome.NO_ANSWER,
    20: TransferOutcome.NO_ANSWER,
    21: TransferOutcome.REFUSED,
}


class AsteriskLeg(PacedLeg):
    """A call that came over ARI."""

    def __init__(self, channel: Mapping[str, Any], ari: Ari, media: MediaServer, config: AsteriskConfig, ticker: Ticker) -> None:
        caller, dialled = channel.get("caller", {}).get("number", ""), channel.get("dialplan", {}).get("exten", "")
        super().__init__(secrets.token_urlsafe(12), (number_of(str(caller)), number_of(str(dialled))), {}, ticker)
        self.channel, self._name = str(channel["id"]), str(channel["name"])
        self._ari, self._servers, self._config = ari, media, config
        self.media_channel, self.adviser_channel = "", ""
        self._bridge = ""
        self._answered = self._ending = False
        self._entered: dict[str, asyncio.Event] = {}
        self._adviser: asyncio.Future[TransferOutcome] | None = None
        self._adviser_name = ""
        self._connected = False

    # what the call session does

    async def answer(self) -> None:
        """Pick up, and connect the caller with us. Where that fails, the caller goes to people at once."""
        if self.over or self._answered:
            return
        self._answered = True
        key, self._bridge = str(uuid.uuid4()), f"guildhall-{secrets.token_hex(8)}"
        self.media_channel = f"guildhall-{secrets.token_hex(12)}"
        self._entered[self.media_channel] = asyncio.Event()
        wire = self._servers.expect(self.media_channel if self._config.media == "websocket" else key.replace("-", ""))
        try:
            await self._ari.answer(self.channel)
            await self._ari.bridge(self._bridge)
            variables = {"GUILDHALL_CALLER": self._name, HANDLER: "guildhall-gone,media,1"}
            await self._ari.media(self.media_channel, self._servers.port, key, variables)
            async with asyncio.timeout(MEDIA_SECONDS):
                await self._entered[self.media_channel].wait()
                await self._ari.join(self._bridge, self.channel, self.media_channel)
                came = await wire
        except (AriError, TimeoutError) as error:
            if not self.over:  # or else the caller has hung up meanwhile
                log.error("call_not_set_up", error=str(error) or type(error).__name__)
                await self.to_people(HangUpCause.FAILED)
            return
        finally:
            wire.cancel()
        if self.over:
            came.close()
            return
        self.attach(came)
        came.listen(self)

    async def reject(self, status: int) -> None:
        """Do not pick up: refuse where that is meant, and let the caller go to people where we only cannot."""
        if self.over or self._answered:
            return
        self.finish(HangUpCause.US)
        with suppress(AriError):
            if status in REFUSES:
                await self._ari.hang_up(self.channel, REFUSES[status])
            else:
                await self._ari.let_go(self.channel)

    async def hang_up(self) -> None:
        """End the call. Where Asterisk cannot be told, the caller goes to the advisers."""
        await self._end(HangUpCause.US)

    async def to_people(self, cause: HangUpCause) -> None:
        """Give the caller to people: the end of the sound's channel sends them there, or the dialplan goes on where there is none."""
        if self.over:
            return
        self.finish(cause)
        with suppress(AriError):
            if not self._entered.get(self.media_channel, _NEVER).is_set():
                await self._ari.let_go(self.channel, self._config.advisers_context)
        await self._tidy()

    async def _end(self, cause: HangUpCause) -> None:
        if self.over or self._ending:
            return
        if not self._answered:
            await self.reject(480)
            return
        if self._began is None:  # the caller has not heard us at all: that is no call that is done
            await self.to_people(HangUpCause.FAILED)
            return
        self._ending = True
        with suppress(AriError):
            await self._ari.set(self.channel, "CALL_DONE", "1")
        self.finish(cause)
        with suppress(AriError):
            await self._ari.hang_up(self.channel)
        await self._tidy()

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """Ring another phone, and put it in our place when it answers. Only what is configured is rung."""
        endpoint = self._config.targets.get(to.address)
        if self.over or not self._answered or self._connected or self._adviser is not None:
            return TransferOutcome.FAILED
        if endpoint is None:
            log.error("transfer_to_nobody_configured", configured=len(self._config.targets))
            return TransferOutcome.REFUSED
        if mode == "refer":
            return await self._redirect(endpoint)
        self._adviser = asyncio.get_running_loop().create_future()
        self.adviser_channel = f"guildhall-{secrets.token_hex(12)}"
        self.sound_tone(ringing())
        try:
            outcome = await self._ring(endpoint, to)
            return await self._connect() if outcome == TransferOutcome.CONNECTED else outcome
        except AriError as error:
            log.warning("transfer_failed", status=error.status)
            return TransferOutcome.FAILED
        finally:
            self.sound_tone(b"")
            self._adviser = None
            if not self._connected:
                with suppress(AriError):
                    await self._ari.hang_up(self.adviser_channel)

    async def _ring(self, endpoint: str, to: TransferTarget) -> TransferOutcome:
        assert self._adviser is not None
        variables = {"GUILDHALL_CALLER": self._name, HANDLER: "guildhall-gone,adviser,1"}
        variables |= {f"PJSIP_HEADER(add,{name.title()})": value for name, value in reference_headers(to.context)}
        await self._ari.call(self.adviser_channel, endpoint, to.ring_seconds, self.channel, variables)
        try:
            return await asyncio.wait_for(asyncio.shield(self._adviser), to.ring_seconds + LATE_SECONDS)
        except TimeoutError:
            return TransferOutcome.NO_ANSWER

    async def _connect(self) -> TransferOutcome:
        """Each of the two channels learns of the other: from here on they end together, whatever becomes of us."""
        await self._ari.join(self._bridge, self.adviser_channel)
        await self._ari.set(self.channel, "GUILDHALL_ADVISER", self._adviser_name)
        await self._ari.set(self.adviser_channel, "GUILDHALL_BRIDGED", "1")
        self._connected = True
        self.attach(None)
        with suppress(AriError):
            await self._ari.hang_up(self.media_channel)
        return TransferOutcome.CONNECTED

    async def _redirect(self, endpoint: str) -> TransferOutcome:
        """Send the caller away by REFER. Asterisk never tells how that ended, so what is told here is only that the caller is gone."""
        try:
            await self._ari.set(self.channel, "CALL_DONE", "1")
            await self._ari.redirect(self.channel, endpoint)
        except AriError:
            with suppress(AriError):
                await self._ari.set(self.channel, "CALL_DONE", "0")
            return TransferOutcome.FAILED
        log.warning("transfer_outcome_unknown")
        self.finish(HangUpCause.US)
        await self._tidy()
        return TransferOutcome.CONNECTED

    async def _tidy(self) -> None:
        for channel in filter(None, (self.media_channel, "" if self._connected else self.adviser_channel)):
            with suppress(AriError):
                await self._ari.hang_up(channel)
        if self._bridge and not self._connected:
            with suppress(AriError):
                await self._ari.end_bridge(self._bridge)

    # what the wire and the events tell

    def gone(self) -> None:
        """The sound's connection ended. The dialplan has the caller by now, unless we had let go."""
        if not self._connected and not self.over:
            self.finish(HangUpCause.MEDIA_GONE)

    def entered(self, channel: Mapping[str, Any]) -> None:
        """One of our other channels has come to us: the sound's, or an adviser's who has answered."""
        if str(channel["id"]) == self.adviser_channel:
            self._adviser_name = str(channel["name"])
            self._outcome(TransferOutcome.CONNECTED)
        elif (event := self._entered.get(str(channel["id"]))) is not None:
            event.set()

    def pressed(self, key: str, seconds: float = 0.0) -> None:
        """A key; what a caller presses once they talk to an adviser is none of our business."""
        if not self._connected:
            super().pressed(key, seconds)

    def left(self) -> None:
        """The caller's channel is no longer ours: they hung up, or an adviser did who was connected."""
        self._outcome(TransferOutcome.FAILED)
        self.finish(HangUpCause.CALLER)

    def adviser_left(self, cause: int) -> None:
        """The adviser's phone is no longer rung, or has hung up."""
        self._outcome(OUTCOMES.get(cause, TransferOutcome.FAILED))

    def _outcome(self, outcome: TransferOutcome) -> None:
        if self._adviser is not None and not self._adviser.done():
            self._adviser.set_result(outcome)

    async def tidy(self) -> None:
        """Take down what is left of a call that the caller ended."""
        await self._tidy()
