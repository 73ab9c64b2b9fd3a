"""As much of an HTTP client as a thousand browsers need in one process, so that measuring takes little of the two cores."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

TIMEOUT = 20.0
LINE_AT_MOST = 1 << 22


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Browser:
    """One person's connection to one server, kept open, and their cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    heard: str = ""
    """The id of the last event of its stream."""
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, path: str, **headers: str) -> Answer:
        """Read a page."""
        async with self._turn:
            return await self._ask("GET", path, headers, b"")

    async def post(self, path: str, form: Mapping[str, str], **headers: str) -> Answer:
        """Send a form."""
        async with self._turn:
            sent = {"Content-Type": "application/x-www-form-urlencoded"} | headers
            return await self._ask("POST", path, sent, urlencode(form).encode())

    async def events(self, path: str) -> AsyncIterator[tuple[str, Any]]:
        """A stream of server-sent events on a connection of its own: the name of each and its data."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=LINE_AT_MOST)
        try:
            writer.write(self._head("GET", path, {"Accept": "text/event-stream"}, b""))
            status, headers = await self._headers(reader)
            if status != 200:
                raise ConnectionError(f"{path} answered {status}")
            name, text = "", ""
            async for line in _lines(reader, headers):
                if line.startswith("id: "):
                    self.heard = line[4:]
                elif line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    text = line[6:]
                elif not line and name:
                    yield name, json.loads(text)
                    name = ""
        finally:
            writer.close()

    def close(self) -> None:
        """Go."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        async with asyncio.timeout(TIMEOUT):
            if self._open is not None:
                with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):  # it was closed for being idle
                    return await self._over(self._open, method, path, headers, body)
            self.close()
            self._open = await asyncio.open_connection("127.0.0.1", self.port, limit=LINE_AT_MOST)
            return await self._over(self._open, method, path, headers, body)

    async def _over(
        self, opened: tuple[asyncio.StreamReader, asyncio.StreamWriter], method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        reader, writer = opened
        writer.write(self._head(method, path, headers, body) + body)
        status, got = await self._headers(reader)
        if "content-length" in got:
            raw = await reader.readexactly(int(got["content-length"]))
        else:
            raw = b"".join([chunk async for chunk in _chunks(reader)]) if "transfer-encoding" in got else b""
        if got.get("connection") == "close":
            self.close()
        return Answer(status, got, raw.decode())

    def _head(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Sec-Fetch-Site: same-origin", f"Content-Length: {len(body)}"]
        lines += [f"Cookie: {cookies}"] if cookies else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _headers(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return int(lines[0].split()[1]), headers


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readline() or b"0", 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()


async def _lines(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> AsyncIterator[str]:
    assert headers.get("transfer-encoding") == "chunked"
    rest = b""
    async for chunk in _chunks(reader):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode()
