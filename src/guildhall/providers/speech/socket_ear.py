"""An ear over a websocket: one connection an utterance, its sound sent while the caller speaks, its text ready soon after they stop.

What the messages look like is a dialect's; the rest is the same for all: bounds in time and size, partial text, and a socket that is
closed whatever happens.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, SpeechError
from guildhall.providers.speech.limits import MOST_ANSWER_BYTES, Limits
from guildhall.providers.speech.meaning import meaning

Message = str | bytes

QUIET: Final = logging.getLogger("guildhall.speech.socket")
QUIET.setLevel(logging.CRITICAL)  # at DEBUG the library would write every frame, and with it what was said


@dataclass(frozen=True, slots=True)
class Partial:
    """What is understood so far."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """All that was understood. `confidence` is the service's own, or 1 where it gives none."""

    text: str
    confidence: float = 1.0


class Dialect(Protocol):
    """How one service's messages look; one object an utterance. It knows no socket and no clock."""

    address: str
    headers: Mapping[str, str]

    def begin(self) -> Sequence[Message]:
        """What is sent before any sound."""
        ...

    def sound(self, sound: bytes) -> Sequence[Message]:
        """Linear 16-bit sound at 8 kHz, as the service wants it."""
        ...

    def end(self) -> Sequence[Message]:
        """The caller has finished."""
        ...

    def idle(self) -> Message | None:
        """What keeps the connection alive while nothing is said."""
        ...

    def take(self, message: Message) -> Partial | Done | None:
        """What a message of the service means. Raises SpeechError."""
        ...


class _Connect(connect):
    """A connection that follows no redirect: sound goes to the registered supplier and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Never."""
        return exc


class SocketEar:
    """SpeechToText over a websocket."""

    def __init__(
        self,
        name: str,
        hearing: Hearing,
        dialect: Callable[[str, Grammar | None, Sequence[str]], Dialect],
        limits: Limits | None = None,
    ) -> None:
        self._name, self._hearing, self._dialect = name, hearing, dialect
        self._limits = limits or Limits()
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        return self._name

    @property
    def hearing(self) -> Hearing:
        """What it can hear."""
        return self._hearing

    async def close(self) -> None:
        """Wait for connections that are being closed."""
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """Begin an utterance. The connection is made meanwhile: a caller is already speaking."""
        if language not in self._hearing.languages:
            raise SpeechError(f"{self._name} does not hear `{language}`")
        return _Utterance(self._name, self._dialect(language, grammar, hints), grammar, self._limits, self._close)

    def _close(self, socket: ClientConnection) -> None:
        """Say goodbye to the service while the caller is being answered."""
        task = asyncio.get_running_loop().create_task(_farewell(socket))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def between(confidence: float) -> float:
    """A confidence from 0 to 1, whatever number the service gave; what is no number is none."""
    return min(1.0, confidence) if confidence > 0 else 0.0


async def _farewell(socket: ClientConnection) -> None:
    try:
        await socket.close()
    finally:
        socket.transport.abort()


@dataclass
class _Utterance:
    """One connection."""

    name: str
    dialect: Dialect
    grammar: Grammar | None
    limits: Limits
    close: Callable[[ClientConnection], None]
    partial: str = ""
    """What is understood so far."""
    _pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    _fed: int = 0

    def __post_init__(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def feed(self, sound: bytes) -> None:
        """More of it. Never waits for the service."""
        if self._task.done():
            self._task.result()  # raises what went wrong
            return
        self._fed += len(sound)
        if self._fed > self.limits.most_heard_seconds * RATE * 2:
            self._task.cancel()
            raise SpeechError("the utterance is too long")
        self._pieces.put_nowait(sound)

    async def finish(self) -> Heard:
        """The text, in time or not at all."""
        if not self._fed:
            await self.cancel()
            return Heard("", provider=self.name)
        self._pieces.put_nowait(None)
        try:
            done = await asyncio.wait_for(self._task, self.limits.finish_seconds)
        except TimeoutError:
            raise SpeechError("the service took too long") from None
        return Heard(done.text, between(done.confidence), meaning(done.text, self.grammar), self.name)

    async def cancel(self) -> None:
        """Close the connection at once."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> Done:
        try:
            socket = await _Connect(
                self.dialect.address,
                additional_headers=dict(self.dialect.headers),
                user_agent_header="guildhall",
                open_timeout=self.limits.connect_seconds,
                close_timeout=1.0,
                ping_interval=None,
                max_size=MOST_ANSWER_BYTES,
                compression=None,
                logger=QUIET,
            )
        except InvalidStatus as error:
            raise SpeechError(f"the service answered {error.response.status_code}") from None
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            raise SpeechError(f"the service could not be reached: {type(error).__name__}") from None
        done = None
        try:
            async with asyncio.timeout(self.limits.utterance_seconds):
                done = await self._talk(socket)
        except (OSError, WebSocketException) as error:  # a TimeoutError is an OSError
            raise SpeechError(f"the connection broke: {type(error).__name__}") from None
        finally:
            if done is None:  # whatever ended it
                socket.transport.abort()
        self.close(socket)
        return done

    async def _talk(self, socket: ClientConnection) -> Done:
        writing = asyncio.get_running_loop().create_task(self._write(socket))
        try:
            async for message in socket:
                taken = taken_from(self.dialect, message)
                if isinstance(taken, Done):
                    return taken
                if taken is not None:
                    self.partial = taken.text
            raise SpeechError("the service closed the connection before it had answered")
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, socket: ClientConnection) -> None:
        await _send(socket, self.dialect.begin())
        while True:
            try:
                sound = await asyncio.wait_for(self._pieces.get(), self.limits.keep_alive_seconds)
            except TimeoutError:
                if (idle := self.dialect.idle()) is not None:
                    await socket.send(idle)
                continue
            if sound is None:
                await _send(socket, self.dialect.end())
                return
            await _send(socket, self.dialect.sound(sound))


def taken_from(dialect: Dialect, message: Message) -> Partial | Done | None:
    """What a message means. Whatever a service sends, nothing but SpeechError comes of it."""
    try:
        return dialect.take(message)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError):
        raise SpeechError("the service sent a message that cannot be read") from None


async def _send(socket: ClientConnection, messages: Sequence[Message]) -> None:
    for message in messages:
        await socket.send(message)
