"""The rescue of SIP callers: what the guard asks for, by third-party call control."""

import socket
from collections.abc import Sequence
from typing import Any

import structlog

from guildhall.channels.phone.ports import TransferOutcome
from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.ports import Peer, RunningCall
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.dialog_state import DialogState, DialogStateError
from guildhall.providers.telephony.sip.take_over import TakeOver

log = structlog.get_logger("guildhall.guard")


class SipRescue:
    """Rings the failover number for every caller."""

    def __init__(self, config: GuardConfig, sip: socket.socket) -> None:
        self._take_over = TakeOver(sip, bounds_from(config), config.failover, config.ring_seconds, _told)

    @property
    def running(self) -> int:
        """How many callers it has."""
        return self._take_over.running

    async def prepare(self) -> None:
        """Look host names up while there is time."""
        await self._take_over.look_up()

    async def open(self, calls: Sequence[RunningCall]) -> None:
        """Listen, and ring for each call."""
        self._take_over.listen()
        self._take_over.take(list(_read(calls)))

    def heard(self, data: bytes, peer: Peer) -> None:
        """A message that the gateway read and knows no call for."""
        self._take_over.heard(data, peer)

    def hand_over(self) -> None:
        """A gateway listens again."""
        self._take_over.deafen()

    def drain(self) -> None:
        """Take no more calls."""
        self._take_over.endpoint.draining = True

    async def close(self) -> None:
        """End what is left."""
        self._take_over.close()


def bounds_from(config: GuardConfig) -> Bounds:
    """The bounds of the endpoint, from JSON."""
    given: dict[str, Any] = {name: frozenset(value) if isinstance(value, list) else value for name, value in config.bounds.items()}
    if ports := config.bounds.get("rtp_ports"):
        given["rtp_ports"] = (int(ports[0]), int(ports[1]))
    return Bounds(**given)


def _read(calls: Sequence[RunningCall]) -> "list[DialogState]":
    states = []
    for call in calls:
        try:
            states.append(DialogState.from_json(call))
        except DialogStateError:
            log.error("call_state_unreadable")
    return states


def _told(call: str, outcome: TransferOutcome) -> None:
    log.info("call_rescued", call=call, outcome=outcome.value)
