"""Two calls joined: sound and keys go through us both ways, so that what is said can go on being recorded; who hangs up ends both."""

from collections.abc import Callable
from itertools import cycle
from typing import Final

import numpy as np

from guildhall.channels.phone.ports import RATE, TransferOutcome, TransferTarget
from guildhall.channels.phone.weakly import weakly
from guildhall.providers.telephony.rtp import SAMPLES_A_FRAME, Packet
from guildhall.providers.telephony.sip.messages import SipUri
from guildhall.providers.telephony.sip.outcomes import reference_headers
from guildhall.providers.telephony.sip.outgoing import OutgoingCall
from guildhall.providers.telephony.sip.rtp_ports import NoPortError
from guildhall.providers.telephony.sip.talk import Line, Talk
from guildhall.providers.telephony.sip.transactions import Peer

CADENCE: Final = ((0.4, True), (0.2, False), (0.4, True), (2.0, False))
"""How it rings in Britain: 400 and 450 Hz together."""
LEVEL: Final = 2000


def _ringing_tone() -> list[bytes]:
    parts = []
    for seconds, on in CADENCE:
        at = np.arange(int(seconds * RATE)) / RATE
        parts.append(LEVEL * on * (np.sin(2 * np.pi * 400 * at) + np.sin(2 * np.pi * 450 * at)))
    sound = np.concatenate(parts).astype(np.int16).tobytes()
    return [sound[start : start + 2 * SAMPLES_A_FRAME] for start in range(0, len(sound), 2 * SAMPLES_A_FRAME)]


RINGING_TONE: Final = _ringing_tone()


class Bridge:
    """A caller and the person who is rung for them."""

    def __init__(self, line: Line, caller: Talk, person_gone: Callable[[], None]) -> None:
        self._line, self._caller, self._person_gone = line, caller, person_gone
        self._person: OutgoingCall | None = None
        self._tone = cycle(RINGING_TONE)
        self.talking = False

    async def ring(self, uri: SipUri, place: Peer, to: TransferTarget) -> TransferOutcome:
        """Ring the person; once they answer, caller and person talk."""
        try:
            self._person = OutgoingCall(self._line, uri, place, weakly(self._gone))
        except NoPortError:
            return TransferOutcome.FAILED
        self._caller.joined(self._person.talk.id)
        headers = reference_headers(to.context)
        self._line.ours.update(headers)
        try:
            outcome = await self._person.ring(to.ring_seconds, headers, self._caller.id)
            if outcome == TransferOutcome.CONNECTED:
                self.talking = True
                self._caller.sound.playout.flush()  # what was played while waiting has had its time
                self._caller.sound.relay_key = weakly(self._relay_key)
            return outcome
        finally:
            self._line.ours.difference_update(headers)
            if not self.talking:
                self._caller.joined("")

    def tick(self, heard: bytes) -> bytes | None:
        """Once each 20 ms: what the caller said goes to the person; what the person said, or that it rings, is given back."""
        if self._person is None:
            return None
        if not self.talking and not self._person.early:
            return next(self._tone)
        said, _ = self._person.sound.hear()
        self._person.sound.say(heard)
        self._person.talk.watch()
        return said

    def press(self, key: str) -> None:
        """A key that came by INFO goes on by INFO."""
        if self._person is not None and self.talking:
            body = f"Signal={key}\r\nDuration=160\r\n".encode()
            self._line.spawn(self._person.talk.ask("INFO", (("content-type", "application/dtmf-relay"),), body))

    def end(self) -> None:
        """The caller is gone: stop ringing, or hang up."""
        self.talking = False
        if self._person is not None:
            self._person.end()

    def _relay_key(self, packet: Packet) -> None:
        if self._person is not None:
            self._person.sound.send_key(packet)

    def _gone(self) -> None:
        if self.talking:
            self.talking = False
            self._person_gone()
