"""A transfer by REFER (RFC 3515): the caller's side rings the other phone itself and tells us how it goes."""

import asyncio
import re
from typing import Final

from guildhall.channels.phone.ports import TransferOutcome, TransferTarget
from guildhall.providers.telephony.sip.messages import SipRequest
from guildhall.providers.telephony.sip.outcomes import outcome_of, reference_headers
from guildhall.providers.telephony.sip.talk import Talk

NEWS_SECONDS: Final = 30.0
"""How much longer than it may ring news of it may take."""
STATUS_LINE: Final = re.compile(rb"SIP/2\.0 ([1-6]\d\d)")


class Referring:
    """One REFER and its news."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._news: asyncio.Future[TransferOutcome] = asyncio.get_running_loop().create_future()

    async def refer(self, uri: str, to: TransferTarget) -> TransferOutcome:
        """Ask, and wait for the outcome. Only a 200 of the other phone is CONNECTED."""
        refer = (("refer-to", f"<{uri}>"), ("referred-by", self._talk.dialog.contact), *reference_headers(to.context))
        status = await self._talk.ask("REFER", refer)
        if status is None:
            return TransferOutcome.FAILED
        if status >= 300:
            return TransferOutcome.REFUSED
        t1 = self._talk.line.endpoint.transactions.t1
        try:
            return await asyncio.wait_for(self._news, to.ring_seconds + NEWS_SECONDS * 2 * t1)
        except TimeoutError:
            return TransferOutcome.NO_ANSWER

    def notified(self, request: SipRequest) -> None:
        """The status line of the other call; a subscription that ends without a final one tells nothing good."""
        found = STATUS_LINE.match(request.body)
        status = int(found[1]) if found else 0
        ended = request.headers.get("subscription-state").lower().startswith("terminated")
        if self._news.done() or (status < 200 and not ended):
            return
        self._news.set_result(outcome_of(status) if status >= 200 else TransferOutcome.FAILED)

    def give_up(self) -> None:
        """The caller is gone."""
        if not self._news.done():
            self._news.set_result(TransferOutcome.FAILED)
