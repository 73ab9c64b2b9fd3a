"""What calls that came in and calls that we placed have in common: a dialog, its sound, and what happens within it."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from guildhall.channels.phone.ports import FRAME_SECONDS, HangUpCause
from guildhall.providers.telephony.sip.dialog import Dialog
from guildhall.providers.telephony.sip.dialog_state import DialogState, Report, Stage, unreported
from guildhall.providers.telephony.sip.endpoint import SipEndpoint
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, address, response_to
from guildhall.providers.telephony.sip.rtp_ports import RtpPorts
from guildhall.providers.telephony.sip.sdp import Media, SdpError, answer, offer
from guildhall.providers.telephony.sip.sound import Sound
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.sip.transactions import NoResponseError, Peer

GONE: Final = frozenset({408, 481})
SDP: Final = (("content-type", "application/sdp"),)


@dataclass
class Line:
    """What every call of a gateway uses. `ours` are the references of calls that ring now: one that comes back to us with one is a loop."""

    endpoint: SipEndpoint
    ticker: Ticker
    ports: RtpPorts
    report: Report = unreported
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    ours: set[tuple[str, str]] = field(default_factory=set)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something that nobody waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


@dataclass
class Talk:
    """One dialog and its sound. `over` and `held` tell what the other side does."""

    line: Line
    id: str
    dialog: Dialog
    sound: Sound
    over: Callable[[HangUpCause], None]
    held: Callable[[bool], None]
    placed: bool = False
    stage: Stage = Stage.INVITED
    invite: str = ""
    partner: str = ""
    media: Media | None = None
    on_hold: bool = False

    def __post_init__(self) -> None:
        self._session, self._version = secrets.randbelow(2**31), -1
        self._ours = self._theirs = self._final = b""

    def offered(self) -> bytes:
        """Our offer."""
        self._version += 1
        self._ours = offer(self.dialog.here[0], self.sound.port, self._session, version=self._version)
        return self._ours

    def agree(self, body: bytes) -> None:
        """Take the other side's description. Raises SdpError, and all is as it was."""
        media = self.line.endpoint.checked(body, self.dialog.peer)
        self.media, self._theirs = media, body
        self.sound.agree(media)

    def accept(self, invite: SipRequest, peer: Peer, more: tuple[tuple[str, str], ...] = ()) -> None:
        """Answer an INVITE, the first or a later one, with 200 and what we make of its offer; without one, with an offer of ours."""
        if invite.body and self.media is not None:
            self._version += 1
            self._ours = answer(self.media, self.dialog.here[0], self.sound.port, self._session, self._version)
        else:
            self.offered()
        accepted = self.accepted(invite, more)
        self._final = accepted.encoded()
        self.stage = Stage.ANSWERED
        self.line.endpoint.transactions.respond(invite, accepted, peer, self._no_ack)
        self.tell()

    def accepted(self, invite: SipRequest, more: tuple[tuple[str, str], ...] = ()) -> SipResponse:
        """The 200."""
        tag = self.dialog.local.rpartition("tag=")[2]
        return response_to(invite, 200, tag, (("contact", self.dialog.contact), *timer(invite), *SDP, *more), self._ours)

    def acked(self, request: SipRequest) -> None:
        """The other side has our answer; it may describe its sound only now."""
        if request.body:
            try:
                self.agree(request.body)
            except SdpError:
                self.end(HangUpCause.FAILED)
                return
        if self.stage == Stage.ANSWERED:
            self.stage, self.invite, self._final = Stage.TALKING, "", b""
            self.tell()

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """Hold, resume, or a new address for the sound; anything we cannot speak is refused and the call goes on as it was."""
        endpoint = self.line.endpoint
        if request.cseq[0] <= self.dialog.remote_cseq:
            return endpoint.answer(request, peer, 500)
        if self.stage != Stage.TALKING:
            return endpoint.answer(request, peer, 491 if self.placed else 500, () if self.placed else (("retry-after", "1"),))
        self.dialog.remote_cseq = request.cseq[0]
        try:
            if request.body:
                self.agree(request.body)
        except SdpError:
            return endpoint.answer(request, peer, 488)
        if contact := request.headers.get("contact"):
            self.dialog.target = address(contact)
        self.accept(request, peer)
        if self.media is not None and self.media.held != self.on_hold:
            self.on_hold = self.media.held
            self.held(self.on_hold)
        return None

    async def ask(self, method: str, more: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> int | None:
        """Send a request within the dialog; the status, or None where nobody answers."""
        request = self.dialog.request(method, more, body)
        endpoint = self.line.endpoint
        if self.stage != Stage.OVER:
            self.tell()
        try:
            return (await endpoint.transactions.ask(request, self.dialog.next_hop(endpoint.peers))).status
        except NoResponseError:
            return None

    def watch(self) -> None:
        """Once each tick: a side that has sent nothing for long, on hold or silent, is asked whether it is still there."""
        ticks = round(self.line.endpoint.bounds.silence_seconds / FRAME_SECONDS)
        if self.sound.silent_ticks and self.sound.silent_ticks % ticks == 0 and self.stage == Stage.TALKING:
            self.line.spawn(self._probe())

    async def _probe(self) -> None:
        status = await self.ask("OPTIONS")
        if (status is None or status in GONE) and self.stage == Stage.TALKING:
            self.end(HangUpCause.MEDIA_GONE)

    def end(self, cause: HangUpCause) -> None:
        """Hang up; nobody waits for the answer."""
        if self.stage in (Stage.ANSWERED, Stage.TALKING):
            self.close()
            self.line.spawn(self.ask("BYE"))
            self.over(cause)

    def close(self) -> None:
        """The call is over, and its port free."""
        if self.stage == Stage.OVER:
            return
        if self.stage == Stage.ANSWERED:  # who says BYE instead of ACK has heard our answer
            self.line.endpoint.transactions.acknowledged(self.dialog.call_id, self.dialog.remote_cseq)
        self.stage = Stage.OVER
        self.sound.close()
        self.line.endpoint.forget(self.dialog.call_id, self.dialog.local.rpartition("tag=")[2])
        self.tell()

    def joined(self, partner: str) -> None:
        """The call is joined with another, or no longer."""
        self.partner = partner
        if self.stage != Stage.OVER:
            self.tell()

    def tell(self) -> None:
        """Report how it stands, so that another process could carry on."""
        self.line.report(self.state())

    def state(self) -> DialogState:
        """How it stands."""
        dialog = self.dialog
        return DialogState(
            id=self.id,
            stage=self.stage,
            call_id=dialog.call_id,
            local=dialog.local,
            remote=dialog.remote,
            target=dialog.target,
            routes=dialog.routes,
            here=dialog.here,
            peer=dialog.peer,
            cseq=dialog.cseq,
            remote_cseq=dialog.remote_cseq,
            placed=self.placed,
            partner=self.partner,
            ours=self._ours.decode(),
            theirs=self._theirs.decode(),
            invite=self.invite,
            answer=self._final.decode(),
        )

    def _no_ack(self) -> None:
        self.end(HangUpCause.NO_ACK)


def timer(invite: SipRequest) -> tuple[tuple[str, str], ...]:
    """Session timers (RFC 4028), for a caller who insists on them: who asks refreshes, by a re-INVITE, which we answer anyway."""
    if "timer" not in (option.lower() for option in invite.headers.all("require")):
        return ()
    seconds = invite.headers.get("session-expires").partition(";")[0].strip()
    return (("require", "timer"), ("session-expires", f"{seconds if seconds.isdigit() else 1800};refresher=uac"))
