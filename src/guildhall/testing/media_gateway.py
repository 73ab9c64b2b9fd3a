"""What every MediaGateway and CallLeg must do, whichever way calls come to it. A driver brings the gateway, and callers and advisers for it.

Each check is a coroutine that takes a driver; a test runs all of `CHECKS` over its own driver.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np

from guildhall.channels.phone.ports import (
    FRAME_BYTES,
    FRAME_SECONDS,
    RATE,
    AudioFrame,
    CallLeg,
    HangUpCause,
    HungUp,
    KeyPressed,
    LegEvent,
    MarkPlayed,
    MediaGateway,
    TransferOutcome,
    TransferTarget,
)

WITHIN: Final = 5.0
LOUD: Final = 3000
REFERENCE: Final = "ABCD-2345"
NUMBER: Final = "01632960123"


def tone(seconds: float, pitch: int = 400, loud: int = 8000) -> bytes:
    """A tone, linear at 8 kHz."""
    return (loud * np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi * pitch / RATE)).astype(np.int16).tobytes()


def loud_seconds(sound: bytes) -> float:
    """How much of some sound is as loud as our tone, counted in frames."""
    whole = len(sound) // FRAME_BYTES * FRAME_BYTES
    frames = np.frombuffer(sound[:whole], np.int16).reshape(-1, FRAME_BYTES // 2)
    return float((np.abs(frames.astype(np.int32)).max(axis=1) > LOUD).sum() * FRAME_SECONDS) if whole else 0.0


async def until(true: Callable[[], bool], within: float = WITHIN) -> None:
    """Wait until something is true. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)


class Caller(Protocol):
    """A caller of the gateway under test, as its wire has them."""

    async def ring(self) -> None:
        """Begin to call."""
        ...

    async def answered(self) -> bool:
        """Wait until the call is answered, or refused."""
        ...

    def say(self, frame: bytes) -> None:
        """Say 20 ms, linear."""
        ...

    async def press(self, key: str) -> None:
        """Press a key, as badly as the wire allows: with every repetition that it may bring."""
        ...

    @property
    def heard(self) -> bytes:
        """Everything that was said to the caller so far, linear."""
        ...

    async def hang_up(self) -> None:
        """Hang up."""
        ...

    async def over(self) -> None:
        """Wait until the other side has ended the call."""
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...


class Driver(Protocol):
    """A gateway under test. `mode` is how it connects a caller to an adviser."""

    mode: Literal["bridge", "refer"]
    can_reject: bool
    """Whether a caller can be told that nobody picks up."""

    @property
    def gateway(self) -> MediaGateway:
        """The gateway, serving already."""
        ...

    async def open(self, on_call: Callable[[CallLeg], Awaitable[None]]) -> None:
        """Serve."""
        ...

    async def close(self) -> None:
        """Stop serving and give everything back."""
        ...

    async def caller(self) -> Caller:
        """Somebody who can call."""
        ...

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        """Where a transfer with that outcome goes, with `REFERENCE` as its context."""
        ...

    def told_to_adviser(self) -> str:
        """All that the adviser's phone was told of the call, to look for the reference in."""
        ...

    def flushed_remotely(self) -> bool | None:
        """Whether the queue at the far end was flushed; None where there is none."""
        ...


@dataclass
class Session:
    """What a call session would see: answers, hears, and keeps all that happens."""

    answers: bool = True
    legs: list[CallLeg] = field(default_factory=list)
    events: list[LegEvent] = field(default_factory=list)
    frames: list[AudioFrame] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    picked_up: int = 0
    frames_ended: bool = False

    async def __call__(self, leg: CallLeg) -> None:
        """One call, to its end."""
        self.legs.append(leg)
        if self.answers:
            await leg.answer()
            self.picked_up += 1
        hearing = asyncio.create_task(self._hear(leg))
        async for event in leg.events():
            self.events.append(event)
        await asyncio.wait_for(hearing, WITHIN)
        self.over.set()

    async def _hear(self, leg: CallLeg) -> None:
        async for frame in leg.frames():
            self.frames.append(frame)
        self.frames_ended = True

    @property
    def leg(self) -> CallLeg:
        """The last call."""
        return self.legs[-1]

    @property
    def sound(self) -> bytes:
        """What the caller said."""
        return b"".join(frame.sound for frame in self.frames)

    @property
    def said(self) -> bytes:
        """What the caller heard, as the frames have it."""
        return b"".join(frame.said.ljust(FRAME_BYTES, b"\0") for frame in self.frames)

    def of(self, kind: type[Any]) -> list[Any]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


async def in_call(driver: Driver, session: Session) -> Caller:
    """A caller whose call was answered."""
    caller = await driver.caller()
    await caller.ring()
    assert await asyncio.wait_for(caller.answered(), WITHIN)
    await until(lambda: session.picked_up > 0)
    return caller


async def is_answered_and_both_hear_each_other(driver: Driver, session: Session) -> None:
    """Frames of 20 ms with a time that moves on; the caller's number; sound both ways, and none that nobody said."""
    caller = await in_call(driver, session)
    assert session.leg.id and session.leg.caller_number == NUMBER
    session.leg.play(tone(0.2), "said")
    sound = tone(0.2)
    for start in range(0, len(sound), FRAME_BYTES):
        caller.say(sound[start : start + FRAME_BYTES])
    await until(lambda: min(loud_seconds(sound) for sound in (session.sound, session.said, caller.heard)) >= 0.18)
    await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert all(len(frame.sound) == FRAME_BYTES for frame in session.frames)
    times = [frame.at for frame in session.frames]
    assert times == sorted(times) and times[0] < 1
    assert loud_seconds(caller.heard) <= 0.24 and loud_seconds(session.sound) <= 0.24
    await caller.close()


async def is_refused(driver: Driver, session: Session) -> None:
    """A call that is not answered ends, for both, exactly once."""
    session.answers = False
    caller = await driver.caller()
    await caller.ring()
    await until(lambda: bool(session.legs))
    await session.leg.reject(486)
    if driver.can_reject:
        assert not await asyncio.wait_for(caller.answered(), WITHIN)
    await session.leg.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert session.events == [HungUp(HangUpCause.US)]
    await caller.close()


async def hears_keys_exactly_once(driver: Driver, session: Session) -> None:
    """Each key once and in order, twice the same key too."""
    caller = await in_call(driver, session)
    for count, key in enumerate("11*0#", 1):
        await caller.press(key)
        await until(lambda count=count: len(session.of(KeyPressed)) >= count)  # type: ignore[misc]
    await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    pressed = "".join(event.key for event in session.of(KeyPressed))
    assert pressed == "11*0#", pressed
    await caller.close()


async def tells_marks_in_order(driver: Driver, session: Session) -> None:
    """Marks come back in order, once each, and not before the sound they stand behind; one with no sound before it too."""
    caller = await in_call(driver, session)
    for mark in ("one", "two"):
        session.leg.play(tone(0.1), mark)
    session.leg.play(b"", "three")
    assert session.of(MarkPlayed) == []
    await until(lambda: len(session.of(MarkPlayed)) >= 3)
    await until(lambda: loud_seconds(caller.heard) >= 0.18)
    await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert [event.mark for event in session.of(MarkPlayed)] == ["one", "two", "three"]
    await caller.close()


async def flushes(driver: Driver, session: Session) -> None:
    """What was not heard is told, its mark never comes, the caller hears no more of it, and what is said next is heard at once."""
    caller = await in_call(driver, session)
    session.leg.play(tone(2.0), "never")
    await until(lambda: loud_seconds(caller.heard) >= 0.1)
    unheard = session.leg.flush()
    heard = loud_seconds(caller.heard)
    assert 2.0 - heard - 0.4 <= unheard <= 2.0 - heard + 0.1, (unheard, heard)
    assert driver.flushed_remotely() in (True, None) or await _soon(lambda: bool(driver.flushed_remotely()))
    assert session.leg.flush() == 0.0
    session.leg.play(tone(0.1, pitch=800), "next")
    await until(lambda: bool(session.of(MarkPlayed)))
    await until(lambda: loud_seconds(caller.heard) >= heard + 0.08)
    await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert [event.mark for event in session.of(MarkPlayed)] == ["next"]
    assert loud_seconds(caller.heard) <= heard + 0.1 + 0.25
    await caller.close()


async def _soon(true: Callable[[], bool]) -> bool:
    await until(true)
    return True


async def ends_when_the_caller_hangs_up(driver: Driver, session: Session) -> None:
    """One HungUp, the end of frames, and nothing that we do afterwards does harm."""
    caller = await in_call(driver, session)
    await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert session.of(HungUp) == [HungUp(HangUpCause.CALLER)] and session.frames_ended
    session.leg.play(tone(0.1), "late")
    session.leg.flush()
    await session.leg.answer()
    await session.leg.hang_up()
    assert await session.leg.transfer(driver.adviser(TransferOutcome.CONNECTED), driver.mode) == TransferOutcome.FAILED
    await caller.close()


async def ends_when_we_hang_up(driver: Driver, session: Session) -> None:
    """The caller is told, there is one HungUp, and hanging up again does nothing."""
    caller = await in_call(driver, session)
    await session.leg.hang_up()
    await session.leg.hang_up()
    await asyncio.wait_for(caller.over(), WITHIN)
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert session.of(HungUp) == [HungUp(HangUpCause.US)]
    await caller.close()


async def connects_an_adviser(driver: Driver, session: Session) -> None:
    """The adviser is told the reference and nothing else of ours; when it is over, it is over once."""
    caller = await in_call(driver, session)
    target = driver.adviser(TransferOutcome.CONNECTED)
    outcome = await asyncio.wait_for(session.leg.transfer(target, driver.mode), WITHIN)
    assert outcome == TransferOutcome.CONNECTED
    told = driver.told_to_adviser()
    assert REFERENCE in told
    if not session.of(HungUp):
        await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert len(session.of(HungUp)) == 1
    await caller.close()


async def comes_back_when_nobody_answers(driver: Driver, session: Session) -> None:
    """Busy, then no answer: each time the caller is still here, hears us and is heard, and what was being said is not lost."""
    caller = await in_call(driver, session)
    for turn, outcome in enumerate((TransferOutcome.BUSY, TransferOutcome.NO_ANSWER), 1):
        target = driver.adviser(outcome)
        session.leg.play(tone(0.1), f"putting you through {turn}")
        assert await asyncio.wait_for(session.leg.transfer(target, driver.mode), WITHIN) == outcome
        await until(lambda turn=turn: len(session.of(MarkPlayed)) == 2 * turn - 1)  # type: ignore[misc]
        heard = loud_seconds(caller.heard)
        session.leg.play(tone(0.2), f"back {turn}")
        await until(lambda heard=heard: loud_seconds(caller.heard) >= heard + 0.1)  # type: ignore[misc]
        await until(lambda turn=turn: len(session.of(MarkPlayed)) == 2 * turn)  # type: ignore[misc]
        said = loud_seconds(session.sound)
        for _ in range(10):
            caller.say(tone(FRAME_SECONDS))
        await until(lambda said=said: loud_seconds(session.sound) >= said + 0.1)  # type: ignore[misc]
    assert session.of(HungUp) == []
    await caller.hang_up()
    await asyncio.wait_for(session.over.wait(), WITHIN)
    await caller.close()


async def drains(driver: Driver, session: Session) -> None:
    """Nobody new is answered, and who still talks at the deadline is ended, once."""
    caller = await in_call(driver, session)
    draining = asyncio.create_task(driver.gateway.drain(0.3))
    await asyncio.sleep(0)
    late = await driver.caller()
    await late.ring()
    assert not await asyncio.wait_for(late.answered(), WITHIN)
    await asyncio.wait_for(draining, WITHIN)
    await asyncio.wait_for(session.over.wait(), WITHIN)
    assert len(session.of(HungUp)) == 1 and len(session.legs) == 1
    await asyncio.wait_for(caller.over(), WITHIN)
    await caller.close()
    await late.close()


Check = Callable[[Driver, Session], Awaitable[None]]
CHECKS: Final[tuple[Check, ...]] = (
    is_answered_and_both_hear_each_other,
    is_refused,
    hears_keys_exactly_once,
    tells_marks_in_order,
    flushes,
    ends_when_the_caller_hangs_up,
    ends_when_we_hang_up,
    connects_an_adviser,
    comes_back_when_nobody_answers,
    drains,
)


async def run(check: Check, driver: Driver) -> None:
    """Run one check, and see that nothing of the gateway is left: no task and no socket."""
    before, sockets = asyncio.all_tasks(), _sockets()
    session = Session()
    await driver.open(session)
    try:
        await asyncio.wait_for(check(driver, session), 4 * WITHIN)
    finally:
        await driver.close()
    await until(lambda: asyncio.all_tasks() <= before and _sockets() <= sockets, 2.0)


def _sockets() -> int:
    """How many sockets this process has open, where the system can tell."""
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        return 0
    return sum(1 for file in open_files.iterdir() if file.is_symlink() and os.path.realpath(file).rpartition("/")[2].startswith("socket:"))
