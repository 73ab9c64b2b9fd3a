"""Where Asterisk connects to with the sound of calls. Only who is expected is listened to: by an id that nobody can guess."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from guildhall.providers.telephony.asterisk.config import AsteriskConfig
from guildhall.providers.telephony.asterisk.wires import AudioSocketWire, WebsocketWire, Wired

log = structlog.get_logger("guildhall.asterisk")

STRANGER_SECONDS: Final = 5.0
"""A connection that has not said by then whose it is, is closed."""
MOST_BYTES: Final = 1 << 16


class MediaServer:
    """Listens for the sound of calls."""

    def __init__(self, config: AsteriskConfig) -> None:
        self._config = config
        self.port = config.media_port
        self._expected: dict[str, asyncio.Future[Wired]] = {}
        self._server: Server | asyncio.Server | None = None
        self._reading: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; on which port."""
        where = (self._config.media_host, self._config.media_port)
        if self._config.media == "websocket":
            protocols = [Subprotocol("media")]
            self._server = await serve(self._websocket, *where, subprotocols=protocols, compression=None, max_size=MOST_BYTES)
        else:
            self._server = await asyncio.start_server(self._audiosocket, *where)
        self.port = int(next(iter(self._server.sockets)).getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Listen no more, and end what runs."""
        if self._server is not None:
            self._server.close()
        for task in list(self._reading):
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def expect(self, key: str) -> asyncio.Future[Wired]:
        """The connection of a call, by its channel or uuid, when it comes."""
        self._expected[key] = future = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda _: self._expected.pop(key, None) and None)
        return future

    def _known(self, key: str, wire: Wired) -> bool:
        future = self._expected.get(key)
        if future is None or future.done():
            log.warning("media_of_nobody")
            return False
        future.set_result(wire)
        return True

    async def _websocket(self, connection: ServerConnection) -> None:
        wire = WebsocketWire(connection)
        known = asyncio.Event()

        def started(it: WebsocketWire) -> None:
            if self._known(it.channel, it):
                known.set()
            else:
                it.close()

        await self._read(wire.read(started), known)

    async def _audiosocket(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = AudioSocketWire(reader, writer)
        known = asyncio.Event()

        def started(it: AudioSocketWire) -> None:
            if self._known(it.uuid, it):
                known.set()
            else:
                it.close()

        await self._read(wire.read(started), known)

    async def _read(self, reading: "asyncio._CoroutineLike[None]", known: asyncio.Event) -> None:
        task = asyncio.get_running_loop().create_task(reading)
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        try:
            naming = asyncio.get_running_loop().create_task(known.wait())
            await asyncio.wait((task, naming), timeout=STRANGER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            naming.cancel()
            if not known.is_set():
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        finally:
            task.cancel()
