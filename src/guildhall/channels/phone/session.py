"""One call, from the first ring to the end: hears, lets the dialogue decide, asks the house, speaks, and brings a person.

Time is counted in frames, so a simulated call runs through here as a real one does. Nothing here waits for anybody: whatever takes time
is done meanwhile and comes back by the call's one queue. Whatever fails, the caller gets a person.
"""

import asyncio
from typing import Final

import structlog

from guildhall.channels.phone.call import Call, Came, Item
from guildhall.channels.phone.caught import Failed, caught
from guildhall.channels.phone.conversing import Conversing
from guildhall.channels.phone.failing_over import FailingOver
from guildhall.channels.phone.house import HouseGoneError
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import FRAME_SECONDS, AudioFrame, CallLeg, Held, HungUp, KeyPressed, MarkPlayed
from guildhall.channels.phone.speech import SpeechError
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import SILENCE_SECONDS, SpeechBegan, SpeechEnded, StillSilent, TurnTaking
from guildhall.channels.phone.voice_activity import VoiceActivity

log = structlog.get_logger("guildhall.phone")

VOICED_AT_LEAST_SECONDS: Final = 0.12
DEAD_SECONDS: Final = 300.0
"""A line that has sent nothing for so long is looked after as a silent caller is: some telephones send nothing while nobody speaks."""
MUTE_SECONDS: Final = 10.0
GRACE_SECONDS: Final = 1.0
"""After the goodbye, so that somebody who has just thought of something is not cut off."""


class CallSession:
    """One call."""

    def __init__(self, leg: CallLeg, phone: Phone) -> None:
        self._call = Call(leg, phone)
        self._turns = TurnTaking()
        self._activity: VoiceActivity
        self._talk: Conversing
        self._prepared = False
        self._held = False
        self._spoke = False
        self._goodbye_frames = 0
        self._lost_frames = 0
        self._mute_frames = 0

    @property
    def state(self) -> CallState:
        """Where the call is."""
        return self._call.state

    async def run(self) -> None:
        """Until the call is over. Never raises."""
        call = self._call
        try:
            failed = await caught(self._run)
            if failed is not None:
                log.error("call_session_failed", call=call.leg.id, error=type(failed.error).__name__, state=call.state.value)
                await self._fail_over()
        finally:
            await self._end()

    def house_gone(self) -> None:
        """The house was seen to be gone: the caller gets a person now, not only when they ask the next thing."""
        self._call.inbox.put_nowait(Failed(HouseGoneError("the house does not answer")))

    async def _run(self) -> None:
        call = self._call
        call.spawn(self._frames())
        call.spawn(self._events())
        await call.leg.answer()
        call.go(CallState.NOTICE, "answered")
        call.say_notice()
        self._prepare()
        call.bring(call.house.begin(), self._begun)
        self._talk.begin()
        while not call.over:
            self._take(await call.inbox.get())

    def _prepare(self) -> None:
        """What may fail is made when the call is answered: then the caller still gets a person."""
        call = self._call
        call.prepare()
        self._activity = VoiceActivity(call.phone.detector())
        self._talk = Conversing(call, self._turns, self._activity)
        self._prepared = True

    async def _fail_over(self) -> None:
        failed = await caught(self._ring_somebody)
        if failed is not None:
            log.error("call_failover_failed", call=self._call.leg.id, error=type(failed.error).__name__)

    async def _ring_somebody(self) -> None:
        failing_over = FailingOver(self._call)
        if not self._prepared:
            await failing_over.run(handed_over=False)
            return
        self._talk.forget()
        people = self._talk.people
        await failing_over.run(people.handed_over, people.outcome, people.rings_for)

    async def _end(self) -> None:
        """Leave no task, no sound and no open conversation behind, however the call ended."""
        call = self._call
        how = call.state.value
        await call.leg.hang_up()
        await call.close()
        if self._prepared:
            self._talk.measured()
        call.note("call", **call.measures.facts())
        call.go(CallState.ENDED, "over")
        await call.house.close(how)
        if call.tap:
            await call.tap.close()

    # what comes in

    async def _frames(self) -> None:
        call = self._call
        async for frame in call.leg.frames():
            call.inbox.put_nowait(frame)
            if call.phone.steady:
                await asyncio.sleep(0)
                await call.still.rest()

    async def _events(self) -> None:
        async for event in self._call.leg.events():
            self._call.inbox.put_nowait(event)

    def _begun(self, conversation_id: str) -> None:
        if self._call.tap:
            self._call.tap.begin(conversation_id)

    def _take(self, item: Item) -> None:
        call = self._call
        if isinstance(item, AudioFrame):
            self._frame(item)
        elif isinstance(item, Came):
            item.take(item.what)
        elif isinstance(item, KeyPressed):
            self._lost_frames = 0
            self._talk.key(item.key)
        elif isinstance(item, MarkPlayed):
            call.mouth.played(item.mark)
        elif isinstance(item, HungUp):
            call.go(CallState.ENDED, f"hung_up_{item.cause.value}")
            call.over = True
        elif isinstance(item, Held):
            self._held = item.on
        elif isinstance(item, Failed):
            self._failed(item.error)
        if self._spoke and not call.mouth.speaking and not call.mouth.held:  # what was cut off is not said yet
            self._spoke = False
            self._talk.said_everything()
        self._spoke |= call.mouth.speaking

    def _failed(self, error: Exception) -> None:
        """What a task of ours has failed with: a person who is there, or rung, is left to it; without a voice one is brought."""
        people = self._talk.people
        if people.handed_over or (people.ringing and isinstance(error, HouseGoneError)):
            log.error("call_failed_with_a_person", call=self._call.leg.id, error=type(error).__name__)
        elif isinstance(error, SpeechError):
            self._talk.voiceless()
        else:
            raise error

    def _frame(self, frame: AudioFrame) -> None:
        call, talk = self._call, self._talk
        call.hear(frame)
        voiced = self._activity.hear(frame.sound, frame.said or None, learning=talk.protected)
        call.measures.frame(frame, voiced, answering=call.mouth.answering)
        if talk.people.handed_over or self._held:
            return
        self._watch_line(frame)
        talk.frame()
        self._watch_mouth(frame)
        self._part_ways()
        if self._turns.speaking:
            talk.ears.feed(frame.sound)
        for taken in self._turns.frame(frame.sound, voiced, talk.quiet, talk.ears.over_us):
            self._turn(taken)

    def _turn(self, taken: SpeechBegan | SpeechEnded | StillSilent) -> None:
        if isinstance(taken, SpeechBegan):
            self._talk.caller_began(taken.sound)
        elif isinstance(taken, StillSilent):
            self._talk.silent(taken.times)
        elif taken.voiced_seconds < VOICED_AT_LEAST_SECONDS:
            self._talk.ears.cancel()
            self._talk.no_words(taken.voiced_seconds)
        else:
            self._talk.caller_ended(taken)

    def _watch_line(self, frame: AudioFrame) -> None:
        """A line that is gone is found out by its gateway; one that only sends nothing may have a caller, who waits or presses keys."""
        people = self._talk.people
        waits = people.room is not None or people.ringing
        self._lost_frames = self._lost_frames + 1 if frame.lost and not waits else 0
        if self._lost_frames * FRAME_SECONDS >= DEAD_SECONDS:
            self._lost_frames = 0
            self._call.note("line_quiet", seconds=round(self._call.seconds, 2))
            self._talk.silent(len(SILENCE_SECONDS))

    def _watch_mouth(self, frame: AudioFrame) -> None:
        """A voice that hangs, or a gateway that tells of nothing it played, must not leave the caller on a dead line."""
        mouth = self._call.mouth
        self._mute_frames = self._mute_frames + 1 if mouth.speaking and not frame.said else 0
        if self._mute_frames * FRAME_SECONDS >= MUTE_SECONDS:
            mouth.drop()
            self._failed(SpeechError("nothing of what was to be said was heard"))

    def _part_ways(self) -> None:
        """Hang up a moment after the goodbye, unless the caller has more to say."""
        if self._call.state == CallState.WRAP_UP and self._talk.nothing_to_come:
            self._goodbye_frames += 1
        else:
            self._goodbye_frames = 0
        self._call.over |= self._goodbye_frames * FRAME_SECONDS >= GRACE_SECONDS
