"""The gateway of media streams: a small web server on loopback, behind the proxy that has the certificate.

A request that the supplier has not signed is not answered. What goes wrong in one stream ends that stream only, and behind every
stream stand the advisers' phones.
"""

import asyncio
import base64
import hmac
import re
from contextlib import suppress
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from guildhall.channels.phone.ports import HangUpCause, OnCall
from guildhall.providers.telephony.numbers import number_of
from guildhall.providers.telephony.served import served
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.streams import twiml
from guildhall.providers.telephony.streams.config import StreamsConfig, StreamsConfigError
from guildhall.providers.telephony.streams.dialect import Began, Dialect, DialectError, KeyCame, MarkCame, SoundCame, Stopped, dialects
from guildhall.providers.telephony.streams.leg import StreamLeg, Tokens
from guildhall.providers.telephony.streams.rest import CallControl
from guildhall.providers.telephony.streams.signature import HEADER, is_signed
from guildhall.providers.telephony.streams.wire import StreamWire
from guildhall.providers.telephony.tells_session import run_session

log = structlog.get_logger("guildhall.streams")

START_SECONDS: Final = 5.0
MOST_FORM_BYTES: Final = 16_384
OVER: Final = frozenset({"completed", "canceled", "failed"})
CALL_ID: Final = re.compile(r"[A-Za-z0-9]{2,64}")


class StreamsGateway:
    """A MediaGateway over a supplier's media streams."""

    def __init__(self, config: StreamsConfig) -> None:
        if config.dialect not in dialects():
            known = ", ".join(sorted(dialects()))
            raise StreamsConfigError(f"GUILDHALL_PHONE_STREAMS_DIALECT is {config.dialect!r}; the dialects are {known}")
        self._config = config
        self._dialect: Dialect = dialects()[config.dialect]
        self._on_call: OnCall | None = None
        self._control: CallControl | None = None
        self._tokens = Tokens()
        self._legs: dict[str, StreamLeg] = {}
        self._sessions: set[asyncio.Task[None]] = set()
        self._draining = False
        self._opened = asyncio.Event()
        self.port = 0
        self.refused = 0
        """Requests that were not the supplier's."""
        self.ticker = Ticker()

    async def opened(self) -> None:
        """Wait until calls can come."""
        await self._opened.wait()

    @property
    def running(self) -> int:
        """How many calls there are."""
        return len(self._legs)

    async def serve(self, on_call: OnCall) -> None:
        """Take calls until cancelled."""
        self._on_call = on_call
        self._control = CallControl(self._config) if self._dialect.webhook else None
        app = Starlette(
            routes=[
                Route("/streams/voice", self._voice, methods=["POST"]),
                Route("/streams/after", self._after, methods=["POST"]),
                Route("/streams/answered", self._answered, methods=["POST"]),
                Route("/streams/ended", self._ended, methods=["POST"]),
                WebSocketRoute("/streams/media", self._media),
            ]
        )
        try:
            async with served(app, self._config.host, self._config.port) as self.port:
                self._opened.set()
                try:
                    await self.ticker.run()
                finally:
                    await self._to_people()  # we go, and so whoever still talks to us is not done
        finally:
            for task in list(self._sessions):
                task.cancel()
            await asyncio.gather(*self._sessions, return_exceptions=True)
            if self._control is not None:
                await self._control.close()

    async def drain(self, deadline_seconds: float) -> None:
        """Take no more calls: new ones go to the advisers, and so do those that still run at the deadline."""
        self._draining = True
        if self._sessions:
            await asyncio.wait(list(self._sessions), timeout=deadline_seconds)
        await self._to_people()

    async def _to_people(self) -> None:
        for leg in list(self._legs.values()):
            await leg.to_people(HangUpCause.DRAINED)

    # what the supplier asks over HTTP

    async def _voice(self, request: Request) -> Response:
        """A call has come in: what is to be done with it."""
        if (form := await self._signed(request)) is None:
            return Response(status_code=403)
        call = form.get("CallSid", "")
        if self._full or not CALL_ID.fullmatch(call):
            return _xml(self._advisers())
        leg = self._legs.get(call) or self._new(call, form.get("From", ""), form.get("To", ""))
        try:
            return _xml(await asyncio.wait_for(asyncio.shield(leg.decided), self._config.decide_seconds))
        except TimeoutError:
            await leg.to_people(HangUpCause.FAILED)
            return _xml(leg.decided.result())

    async def _after(self, request: Request) -> Response:
        """Another phone is no longer rung, or was hung up."""
        if (form := await self._signed(request)) is None:
            return Response(status_code=403)
        status, leg = form.get("DialCallStatus", ""), self._legs.get(form.get("CallSid", ""))
        if leg is not None and form.get("CallStatus") in OVER:
            leg.caller_gone()
            return _xml(twiml.hung_up())
        if leg is not None:
            return _xml(leg.dial_ended(status))
        return _xml(twiml.hung_up() if status in ("completed", "answered") else self._advisers())

    async def _answered(self, request: Request) -> Response:
        """Another phone was picked up."""
        if (form := await self._signed(request)) is None:
            return Response(status_code=403)
        if (leg := self._legs.get(form.get("ParentCallSid", ""))) is not None:
            leg.adviser_answered()
        return Response(status_code=204)

    async def _ended(self, request: Request) -> Response:
        """The caller's call is over."""
        if (form := await self._signed(request)) is None:
            return Response(status_code=403)
        if (leg := self._legs.get(form.get("CallSid", ""))) is not None:
            leg.caller_gone()
        return Response(status_code=204)

    async def _signed(self, request: Request) -> dict[str, str] | None:
        """The fields of a request, if it is the supplier's."""
        length = request.headers.get("content-length", "")
        if not self._dialect.signed or not length.isdigit() or int(length) > MOST_FORM_BYTES:
            self._refuse("form")
            return None
        fields = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
        address = self._config.public_url + request.url.path
        if not is_signed(request.headers.get(HEADER, ""), self._config.token, [address], fields):
            self._refuse("signature")
            return None
        return dict(fields)

    def _refuse(self, why: str) -> None:
        self.refused += 1
        log.warning("request_not_of_supplier", why=why)

    @property
    def _full(self) -> bool:
        return self._draining or len(self._legs) >= self._config.calls

    def _advisers(self) -> str:
        return twiml.only(twiml.dial(self._config.targets[self._config.advisers], self._config.adviser_seconds))

    # the streams

    async def _media(self, websocket: WebSocket) -> None:
        if not self._is_supplier(websocket):
            self._refuse("websocket")
            await websocket.close(1008)
            return
        await websocket.accept(self._dialect.subprotocol or None)
        leg, wire = None, None
        cause = HangUpCause.MEDIA_GONE
        try:
            began = await asyncio.wait_for(self._beginning(websocket), START_SECONDS)
            leg = self._leg_of(began)
            if leg is not None:
                wire = StreamWire(websocket, self._dialect, began.stream)
                leg.stream_began(wire)
                cause = await self._until_over(websocket, leg, wire)
        except DialectError:
            log.warning("stream_unreadable", dialect=self._dialect.name)
        except (WebSocketDisconnect, TimeoutError):
            if "stop" not in self._dialect.hears:  # these suppliers end a stream without a word
                cause = HangUpCause.CALLER
        finally:
            if leg is not None and wire is not None:
                leg.stream_ended(wire, cause)
                await wire.end()
            with suppress(RuntimeError, WebSocketDisconnect):  # the supplier may have closed it already
                await websocket.close()

    def _is_supplier(self, websocket: WebSocket) -> bool:
        if not self._dialect.signed:
            return _knows(websocket.headers.get("authorization", ""), self._config.token)
        secure = self._config.public_url + websocket.url.path
        stream = secure.replace("http", "ws", 1)  # suppliers were seen to sign either, with and without a slash at the end
        ways = [address + end for address in (stream, secure) for end in ("", "/")]
        return is_signed(websocket.headers.get(HEADER, ""), self._config.token, ways)

    async def _beginning(self, websocket: WebSocket) -> Began:
        while True:
            message = await _next(websocket)
            if isinstance(message, str) and (answer := self._dialect.answer(message)):
                await websocket.send_text(answer)
            if isinstance(message, str) and isinstance(began := self._dialect.read(message, begun=False), Began):
                return began

    def _leg_of(self, began: Began) -> StreamLeg | None:
        if self._dialect.webhook:
            leg = self._tokens.take(began.token)
            return leg if leg is not None and leg.call == began.call and not leg.over else None
        if self._full or not began.call or began.call in self._legs:
            return None
        leg = self._new(began.call, began.caller, began.dialled)
        leg.decided.set_result("")
        return leg

    async def _until_over(self, websocket: WebSocket, leg: StreamLeg, wire: StreamWire) -> HangUpCause:
        reading = asyncio.get_running_loop().create_task(self._read(websocket, leg, wire))
        ending = asyncio.get_running_loop().create_task(wire.broken.wait())
        try:
            await asyncio.wait((reading, ending), return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else HangUpCause.MEDIA_GONE
        finally:
            reading.cancel()
            ending.cancel()
            await asyncio.gather(reading, ending, return_exceptions=True)

    async def _read(self, websocket: WebSocket, leg: StreamLeg, wire: StreamWire) -> HangUpCause:
        while True:
            message = await _next(websocket)
            came = self._dialect.read(message, begun=True)
            if isinstance(came, SoundCame):
                leg.heard(came.sound)
            elif isinstance(came, KeyCame):
                leg.pressed(came.key)
            elif isinstance(came, MarkCame):
                leg.played(came.name)
            elif isinstance(came, Stopped):
                return HangUpCause.CALLER
            elif isinstance(message, str):
                wire.say(self._dialect.answer(message))

    # the sessions

    def _new(self, call: str, caller: str, dialled: str) -> StreamLeg:
        leg = StreamLeg(call, (number_of(caller), number_of(dialled)), self._config, self._control, self._tokens, self.ticker)
        self._legs[call] = leg
        task = asyncio.get_running_loop().create_task(self._take(leg))
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)
        return leg

    async def _take(self, leg: StreamLeg) -> None:
        assert self._on_call is not None
        try:
            await run_session(self._on_call, leg, lambda: leg.to_people(HangUpCause.FAILED))
        finally:
            self._legs.pop(leg.call, None)


async def _next(websocket: WebSocket) -> str | bytes:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    return text if text is not None else bytes(message["bytes"])


def _knows(authorization: str, token: str) -> bool:
    """Whether the header has our token, as a bearer or as a password."""
    kind, _, given = authorization.partition(" ")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    return kind.lower() in ("bearer", "basic") and hmac.compare_digest(given.encode(), token.encode())


def _xml(text: str) -> Response:
    return Response(text, media_type="text/xml")


def streams_gateway(config: StreamsConfig) -> StreamsGateway:
    """The gateway of a configuration."""
    return StreamsGateway(config)
