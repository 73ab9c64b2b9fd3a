"""One caller of the embedded gateway: the SIP dialog and its sound, as the call session sees them."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from guildhall.channels.phone.ports import (
    FRAME_SECONDS,
    AudioFrame,
    HangUpCause,
    Held,
    HungUp,
    KeyPressed,
    LegEvent,
    MarkPlayed,
    MediaStalled,
    TransferOutcome,
    TransferTarget,
)
from guildhall.providers.telephony.rtp import KEYS
from guildhall.providers.telephony.sip.dialog import Dialog
from guildhall.providers.telephony.sip.endpoint import SipEndpoint
from guildhall.providers.telephony.sip.media import Sound, Ticker
from guildhall.providers.telephony.sip.messages import SipError, SipRequest, address, parse_uri, response_to
from guildhall.providers.telephony.sip.sdp import Media, SdpError, answer, offer, read_offer
from guildhall.providers.telephony.sip.transactions import NoResponseError, Peer

SDP = (("content-type", "application/sdp"),)
STALLED_SECONDS = 5.0
FRAMES_HELD = 500
REFER_SECONDS = 30.0
INFO_KEY = re.compile(rb"Signal\s*=\s*([0-9*#A-D]|1[01])", re.IGNORECASE)
KEPT_HEADERS = ("user-agent", "p-asserted-identity", "diversion", "x-case-ref", "user-to-user")


class SipLeg:
    """A call that came in."""

    def __init__(self, invite: SipRequest, peer: Peer, endpoint: SipEndpoint, sound: Sound, ticker: Ticker) -> None:
        self._invite, self._peer, self._endpoint, self._sound = invite, peer, endpoint, sound
        self._tag = secrets.token_hex(6)
        self._session = secrets.randbelow(2**31)
        self._dialog = Dialog.called(invite, self._tag, endpoint.here, peer)
        self._frames: asyncio.Queue[AudioFrame | None] = asyncio.Queue()
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._over = False
        self._answered_at: float | None = None
        self._held = False
        self._stalled = False
        self._referred: asyncio.Future[TransferOutcome] | None = None
        self._stop_ticking = ticker.add(self.tick)
        self._media: Media | None = read_offer(invite.body) if invite.body else None
        self.id = secrets.token_urlsafe(12)
        self.caller_number = _number(invite.headers.get("from"))
        self.dialled_number = _number(f"<{invite.uri}>")
        self.headers: Mapping[str, str] = {name: invite.headers.get(name) for name in KEPT_HEADERS if invite.headers.get(name)}
        endpoint.know(invite.call_id, self._tag, self, invite.branch)

    # what the call session does

    async def answer(self) -> None:
        """Pick up. A caller who gave up meanwhile is told by an event."""
        if self._over or self._answered_at is not None:
            return
        self._answered_at = asyncio.get_running_loop().time()
        host = self._endpoint.here[0]
        if self._media is not None:
            self._sound.agree(self._media)
            body = answer(self._media, host, self._sound.port, self._session)
        else:
            body = offer(host, self._sound.port, self._session)  # no offer in the INVITE: ours, and theirs comes with the ACK
        accepted = response_to(self._invite, 200, self._tag, (("contact", self._dialog.contact), *SDP), body)
        self._endpoint.transactions.respond(self._invite, accepted, self._peer, self._no_ack)

    async def reject(self, status: int) -> None:
        """Do not pick up."""
        if self._over or self._answered_at is not None:
            return
        self._endpoint.transactions.respond(self._invite, response_to(self._invite, status, self._tag), self._peer)
        self._finish(HangUpCause.US)

    async def hang_up(self) -> None:
        """End the call, whether or not the other side still answers."""
        if self._over:
            return
        answered = self._answered_at is not None
        if not answered:
            await self.reject(480)
            return
        self._finish(HangUpCause.US)
        await self._ask("BYE")

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """What the caller says."""
        while (frame := await self._frames.get()) is not None:
            yield frame

    async def events(self) -> AsyncIterator[LegEvent]:
        """What happens."""
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HungUp):
                return

    def play(self, sound: bytes, mark: str = "") -> None:
        """Queue sound."""
        self._sound.playout.put(sound, mark)

    def flush(self) -> float:
        """Drop what is queued."""
        return self._sound.playout.flush()

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """Hand the caller to another phone by REFER, and wait for news of it; the caller stays until the other has answered."""
        if mode != "refer" or self._over:
            return TransferOutcome.FAILED
        parse_uri(to.address)
        self._referred = asyncio.get_running_loop().create_future()
        context = tuple((f"x-{name}", value) for name, value in to.context.items())
        refer = (("refer-to", f"<{to.address}>"), ("referred-by", self._dialog.contact), *context)
        status = await self._ask("REFER", refer)
        if status is None or status >= 300:
            return TransferOutcome.REFUSED if status else TransferOutcome.FAILED
        try:
            outcome = await asyncio.wait_for(self._referred, to.ring_seconds + REFER_SECONDS)
        except TimeoutError:
            return TransferOutcome.NO_ANSWER
        if outcome == TransferOutcome.CONNECTED:
            await self.hang_up()
        return outcome

    async def _ask(self, method: str, more: tuple[tuple[str, str], ...] = ()) -> int | None:
        request = self._dialog.request(method, more)
        try:
            response = await self._endpoint.transactions.ask(request, self._dialog.next_hop(self._endpoint.bounds.peers))
        except NoResponseError:
            return None
        return response.status

    # what the endpoint tells

    def acked(self, request: SipRequest) -> None:
        """The caller has our answer; it may describe their sound only now."""
        if self._media is None and request.body:
            try:
                self._media = self._checked(read_offer(request.body))
            except SdpError:
                self._spawn(self.hang_up())
                return
            self._sound.agree(self._media)

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """Hold, resume, or a new address for the sound; anything we cannot speak is refused and the call goes on as it was."""
        if request.cseq[0] <= self._dialog.remote_cseq:
            return self._endpoint.answer(request, peer, 500)
        self._dialog.remote_cseq = request.cseq[0]
        try:
            media = self._checked(read_offer(request.body)) if request.body else self._media
        except SdpError:
            media = None
        if media is None:
            return self._endpoint.answer(request, peer, 488)
        self._media = media
        self._sound.agree(media)
        if contact := request.headers.get("contact"):
            self._dialog.target = address(contact)
        body = answer(media, self._endpoint.here[0], self._sound.port, self._session)
        accepted = response_to(request, 200, self._tag, (("contact", self._dialog.contact), *SDP), body)
        self._endpoint.transactions.respond(request, accepted, peer, self._no_ack)
        if media.held != self._held:
            self._held = media.held
            self._events.put_nowait(Held(self._held))
        return None

    def cancelled(self) -> None:
        """The caller gave up."""
        if self._over or self._answered_at is not None:
            return
        self._endpoint.transactions.respond(self._invite, response_to(self._invite, 487, self._tag), self._peer)
        self._finish(HangUpCause.CANCELLED)

    def ended(self) -> None:
        """The caller hung up."""
        self._finish(HangUpCause.CALLER)

    def informed(self, request: SipRequest) -> None:
        """A key by SIP INFO (application/dtmf-relay, or the digit alone)."""
        found = INFO_KEY.search(request.body)
        key = found[1].decode().upper() if found else request.body.strip().decode("ascii", "ignore").upper()
        key = {"10": "*", "11": "#"}.get(key, key)
        if key and key in KEYS:
            self._events.put_nowait(KeyPressed(key))

    def notified(self, request: SipRequest) -> None:
        """How a transfer goes (RFC 3515): the status line of the other call."""
        found = re.match(rb"SIP/2\.0 ([1-6]\d\d)", request.body)
        if not found or self._referred is None or self._referred.done() or int(found[1]) < 200:
            return
        busy = {486: TransferOutcome.BUSY, 600: TransferOutcome.BUSY, 480: TransferOutcome.NO_ANSWER, 408: TransferOutcome.NO_ANSWER}
        status = int(found[1])
        self._referred.set_result(TransferOutcome.CONNECTED if status < 300 else busy.get(status, TransferOutcome.FAILED))

    # sound

    def tick(self) -> None:
        """Once each 20 ms."""
        if self._answered_at is None or self._over:
            return
        sound, lost, said = self._sound.tick()
        if self._frames.qsize() < FRAMES_HELD:
            self._frames.put_nowait(AudioFrame(sound, asyncio.get_running_loop().time() - self._answered_at, lost, said))
        silent = self._sound.silent_ticks * FRAME_SECONDS
        if silent >= STALLED_SECONDS and not self._stalled and not self._held:
            self._stalled = True
            self._events.put_nowait(MediaStalled(silent))
        elif not silent:
            self._stalled = False

    def pressed(self, key: KeyPressed) -> None:
        """A key came with the sound."""
        self._events.put_nowait(key)

    def reached(self, mark: str) -> None:
        """A mark was played."""
        self._events.put_nowait(MarkPlayed(mark))

    def _checked(self, media: Media) -> Media:
        if media.host not in (*self._endpoint.bounds.peers, "0.0.0.0"):
            raise SdpError("the sound would go to somebody who is no peer")
        return media

    def _no_ack(self) -> None:
        if not self._over:
            self._finish(HangUpCause.NO_ACK)
            self._spawn(self._ask("BYE"))

    def _finish(self, cause: HangUpCause) -> None:
        if self._over:
            return
        self._over = True
        self._stop_ticking()
        self._sound.close()
        self._endpoint.forget(self._invite.call_id, self._tag)
        if self._referred is not None and not self._referred.done():
            self._referred.set_result(TransferOutcome.FAILED)
        self._frames.put_nowait(None)
        self._events.put_nowait(HungUp(cause))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        _RUNNING.add(task)
        task.add_done_callback(_RUNNING.discard)


_RUNNING: set[asyncio.Task[Any]] = set()


def _number(value: str) -> str:
    """The caller's or dialled number; empty when it is withheld or no number."""
    try:
        user = parse_uri(address(value)).user
    except SipError:
        return ""
    return "" if user.lower() in ("anonymous", "unknown", "restricted") else user
