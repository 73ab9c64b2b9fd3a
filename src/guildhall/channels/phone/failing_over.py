"""What happens when something of ours has failed: an adviser's phone rings, and nothing of the house, of the dialogue or of hearing is needed for it.

When nobody answers, the caller hears the numbers they can ring, rather than a line that goes dead.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from guildhall.channels.phone.call import Call, Came
from guildhall.channels.phone.caught import Failed, caught
from guildhall.channels.phone.house import HouseGoneError
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.ports import AudioFrame, HungUp, MarkPlayed, TransferOutcome
from guildhall.channels.phone.states import CallState

log = structlog.get_logger("guildhall.phone")

TRIES: Final = 2
WORDS_SECONDS: Final = 60.0
"""Words that are not said by then will never be: the sound is gone, too."""


class FailingOver:
    """One call that has failed."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._outcome: TransferOutcome | None = None

    async def run(self, handed_over: bool, rings: asyncio.Future[TransferOutcome] | None = None, reference: str = "") -> None:
        """Until the caller is with a person, or has heard the numbers, or hangs up. `rings`: a phone that rings already may still be answered;
        whoever does has the handoff of the `reference`, and a house that is there is told so."""
        call, failover = self._call, self._call.phone.failover
        if handed_over:  # a person has the call: nothing of ours may end it
            await self._until(lambda: call.over)
            return
        call.mouth.drop()
        call.mouth.begin()
        call.go(CallState.FAILOVER, "failed")
        self._say(failover.words.get(call.language, failover.words["en"]))
        for ringing in (*([rings] if rings else []), *[None] * TRIES):
            if call.over:
                return
            if await self._ring(ringing) == TransferOutcome.CONNECTED:
                call.mouth.drop()
                if call.tap and not call.phone.records_people:
                    call.tap.pause("person")
                call.go(CallState.BRIDGED, "answered")
                if ringing and reference:
                    call.spawn(self._tell_house(reference))
                await self._until(lambda: call.over)
                return
            if ringing:
                continue
            self._say(call.number_to_ring)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._until(lambda: not call.mouth.speaking), WORDS_SECONDS)

    async def _tell_house(self, reference: str) -> None:
        """The adviser who answered has the conversation. A house that is gone finds the note of it when it reads the call afterwards."""
        self._call.note("transferred", outcome=TransferOutcome.CONNECTED.value, reference=reference, seconds=round(self._call.seconds, 2))
        with suppress(HouseGoneError):
            await self._call.house.transferred(reference, TransferOutcome.CONNECTED)

    def _say(self, spoken: Spoken) -> None:
        if not self._call.over:
            self._call.mouth.say(spoken)

    async def _ring(self, ringing: asyncio.Future[TransferOutcome] | None) -> TransferOutcome:
        call = self._call
        self._outcome = None

        async def ring() -> None:
            outcome = await caught(lambda: ringing or call.leg.transfer(call.phone.failover.target, call.phone.transfer_mode))
            if isinstance(outcome, Failed):
                log.error("call_failover_not_rung", call=call.leg.id, error=type(outcome.error).__name__)
                outcome = TransferOutcome.FAILED
            call.later(outcome, self._rung)

        call.spawn(ring())
        await self._until(lambda: self._outcome is not None)
        outcome = self._outcome or TransferOutcome.FAILED
        call.measures.transfers.append(outcome.value)
        log.error("call_failed_over", call=call.leg.id, outcome=outcome.value)
        return outcome

    def _rung(self, outcome: TransferOutcome) -> None:
        self._outcome = outcome

    async def _until(self, enough: Callable[[], bool]) -> None:
        """Take what comes, of which only the sound, the marks, the end and the ringing are wanted."""
        call = self._call
        while not call.over and not enough():
            item = await call.inbox.get()
            if isinstance(item, AudioFrame):
                call.hear(item)
            elif isinstance(item, MarkPlayed):
                call.mouth.played(item.mark)
            elif isinstance(item, HungUp):
                call.go(CallState.ENDED, f"hung_up_{item.cause.value}")
                call.over = True
            elif isinstance(item, Came) and item.take == self._rung:
                item.take(item.what)
