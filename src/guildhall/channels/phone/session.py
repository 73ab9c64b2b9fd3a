"""One call, from the first ring to the end: one task that hears, lets the dialogue decide, asks the house, speaks, and brings a person.

Time is counted in frames, so a simulated call runs through here as a real one does. Whatever fails, the caller gets a person: that is
the one catch-all of the phone (`FAILOVER`).
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from guildhall.channels.phone.house import CallFacts, HouseGoneError, PersonAnswer, PersonRoute, Replied, TurnDone
from guildhall.channels.phone.mouth import Mouth
from guildhall.channels.phone.moves import NOTHING, Expect, Move, Spoken
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import (
    AudioFrame,
    CallLeg,
    Held,
    HungUp,
    KeyPressed,
    LegEvent,
    MarkPlayed,
    MediaStalled,
    TransferOutcome,
    TransferTarget,
)
from guildhall.channels.phone.speech import Heard, Listening, SpeechError
from guildhall.channels.phone.states import CallState, may_follow
from guildhall.channels.phone.turn_taking import SpeechBegan, SpeechEnded, StillSilent, TurnTaking, Waiting
from guildhall.channels.phone.voice_activity import VoiceActivity

log = structlog.get_logger("guildhall.phone")

BACKCHANNELS: Final = frozenset({"mm", "mhm", "mm hm", "uh huh", "ok", "okay", "right", "yeah", "yes", "i see", "aha"})
VOICED_AT_LEAST_SECONDS: Final = 0.12
FILLER_AFTER_SECONDS: Final = 1.2
SLOWER, LOUDER = 0.8, 2.0
ALWAYS: Final = -1
"""The number of news that matters whatever was asked last."""


@dataclass(frozen=True, slots=True)
class _Came:
    """Something that a task of ours has brought."""

    what: Any
    number: int


@dataclass
class _Notes:
    """What the session is in the middle of."""

    asking: int = 0
    filler_due: int | None = None
    keys: str = ""
    keys_frames: int = 0
    early_keys: list[str] = field(default_factory=list)


class CallSession:
    """One call."""

    def __init__(self, leg: CallLeg, phone: Phone) -> None:
        self._leg, self._phone = leg, phone
        self._inbox: asyncio.Queue[AudioFrame | LegEvent | _Came] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._mouth = Mouth(leg, phone.voice, self._heard_by_caller)
        self._activity = VoiceActivity(phone.detector())
        self._turns = TurnTaking()
        self._dialogue = phone.dialogue(leg)
        self._expect = Expect()
        self._listening: Listening | None = None
        self._conversation = ""
        self._now = _Notes()
        self._number = 0
        self.state = CallState.OFFERED
        self.over = False

    async def run(self) -> None:
        """Until the call is over. Never raises."""
        try:
            await self._run()
        except Exception as error:  # noqa: BLE001  # boundary: the call session
            log.error("call_session_failed", error=type(error).__name__, state=self.state.value)
            await self._fail_over()
        finally:
            for task in list(self._tasks):
                task.cancel()
            with suppress(HouseGoneError):
                if self._conversation:
                    await self._phone.house.over(self._conversation, self.state.value)
            await self._leg.hang_up()

    async def _run(self) -> None:
        await self._leg.answer()
        self._pump(self._frames())
        self._pump(self._events())
        await self._go(CallState.NOTICE)
        for spoken in self._phone.notice:
            await self._mouth.say(spoken)
        facts = CallFacts(self._leg.id, self._leg.caller_number, self._leg.dialled_number)
        self._conversation = await self._phone.house.begin(facts)
        while not self.over:
            await self._take(await self._inbox.get())

    def house_gone(self) -> None:
        """The house was seen to be gone: the caller gets a person now, not only when they ask the next thing."""
        self._inbox.put_nowait(_Came(HouseGoneError("the house does not answer"), ALWAYS))

    # what comes in

    async def _frames(self) -> None:
        async for frame in self._leg.frames():
            self._inbox.put_nowait(frame)

    async def _events(self) -> None:
        async for event in self._leg.events():
            self._inbox.put_nowait(event)

    async def _take(self, item: AudioFrame | LegEvent | _Came) -> None:
        if isinstance(item, AudioFrame):
            await self._frame(item)
        elif isinstance(item, _Came):
            if item.number in (self._number, ALWAYS):
                await self._came(item.what)
        elif isinstance(item, KeyPressed):
            await self._key(item.key)
        elif isinstance(item, MarkPlayed):
            self._mouth.played(item.mark)
            if not self._mouth.speaking:
                await self._said_everything()
        elif isinstance(item, HungUp):
            await self._go(CallState.ENDED)
            self.over = True
        elif isinstance(item, Held | MediaStalled):
            self._turns.pause()

    async def _frame(self, frame: AudioFrame) -> None:
        notice = self.state == CallState.NOTICE
        voiced = self._activity.hear(frame.sound, frame.said or None, learning=notice)
        if self._now.keys and self._expect.collect:
            self._now.keys_frames += 1
            if self._now.keys_frames * 0.02 >= self._expect.collect.between_seconds:
                await self._collected()
        if self._now.filler_due is not None:
            self._now.filler_due -= 1
            if self._now.filler_due <= 0 and not self._mouth.speaking:
                self._now.filler_due = None
                await self._mouth.say(self._dialogue.filler())
        if notice or self.state in (CallState.BRIDGED, CallState.TRANSFERRING, CallState.FAILOVER):
            return
        if self._mouth.speaking and not self._mouth.interruptible:
            return
        if self._listening is not None and self._turns.speaking:
            await self._feed(frame.sound)
        for taken in self._turns.frame(frame.sound, voiced):
            await self._turn(taken)

    async def _turn(self, taken: SpeechBegan | SpeechEnded | StillSilent) -> None:
        if isinstance(taken, SpeechBegan):
            if self._mouth.speaking:
                await self._note("interrupted", unheard_seconds=round(self._mouth.interrupt(), 2))
            with suppress(SpeechError):
                self._listening = await self._phone.hearing.open(self._language, self._expect.grammar, self._expect.hints)
        elif isinstance(taken, SpeechEnded):
            listening, self._listening = self._listening, None
            if taken.voiced_seconds < VOICED_AT_LEAST_SECONDS or listening is None:
                await self._no_words()
                return
            self._bring(self._finish(listening))
        elif not self._mouth.speaking and not self._now.asking:
            await self._do(self._dialogue.silent(taken.times), answers_silence=True)

    async def _feed(self, sound: bytes) -> None:
        assert self._listening is not None
        try:
            await self._listening.feed(sound)
        except SpeechError:
            self._listening = None

    async def _finish(self, listening: Listening) -> Heard:
        try:
            return await listening.finish()
        except SpeechError:
            return Heard("")

    async def _came(self, what: Any) -> None:
        if isinstance(what, Heard):
            await self._words(what)
        elif isinstance(what, Replied):
            self._now.filler_due = None
            for spoken in self._dialogue.spoken(what):
                await self._mouth.say(spoken)
        elif isinstance(what, TurnDone):
            self._now.asking, self._now.filler_due = 0, None
            await self._do(self._dialogue.replied(what))
        elif isinstance(what, HouseGoneError) and self.state not in (CallState.TRANSFERRING, CallState.BRIDGED):
            raise what

    async def _words(self, heard: Heard) -> None:
        if not heard.text.strip():
            await self._no_words()
            return
        if self._mouth.cut and heard.text.strip().lower().strip(".!") in BACKCHANNELS and not heard.means:
            await self._mouth.resume()
            return
        await self._do(self._dialogue.heard(heard))

    async def _no_words(self) -> None:
        """A cough, an echo, a noise: what was cut off goes on."""
        if self._mouth.cut:
            await self._mouth.resume()
        elif not self._mouth.speaking:
            await self._do(self._dialogue.unheard())

    # keys

    async def _key(self, key: str) -> None:
        if self.state == CallState.NOTICE:
            self._now.early_keys.append(key)
            return
        if self.state in (CallState.BRIDGED, CallState.TRANSFERRING):
            return
        if self._mouth.speaking and self._mouth.interruptible:
            self._mouth.interrupt()
        self._turns.acted()
        self._turns.forget()
        collect = self._expect.collect
        if collect is None or (key == "0" and not self._now.keys):
            await self._do(self._dialogue.pressed(key))
            return
        if key != collect.ends_with:
            self._now.keys += key
        self._now.keys_frames = 0
        if key == collect.ends_with or len(self._now.keys) >= collect.most:
            await self._collected()

    async def _collected(self) -> None:
        keys, self._now.keys, self._now.keys_frames = self._now.keys, "", 0
        await self._do(self._dialogue.pressed(keys))

    # what is done

    async def _do(self, move: Move, answers_silence: bool = False) -> None:
        """Carry a move out. A caller who says nothing to it has been silent for longer still, so silence is not counted afresh."""
        if move is NOTHING or self.over:
            return
        if move.state:
            await self._go(move.state)
        if move.slower:
            self._mouth.rate = SLOWER
        if move.louder:
            self._mouth.gain = LOUDER
        if move.patient:
            self._turns.be_patient()
        if move.repeat:
            await self._mouth.repeat()
        elif move.say:
            self._mouth.begin()
        for spoken in move.say:
            await self._mouth.say(spoken)
        if move.expect is not None:
            self._expect, self._now.keys = move.expect, ""
        if move.ask:
            await self._ask(move.ask, move.confidence)
        elif move.person:
            await self._person(move.person, move.danger)
        elif move.hang_up:
            await self._go(CallState.WRAP_UP)
        if not answers_silence:
            self._turns.wait_for(Waiting(self._expect.patience, counts_silence=not self._now.asking))

    async def _ask(self, text: str, confidence: float) -> None:
        self._number += 1
        self._now.asking = self._number
        self._now.filler_due = int(FILLER_AFTER_SECONDS / 0.02)
        self._mouth.begin()
        await self._go(CallState.ANSWERING)
        attempt, number = self._phone.new_id("turn"), self._number

        async def ask() -> None:
            try:
                async for item in self._phone.house.say(self._conversation, text, attempt, confidence):
                    self._inbox.put_nowait(_Came(item, number))
            except HouseGoneError as error:
                self._inbox.put_nowait(_Came(error, number))

        self._pump(ask())

    async def _person(self, words: str, danger: bool) -> None:
        route = await self._phone.house.person(self._conversation, words, danger)
        await self._do(self._dialogue.person(route))
        if route.answer == PersonAnswer.CALLBACK:
            return
        await self._transfer(self._phone.transfer_to(route), route)

    async def _transfer(self, to: TransferTarget, route: PersonRoute) -> None:
        await self._go(CallState.TRANSFERRING)
        outcome = await self._leg.transfer(to, self._phone.transfer_mode)
        await self._note("transferred", outcome=outcome.value, reference=route.reference)
        if outcome == TransferOutcome.CONNECTED:
            await self._go(CallState.BRIDGED)
        else:
            await self._do(self._dialogue.back(outcome.value))

    async def _fail_over(self) -> None:
        """An adviser's phone rings, with nothing of the house needed."""
        self.state = CallState.FAILOVER
        self._mouth.interrupt()
        with suppress(SpeechError):
            await self._mouth.say(self._phone.failover.words["en"])
        outcome = await self._leg.transfer(self._phone.failover.target, self._phone.transfer_mode)
        log.error("call_failed_over", outcome=outcome.value)

    async def _said_everything(self) -> None:
        if self.state == CallState.NOTICE:
            await self._do(self._dialogue.opening())
            early, self._now.early_keys = self._now.early_keys, []
            for key in early:
                await self._key(key)
        elif self.state == CallState.WRAP_UP:
            self.over = True

    async def _go(self, state: CallState) -> None:
        if state == self.state:
            return
        if not may_follow(self.state, state):
            log.error("call_state", now=self.state.value, then=state.value)
        before, self.state = self.state, state
        await self._note("state", before=before.value, after=state.value)

    async def _note(self, what: str, **facts: object) -> None:
        if self._conversation:
            with suppress(HouseGoneError):
                await self._phone.house.note(self._conversation, what, facts)

    def _heard_by_caller(self, spoken: Spoken) -> None:
        """Into the record: an answer that was cut off was not given."""
        if spoken.turn_id:
            self._pump(self._note("heard", turn_id=spoken.turn_id, part=spoken.part, text=spoken.text, ends=spoken.ends))

    @property
    def _language(self) -> str:
        return "en"

    def _bring(self, work: Coroutine[Any, Any, Any]) -> None:
        number = self._number

        async def bring() -> None:
            self._inbox.put_nowait(_Came(await work, number))

        self._pump(bring())

    def _pump(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
