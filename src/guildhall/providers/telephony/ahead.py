"""What is said over a wire that keeps a little sound of its own: a few frames ahead, so that a late packet is not heard.

Only that little has to be called back when the caller interrupts, and what they have not heard is known to the frame.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from guildhall.channels.phone.ports import FRAME_BYTES, FRAME_SECONDS
from guildhall.providers.telephony.playout import Playout

SILENCE: Final = bytes(FRAME_BYTES)
SILENCE_LEFT_OUT: Final = 50
"""One silent frame in so many is not sent: where their clock is slower than ours, their queue becomes short again while nobody speaks."""
ECHO_TICKS: Final = 100
"""A mark that the far end has not given back so long after it must have been played is told all the same: nobody is left waiting."""


class Wire(Protocol):
    """Where sound goes. Nothing here waits."""

    lead: int
    """How many frames the far end may have in hand."""
    steady: bool
    """Whether silence is sent too."""
    echoes: bool
    """Whether the far end gives marks back when it has played them."""

    def send(self, frame: bytes) -> None:
        """Send 20 ms, linear."""
        ...

    def mark(self, name: str) -> None:
        """Put a mark behind what was sent."""
        ...

    def clear(self) -> None:
        """Drop what was sent and not played."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(slots=True)
class _OnItsWay:
    sound: bytes
    marks: list[str] = field(default_factory=list)


class Ahead:
    """What is still to be said, and what is on its way."""

    def __init__(self, reached: Callable[[str], None]) -> None:
        self._reached = reached
        self._passed: list[str] = []
        self._playout = Playout(self._passed.append)
        self._on_the_way: deque[_OnItsWay] = deque()
        self._due: list[str] = []
        self._late: dict[str, int] = {}
        self._marks: dict[str, str] = {}
        self._numbers = 0
        self._silent = 0

    def put(self, sound: bytes, mark: str) -> None:
        """Queue sound, and a mark behind it."""
        self._playout.put(sound, mark)

    def tick(self, wire: Wire) -> bytes:
        """Send what is due. What the caller hears in this frame."""
        due, self._due = self._due, []  # their frames have been played by now, as far as we can tell from here
        for name in due:
            if wire.echoes and name in self._marks:
                self._late[name] = ECHO_TICKS
            else:
                self.played(name)
        self._give_up_waiting()
        hears = self._on_the_way.popleft() if self._on_the_way else _OnItsWay(b"")
        self._due = hears.marks
        while len(self._on_the_way) < wire.lead and self._pull(wire):
            pass
        if not self._on_the_way and not hears.sound:
            self._be_silent(wire)
        return hears.sound

    def _pull(self, wire: Wire) -> bool:
        frame = self._playout.frame()
        marks = [self._named(mark) for mark in self._passed]
        self._passed.clear()
        if frame is not None:
            wire.send(frame)
            self._on_the_way.append(_OnItsWay(frame, marks))
        elif marks:
            (self._on_the_way[-1].marks if self._on_the_way else self._due).extend(marks)
        for name in marks:
            wire.mark(name)
        return frame is not None

    def _named(self, mark: str) -> str:
        """The name a mark has on the wire: never used twice, so that one called back is not taken for a later one."""
        self._numbers += 1
        name = f"m{self._numbers}"
        self._marks[name] = mark
        return name

    def _give_up_waiting(self) -> None:
        for name in list(self._late):
            self._late[name] -= 1
            if self._late[name] <= 0:
                self.played(name)

    def played(self, name: str) -> None:
        """A mark was played, by its name on the wire. Told once; what was called back is not told."""
        self._late.pop(name, None)
        if (mark := self._marks.pop(name, None)) is not None:
            self._reached(mark)

    def _be_silent(self, wire: Wire) -> None:
        self._silent += 1
        if wire.steady and not (wire.echoes and self._silent % SILENCE_LEFT_OUT == 0):
            wire.send(SILENCE)

    def flush(self, wire: Wire | None) -> float:
        """Forget everything, here and at the far end; how many seconds were not heard."""
        unheard = self._playout.flush() + len(self._on_the_way) * FRAME_SECONDS
        had = bool(self._on_the_way)
        self._on_the_way.clear()
        self._marks.clear()
        self._late.clear()
        self._due = []
        if wire is not None and had:
            wire.clear()
        return unheard

    @property
    def queued(self) -> bool:
        """Whether anything is still to be sent."""
        return self._playout.playing

    @property
    def playing(self) -> bool:
        """Whether anything is still to be heard."""
        return self._playout.playing or bool(self._on_the_way)
