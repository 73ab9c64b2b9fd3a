"""Whom we hear and whom we send to: addresses, networks and host names. Everybody else does not exist for us."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
REMEMBERED: Final = 10_000
LookUp = Callable[[str], Awaitable[list[str]]]


class PeersError(ValueError):
    """The list of peers cannot be used."""


async def look_up(name: str) -> list[str]:
    """The addresses of a host name."""
    found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    return [str(entry[4][0]) for entry in found]


class Peers:
    """A list of peers such as `192.0.2.10`, `192.0.2.0/24` or `sbc.example.gov.uk`. Names count once they were looked up."""

    def __init__(self, listed: Iterable[str] = LOOPBACK, look_up: LookUp = look_up) -> None:
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        self.names: dict[str, list[str]] = {}
        self._look_up = look_up
        self._known: set[str] = set()
        for peer in listed:
            self._list(peer.strip().strip("[]"))

    def _list(self, peer: str) -> None:
        try:
            network = ipaddress.ip_network(peer)
        except ValueError:
            parts = peer.split(".")
            named = all(part.strip("-").replace("-", "").isalnum() for part in parts) and not parts[-1].isdigit()
            if not named or "/" in peer:
                raise PeersError(f"peers: {peer!r} is neither an address, nor a network such as 192.0.2.0/24, nor a host name") from None
            self.names[peer.lower()] = []
            return
        if network.prefixlen == 0:
            raise PeersError(f"peers: {peer!r} is everybody; list the addresses or networks of your SIP trunk")
        self._networks.append(network)

    @property
    def loopback_only(self) -> bool:
        """Whether nobody outside this machine is listed."""
        return not self.names and all(network.is_loopback for network in self._networks)

    def knows(self, host: str) -> bool:
        """Whether an address is a peer's."""
        if host in self._known:
            return True
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        if any(address in network for network in self._networks) or any(str(address) in found for found in self.names.values()):
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known.add(host)
            return True
        return False

    def address_of(self, host: str) -> str:
        """Where to send for a host in an address: a peer's address, or nothing."""
        host = host.strip("[]")
        if self.knows(host):
            return host
        return next(iter(self.names.get(host.lower(), [])), "")

    async def resolve(self) -> list[str]:
        """Look the names up again; those that could not be keep what they had, and are given back."""
        failed = []
        for name in self.names:
            try:
                self.names[name] = await self._look_up(name)
            except OSError:
                failed.append(name)
        self._known.clear()
        return failed


def is_this_machine(host: str) -> bool:
    """Whether an address is one of our own: then the way to it begins at itself."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect((host, 9))  # sends nothing
            return bool(asking.getsockname()[0] == host)
    except OSError:
        return False
