"""What an endpoint allows: who may call, whom it may call, how much at once."""

from dataclasses import dataclass
from typing import Final

from guildhall.providers.telephony.sip.peers import LOOPBACK
from guildhall.providers.telephony.sip.transactions import T1

INVITES_A_SECOND: Final = 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """`peers` and `media` are addresses, networks and host names; sound may come from and go to both.

    `targets` are all that can be called, with `trunk` for those that are numbers alone; `numbers` what we answer to, all when empty.
    `silence_seconds` without any sound is when we ask whether the other side is still there.
    `advertised` is our address as peers see it, where that is not the one we listen on; `calling_as` the number we call from.
    """

    peers: frozenset[str] = LOOPBACK
    media: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    trunk: str = ""
    numbers: frozenset[str] = frozenset()
    calls: int = 150
    invites_a_second: int = INVITES_A_SECOND
    t1: float = T1
    silence_seconds: float = 30.0
    advertised: str = ""
    calling_as: str = "guildhall"
    rtp_ports: tuple[int, int] = (0, 0)


@dataclass
class Counted:
    """What an endpoint has seen, for its operators."""

    strangers: int = 0
    unreadable: int = 0
    refused: int = 0
    calls: int = 0
    placed: int = 0
    failed: int = 0
    """Messages over which something of ours failed; their call goes on, and its peer sends them again."""
