"""A server on loopback that speaks the HTTP side of speech services: a transcription of a form, and voices asked in JSON or SSML."""

import asyncio
import json
import math
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from guildhall.testing.speech.trouble import STATUS, Seen, Trouble

SECONDS_A_WORD: Final = 0.25
PIECE: Final = 2400


def tone(seconds: float, rate: int, pitch: float = 400.0, loud: int = 6000) -> bytes:
    """A sine, linear 16-bit."""
    return b"".join(struct.pack("<h", round(loud * math.sin(2 * math.pi * pitch * n / rate))) for n in range(round(seconds * rate)))


def wav_of(sound: bytes, rate: int, channels: int = 1, endless: bool = False) -> bytes:
    """A wav file; `endless` as servers write it that stream."""
    length = 0xFFFFFFFF if endless else len(sound)
    described = struct.pack("<HHIIHH", 1, channels, rate, 2 * rate * channels, 2 * channels, 16)
    head = b"RIFF" + struct.pack("<I", min(0xFFFFFFFF, length + 36)) + b"WAVEfmt " + struct.pack("<I", 16) + described
    return head + b"data" + struct.pack("<I", length) + sound


@dataclass
class SpeechHttpServer:
    """Use it as `async with`. It transcribes what `says` holds, and speaks a tone of a quarter of a second a word at `rate`."""

    trouble: Trouble = Trouble.NONE
    says: str = "when is my bin day"
    rate: int = 24_000
    sends: str = "pcm"
    """`pcm`, `wav`, `endless-wav`, or `stereo`."""
    seen: list[Seen] = field(default_factory=list)
    fails_first: int = 0
    """So many requests see the trouble; 0 means all."""

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where it is."""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            if self.seen:
                self.seen[-1].closed = True
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        seen = Seen(head[0].split(" ")[1], headers, body)
        self.seen.append(seen)
        trouble = self.trouble if not self.fails_first or len(self.seen) <= self.fails_first else Trouble.NONE
        if trouble == Trouble.STALLS:
            await reader.read()  # until the client gives up
            return False
        if trouble == Trouble.DROPS:
            return False
        if trouble in STATUS:
            where = "Location: http://127.0.0.1:9/elsewhere\r\n" if trouble == Trouble.ELSEWHERE else ""
            await self._send(writer, f"HTTP/1.1 {STATUS[trouble]} No\r\n{where}Content-Length: 0\r\n\r\n".encode())
            return True
        speaks = not seen.path.partition("?")[0].endswith("/transcriptions")
        kind, pieces = self._spoken(seen, trouble) if speaks else self._transcribed(trouble)
        return await self._answer(reader, writer, kind, pieces, trouble)

    def _transcribed(self, trouble: Trouble) -> tuple[str, list[bytes]]:
        if trouble == Trouble.GARBLES:
            return "application/json", [b'{"text": ["no", ']
        if trouble == Trouble.FLOODS:
            return "application/json", [b" " * 65_536] * 40
        if trouble == Trouble.WRONG_TYPE:
            return "text/html", [b"<h1>Sign in</h1>"]
        said = "" if trouble == Trouble.NOTHING else self.says
        text = json.dumps({"text": said}).encode()
        return "application/json", [text[:5], text[5:]]

    def _spoken(self, seen: Seen, trouble: Trouble) -> tuple[str, list[bytes]]:
        if trouble == Trouble.GARBLES:
            return "audio/wav", [b"RIFF....WAVEdata" + bytes(64)]
        if trouble == Trouble.FLOODS:
            return "audio/pcm", [bytes(65_536)] * 400
        if trouble == Trouble.WRONG_TYPE:
            return "application/json; charset=utf-8", [b'{"error": "no such voice"}']
        rate = 8000 if "sample_rate=8000" in seen.path or "raw-8khz" in str(seen.headers) else self.rate
        sound = b"" if trouble == Trouble.NOTHING else tone(SECONDS_A_WORD * self._words(seen), rate)
        if self.sends == "stereo":
            sound = wav_of(sound, rate, channels=2)
        elif self.sends != "pcm":
            sound = wav_of(sound, rate, endless=self.sends == "endless-wav")
        kind = "audio/pcm" if self.sends == "pcm" else "audio/wav"
        return kind, [sound[at : at + PIECE + 1] for at in range(0, len(sound), PIECE + 1)]  # odd pieces: samples are cut in two

    @staticmethod
    def _words(seen: Seen) -> int:
        body = seen.body.decode("utf-8", "replace")
        if body.startswith("{"):
            asked = json.loads(body)
            return len((asked.get("input") or asked.get("text") or "").split())
        return len(body.partition("<voice")[2].partition(">")[2].partition("</voice>")[0].split())

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: str, pieces: list[bytes], trouble: Trouble
    ) -> bool:
        await self._send(writer, f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        half = len(pieces) // 2 if trouble in (Trouble.STALLS_MIDWAY, Trouble.DROPS_MIDWAY) else len(pieces)
        for piece in pieces[:half] if half < len(pieces) else pieces:
            await self._send(writer, f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if trouble == Trouble.STALLS_MIDWAY:
            await reader.read()
            return False
        if trouble == Trouble.DROPS_MIDWAY:
            return False
        await self._send(writer, b"0\r\n\r\n")
        return True

    @staticmethod
    async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        await writer.drain()
