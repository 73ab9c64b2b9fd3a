"""Runs turns off the event loop, one at a time for each conversation, and hands their parts over as they come.

A turn goes on to its end, and into the record, whether or not anybody is still listening.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import anyio
import anyio.to_thread

from guildhall.bootstrap.house import Guildhall
from guildhall.conversations.people import Wanted, ask_for_person
from guildhall.conversations.recording import facts_of_turn
from guildhall.conversations.runner import run_turn
from guildhall.storage.conversations import TranscriptTurn
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.turns import ReplyPart, Utterance

ORDINARY_LANE, CARE_LANE = 16, 4


@dataclass(frozen=True, slots=True)
class Ended:
    """How a turn ended. `facts` are those of the record; `parts` is the whole reply; `resent`: it had ended before, and nothing was run."""

    id: TurnId
    facts: dict[str, Any]
    parts: tuple[ReplyPart, ...]
    resent: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn to run. `attempt` makes a form that is sent twice one turn; `person` says that a person must come of it.

    `began` is told the turn's id before its first part comes.
    """

    conversation_id: ConversationId
    utterance: Utterance
    attempt: str = ""
    person: bool = False
    care: bool = False
    began: Callable[[str], None] = field(default=lambda _: None)


Item = ReplyPart | Ended
Put = Callable[[Item], None]


class Turns:
    """The turns of this process."""

    def __init__(self, guildhall: Guildhall) -> None:
        self._guildhall = guildhall
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[None]] = set()
        self._ordinary = anyio.CapacityLimiter(ORDINARY_LANE)
        self._care = anyio.CapacityLimiter(CARE_LANE)  # a flood of false alarms fills this lane, never the other

    def busy(self, conversation_id: str) -> bool:
        """Whether a turn of the conversation is running now."""
        lock = self._locks.get(conversation_id)
        return lock is not None and lock.locked()

    async def stream(self, asked: Asked) -> AsyncIterator[Item]:
        """Parts as they are recorded, then how the turn ended. Raises what stopped the turn from being run at all."""
        queue: asyncio.Queue[Item | asyncio.Task[None]] = asyncio.Queue()
        task = asyncio.create_task(self._run(asked, queue))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(queue.put_nowait)
        while True:
            item = await queue.get()
            if isinstance(item, asyncio.Task):
                item.result()
                return
            yield item

    async def whole(self, asked: Asked) -> Ended:
        """The stream collected."""
        ended: Ended | None = None
        async for item in self.stream(asked):
            if isinstance(item, Ended):
                ended = item
        if ended is None:
            raise NotFoundError("the turn ended without a reply")
        return ended

    async def _run(self, asked: Asked, queue: "asyncio.Queue[Item | asyncio.Task[None]]") -> None:
        lock = self._locks.get(asked.conversation_id) or asyncio.Lock()
        self._locks[asked.conversation_id] = lock
        loop = asyncio.get_running_loop()
        lane = self._care if asked.care else self._ordinary

        def put(item: Item) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, item)

        async with lock:
            await anyio.to_thread.run_sync(self._turn, asked, put, limiter=lane)

    def _turn(self, asked: Asked, put: Put) -> None:
        house, store = self._guildhall.house, self._guildhall.conversations
        conversation = house.conversations.load(asked.conversation_id)
        if conversation is None:
            raise NotFoundError("there is no such conversation")
        before = _sent_before(store.transcript(asked.conversation_id), asked) if asked.attempt else None
        if before and before.completed and before.utterance == asked.utterance.text:
            asked.began(before.id)
            for part in before.parts:
                put(part)
            put(Ended(before.id, before.facts, before.parts, resent=True))
            return
        turn_id = house.new_id("turn") if before or not asked.attempt else asked.attempt
        asked.began(turn_id)
        for item in run_turn(house, conversation, asked.utterance, turn_id):
            if isinstance(item, ReplyPart):
                put(item)
            else:
                if asked.person:
                    self._ensure_person(asked, item.language.language.value)
                put(Ended(item.id, facts_of_turn(item), item.reply.parts))

    def _ensure_person(self, asked: Asked, speaks: str) -> None:
        """The button is a request for a person whatever was understood of the words beside it."""
        guildhall = self._guildhall
        if guildhall.desk.handoffs.live_of(asked.conversation_id) is None:
            queue, channel = guildhall.profile.handoffs.default_queue, asked.utterance.channel
            wanted = Wanted(queue, Reason.PERSON_REQUESTED, language=speaks, channel=channel)
            ask_for_person(guildhall.house, asked.conversation_id, wanted, asked.utterance.received_at)


def _sent_before(transcript: tuple[TranscriptTurn, ...], asked: Asked) -> TranscriptTurn | None:
    return next((turn for turn in transcript if turn.id == asked.attempt), None)
