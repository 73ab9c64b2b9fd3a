"""What is still to be said to a caller: one frame a tick, marks when they are reached, and how much was never heard after a flush."""

from collections import deque
from collections.abc import Callable

from guildhall.channels.phone.ports import FRAME_BYTES, RATE


class Playout:
    """A queue of sound with marks in it."""

    def __init__(self, reached: Callable[[str], None]) -> None:
        self._reached = reached
        self._queued: deque[bytes | str] = deque()
        self._rest = b""
        self._bytes = 0

    def put(self, sound: bytes, mark: str) -> None:
        """Queue linear sound, and a mark behind it."""
        if sound:
            self._queued.append(sound)
            self._bytes += len(sound)
        if mark:
            self._queued.append(mark)

    def frame(self) -> bytes | None:
        """The next 20 ms, filled up with silence at the end of the queue; None when nothing is queued. Marks that are passed are told."""
        while len(self._rest) < FRAME_BYTES and self._queued:
            item = self._queued[0]
            if isinstance(item, str):
                if self._rest:
                    break  # a mark is reached with the frame that holds the last sound before it
                self._queued.popleft()
                self._reached(item)
                continue
            self._rest += item
            self._queued.popleft()
        if not self._rest:
            return None
        frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
        self._bytes -= len(frame)
        if not self._rest:
            self._tell()
        return frame.ljust(FRAME_BYTES, b"\0")

    def flush(self) -> float:
        """Forget everything; how many seconds were not sent."""
        unheard = self._bytes / (2 * RATE)
        self._queued.clear()
        self._rest, self._bytes = b"", 0
        return unheard

    @property
    def playing(self) -> bool:
        """Whether anything is still to be sent."""
        return bool(self._bytes)

    def _tell(self) -> None:
        while self._queued and isinstance(self._queued[0], str):
            mark = self._queued.popleft()
            assert isinstance(mark, str)
            self._reached(mark)
