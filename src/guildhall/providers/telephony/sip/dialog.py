"""A dialog (RFC 3261, section 12): the two ends of a call as each request inside it names them."""

import secrets
from dataclasses import dataclass
from typing import Self

from guildhall.providers.telephony.sip.messages import Headers, SipRequest, SipResponse, SipUri, address, parse_uri
from guildhall.providers.telephony.sip.peers import Peers
from guildhall.providers.telephony.sip.transactions import Peer, new_branch

HOPS = "70"


@dataclass
class Dialog:
    """Our end is `local`, the other `remote`: header values with their tags. `routes` is the way there, the nearest first."""

    call_id: str
    local: str
    remote: str
    target: str
    routes: tuple[str, ...]
    here: Peer
    peer: Peer
    cseq: int = 0
    remote_cseq: int = 0

    @classmethod
    def called(cls, invite: SipRequest, tag: str, here: Peer, peer: Peer) -> Self:
        """The dialog of a call that came in."""
        to = invite.headers.get("to")
        return cls(
            call_id=invite.call_id,
            local=to if "tag=" in to.rpartition(">")[2] else f"{to};tag={tag}",
            remote=invite.headers.get("from"),
            target=address(invite.headers.get("contact") or invite.headers.get("from")),
            routes=invite.headers.all("record-route"),
            here=here,
            peer=peer,
            remote_cseq=invite.cseq[0],
        )

    @classmethod
    def calling(cls, invite: SipRequest, answered: SipResponse, here: Peer, peer: Peer) -> Self:
        """The dialog of a call that we placed."""
        return cls(
            call_id=invite.call_id,
            local=invite.headers.get("from"),
            remote=answered.headers.get("to"),
            target=address(answered.headers.get("contact")) or invite.uri,
            routes=tuple(reversed(answered.headers.all("record-route"))),
            here=here,
            peer=peer,
            cseq=invite.cseq[0],
        )

    @property
    def contact(self) -> str:
        """Where we are to be reached."""
        return f"<sip:guildhall@{bracketed(self.here[0])}:{self.here[1]}>"

    def request(self, method: str, more: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> SipRequest:
        """The next request within the dialog. An ACK keeps the number of the INVITE it acknowledges."""
        if method != "ACK":
            self.cseq += 1
        uri, routes = self._way()
        fields = (
            ("via", via(self.here)),
            ("max-forwards", HOPS),
            *(("route", route) for route in routes),
            ("from", self.local),
            ("to", self.remote),
            ("call-id", self.call_id),
            ("cseq", f"{self.cseq} {method}"),
            ("contact", self.contact),
            *more,
        )
        return SipRequest(Headers(fields), body, method, uri)

    def _way(self) -> tuple[str, tuple[str, ...]]:
        """Whom the request names and by which routes; a first router of the old, strict kind is named itself (12.2.1.1)."""
        if not self.routes or ";lr" in address(self.routes[0]):
            return self.target, self.routes
        return address(self.routes[0]), (*self.routes[1:], f"<{self.target}>")

    def next_hop(self, peers: Peers) -> Peer:
        """Where the next request goes: the first route or the target when that is a peer of ours, else whence the call came."""
        try:
            uri = parse_uri(address(self.routes[0]) if self.routes else self.target)
        except ValueError:
            return self.peer
        host = peers.address_of(uri.host)
        return (host, uri.port) if host else self.peer


def calling(name: str, here: Peer, uri: SipUri, place: Peer) -> Dialog:
    """The dialog of a call that is not answered yet."""
    ours = f"<sip:{name}@{bracketed(here[0])}:{here[1]}>;tag={secrets.token_hex(6)}"
    return Dialog(f"{secrets.token_hex(12)}", ours, f"<{uri}>", str(uri), (), here, place)


def via(here: Peer) -> str:
    """A Via of ours for a new transaction."""
    return f"SIP/2.0/UDP {bracketed(here[0])}:{here[1]};rport;branch={new_branch()}"


def bracketed(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
