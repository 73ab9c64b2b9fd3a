"""Whom we may call: a short list, known from the start. Nothing a caller says, sends or presses can add to it."""

import re
from collections.abc import Iterable

from guildhall.providers.telephony.sip.messages import SipError, SipUri, parse_uri
from guildhall.providers.telephony.sip.peers import Peers

NUMBER = re.compile(r"\+?[0-9*#]{2,20}")


class NotATargetError(ValueError):
    """The address is not on the list of those that we may call."""


class Targets:
    """Addresses like `sip:advice@192.0.2.5:5070`, or numbers where there is a trunk that takes them."""

    def __init__(self, listed: Iterable[str], peers: Peers, trunk: str = "") -> None:
        self._peers, self._trunk = peers, trunk
        self._allowed = {str(self._read(address)) for address in listed}

    def uri(self, address: str) -> SipUri:
        """The address to call. Raises NotATargetError."""
        try:
            uri = self._read(address)
        except SipError:
            raise NotATargetError("not an address or a number that can be called") from None
        if str(uri) not in self._allowed:
            raise NotATargetError("not on the list of those that may be called")
        return uri

    def place(self, uri: SipUri) -> tuple[str, int]:
        """Where to send the call: a peer. Raises NotATargetError."""
        host = self._peers.address_of(uri.host)
        if not host:
            raise NotATargetError("its host is no peer of ours, or its name could not be looked up")
        return host, uri.port

    def _read(self, address: str) -> SipUri:
        number = re.sub(r"[\s().-]", "", address.removeprefix("tel:"))
        if NUMBER.fullmatch(number):
            if not self._trunk:
                raise SipError("a number alone can only be called where a trunk is configured", 416)
            trunk = parse_uri(self._trunk if self._trunk.startswith("sip:") else f"sip:{self._trunk}")
            return SipUri(number, trunk.host, trunk.port)
        return parse_uri(address)
