"""A call whose sound comes over a connection instead of RTP: cut into frames, one tick of 20 ms for all calls, and never a backlog.

What differs between switches and suppliers (how a call is answered, ended and passed on) is left to each kind of leg.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Final, Literal

from guildhall.channels.phone.ports import (
    FRAME_BYTES,
    AudioFrame,
    HangUpCause,
    Held,
    KeyPressed,
    TransferOutcome,
    TransferTarget,
)
from guildhall.channels.phone.weakly import weakly
from guildhall.providers.telephony.ahead import SILENCE, Ahead, Wire
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.tells_session import FRAMES_HELD, TellsSession

BEHIND: Final = 5
"""More frames than this waiting are given out two a tick, so that a hiccup of the network does not become lasting delay."""
KEYS: Final = frozenset("0123456789*#ABCD")


class PacedLeg(TellsSession):
    """One caller. Its sound flows while a wire is attached."""

    def __init__(self, call_id: str, numbers: tuple[str, str], headers: Mapping[str, str], ticker: Ticker) -> None:
        super().__init__()
        self.id = call_id
        self.caller_number, self.dialled_number = numbers
        self.headers = headers
        self.over = False
        self._wire: Wire | None = None
        self._ahead = Ahead(weakly(self._reached))
        self._rest = b""
        self._waiting: deque[bytes] = deque(maxlen=FRAMES_HELD)
        self._began: float | None = None
        self._silent_ticks = 0
        self._tone, self._tone_at = b"", 0
        self._stop_ticking = ticker.add(self.tick, lambda: self.finish(HangUpCause.FAILED))

    # what each kind of leg does in its own way

    async def answer(self) -> None:
        """Pick up."""
        raise NotImplementedError

    async def reject(self, status: int) -> None:
        """Do not pick up."""
        raise NotImplementedError

    async def hang_up(self) -> None:
        """End the call."""
        raise NotImplementedError

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """Connect the caller to a person."""
        raise NotImplementedError

    # what the call session does

    def play(self, sound: bytes, mark: str = "") -> None:
        """Queue sound."""
        if not self.over:
            self._ahead.put(sound, mark)

    def flush(self) -> float:
        """Drop what is queued, at the far end too."""
        return self._ahead.flush(self._wire)

    # what the wire tells

    def attach(self, wire: Wire | None) -> None:
        """Sound flows over this wire from now on, or not at all."""
        self._wire = wire
        self._silent_ticks = 0
        self._waiting.clear()
        self._rest = b""
        if wire is not None and self._began is None:
            self._began = asyncio.get_running_loop().time()

    def heard(self, sound: bytes) -> None:
        """Linear sound came, in pieces of any size."""
        sound = self._rest + sound
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        self._waiting.extend(sound[start : start + FRAME_BYTES] for start in range(0, whole, FRAME_BYTES))
        self._rest = sound[whole:]

    def played(self, name: str) -> None:
        """The far end has played up to a mark."""
        self._ahead.played(name)

    def pressed(self, key: str, seconds: float = 0.0) -> None:
        """The caller pressed a key. What is no key is dropped."""
        key = key.upper()
        if key in KEYS and len(key) == 1 and not self.over:
            self._tell(KeyPressed(key, seconds))

    def held(self, on: bool) -> None:
        """The caller's side put us on hold, or took us off it."""
        if not self.over:
            self._tell(Held(on))

    def finish(self, cause: HangUpCause) -> None:
        """The call is over. Only the first cause counts."""
        if self.over:
            return
        self.over = True
        self._stop_ticking()
        self._ahead.flush(None)
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()
        self._tell_over(cause)

    # sound

    @property
    def saying(self) -> bool:
        """Whether anything is still to be heard."""
        return self._ahead.playing

    def sound_tone(self, tone: bytes) -> None:
        """Play a tone, over and over, whenever nothing is being said; an empty one ends it. It takes nothing that is queued away."""
        self._tone, self._tone_at = tone, 0

    def _fill(self) -> None:
        if self._tone and not self._ahead.queued:
            self._ahead.put(self._tone[self._tone_at : self._tone_at + FRAME_BYTES], "")
            self._tone_at = (self._tone_at + FRAME_BYTES) % len(self._tone)

    def tick(self) -> None:
        """Once each 20 ms."""
        if self._wire is None or self.over:
            return
        self._fill()
        hears = self._ahead.tick(self._wire)
        if self._waiting:
            self._silent_ticks = 0
            self._give(self._frame(self._waiting.popleft(), False, hears))
            if len(self._waiting) > BEHIND:
                self._give(self._frame(self._waiting.popleft(), False, b""))
        else:
            self._silent_ticks += 1
            self._give(self._frame(SILENCE, True, hears))
        self._watch_silence(self._silent_ticks)

    def _frame(self, sound: bytes, lost: bool, hears: bytes) -> AudioFrame:
        assert self._began is not None
        return AudioFrame(sound, asyncio.get_running_loop().time() - self._began, lost, hears)
