"""A call that we place, to somebody on the list of targets: rung, answered, talked with, ended."""

import secrets
from collections.abc import Callable
from typing import Final

from guildhall.channels.phone.ports import HangUpCause, TransferOutcome
from guildhall.channels.phone.weakly import weakly
from guildhall.providers.telephony.sip.dialog import Dialog, calling
from guildhall.providers.telephony.sip.dialog_state import Stage
from guildhall.providers.telephony.sip.inviting import Inviting
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, SipUri
from guildhall.providers.telephony.sip.outcomes import outcome_of
from guildhall.providers.telephony.sip.sdp import SdpError
from guildhall.providers.telephony.sip.sound import Sound
from guildhall.providers.telephony.sip.talk import SDP, Line, Talk
from guildhall.providers.telephony.sip.transactions import NoResponseError, Peer

EARLY: Final = (180, 181, 182, 183)


class OutgoingCall:
    """One call to a person. `gone` is told when they hang up."""

    def __init__(self, line: Line, uri: SipUri, place: Peer, gone: Callable[[], None]) -> None:
        self._line, self._place, self._gone = line, place, gone
        here = line.endpoint.facing(place)
        dialog = calling(line.endpoint.bounds.calling_as, here, uri, place)
        self.sound = Sound(line.ports, lambda _: None, lambda _: None)
        self.talk = Talk(line, secrets.token_urlsafe(12), dialog, self.sound, weakly(self._over), lambda _: None, placed=True)
        self._inviting: Inviting | None = None
        self.early = False
        line.endpoint.counted.placed += 1

    async def ring(self, seconds: float, headers: tuple[tuple[str, str], ...], partner: str) -> TransferOutcome:
        """Ring for so long. On anything but CONNECTED nothing is left of the call."""
        invite = self.talk.dialog.request("INVITE", (*headers, *SDP), self.talk.offered())
        self.talk.invite, self.talk.partner = invite.encoded().decode(), partner
        self._line.endpoint.know(invite.call_id, invite.from_tag, self)
        self.talk.tell()
        self._inviting = Inviting(self._line.endpoint.transactions, invite, self._place, self.talk.dialog.here, weakly(self._ringing))
        outcome = TransferOutcome.FAILED
        try:
            response = await self._inviting.final(seconds)
            outcome = self._answered(invite, response) if response.status < 300 else outcome_of(response.status)
        except NoResponseError:
            outcome = TransferOutcome.NO_ANSWER
        finally:
            if outcome != TransferOutcome.CONNECTED:
                self.talk.close()
        return outcome

    def _answered(self, invite: SipRequest, response: SipResponse) -> TransferOutcome:
        dialog = Dialog.calling(invite, response, self.talk.dialog.here, self._place)
        self.talk.dialog, self.talk.stage, self.talk.invite = dialog, Stage.TALKING, ""
        assert self._inviting is not None
        self._inviting.acknowledge(dialog.request("ACK"), dialog.next_hop(self._line.endpoint.peers))
        cancelled = self._inviting.cancelled
        try:
            self.talk.agree(response.body)
        except SdpError:
            cancelled = True
        if cancelled:  # answered in the moment in which it was cancelled, or with sound that we must not send
            self.talk.end(HangUpCause.US)
            return TransferOutcome.NO_ANSWER if response.body else TransferOutcome.FAILED
        self.talk.tell()
        return TransferOutcome.CONNECTED

    def _ringing(self, response: SipResponse) -> None:
        """It rings; a switchboard may already play something to the caller (183 with a description)."""
        if response.status in EARLY and response.body:
            try:
                self.talk.agree(response.body)
            except SdpError:
                return
            self.early = True

    def end(self) -> None:
        """Stop ringing, or hang up."""
        if self.talk.stage == Stage.INVITED and self._inviting is not None:
            self._inviting.cancel()
        self.talk.end(HangUpCause.US)

    def _over(self, cause: HangUpCause) -> None:
        if cause != HangUpCause.US:
            self._gone()

    # what the endpoint tells

    def acked(self, request: SipRequest) -> None:
        """They have our answer to a re-INVITE."""
        self.talk.acked(request)

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """Hold, resume, another address for the sound."""
        self.talk.invited_again(request, peer)

    def cancelled(self) -> None:
        """Nothing of theirs can be cancelled."""

    def ended(self) -> None:
        """They hung up."""
        self.talk.close()
        self._gone()

    def informed(self, request: SipRequest) -> None:
        """Keys of an adviser are nothing to us."""

    def notified(self, request: SipRequest) -> None:
        """News that we did not ask for."""
