"""Servers on loopback that speak the websocket side of speech services, and hold their clients to the protocol."""

import asyncio
import base64
import binascii
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from guildhall.testing.speech.trouble import STATUS, Seen, Trouble

QUIET = logging.getLogger("guildhall.testing.speech")
QUIET.setLevel(logging.CRITICAL)  # a test that looks for words in logs must find the client's only
Speaks = Callable[["SpeechSocketServer", ServerConnection, Seen], Awaitable[None]]


@dataclass
class SpeechSocketServer:
    """Use it as `async with`. `speaks` is the protocol: one of the three functions below. It hears what `says` holds."""

    speaks: Speaks
    trouble: Trouble = Trouble.NONE
    says: str = "when is my bin day"
    confidence: float = 0.75
    seen: list[Seen] = field(default_factory=list)
    fails_first: int = 0
    """So many connections see the trouble; 0 means all."""

    async def __aenter__(self) -> Self:
        self._server: Server = await serve(
            self._talk, "127.0.0.1", 0, process_request=self._enter, compression=None, close_timeout=0.2, logger=QUIET
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where it is."""
        host, port = next(iter(self._server.sockets)).getsockname()[:2]
        return f"http://{host}:{port}"

    def _enter(self, connection: ServerConnection, request: Request) -> Response | None:
        self.seen.append(Seen(request.path, {name.lower(): value for name, value in request.headers.raw_items()}))
        trouble = self.now
        if trouble in STATUS:
            headers = Headers({"Content-Length": "0", "Connection": "close"})
            if trouble == Trouble.ELSEWHERE:
                headers["Location"] = "ws://127.0.0.1:9/elsewhere"
            return Response(STATUS[trouble], HTTPStatus(STATUS[trouble]).phrase, headers, b"")
        return None

    @property
    def now(self) -> Trouble:
        """The trouble of the newest connection."""
        return self.trouble if not self.fails_first or len(self.seen) <= self.fails_first else Trouble.NONE

    async def _talk(self, connection: ServerConnection) -> None:
        seen, trouble = self.seen[-1], self.now
        try:
            if trouble == Trouble.DROPS:
                connection.transport.abort()
            elif trouble == Trouble.STALLS:
                async for _ in connection:
                    pass
            else:
                await self.speaks(self, connection, seen)
        except ConnectionClosed:
            pass
        finally:
            seen.closed = True

    async def midway(self, connection: ServerConnection) -> bool:
        """Called when half of an answer was given: whether the rest is not given."""
        if self.now == Trouble.DROPS_MIDWAY:
            connection.transport.abort()
            return True
        if self.now == Trouble.STALLS_MIDWAY:
            async for _ in connection:
                pass
            return True
        return False

    async def amiss(self, connection: ServerConnection, error: str) -> bool:
        """Called before an answer: whether something else was sent instead. `error` is the protocol's own message of failure."""
        if self.now == Trouble.GARBLES:
            await connection.send("\u0000 not what you think {")
        elif self.now == Trouble.WRONG_TYPE:
            await connection.send("[1, 2, 3]")
        elif self.now == Trouble.FLOODS:
            await connection.send("x" * 600_000)
        elif self.now == Trouble.REPORTS_ERROR:
            await connection.send(error)
        else:
            return False
        async for _ in connection:
            pass
        return True

    @property
    def heard(self) -> list[str]:
        """The words it hears, in two halves."""
        words = ("" if self.now == Trouble.NOTHING else self.says).split()
        return [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


async def base64_events(server: SpeechSocketServer, connection: ServerConnection, seen: Seen) -> None:
    """Events in JSON, sound in base64, a commit at the end."""
    await connection.send(json.dumps({"type": "session.created", "session": {"type": "transcription"}}))
    async for message in connection:
        event = json.loads(message)
        kind = event["type"]
        seen.came(kind)
        if kind == "session.update":
            _check_session(event["session"], seen)
            await connection.send(json.dumps({"type": "session.updated", "session": event["session"]}))
        elif kind == "input_audio_buffer.append":
            try:
                seen.sound += base64.b64decode(event["audio"], validate=True)
            except binascii.Error:
                seen.faults.append("the sound is not base64")
        elif kind == "input_audio_buffer.commit":
            if await server.amiss(connection, json.dumps({"type": "error", "error": {"type": "server_error", "message": server.says}})):
                return
            await _events_answer(server, connection)


def _check_session(session: dict[str, Any], seen: Seen) -> None:
    heard = session.get("audio", {}).get("input", {})
    if session.get("type") != "transcription" or "turn_detection" not in heard or heard["turn_detection"] is not None:
        seen.faults.append("the session is no transcription whose end we say")
    if heard.get("format", {}).get("type") not in ("audio/pcma", "audio/pcmu", "audio/pcm"):
        seen.faults.append("the format is unknown")
    if not heard.get("transcription", {}).get("model"):
        seen.faults.append("no model is named")


async def _events_answer(server: SpeechSocketServer, connection: ServerConnection) -> None:
    kind = "conversation.item.input_audio_transcription."
    await connection.send(json.dumps({"type": "input_audio_buffer.committed", "item_id": "item_1"}))
    first, second = server.heard
    await connection.send(json.dumps({"type": kind + "delta", "item_id": "item_1", "delta": first}))
    if await server.midway(connection):
        return
    await connection.send(json.dumps({"type": kind + "delta", "item_id": "item_1", "delta": " " + second}))
    transcript = f"{first} {second}".strip()
    await connection.send(json.dumps({"type": kind + "completed", "item_id": "item_1", "content_index": 0, "transcript": transcript}))


async def binary_results(server: SpeechSocketServer, connection: ServerConnection, seen: Seen) -> None:
    """Sound in binary messages, orders in text, results that are final one by one."""
    asked = parse_qs(urlsplit(seen.path).query)
    if asked.get("encoding") not in (["alaw"], ["mulaw"], ["linear16"]) or asked.get("sample_rate") != ["8000"]:
        seen.faults.append("the coding is not said")
    first, second = server.heard
    async for message in connection:
        if isinstance(message, bytes):
            if not seen.sound:
                await connection.send(_result(first, 0.2, final=False))
            seen.sound += message
            seen.came("sound")
            continue
        kind = json.loads(message)["type"]
        seen.came(kind)
        if kind == "Finalize":
            error = json.dumps({"type": "Error", "err_code": "NET-0001", "description": server.says})
            if await server.amiss(connection, error):
                return
            await connection.send(_result(first, server.confidence, final=True))
            if await server.midway(connection):
                return
            await connection.send(_result(second, server.confidence, final=True, finalized=True))
        elif kind == "CloseStream":
            await connection.send(json.dumps({"type": "Metadata", "request_id": "r", "duration": 1.0, "channels": 1}))
            return


def _result(text: str, confidence: float, final: bool, finalized: bool = False) -> str:
    best = {"transcript": text, "confidence": confidence, "words": []}
    result: dict[str, Any] = {"type": "Results", "channel_index": [0, 1], "is_final": final, "channel": {"alternatives": [best]}}
    return json.dumps({**result, "from_finalize": True} if finalized else result)


async def headed_messages(server: SpeechSocketServer, connection: ServerConnection, seen: Seen) -> None:
    """Headers and body in every message, the first sound a wav file's beginning, an empty one the end."""
    if len(seen.headers.get("x-connectionid", "")) != 32:
        seen.faults.append("no connection id")
    async for message in connection:
        path, request_id, body = _parts(message, seen)
        seen.came(path)
        if path != "audio":
            json.loads(body)
            continue
        if not seen.sound and body[:4] != b"RIFF":
            seen.faults.append("the first sound has no header")
        seen.sound += body
        if len(body) > 8192:
            seen.faults.append("a piece is too long")
        if not body:
            if await server.amiss(
                connection, _headed("speech.phrase", request_id, {"RecognitionStatus": "Error", "DisplayText": server.says})
            ):
                return
            await _headed_answer(server, connection, request_id)
            return


def _parts(message: str | bytes, seen: Seen) -> tuple[str, str, bytes]:
    if isinstance(message, bytes):
        length = int.from_bytes(message[:2], "big")
        head, body = message[2 : 2 + length].decode("ascii"), message[2 + length :]
    else:
        head, _, text = message.partition("\r\n\r\n")
        body = text.encode()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n") if line)}
    for needed in ("path", "x-requestid", "x-timestamp"):
        if not headers.get(needed):
            seen.faults.append(f"a message without {needed}")
    return headers.get("path", ""), headers.get("x-requestid", ""), body


def _headed(path: str, request_id: str, body: dict[str, Any] | None) -> str:
    return (
        f"X-RequestId:{request_id}\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}\r\n\r\n{json.dumps(body) if body else ''}"
    )


async def _headed_answer(server: SpeechSocketServer, connection: ServerConnection, request_id: str) -> None:
    first, second = server.heard
    await connection.send(_headed("turn.start", request_id, {"context": {"serviceTag": "t"}}))
    await connection.send(_headed("speech.hypothesis", request_id, {"Text": first, "Offset": 0, "Duration": 1}))
    if await server.midway(connection):
        return
    whole = f"{first} {second}".strip()
    best = {"Confidence": server.confidence, "Lexical": whole, "Display": whole}
    status = "Success" if whole else "NoMatch"
    await connection.send(_headed("speech.phrase", request_id, {"RecognitionStatus": status, "NBest": [best] if whole else []}))
    await connection.send(_headed("turn.end", request_id, None))
    await asyncio.sleep(0)
