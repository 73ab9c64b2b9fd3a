"""Which addresses may be fetched. A name is looked up once and the connection goes to the very address that was checked.

Why: server-side request forgery (OWASP), DNS rebinding, and the many ways to write 127.0.0.1.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from guildhall.vocabulary.errors import RefusedError

Resolver = Callable[[str, int], Sequence[str]]
_PORTS: Final = {"http": 80, "https": 443}
# Numbers in any base, with or without dots: a resolver may take them for an address.
_LOOKS_NUMERIC: Final = re.compile(r"^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?$", re.IGNORECASE)
_NAME: Final = re.compile(r"^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect (`ip`, `port`) for a URL of `host`."""

    url: str
    scheme: str
    host: str
    port: int
    ip: str

    @property
    def pinned_url(self) -> str:
        """The URL with the checked address in place of the name."""
        parts = urlsplit(self.url)
        where = f"[{self.ip}]" if ":" in self.ip else self.ip
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.scheme}://{where}:{self.port}{parts.path or '/'}{query}"

    @property
    def host_header(self) -> str:
        """The name as the server expects it."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


class AddressPolicy:
    """Hosts that were allowed, and the rule for what their names may stand for.

    `hosts` are exact names, or `name:port`. `allow_loopback` is for tests with a server on this machine; nothing else sets it.
    """

    def __init__(self, hosts: Collection[str], resolver: Resolver | None = None, *, allow_loopback: bool = False) -> None:
        self._hosts = frozenset(host.lower().rstrip(".") for host in hosts)
        self._resolver = resolver or system_resolver
        self._allow_loopback = allow_loopback

    def is_allowed_host(self, url: str) -> bool:
        """Whether the URL's host is on the list, without looking it up."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            return False
        return parts.scheme in _PORTS and (
            host in self._hosts if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}" in self._hosts
        )

    def target(self, url: str) -> Target:
        """Where to connect for this URL. Raises RefusedError, saying why, for anything that is not a public page of an allowed host."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise RefusedError(f"{url[:200]} is not a valid address") from error
        if parts.scheme not in _PORTS:
            raise RefusedError(f"{url[:200]} is not an http or https address")
        if parts.username is not None or parts.password is not None:
            raise RefusedError(f"an address with a name or password in it is not fetched: {parts.scheme}://…@{host}")
        if not self.is_allowed_host(url):
            raise RefusedError(
                f"the host {host} is not on the list of allowed hosts; add it with --allow-host {host} if it is the council's"
            )
        if not self._allow_loopback and (":" in host or _LOOKS_NUMERIC.match(host) or not _NAME.match(host)):
            raise RefusedError(f"the host {host} is not a name; give the website's name, not a number")
        return Target(url, parts.scheme, host, port, self._address(host, port))

    def _address(self, host: str, port: int) -> str:
        try:
            found = list(dict.fromkeys(self._resolver(host, port)))
        except (OSError, UnicodeError) as error:
            raise RefusedError(f"the host {host} has no address") from error
        if not found:
            raise RefusedError(f"the host {host} has no address")
        refused = [ip for ip in found if not self._may_reach(ip)]
        if refused:  # one private answer among public ones is how rebinding begins
            raise RefusedError(f"the host {host} stands for the private or reserved address {refused[0]}, which is not fetched")
        return found[0]

    def _may_reach(self, ip: str) -> bool:
        try:
            address = ipaddress.ip_address(ip)
        except ValueError:
            return False
        if self._allow_loopback and address.is_loopback:
            return True
        return is_public(address)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the public internet, also when an IPv4 address is wrapped in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if address.scope_id or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Every address the system knows for a name, IPv4 first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in sorted(found, key=lambda entry: entry[0] != socket.AF_INET)]
