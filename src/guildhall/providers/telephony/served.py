"""An HTTP and websocket server inside the gateway's own loop, for suppliers and switches that call us over the web."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the gateway process's own business."""
        yield


@asynccontextmanager
async def served(app: Any, host: str, port: int, most_bytes: int = 1 << 16) -> AsyncIterator[int]:
    """Serve an ASGI application; on which port."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=most_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    server = _Server(config)
    listening = socket.create_server((host, port))
    running = asyncio.get_running_loop().create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not running.done():
            await asyncio.sleep(0.005)
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        await asyncio.gather(running, return_exceptions=True)
        listening.close()
