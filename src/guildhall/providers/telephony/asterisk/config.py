"""How we reach Asterisk, and where a caller may be connected to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


class AsteriskConfigError(ValueError):
    """A setting of the Asterisk gateway cannot be used; the message says which, and what would be right."""


@dataclass(frozen=True, slots=True)
class AsteriskConfig:
    """`targets` maps each number that a caller may be connected to to Asterisk's own name for it, such as `PJSIP/advisers`."""

    url: str = "http://127.0.0.1:8088"
    username: str = "guildhall"
    password: str = field(default="", repr=False)
    app: str = "guildhall"
    media: Literal["websocket", "audiosocket"] = "websocket"
    media_host: str = "127.0.0.1"
    media_port: int = 8765
    media_connection: str = "guildhall"
    """The section of websocket_client.conf that leads to us."""
    advisers_context: str = "advisers"
    """The dialplan context in which people's phones ring with nothing of ours needed."""
    targets: Mapping[str, str] = field(default_factory=dict)
    calling_as: str = "guildhall"
    """What an adviser's phone shows; never the caller's number."""
    calls: int = 150
    request_seconds: float = 5.0


def read_targets(text: str) -> dict[str, str]:
    """The targets of a setting: `number=technology/name` with commas between. Raises AsteriskConfigError."""
    targets: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        number, is_pair, endpoint = pair.partition("=")
        if not is_pair or not number.strip() or "/" not in endpoint:
            raise AsteriskConfigError(
                f"GUILDHALL_PHONE_ASTERISK_TARGETS: {pair!r} is no target; write a number and Asterisk's name for it,"
                " such as 01632960200=PJSIP/advisers"
            )
        targets[number.strip()] = endpoint.strip()
    return targets
