"""One call's line to the house. The conversation begins in the background, so that the first sound waits for nothing; notes go in order, and nobody waits for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from guildhall.channels.phone.house import CallFacts, HouseGoneError, PersonRoute, Replied, TalksToHouse, TurnDone
from guildhall.channels.phone.ports import TransferOutcome

NOTES_SECONDS: Final = 0.3
"""A turn waits no longer than that for notes that are on their way."""
LAST_WORDS_SECONDS: Final = 5.0
"""So long the end of a call waits for its notes to be taken."""


class HouseLine:
    """One call's line to the house."""

    def __init__(self, house: TalksToHouse, facts: CallFacts) -> None:
        self._house, self._facts = house, facts
        self._begun: asyncio.Task[str] | None = None
        self._notes: asyncio.Queue[tuple[str, dict[str, object]] | None] = asyncio.Queue()
        self._noting: asyncio.Task[None] | None = None

    async def begin(self) -> str:
        """Begin the conversation; its id."""
        loop = asyncio.get_running_loop()
        self._begun = loop.create_task(self._house.begin(self._facts))
        self._noting = loop.create_task(self._note_all())
        return await self._conversation()

    def note(self, what: str, facts: dict[str, object]) -> None:
        """For the record; after what was noted before."""
        self._notes.put_nowait((what, facts))

    async def say(self, text: str, attempt: str, confidence: float) -> AsyncIterator[Replied | TurnDone]:
        """One turn, part by part. What was heard of the last reply is told first, so that the house does not take the rest of it for said."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._notes.join(), NOTES_SECONDS)
        async for item in self._house.say(await self._conversation(), text, attempt, confidence):
            yield item

    async def person(self, words: str, danger: bool) -> PersonRoute:
        """The caller wants, or needs, a person."""
        return await self._house.person(await self._conversation(), words, danger)

    async def route(self, reference: str) -> PersonRoute:
        """How the caller who waits reaches a person by now."""
        return await self._house.route(await self._conversation(), reference)

    async def transferred(self, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        """How a transfer ended."""
        return await self._house.transferred(await self._conversation(), reference, outcome)

    async def book(self, reference: str, number: str, starts_at: str) -> str:
        """Book a callback; when it is, in words."""
        return await self._house.book(await self._conversation(), reference, number, starts_at)

    async def text(self, turn_id: str, number: str) -> bool:
        """Send what was answered; whether it is on its way."""
        return await self._house.text(await self._conversation(), turn_id, number)

    async def close(self, cause: str) -> None:
        """The call is over: the notes that are left, and the end. A house that is gone is not waited for."""
        self._notes.put_nowait(None)
        with suppress(HouseGoneError, TimeoutError):
            await asyncio.wait_for(self._end(cause), LAST_WORDS_SECONDS)
        for task in (self._begun, self._noting):
            if task is not None and not task.done():
                task.cancel()
                await asyncio.wait([task])

    async def _end(self, cause: str) -> None:
        if self._begun is None or self._noting is None:
            return
        await asyncio.wait([self._noting])
        await self._house.over(await self._conversation(), cause)

    async def _conversation(self) -> str:
        if self._begun is None:
            raise HouseGoneError
        return await asyncio.shield(self._begun)

    async def _note_all(self) -> None:
        """A note that the house cannot take is not tried again: whoever needs the house next finds out."""
        try:
            conversation = await self._conversation()
        except HouseGoneError:
            return
        while (note := await self._notes.get()) is not None:
            with suppress(HouseGoneError):
                await self._house.note(conversation, *note)
            self._notes.task_done()
