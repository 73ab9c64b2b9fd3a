"""One question on its way through the turn of the house: part by part, and dropped when the caller goes on to something else."""

import asyncio
from collections.abc import Callable

from guildhall.channels.phone.call import Call
from guildhall.channels.phone.house import Replied, TurnDone


class Asking:
    """What is asked of the house now; at most one thing."""

    def __init__(self, call: Call, part: Callable[[Replied], None], done: Callable[[TurnDone], None]) -> None:
        self._call, self._part, self._done = call, part, done
        self._task: asyncio.Task[None] | None = None
        self._number = 0
        self.text = ""
        self.parts = 0
        self.turn_id = ""
        """Of the last reply, for what is sent as a text."""

    @property
    def busy(self) -> bool:
        """Whether a reply is still to come."""
        return self._task is not None

    def begin(self, text: str, confidence: float) -> None:
        """Ask; whatever was asked before is not wanted any longer."""
        self.drop()
        self.text, self.parts = text, 0
        attempt, number = self._call.phone.new_id("turn"), self._number

        async def ask() -> None:
            with self._call.still.working():
                async for item in self._call.house.say(text, attempt, confidence):
                    self._call.later(item, lambda came: self._take(number, came))

        self._task = self._call.spawn(ask())

    def drop(self) -> None:
        """Nobody wants the reply any longer: a late one is never said."""
        self._number += 1
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _take(self, number: int, item: Replied | TurnDone) -> None:
        if number != self._number:
            return
        self.turn_id = item.turn_id
        if isinstance(item, Replied):
            self.parts += 1
            self._part(item)
        else:
            self._task = None
            self._done(item)
