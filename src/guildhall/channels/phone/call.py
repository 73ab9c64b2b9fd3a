"""One call's common things: where it is, what time it is, its mouth, its line to the house, its tasks, and the one queue that everything comes in by."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from guildhall.channels.phone.caught import Failed, caught
from guildhall.channels.phone.house import CallFacts
from guildhall.channels.phone.house_line import HouseLine
from guildhall.channels.phone.measures import CallMeasures
from guildhall.channels.phone.mouth import Mouth, Told
from guildhall.channels.phone.moves import Dialogue, Spoken
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import AudioFrame, CallLeg, CallTap, LegEvent
from guildhall.channels.phone.sentences import sentences_of
from guildhall.channels.phone.states import CallState, may_follow
from guildhall.channels.phone.still import Still
from guildhall.channels.phone.weakly import weakly

REFUSE_WITHIN_SECONDS: Final = 2.0
"""After the notice, whose last words name the key: nothing is recorded before that."""
log = structlog.get_logger("guildhall.phone")


@dataclass(frozen=True, slots=True)
class Came:
    """Something that a task of ours has brought, and what is to be done with it."""

    what: Any
    take: Callable[[Any], None]


Item = AudioFrame | LegEvent | Came | Failed


class Call:
    """One call."""

    def __init__(self, leg: CallLeg, phone: Phone) -> None:
        self.leg, self.phone = leg, phone
        self.inbox: asyncio.Queue[Item] = asyncio.Queue()
        hearing = "open" if phone.hearing.hearing.open_vocabulary else "grammar"
        facts = CallFacts(leg.id, leg.caller_number, leg.dialled_number, phone.language, hearing)
        self.house = HouseLine(phone.house, facts)
        self.still = Still()
        self.mouth = Mouth(leg, phone.voice, Told(weakly(self._heard_by_caller), weakly(self._voiceless), self.still.working))
        self.dialogue: Dialogue
        self.tap: CallTap | None = None
        self.measures = CallMeasures()
        self.language = self._spoken = phone.language
        self.state = CallState.OFFERED
        self.seconds = 0.0
        self.over = False
        self._notice_left = 0
        self._refusable_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    # where the call is

    def go(self, state: CallState, cause: str, wording: str = "") -> None:
        """Into another state; noted with everything that is needed to read the call afterwards."""
        before, self.state = self.state, state
        if before == state:
            return
        if not may_follow(before, state):
            log.error("call_state_cannot_follow", call=self.leg.id, before=before.value, after=state.value)
        self.note(
            "state",
            call=self.leg.id, seconds=round(self.seconds, 2), before=before.value, after=state.value, cause=cause, wording=wording,
            version=self.phone.version,
        )  # fmt: skip

    def prepare(self) -> None:
        """Make what the call is carried on with."""
        self.dialogue = self.phone.dialogue(self.leg)
        self.tap = self.phone.tap(self.leg)

    def say_notice(self) -> None:
        """That a machine answers and what is kept: nobody may cut it off, and nothing is recorded before it was heard to its end."""
        for spoken in self.phone.notice:
            self._notice_left += len(sentences_of(spoken))
            self.mouth.say(replace(spoken, interruptible=False))

    def refuse_recording(self, key: str) -> bool:
        """Whether the key refuses the recording now: nothing of this call is kept then, and the caller hears so."""
        tap, refusal = self.tap, self.phone.refusal
        if tap is None or refusal is None or key != refusal.key or not (self._notice_left or self._refusable_until):
            return False
        self.tap, self._refusable_until = None, 0.0
        self.spawn(tap.close())
        self.note("recording_refused", seconds=round(self.seconds, 2))
        self.mouth.interject(refusal.words)
        return True

    def note(self, what: str, **facts: object) -> None:
        """Into the record."""
        self.house.note(what, facts)

    @property
    def number_to_ring(self) -> Spoken:
        """The words that name the numbers a caller can ring."""
        words = self.phone.failover.nobody
        return words.get(self.language, words["en"])

    def speak_in(self, language: str) -> None:
        """From now on the caller is heard in this language, where we can hear and say it. The house is told either way: whoever comes to
        the caller, or rings them back, must know it."""
        if language != self._spoken:
            self._spoken = language
            self.note("language", language=language)
        if language in self.phone.hearing.hearing.languages | self.phone.voice.speaking.languages:
            self.language = language

    def hear(self, frame: AudioFrame) -> None:
        """20 ms went by."""
        self.seconds = frame.at
        if self.tap and self._refusable_until and self.seconds >= self._refusable_until:
            self._refusable_until = 0.0
            self.tap.resume("notice")
        if self.tap:
            self.tap.frame(frame)

    # what is done meanwhile

    def bring(self, work: Coroutine[Any, Any, Any], take: Callable[[Any], None]) -> asyncio.Task[None]:
        """Do something meanwhile; what it brings is taken in its turn, and whatever it fails with fails the call."""

        async def bring() -> None:
            with self.still.working():
                what = await work
            self.later(what, take)

        task = self.spawn(bring())
        task.add_done_callback(lambda _: work.close())  # one that never began is closed, too
        return task

    def later(self, what: Any, take: Callable[[Any], None]) -> None:
        """Take something in its turn, after what came before it."""
        self.inbox.put_nowait(Came(what, take))

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something meanwhile."""

        async def guarded() -> None:
            failed = await caught(lambda: work)
            if failed is not None:
                self.inbox.put_nowait(failed)

        task = asyncio.get_running_loop().create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())
        return task

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.mouth.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        while not self.inbox.empty():  # what came too late would hold on to the call
            self.inbox.get_nowait()

    # what the mouth tells

    def _heard_by_caller(self, spoken: Spoken) -> None:
        """Into the record: an answer that was cut off was not given."""
        if self._notice_left:
            self._notice_left -= 1
            if not self._notice_left and self.tap and self.phone.refusal:
                self._refusable_until = self.seconds + REFUSE_WITHIN_SECONDS
            elif not self._notice_left and self.tap:
                self.tap.resume("notice")
        elif spoken.turn_id:
            self.note("heard", turn_id=spoken.turn_id, part=spoken.part, text=spoken.text, ends=spoken.ends)

    def _voiceless(self, spoken: Spoken, error: Exception) -> None:
        if self._notice_left:  # not heard, so nothing of this call is recorded
            self._notice_left, self.tap = 0, None
        self.inbox.put_nowait(Failed(error))
