"""A double of the supplier whose dialect came first: asks over HTTP, does what the answer says, streams, dials, and signs all of it.

What it does is what its documentation says: marks that are cleared come back, and when a stream ends without other instructions, the
next verb is done.
"""

import asyncio
import base64
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from xml.etree import ElementTree

import httpx2
import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from guildhall.channels.phone.ports import FRAME_SECONDS
from guildhall.providers.telephony.g711 import Law, decode, encode
from guildhall.providers.telephony.served import served
from guildhall.providers.telephony.streams.signature import HEADER, signature_of


class SupplierCall:
    """One caller of the supplier's."""

    def __init__(self, double: "SupplierDouble", call: str, number: str) -> None:
        self.double, self.id, self.number = double, call, number
        self.heard = bytearray()
        self.done: list[str] = []
        self.answered = asyncio.Event()
        self.settled = asyncio.Event()
        self.ended = asyncio.Event()
        self.with_people = False
        self.up = False
        self.hung_up = False
        self.stream: ClientConnection | None = None
        self.streams = 0
        self.instructed: str | None = None
        self._interrupt = asyncio.Event()
        self._queue: deque[tuple[str, Any]] = deque()

    async def live(self) -> None:
        """From the first question to the end."""
        fields = {"CallSid": self.id, "From": self.number, "To": "+441632960100", "CallStatus": "ringing"}
        await self._do(await self.double.ask("/streams/voice", fields))
        self.settled.set()
        self.ended.set()

    async def _do(self, twiml: str) -> None:
        for verb in ElementTree.fromstring(twiml):
            self.done.append(verb.tag)
            if verb.tag in ("Reject", "Hangup"):
                break
            after = await (self._connect(verb) if verb.tag == "Connect" else self._dial(verb))
            if self.instructed is not None:
                after, self.instructed = self.instructed, None
                self._interrupt.clear()
            if after or self.hung_up:
                if after and not self.hung_up:
                    await self._do(after)
                break

    def instruct(self, twiml: str) -> None:
        """Other instructions: what is being done is broken off."""
        self.instructed = twiml
        self._interrupt.set()

    def hang_up(self) -> None:
        """The caller hangs up, or the supplier ends the call."""
        self.hung_up = True
        self._interrupt.set()

    async def _connect(self, connect_verb: ElementTree.Element) -> str:
        stream = connect_verb[0]
        url = stream.attrib["url"]
        self.up = True
        self.settled.set()
        headers = {HEADER: signature_of(self.double.token, url)}
        try:
            async with connect(url, additional_headers=headers, compression=None, proxy=None) as self.stream:
                await self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
                given = {parameter.attrib["name"]: parameter.attrib["value"] for parameter in stream}
                start = {"callSid": self.id, "streamSid": "MZ1", "tracks": ["inbound"], "customParameters": given}
                await self._send({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": start})
                self.streams += 1
                await self._stream(self.stream)
        except (OSError, WebSocketException):
            pass  # whoever does not take the stream: the next verb
        self.stream = None
        return ""

    async def _stream(self, websocket: ClientConnection) -> None:
        self._queue.clear()
        tasks = [asyncio.create_task(work) for work in (self._listen(websocket), self._play(), self._interrupt.wait())]
        try:
            await asyncio.wait((tasks[0], tasks[2]), return_when=asyncio.FIRST_COMPLETED)
            if self._interrupt.is_set():
                with suppress(ConnectionClosed):
                    await self._send({"event": "stop", "streamSid": "MZ1", "stop": {"callSid": self.id}})
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, websocket: ClientConnection) -> None:
        async for text in websocket:
            message = json.loads(text)
            assert message["streamSid"] == "MZ1"
            if message["event"] == "media":
                self._queue.append(("sound", decode(base64.b64decode(message["media"]["payload"]), Law.MU).tobytes()))
            elif message["event"] == "mark":
                self._queue.append(("mark", message["mark"]["name"]))
            elif message["event"] == "clear":
                self.double.cleared += 1
                marks = [name for kind, name in self._queue if kind == "mark"]
                self._queue.clear()
                for name in marks:
                    await self._mark(name)

    async def _play(self) -> None:
        while True:
            while self._queue and self._queue[0][0] == "mark":
                await self._mark(self._queue.popleft()[1])
            if self._queue:
                self.heard += self._queue.popleft()[1]
            await asyncio.sleep(FRAME_SECONDS)

    async def _mark(self, name: str) -> None:
        await self._send({"event": "mark", "streamSid": "MZ1", "mark": {"name": name}})

    async def _send(self, message: dict[str, Any]) -> None:
        assert self.stream is not None
        await self.stream.send(json.dumps(message))

    async def say(self, frame: bytes) -> None:
        """The caller says 20 ms."""
        payload = base64.b64encode(encode(np.frombuffer(frame, np.int16), Law.MU)).decode()
        await self._send({"event": "media", "streamSid": "MZ1", "media": {"track": "inbound", "chunk": "1", "payload": payload}})

    async def press(self, key: str) -> None:
        """The caller presses a key."""
        await self._send({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": key}})

    async def _dial(self, dial: ElementTree.Element) -> str:
        who, action = dial[0], dial.attrib.get("action", "")
        self.double.dialled.append((who.tag, who.text or ""))
        if not action:  # this is whom the supplier rings when nobody has told it anything better
            self.with_people = True
            return ""
        status = self.double.outcomes.get(who.text or "", "no-answer")
        if status == "answered":
            fields = {"CallSid": self.id + "b", "ParentCallSid": self.id, "CallStatus": "in-progress"}
            await self.double.ask(who.attrib["statusCallback"], fields)
            await self._interrupt.wait()
            status = "completed"
        over = "completed" if self.hung_up else "in-progress"
        return await self.double.ask(action, {"CallSid": self.id, "CallStatus": over, "DialCallStatus": status})


class SupplierDouble:
    """The supplier. `outcomes` says what becomes of who is dialled: `answered`, `busy`, `no-answer`."""

    account, token = "AC00000000000000000000000000000000", "a token for tests only"

    def __init__(self) -> None:
        self.gateway = ""
        self.url = ""
        self.outcomes: dict[str, str] = {}
        self.calls: dict[str, SupplierCall] = {}
        self.dialled: list[tuple[str, str]] = []
        self.asked: list[str] = []
        self.cleared = 0
        self.refuses = False
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SupplierDouble"]:
        """Run its REST interface."""
        route = Route("/2010-04-01/Accounts/{account}/Calls/{call}.json", self._update, methods=["POST"])
        async with served(Starlette(routes=[route]), "127.0.0.1", 0) as port:
            self.url = f"http://127.0.0.1:{port}"
            try:
                yield self
            finally:
                for call in self.calls.values():
                    call.hang_up()
                for task in list(self._tasks):
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def ring(self, number: str) -> SupplierCall:
        """Somebody calls."""
        call = SupplierCall(self, f"CA{next(self._numbers):032x}", number)
        self.calls[call.id] = call
        task = asyncio.get_running_loop().create_task(call.live())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return call

    async def ask(self, where: str, fields: dict[str, str], signature: str = "") -> str:
        """A signed question to the gateway."""
        url = where if where.startswith("http") else self.gateway + where
        self.asked.append(url)
        headers = {HEADER: signature or signature_of(self.token, url, fields.items())}
        async with httpx2.AsyncClient(trust_env=False, timeout=15) as http:
            response = await http.post(url, data=fields, headers=headers)
        return response.text if response.status_code == 200 else ""

    async def _update(self, request: Request) -> Response:
        expected = "Basic " + base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if self.refuses or request.headers.get("authorization") != expected:
            return Response(status_code=401)
        call, form = self.calls[request.path_params["call"]], await request.form()
        if "Twiml" in form:
            call.instruct(str(form["Twiml"]))
        else:
            call.hang_up()
        return JSONResponse({"sid": call.id})
