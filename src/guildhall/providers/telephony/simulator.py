"""A gateway without telephones: plays a caller from a script and keeps both sides' sound, as fast as the machine can.

The script says things, waits and presses keys; what it says comes from files or from a voice. The call session cannot tell the difference.
"""

import asyncio
import secrets
import wave
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from guildhall.channels.phone.ports import (
    FRAME_BYTES,
    FRAME_SECONDS,
    RATE,
    AudioFrame,
    HangUpCause,
    KeyPressed,
    LegEvent,
    OnCall,
    TransferOutcome,
    TransferTarget,
)
from guildhall.providers.telephony.playout import Playout
from guildhall.providers.telephony.tells_session import TellsSession

SILENCE = bytes(FRAME_BYTES)


@dataclass(frozen=True, slots=True)
class Says:
    """The caller says something: linear sound at 8 kHz. `text` is what it means, for the transcript of a simulated call."""

    sound: bytes
    text: str = ""


@dataclass(frozen=True, slots=True)
class Presses:
    """The caller presses keys."""

    keys: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The caller says nothing for so long; with `for_reply` until nothing has been said to them for so long."""

    seconds: float
    for_reply: bool = False


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The caller hangs up."""


CallerStep = Says | Presses | Waits | HangsUp


@dataclass
class Script:
    """A caller. `transfers` is what becomes of each transfer, in order; more than that are not answered."""

    steps: Sequence[CallerStep]
    number: str = "01632960123"
    dialled: str = "01632960100"
    transfers: Sequence[TransferOutcome] = ()
    ring_seconds: float = 2.0
    """How long a phone rings before a transfer ends."""
    longest_seconds: float = 600.0
    playing: Callable[[CallerStep], None] = lambda _: None
    """Is told each step as it begins."""
    room: Callable[[bytes, bytes], bytes] = lambda sound, _said: sound
    """What the caller's microphone makes of 20 ms of their voice and 20 ms of ours: noise is added there, and echo."""


@dataclass
class Call:
    """What a simulated call left: each side's sound, frame by frame, and the events."""

    heard_by_caller: bytearray = field(default_factory=bytearray)
    said_by_caller: bytearray = field(default_factory=bytearray)
    events: list[tuple[float, LegEvent]] = field(default_factory=list)
    transfers: list[TransferTarget] = field(default_factory=list)
    rejected: int = 0

    def write(self, path: Path) -> None:
        """A stereo recording: the caller on the left, we on the right."""
        left, right = bytes(self.said_by_caller), bytes(self.heard_by_caller)
        length = max(len(left), len(right))
        left, right = left.ljust(length, b"\0"), right.ljust(length, b"\0")
        woven = bytearray(2 * length)
        for side, sound in enumerate((left, right)):
            woven[2 * side :: 4], woven[2 * side + 1 :: 4] = sound[0::2], sound[1::2]
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(bytes(woven))


class SimulatedLeg(TellsSession):
    """One simulated caller."""

    def __init__(self, script: Script, call: Call, pace: float) -> None:
        super().__init__(held=1)  # the caller's time goes on when the session has taken a frame
        self.id = secrets.token_urlsafe(9)
        self.caller_number, self.dialled_number = script.number, script.dialled
        self.headers: Mapping[str, str] = {}
        self._script, self._call, self._pace = script, call, pace
        self._playout = Playout(self._reached)
        self._at = 0.0
        self._over = False
        self._quiet = 0.0
        self._answered = asyncio.Event()
        self._ticked = asyncio.Event()

    async def answer(self) -> None:
        """Pick up."""
        self._answered.set()

    async def reject(self, status: int) -> None:
        """Do not pick up."""
        self._call.rejected = status
        self._answered.set()
        self._end(HangUpCause.US)

    async def hang_up(self) -> None:
        """End the call."""
        self._end(HangUpCause.US)

    def play(self, sound: bytes, mark: str = "") -> None:
        """Queue sound."""
        self._playout.put(sound, mark)

    def flush(self) -> float:
        """Drop what is queued."""
        return self._playout.flush()

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """As the script has it; the phone rings while the caller's time goes on."""
        if self._over:
            return TransferOutcome.FAILED
        self._call.transfers.append(to)
        until = self._at + self._script.ring_seconds
        while self._at < until and not self._over:
            self._ticked.clear()
            await self._ticked.wait()
        so_far, outcomes = len(self._call.transfers), self._script.transfers
        return outcomes[so_far - 1] if so_far <= len(outcomes) else TransferOutcome.NO_ANSWER

    # the caller

    async def live(self) -> None:
        """Play the script to its end, or until somebody hangs up."""
        await self._answered.wait()
        for step in self._script.steps:
            if self._over:
                return
            self._script.playing(step)
            if isinstance(step, Says):
                for start in range(0, len(step.sound), FRAME_BYTES):
                    await self._tick(step.sound[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"))
            elif isinstance(step, Presses):
                for key in step.keys:
                    self._tell(KeyPressed(key, 0.1))
                    await self._wait(0.1)
            elif isinstance(step, Waits):
                await (self._wait_for_quiet(step.seconds) if step.for_reply else self._wait(step.seconds))
            else:
                self._end(HangUpCause.CALLER)
        self._end(HangUpCause.CALLER)

    async def _wait(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME_SECONDS)):
            await self._tick(SILENCE)

    async def _wait_for_quiet(self, seconds: float) -> None:
        self._quiet = 0.0
        spoken = False
        while not self._over and not (spoken and self._quiet >= seconds):
            await self._tick(SILENCE)
            if self._playout.playing:  # what was queued in this very tick is heard from the next on
                spoken, self._quiet = True, 0.0
            if self._quiet > 30:
                return

    async def _tick(self, sound: bytes) -> None:
        if self._over:
            return
        said = self._playout.frame() or b""
        sound = self._script.room(sound, said)
        self._quiet = 0.0 if said else self._quiet + FRAME_SECONDS
        self._call.heard_by_caller += said or SILENCE
        self._call.said_by_caller += sound
        await self._frames.put(AudioFrame(sound, self._at, False, said))
        self._at += FRAME_SECONDS
        self._ticked.set()
        await asyncio.sleep(FRAME_SECONDS * self._pace)
        if self._at > self._script.longest_seconds:
            self._end(HangUpCause.FAILED)

    def _tell(self, event: LegEvent) -> None:
        self._call.events.append((self._at, event))
        super()._tell(event)

    def _end(self, cause: HangUpCause) -> None:
        if self._over:
            return
        self._over = True
        self._ticked.set()
        self._tell_over(cause)


class SimulatedGateway:
    """A MediaGateway that makes one call for each script. `pace` 1 is real time, 0 as fast as it goes."""

    def __init__(self, scripts: Sequence[Script], pace: float = 0.0) -> None:
        self._scripts, self._pace = scripts, pace
        self._draining = False
        self._leg: SimulatedLeg | None = None
        self._between = asyncio.Event()
        self._between.set()
        self.calls: list[Call] = []

    async def serve(self, on_call: OnCall) -> None:
        """Make the calls, one after another."""
        for script in self._scripts:
            if self._draining:
                return
            call = Call()
            self.calls.append(call)
            self._leg = leg = SimulatedLeg(script, call, self._pace)
            self._between.clear()
            living = asyncio.create_task(leg.live())
            try:
                await on_call(leg)
            finally:
                await leg.hang_up()
                self._between.set()
                living.cancel()
                await asyncio.gather(living, return_exceptions=True)

    async def drain(self, deadline_seconds: float) -> None:
        """Make no more calls; end the one that still runs at the deadline."""
        self._draining = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._between.wait(), deadline_seconds)
        if self._leg is not None:
            await self._leg.hang_up()
