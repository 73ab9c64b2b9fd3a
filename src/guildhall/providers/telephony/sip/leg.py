"""One caller of the embedded gateway: the SIP dialog and its sound, as the call session sees them."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from typing import Literal

from guildhall.channels.phone.ports import (
    AudioFrame,
    HangUpCause,
    Held,
    KeyPressed,
    TransferOutcome,
    TransferTarget,
)
from guildhall.channels.phone.weakly import weakly
from guildhall.providers.telephony.rtp import KEYS
from guildhall.providers.telephony.sip.bridge import Bridge
from guildhall.providers.telephony.sip.dialog import Dialog
from guildhall.providers.telephony.sip.messages import SipRequest, response_to
from guildhall.providers.telephony.sip.numbers import number_in
from guildhall.providers.telephony.sip.referring import Referring
from guildhall.providers.telephony.sip.sound import Sound
from guildhall.providers.telephony.sip.talk import Line, Talk
from guildhall.providers.telephony.sip.targets import NotATargetError
from guildhall.providers.telephony.sip.transactions import Peer
from guildhall.providers.telephony.tells_session import TellsSession

INFO_KEY = re.compile(rb"Signal\s*=\s*(1[01]|[0-9*#A-D])(?![0-9A-Z])", re.IGNORECASE)
KEPT_HEADERS = ("user-agent", "p-asserted-identity", "diversion", "x-case-ref", "user-to-user")


class SipLeg(TellsSession):
    """A call that came in."""

    def __init__(self, invite: SipRequest, peer: Peer, line: Line) -> None:
        super().__init__()
        self._invite, self._peer, self._line = invite, peer, line
        self._answered_at: float | None = None
        self._over = False
        self.gone = asyncio.Event()
        self._bridge: Bridge | None = None
        self._referring: Referring | None = None
        self.id = secrets.token_urlsafe(12)
        tag = secrets.token_hex(6)
        dialog = Dialog.called(invite, tag, line.endpoint.facing(peer), peer)
        self.sound = Sound(line.ports, weakly(self._tell), weakly(self._reached))
        self.talk = Talk(
            line, self.id, dialog, self.sound, weakly(self._finish), weakly(self._put_on_hold), invite=invite.encoded().decode()
        )
        if invite.body:
            self.talk.agree(invite.body)
        self.caller_number = number_in(invite.headers.get("from"))
        self.dialled_number = number_in(f"<{invite.uri}>")
        self.headers: Mapping[str, str] = {name: invite.headers.get(name) for name in KEPT_HEADERS if invite.headers.get(name)}
        self._stop_ticking = line.ticker.add(self.tick, self._failed)
        line.endpoint.know(invite.call_id, tag, self, invite)
        self.talk.tell()

    # what the call session does

    async def answer(self) -> None:
        """Pick up. A caller who gave up meanwhile is told by an event."""
        if self._over or self._answered_at is not None:
            return
        self._answered_at = asyncio.get_running_loop().time()
        self.talk.accept(self._invite, self._peer)

    async def reject(self, status: int) -> None:
        """Do not pick up."""
        if self._over or self._answered_at is not None:
            return
        self._refuse(status, HangUpCause.US)

    async def hang_up(self) -> None:
        """End the call; whether the other side still answers is not waited for."""
        if self._over:
            return
        if self._answered_at is None:
            await self.reject(480)
        else:
            self.talk.end(HangUpCause.US)

    def play(self, sound: bytes, mark: str = "") -> None:
        """Queue sound."""
        self.sound.playout.put(sound, mark)

    def flush(self) -> float:
        """Drop what is queued."""
        return self.sound.playout.flush()

    async def transfer(self, to: TransferTarget, mode: Literal["bridge", "refer"]) -> TransferOutcome:
        """Connect the caller to a person whom we may call; the caller stays with us until that person has answered."""
        if self._over or self._answered_at is None or self._bridge is not None or self._referring is not None:
            return TransferOutcome.FAILED
        try:
            uri = self._line.endpoint.targets.uri(to.address)
            place = self._line.endpoint.targets.place(uri)
        except NotATargetError:
            return TransferOutcome.REFUSED
        if mode == "refer":
            return await self._refer(str(uri), to)
        self._bridge = Bridge(self._line, self.talk, weakly(self._partner_gone))
        try:
            return await self._bridge.ring(uri, place, to)
        finally:
            if not self._bridge.talking:  # also when whoever waited for it thought better of it
                self._bridge = None

    async def _refer(self, uri: str, to: TransferTarget) -> TransferOutcome:
        self._referring = Referring(self.talk)
        try:
            outcome = await self._referring.refer(uri, to)
        finally:
            self._referring = None
        if outcome == TransferOutcome.CONNECTED:
            await self.hang_up()
        return outcome

    # what the endpoint tells

    def acked(self, request: SipRequest) -> None:
        """The caller has our answer."""
        self.talk.acked(request)

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """A re-INVITE."""
        self.talk.invited_again(request, peer)

    def cancelled(self) -> None:
        """The caller gave up."""
        if not self._over and self._answered_at is None:
            self._refuse(487, HangUpCause.CANCELLED)

    def ended(self) -> None:
        """The caller hung up."""
        self._finish(HangUpCause.CALLER)

    def informed(self, request: SipRequest) -> None:
        """A key by SIP INFO (application/dtmf-relay, or the digit alone)."""
        found = INFO_KEY.search(request.body)
        key = found[1].decode().upper() if found else request.body.strip().decode("ascii", "ignore").upper()
        key = {"10": "*", "11": "#"}.get(key, key)
        if len(key) != 1 or key not in KEYS:
            return
        if self._bridge is not None and self._bridge.talking:
            self._bridge.press(key)
        else:
            self._tell(KeyPressed(key))

    def notified(self, request: SipRequest) -> None:
        """How a transfer goes."""
        if self._referring is not None:
            self._referring.notified(request)

    # sound

    def tick(self) -> None:
        """Once each 20 ms."""
        if self._answered_at is None or self._over:
            return
        sound, lost = self.sound.hear()
        if self._over:
            return
        said = self.sound.say(self._bridge.tick(sound) if self._bridge is not None else None)
        self._give(AudioFrame(sound, asyncio.get_running_loop().time() - self._answered_at, lost, said))
        self.talk.watch()
        self._watch_silence(self.sound.silent_ticks, expected=self.talk.on_hold)

    def _put_on_hold(self, on: bool) -> None:
        self._tell(Held(on))

    # the end

    def _partner_gone(self) -> None:
        """The person whom the caller was put through to hung up."""
        self.talk.end(HangUpCause.PERSON)

    def _failed(self) -> None:
        self.talk.end(HangUpCause.FAILED)

    def _refuse(self, status: int, cause: HangUpCause) -> None:
        tag = self.talk.dialog.local.rpartition("tag=")[2]
        self._line.endpoint.transactions.respond(self._invite, response_to(self._invite, status, tag), self._peer)
        self._finish(cause)

    def _finish(self, cause: HangUpCause) -> None:
        if self._over:
            return
        self._over = True
        self.gone.set()
        self._stop_ticking()
        self.talk.close()
        if self._bridge is not None:
            self._bridge.end()
        if self._referring is not None:
            self._referring.give_up()
        self._tell_over(cause)
