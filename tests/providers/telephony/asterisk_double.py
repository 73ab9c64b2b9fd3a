"""A double of Asterisk: as much of ARI, of the websocket channel, of AudioSocket and of our sample dialplan as the gateway uses.

What it does is what Asterisk 22.10 was seen to do: keys come both over ARI and over the sound's websocket, sound may come before
MEDIA_START, and the end of the sound's channel sends the caller to the advisers unless the call is done.
"""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect

from guildhall.channels.phone.ports import FRAME_BYTES, FRAME_SECONDS
from guildhall.providers.telephony.asterisk.wires import SOUND_FRAME, UUID_FRAME, frame_of, read_frame
from guildhall.providers.telephony.served import served

HANDLER = "CHANNEL(hangup_handler_push)"


@dataclass
class Channel:
    """One channel. `queue` is what is still to be played to whoever is bridged with it."""

    id: str
    name: str
    number: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    up: bool = False
    alive: bool = True
    with_people: bool = False
    heard: bytearray = field(default_factory=bytearray)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """It was answered, ended, or given to people."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """It was ended, or given to people."""

    def shown(self) -> dict[str, Any]:
        """As ARI shows it."""
        plan = {"context": "guildhall", "exten": "01632960100", "priority": 1, "app_name": "Stasis", "app_data": "guildhall,caller"}
        caller = {"name": "", "number": self.number}
        return {"id": self.id, "name": self.name, "state": "Up" if self.up else "Ring", "caller": caller, "dialplan": plan}


class Sound:
    """The sound's channel: what it plays into the bridge, frame by frame."""

    def __init__(self) -> None:
        self.queue: deque[bytes | str] = deque()
        self.flushed = 0

    async def play(self, double: "AsteriskDouble", channel: Channel, mark: Any) -> None:
        """Play what is queued, 20 ms at a time; marks are given back as they are passed."""
        while True:
            while self.queue and isinstance(self.queue[0], str):
                await mark(self.queue.popleft())
            frame = self.queue.popleft() if self.queue else b""
            if isinstance(frame, bytes) and frame:
                for other in double.bridged_with(channel):
                    other.heard += frame
            await asyncio.sleep(FRAME_SECONDS)


class AsteriskDouble:
    """One Asterisk. `outcomes` says what becomes of a call to an endpoint: `answer`, or the cause with which it ends."""

    def __init__(self) -> None:
        self.url = ""
        self.media_address = ""
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, list[str]] = {}
        self.outcomes: dict[str, str] = {}
        self.originated: list[dict[str, Any]] = []
        self.redirected: list[str] = []
        self.requests: list[str] = []
        self.refuse: set[str] = set()
        self.sounds: dict[str, Sound] = {}
        self._events: WebSocket | None = None
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._speaking: dict[str, asyncio.Queue[bytes | str]] = {}
        self.flushed = 0

    # how it is run

    @asynccontextmanager
    async def running(self) -> AsyncIterator["AsteriskDouble"]:
        """Run it."""
        app = Starlette(
            routes=[
                WebSocketRoute("/ari/events", self._listen),
                Route("/ari/channels", self._channels, methods=["GET", "POST"]),
                Route("/ari/channels/externalMedia", self._external_media, methods=["POST"]),
                Route("/ari/channels/{id}", self._end_channel, methods=["DELETE"]),
                Route("/ari/channels/{id}/variable", self._variable, methods=["GET", "POST"]),
                Route("/ari/channels/{id}/{what}", self._channel, methods=["POST"]),
                Route("/ari/bridges/{id}", self._bridge, methods=["POST", "DELETE"]),
                Route("/ari/bridges/{id}/addChannel", self._join, methods=["POST"]),
            ]
        )
        async with served(app, "127.0.0.1", 0) as port:
            self.url = f"http://127.0.0.1:{port}"
            try:
                yield self
            finally:
                for task in list(self._tasks):
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, work: Any) -> None:
        """Do something beside."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # what happens to callers

    async def ring(self, number: str) -> Channel:
        """A caller: to Guildhall, or to people when it is not there."""
        n = next(self._numbers)
        channel = self.channels[f"17.{n}"] = Channel(f"17.{n}", f"PJSIP/trunk-{n:08x}", number)
        if self._events is None:
            self.to_people(channel)
        else:
            await self.tell("StasisStart", channel, args=["caller"])
        return channel

    def say(self, channel: Channel, frame: bytes) -> None:
        """The caller says 20 ms."""
        for other in self.bridged_with(channel):
            if other.id in self._speaking:
                self._speaking[other.id].put_nowait(frame)

    async def press(self, channel: Channel, key: str) -> None:
        """The caller presses a key: told over ARI, and over the sound's websocket too."""
        await self.tell("ChannelDtmfReceived", channel, digit=key, duration_ms=100)
        for other in self.bridged_with(channel):
            if other.id in self._speaking:
                self._speaking[other.id].put_nowait(json.dumps({"event": "DTMF_END", "channel_id": other.id, "digit": key}))

    async def gone(self, channel: Channel, cause: int = 16) -> None:
        """A channel ends, with its errand."""
        if not channel.alive:
            return
        channel.alive = False
        channel.settled.set()
        channel.ended.set()
        self.channels.pop(channel.id, None)
        for members in self.bridges.values():
            if channel.id in members:
                members.remove(channel.id)
        await self.tell("ChannelDestroyed", channel, cause=cause)
        await self._errand(channel)
        if adviser := self._named(channel.variables.get("GUILDHALL_ADVISER", "")):
            await self.gone(adviser)

    async def _errand(self, channel: Channel) -> None:
        caller = self._named(channel.variables.get("GUILDHALL_CALLER", ""))
        errand = channel.variables.get(HANDLER, "")
        if caller is None:
            return
        done = caller.variables.get("CALL_DONE") == "1" or caller.variables.get("GUILDHALL_ADVISER")
        if errand == "guildhall-gone,media,1" and not done:
            self.to_people(caller)
            await self.tell("StasisEnd", caller)
        elif errand == "guildhall-gone,adviser,1" and channel.variables.get("GUILDHALL_BRIDGED") == "1":
            await self.gone(caller)

    def to_people(self, channel: Channel) -> None:
        """The advisers' phones ring for this caller."""
        channel.with_people = True
        channel.settled.set()
        channel.ended.set()

    def bridged_with(self, channel: Channel) -> list[Channel]:
        """Who is in a bridge with this channel."""
        members = next((members for members in self.bridges.values() if channel.id in members), [])
        return [self.channels[name] for name in members if name != channel.id and name in self.channels]

    def _named(self, name: str) -> Channel | None:
        return next((channel for channel in self.channels.values() if channel.name == name), None)

    # what it tells

    async def tell(self, kind: str, channel: Channel, **more: Any) -> None:
        """An event to whoever listens."""
        if self._events is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await self._events.send_text(json.dumps({"type": kind, "application": "guildhall", "channel": channel.shown(), **more}))

    async def _listen(self, websocket: WebSocket) -> None:
        if not websocket.headers.get("authorization", "").startswith("Basic "):
            await websocket.close()
            return
        await websocket.accept()
        self._events = websocket
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            self._events = None

    # what it is asked

    def _found(self, request: Request) -> Channel | None:
        self.requests.append(f"{request.method} {request.url.path}?{request.url.query}")
        return self.channels.get(request.path_params["id"])

    async def _channels(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse([channel.shown() for channel in self.channels.values()])
        body = await request.json()
        self.originated.append(body)
        channel = self.channels[body["channelId"]] = Channel(body["channelId"], f"{body['endpoint']}-{next(self._numbers):08x}")
        channel.variables.update(body.get("variables", {}))
        self.start(self._rung(channel, self.outcomes.get(body["endpoint"], "19")))
        return JSONResponse(channel.shown())

    async def _rung(self, channel: Channel, outcome: str) -> None:
        await asyncio.sleep(0.05)
        if outcome == "answer":
            channel.up = True
            await self.tell("StasisStart", channel, args=["adviser"])
        else:
            await self.gone(channel, int(outcome))

    async def _channel(self, request: Request) -> Response:
        channel, what = self._found(request), request.path_params["what"]
        if channel is None or what in self.refuse:
            return Response(status_code=404 if channel is None else 500)
        if what == "answer":
            channel.up = True
            channel.settled.set()
        elif what == "continue":
            self.to_people(channel)
            await self.tell("StasisEnd", channel)
        elif what == "redirect":
            self.redirected.append((await request.json())["endpoint"])
            await self.gone(channel)
        return Response(status_code=204)

    async def _end_channel(self, request: Request) -> Response:
        channel = self._found(request)
        if channel is None:
            return Response(status_code=404)
        await self.gone(channel)
        return Response(status_code=204)

    async def _variable(self, request: Request) -> Response:
        channel = self._found(request)
        if channel is None:
            return Response(status_code=404)
        if request.method == "GET":
            name = request.query_params["variable"]
            return JSONResponse({"value": channel.variables[name]}) if name in channel.variables else Response(status_code=404)
        body = await request.json()
        channel.variables[body["variable"]] = body["value"]
        return Response(status_code=204)

    async def _bridge(self, request: Request) -> Response:
        if request.method == "POST":
            self.bridges[request.path_params["id"]] = []
            return JSONResponse({"id": request.path_params["id"]})
        return Response(status_code=204 if self.bridges.pop(request.path_params["id"], None) is not None else 404)

    async def _join(self, request: Request) -> Response:
        names = (await request.json())["channel"]  # a list, where several are meant: commas are split in a query only
        if any(name not in self.channels for name in names):
            return Response(status_code=422)
        self.bridges[request.path_params["id"]].extend(names)
        return Response(status_code=204)

    async def _external_media(self, request: Request) -> Response:
        body = await request.json()
        channel = self.channels[body["channelId"]] = Channel(body["channelId"], f"Media/{next(self._numbers)}", up=True)
        channel.variables.update(body.get("variables", {}))
        self._speaking[channel.id] = asyncio.Queue()
        sound = self.sounds[channel.id] = Sound()
        run = self._websocket(channel, sound) if body["transport"] == "websocket" else self._audiosocket(channel, sound, body)
        self.start(run)
        await self.tell("StasisStart", channel, args=[])
        return JSONResponse(channel.shown())

    # the sound's two ways

    async def _websocket(self, channel: Channel, sound: Sound) -> None:
        async with connect(self.media_address, subprotocols=["media"], compression=None, proxy=None) as websocket:  # type: ignore[list-item]
            await websocket.send(bytes(FRAME_BYTES))  # before anything has been said of whose it is
            start = {"event": "MEDIA_START", "channel_id": channel.id, "format": "slin", "optimal_frame_size": FRAME_BYTES, "ptime": 20}
            await websocket.send(json.dumps(start))

            async def mark(name: str) -> None:
                await websocket.send(json.dumps({"event": "MEDIA_MARK_PROCESSED", "correlation_id": name, "channel_id": channel.id}))

            async def speak() -> None:
                while True:
                    await websocket.send(await self._speaking[channel.id].get())

            self.start(sound.play(self, channel, mark))
            self.start(speak())
            self.start(_when(channel.ended, websocket.close()))
            async for message in websocket:
                if isinstance(message, bytes):
                    sound.queue.extend(message[at : at + FRAME_BYTES] for at in range(0, len(message), FRAME_BYTES))
                elif (command := json.loads(message))["command"] == "MARK_MEDIA":
                    sound.queue.append(str(command["correlation_id"]))
                elif command["command"] == "FLUSH_MEDIA":
                    sound.queue.clear()
                    sound.flushed += 1
                    self.flushed += 1
        await self.gone(channel)

    async def _audiosocket(self, channel: Channel, sound: Sound, body: dict[str, Any]) -> None:
        host, _, port = body["external_host"].partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(frame_of(UUID_FRAME, bytes.fromhex(body["data"].replace("-", ""))))

        async def speak() -> None:
            while True:
                said = await self._speaking[channel.id].get()
                if isinstance(said, bytes):
                    writer.write(frame_of(SOUND_FRAME, said))

        async def nothing(name: str) -> None:
            raise AssertionError(f"AudioSocket has no marks, and {name} is one")

        self.start(sound.play(self, channel, nothing))
        self.start(speak())

        async def end() -> None:
            writer.close()

        self.start(_when(channel.ended, end()))
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while (frame := await read_frame(reader))[0] == SOUND_FRAME:
                sound.queue.append(frame[1])
        writer.close()
        await self.gone(channel)


async def _when(event: asyncio.Event, work: Any) -> None:
    try:
        await event.wait()
        await work
    finally:
        work.close()
