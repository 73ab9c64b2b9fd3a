"""What the caller says, on its way to words: one utterance at a time is fed as it is said, and what was understood comes back later.

Nothing here makes the call wait: a provider that is slow to open or to answer holds up its own utterance only.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from guildhall.channels.phone.moves import Expect
from guildhall.channels.phone.speech import Heard, Listening, SpeechError, SpeechToText

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


@dataclass(frozen=True, slots=True)
class Understood:
    """What came of an utterance. `failed`: no provider could hear it. `over_us`: it cut off what we said."""

    heard: Heard
    voiced_seconds: float
    failed: bool = False
    over_us: bool = False


@dataclass
class _Utterance:
    """One utterance. None in `sounds` is its end."""

    language: str
    expect: Expect
    over_us: bool
    sounds: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    voiced_seconds: float = 0.0
    task: asyncio.Task[None] | None = None


class Ears:
    """One call's hearing. `working` surrounds what takes a provider time while the caller waits."""

    def __init__(
        self,
        hearing: SpeechToText,
        spawn: Spawn,
        came: Callable[[Understood], None],
        working: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._hearing, self._spawn, self._came, self._working = hearing, spawn, came, working
        self._now: _Utterance | None = None
        self._ended: list[_Utterance] = []

    @property
    def busy(self) -> bool:
        """Whether something that was said is still to be understood."""
        return bool(self._ended)

    @property
    def over_us(self) -> bool:
        """Whether what is said now cut off our words."""
        return self._now is not None and self._now.over_us

    def begin(self, sound: bytes, language: str, expect: Expect, over_us: bool) -> None:
        """The caller began to speak."""
        self.cancel()
        self._now = _Utterance(language, expect, over_us)
        self._now.sounds.put_nowait(sound)
        self._now.task = self._spawn(self._follow(self._now))

    def feed(self, sound: bytes) -> None:
        """More of it."""
        if self._now is not None:
            self._now.sounds.put_nowait(sound)

    def end(self, voiced_seconds: float) -> None:
        """The caller has finished."""
        now, self._now = self._now, None
        if now is not None:
            now.voiced_seconds = voiced_seconds
            self._ended.append(now)
            now.sounds.put_nowait(None)

    def cancel(self) -> None:
        """What is being said is nothing, or nobody wants it."""
        now, self._now = self._now, None
        if now is not None and now.task is not None:
            now.task.cancel()

    def forget(self) -> None:
        """Nothing that was said so far is wanted."""
        self.cancel()
        ended, self._ended = self._ended, []
        for utterance in ended:
            if utterance.task is not None:
                utterance.task.cancel()

    async def _follow(self, utterance: _Utterance) -> None:
        heard, failed = Heard(""), False
        try:
            heard = await self._listen(utterance)
        except SpeechError:
            failed = True
            while utterance is self._now and await utterance.sounds.get() is not None:
                pass  # it is told when the caller has finished, not before
        if utterance in self._ended:
            self._ended.remove(utterance)
            self._came(Understood(heard, utterance.voiced_seconds, failed, utterance.over_us))

    async def _listen(self, utterance: _Utterance) -> Heard:
        listening: Listening | None = None
        try:
            with self._working():
                listening = await self._hearing.open(utterance.language, utterance.expect.grammar, utterance.expect.hints)
            while (sound := await utterance.sounds.get()) is not None:
                await listening.feed(sound)
            with self._working():
                heard, listening = await listening.finish(), None
            return heard
        finally:
            if listening is not None:
                with suppress(SpeechError):
                    await listening.cancel()
