"""What a call session needs of whatever carries the call. Sound is linear 16-bit at 8 kHz, a frame is 20 ms."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol

RATE: Final = 8000
FRAME_SECONDS: Final = 0.02
FRAME_BYTES: Final = 320


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """20 ms of what the caller says, and of what was sent to them at the same time.

    `at` is seconds since the call was answered; `lost` says that it is made up for a frame that never came.
    """

    sound: bytes
    at: float
    lost: bool = False
    said: bytes = b""


class HangUpCause(StrEnum):
    """Why a call ended."""

    CALLER = "caller"
    US = "us"
    CANCELLED = "cancelled"
    NO_ACK = "no_ack"
    MEDIA_GONE = "media_gone"
    DRAINED = "drained"
    FAILED = "failed"
    PERSON = "person"
    """The person whom the caller was put through to hung up."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The caller pressed a key."""

    key: str
    duration_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class MarkPlayed:
    """Everything up to a mark has been sent to the caller."""

    mark: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over."""

    cause: HangUpCause


@dataclass(frozen=True, slots=True)
class Held:
    """The caller's side put us on hold, or took us off it."""

    on: bool


@dataclass(frozen=True, slots=True)
class MediaStalled:
    """No sound has come for so long."""

    seconds: float


LegEvent = KeyPressed | MarkPlayed | HungUp | Held | MediaStalled


class TransferOutcome(StrEnum):
    """How a transfer ended."""

    CONNECTED = "connected"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TransferTarget:
    """Where a call may go: only what is configured. `context` travels as an opaque reference, never as content."""

    address: str
    ring_seconds: float = 20.0
    context: Mapping[str, str] = field(default_factory=dict)


class CallLeg(Protocol):
    """One caller, as the session hears and answers them."""

    id: str
    caller_number: str
    dialled_number: str
    headers: Mapping[str, str]

    async def answer(self) -> None:
        """Pick up."""
        ...

    async def reject(self, status: int) -> None:
        """Do not pick up; `status` is SIP's, such as 486 for busy or 503."""
        ...

    async def hang_up(self) -> None:
        """End the call. Ending it again does nothing."""
        ...

    def frames(self) -> AsyncIterator[AudioFrame]:
        """What the caller says, frame by frame, until the call is over."""
        ...

    def events(self) -> AsyncIterator[LegEvent]:
        """What happens besides sound; ends with HungUp."""
        ...

    def play(self, sound: bytes, mark: str = "") -> None:
        """Queue sound; the mark is told when all of it was sent."""
        ...

    def flush(self) -> float:
        """Drop what is queued; how many seconds of it were not sent."""
        ...

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """Connect the caller to a person. On anything but CONNECTED the caller is still here."""
        ...


class CallTap(Protocol):
    """Takes in the sound of a call beside the session, such as a recording does. Both sides are in a frame."""

    def begin(self, conversation_id: str) -> None:
        """The conversation that the call became."""
        ...

    def frame(self, frame: AudioFrame) -> None:
        """20 ms of both sides; never waits."""
        ...

    def pause(self, why: str) -> None:
        """What comes now must not be kept: a payment, secret keys, or a person who has the call where the council keeps no more then."""
        ...

    def resume(self, why: str) -> None:
        """This is no reason any more. It may be kept again once none is left: `notice` is one from the beginning."""
        ...

    async def close(self) -> None:
        """The call is over."""
        ...


OnCall = Callable[[CallLeg], Awaitable[None]]


class MediaGateway(Protocol):
    """What answers calls."""

    async def serve(self, on_call: OnCall) -> None:
        """Take calls until drained or cancelled; each is handed over before it is answered."""
        ...

    async def drain(self, deadline_seconds: float) -> None:
        """Take no more calls, and end those that still run at the deadline."""
        ...
