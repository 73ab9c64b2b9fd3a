"""One caller whom a supplier has. Its instructions for the call always end with the advisers' phones: whatever becomes of us, they ring."""

import asyncio
import secrets
from contextlib import suppress
from typing import Final, Literal

import structlog

from guildhall.channels.phone.ports import FRAME_SECONDS, HangUpCause, TransferOutcome, TransferTarget
from guildhall.providers.telephony.paced import PacedLeg
from guildhall.providers.telephony.sip.outcomes import OPAQUE
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.streams import twiml
from guildhall.providers.telephony.streams.config import StreamsConfig
from guildhall.providers.telephony.streams.rest import CallControl, SupplierError
from guildhall.providers.telephony.streams.wire import StreamWire

log = structlog.get_logger("guildhall.streams")

STREAM_SECONDS: Final = 10.0
LATE_SECONDS: Final = 10.0
SAY_SECONDS: Final = 10.0
BUSY: Final = frozenset({486, 600})
REFUSES: Final = frozenset({*BUSY, 403, 404, 603})
OUTCOMES: Final = {"busy": TransferOutcome.BUSY, "no-answer": TransferOutcome.NO_ANSWER, "canceled": TransferOutcome.NO_ANSWER}


class Tokens:
    """Which call a stream belongs to: each token is given to the supplier once, comes back once, and is good for nothing else."""

    def __init__(self) -> None:
        self._legs: dict[str, StreamLeg] = {}

    def issue(self, leg: "StreamLeg") -> str:
        """A token for this call; an older one of it is good no more."""
        self._legs = {token: other for token, other in self._legs.items() if other is not leg and not other.over}
        token = secrets.token_urlsafe(24)
        self._legs[token] = leg
        return token

    def take(self, token: str) -> "StreamLeg | None":
        """The call of a token, which is used up."""
        return self._legs.pop(token, None)


class StreamLeg(PacedLeg):
    """A call that a supplier asked us about, or whose stream has come."""

    def __init__(
        self, call: str, numbers: tuple[str, str], config: StreamsConfig, control: CallControl | None, tokens: Tokens, ticker: Ticker
    ) -> None:
        super().__init__(secrets.token_urlsafe(12), numbers, {}, ticker)
        self.call = call
        self._config, self._control, self._tokens = config, control, tokens
        self.decided: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """What the supplier is told to do with the call."""
        self.streaming = asyncio.Event()
        self.wire: StreamWire | None = None
        self._away = False
        self._connected = False
        self._outcome: asyncio.Future[TransferOutcome] | None = None

    # what the call session does

    async def answer(self) -> None:
        """Pick up, and wait until the sound flows."""
        if self.over:
            return
        if not self.decided.done():
            self.decided.set_result(self._stream_again())
        try:
            await asyncio.wait_for(self.streaming.wait(), STREAM_SECONDS)
        except TimeoutError:
            self.finish(HangUpCause.MEDIA_GONE)

    async def reject(self, status: int) -> None:
        """Do not pick up: refuse where that is meant, and let the advisers ring where we only cannot."""
        if self.over or self.decided.done():
            return
        self.decided.set_result(twiml.refused(status in BUSY) if status in REFUSES else self._advisers_only())
        self.finish(HangUpCause.US)

    async def hang_up(self) -> None:
        """End the call. Where the supplier cannot be told, the stream just ends, and the advisers ring."""
        if self.over:
            return
        if not self.decided.done():
            await self.reject(480)
            return
        wire = self.wire
        if self._control is not None:
            with suppress(SupplierError):
                await self._control.end(self.call)
        elif wire is not None:
            wire.say(wire.hang_up)
        self.finish(HangUpCause.US)

    async def to_people(self, cause: HangUpCause) -> None:
        """Give the caller to the advisers: their phones are what stands behind the stream."""
        self.finish(cause)

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """Let the supplier ring another phone. On anything but CONNECTED the caller is streamed to us again before this returns."""
        dialled = self._config.targets.get(to.address)
        if self.over or self.wire is None or self._away:
            return TransferOutcome.FAILED
        if dialled is None:
            log.error("transfer_to_nobody_configured", configured=len(self._config.targets))
            return TransferOutcome.REFUSED
        reference = next((value for value in to.context.values() if OPAQUE.fullmatch(value)), "")
        if self._control is None:
            return self._send_away(dialled, reference)
        return await self._dial(self._control, dialled, to.ring_seconds, reference)

    async def _dial(self, control: CallControl, dialled: str, seconds: float, reference: str) -> TransferOutcome:
        await self._say_all()
        here = self._config.public_url
        after, answered = f"{here}/streams/after", f"{here}/streams/answered"
        self._away, self._outcome = True, asyncio.get_running_loop().create_future()
        self.streaming.clear()
        try:
            await control.instruct(self.call, twiml.only(twiml.dial(dialled, max(5, round(seconds)), after, answered, reference)))
        except SupplierError as error:
            log.warning("transfer_failed", status=error.status)
            self._away = False
            self.streaming.set()
            return TransferOutcome.FAILED
        try:
            outcome = await asyncio.wait_for(self._outcome, seconds + LATE_SECONDS)
        except TimeoutError:
            outcome = TransferOutcome.FAILED
            with suppress(SupplierError):
                await control.instruct(self.call, self._stream_again())
        if outcome != TransferOutcome.CONNECTED and not self.over:
            await self._back()
        return outcome

    async def _say_all(self) -> None:
        """Let the caller hear what is being said: once the supplier rings another phone, our sound is gone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SAY_SECONDS):
                while self.saying and not self.over:
                    await asyncio.sleep(FRAME_SECONDS)

    async def _back(self) -> None:
        try:
            await asyncio.wait_for(self.streaming.wait(), STREAM_SECONDS)
        except TimeoutError:
            self.finish(HangUpCause.MEDIA_GONE)

    def _send_away(self, dialled: str, reference: str) -> TransferOutcome:
        """A supplier that only takes the wish, and tells nothing of how it ended."""
        assert self.wire is not None
        if not (wish := self.wire.transfer_wish(dialled, reference)):
            return TransferOutcome.FAILED
        self.wire.say(wish)
        log.warning("transfer_outcome_unknown")
        self.finish(HangUpCause.US)
        return TransferOutcome.CONNECTED

    # what the supplier tells

    def stream_began(self, wire: StreamWire) -> None:
        """The sound flows, for the first time or again."""
        self.wire = wire
        self._away = False
        self.attach(wire)
        self.streaming.set()

    def stream_ended(self, wire: StreamWire, cause: HangUpCause) -> None:
        """A stream ended: that is the end of the call, unless the caller is being connected."""
        if wire is not self.wire:
            return
        self.wire = None
        self.attach(None)
        if not self._away:
            self.finish(cause)

    def adviser_answered(self) -> None:
        """The other phone was picked up."""
        self._connected = True
        self._told(TransferOutcome.CONNECTED)

    def dial_ended(self, status: str) -> str:
        """The other phone is no longer rung, or was hung up: what is to be done next."""
        if self._connected or status in ("completed", "answered"):
            self._told(TransferOutcome.CONNECTED)
            self.finish(HangUpCause.CALLER)
            return twiml.hung_up()
        instructions = self._stream_again()
        self._told(OUTCOMES.get(status, TransferOutcome.FAILED))
        return instructions

    def finish(self, cause: HangUpCause) -> None:
        """The call is over: nobody waits for its sound, or for what is to be done with it."""
        super().finish(cause)
        self.streaming.set()
        if not self.decided.done():
            self.decided.set_result(self._advisers_only())

    def caller_gone(self) -> None:
        """The supplier says that the caller's call is over."""
        self._told(TransferOutcome.FAILED)
        self.finish(HangUpCause.CALLER)

    def _told(self, outcome: TransferOutcome) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(outcome)

    def _stream_again(self) -> str:
        stream = self._config.public_url.replace("http", "ws", 1) + "/streams/media"
        return twiml.stream_then_advisers(stream, self._tokens.issue(self), self._advisers())

    def _advisers(self) -> str:
        return twiml.dial(self._config.targets[self._config.advisers], self._config.adviser_seconds)

    def _advisers_only(self) -> str:
        return twiml.only(self._advisers())
