"""Where a conversation came from, as a code that says nothing of who or where it is: only that two came from the same place on one day.

It is there for fairness alone: requests about danger from one place stand apart in the queue, so that a flood of false ones does not stand
before somebody else. The code is the client's address under a key that is made from the master key and the day, and cut short. Without the
master key nobody can try addresses out; with the day in it nobody can follow an address from one day to the next; and cut to 48 bits it
cannot be told from other addresses' codes for certain. It is cleared after a day, when it has nothing left to do.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

KEPT_FOR: Final = timedelta(days=1)
BYTES: Final = 6
IPV6_SITE: Final = 64
"""Bits of an IPv6 address that one home or office shares; the rest changes by itself."""


class Sources:
    """Gives codes. `derive` makes a key for a purpose from the master key."""

    def __init__(self, derive: Callable[[str], bytes]) -> None:
        self._derive = derive

    def code(self, address: str, at: datetime) -> str:
        """The code of an address on that day; empty for no address."""
        if not address:
            return ""
        key = self._derive(f"source of conversations {at.date().isoformat()}")
        return hmac.digest(key, _site(address), hashlib.sha256)[:BYTES].hex()


def _site(address: str) -> bytes:
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return address.encode()
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped).encode()
        return (int(read) >> (128 - IPV6_SITE)).to_bytes(IPV6_SITE // 8, "big")
    return str(read).encode()
