"""Whom the phone may hear and call: the council's lines and the deployment's trunk and peers, put together."""

from collections.abc import Iterator
from typing import Final

from guildhall.channels.phone.ports import TransferTarget
from guildhall.councils.phone_config import PhoneFile, PhoneLine
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.peers import Peers, PeersError
from guildhall.providers.telephony.sip.targets import NotATargetError, Targets
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

LOOPBACK: Final = ("127.0.0.1", "::1")


def peers_of(settings: Settings, phone: PhoneFile) -> tuple[str, ...]:
    """Who may send calls. The trunk is one of them: what it answers has to be heard."""
    trunk = settings.phone_trunk.removeprefix("sip:").rpartition(":")[0] or settings.phone_trunk
    listed = (*phone.allowed_peers, *settings.phone_peers.split(), *((trunk,) if trunk else ()))
    return tuple(dict.fromkeys(listed))


def address_of(line: PhoneLine) -> str:
    """How a line is called: its own SIP address, or its number at the trunk."""
    return line.address or line.number.replace(" ", "")


def failover_of(settings: Settings, phone: PhoneFile) -> TransferTarget | None:
    """Who answers when anything of ours fails, or nobody."""
    line = phone.line(phone.failover)
    if settings.phone_failover:
        return TransferTarget(settings.phone_failover, float(line.ring_seconds if line else 20))
    return TransferTarget(address_of(line), float(line.ring_seconds)) if line else None


def bounds_of(settings: Settings, phone: PhoneFile) -> Bounds:
    """What the embedded gateway allows. Raises GuildhallError naming the setting that cannot be used."""
    targets = {address_of(line) for line in phone.lines.values()}
    if failover := failover_of(settings, phone):
        targets.add(failover.address)
    bounds = Bounds(
        peers=frozenset(peers_of(settings, phone)),
        media=frozenset(settings.phone_media_peers.split()),
        targets=frozenset(targets),
        trunk=settings.phone_trunk,
        numbers=frozenset(settings.phone_numbers.split()),
        calls=settings.phone_calls,
        advertised=settings.phone_advertised,
        calling_as=settings.phone_calling_as,
        rtp_ports=ports_of(settings.phone_rtp_ports),
    )
    try:
        peers = Peers(bounds.peers)
    except PeersError as error:
        raise GuildhallError(
            f"the phone cannot be used: {error}. Look at GUILDHALL_PHONE_PEERS and at `allowed_peers` in phone.yaml."
        ) from None
    for where, address in _called(settings, phone):
        try:
            Targets((address,), peers, bounds.trunk)
        except (ValueError, NotATargetError) as error:
            raise GuildhallError(
                f"the phone cannot be used: {where} is `{address}`: {error}. Numbers need GUILDHALL_PHONE_TRUNK."
            ) from None
    return bounds


def _called(settings: Settings, phone: PhoneFile) -> Iterator[tuple[str, str]]:
    """Everything that may be rung, and where it is written."""
    if settings.phone_failover:
        yield "GUILDHALL_PHONE_FAILOVER", settings.phone_failover
    for name, line in phone.lines.items():
        yield f"the line `{name}` of phone.yaml", address_of(line)


def ports_of(text: str) -> tuple[int, int]:
    """The first and last port for sound. Raises GuildhallError."""
    if not text:
        return 0, 0
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) <= 65535):
        raise GuildhallError(
            f"GUILDHALL_PHONE_RTP_PORTS is `{text}`, which names no ports. Write the first and the last, as in 10000-10400."
        )
    return int(first), int(last)
