"""How a supplier reaches us, how we reach it, and where a caller may be connected to."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class StreamsConfigError(ValueError):
    """A setting of the media streams cannot be used; the message says which, and what would be right."""


@dataclass(frozen=True, slots=True)
class StreamsConfig:
    """`public_url` is where the supplier calls, as it signs its requests; we listen on loopback behind a proxy that has the certificate.

    `targets` maps each number that a caller may be connected to to what the supplier dials for it: a number, or a SIP address.
    `advisers` is one of them: whom the supplier rings whenever we are not ready, or gone.
    """

    public_url: str
    dialect: str = "twilio"
    host: str = "127.0.0.1"
    port: int = 8770
    account: str = ""
    token: str = field(default="", repr=False)
    """Signs the supplier's requests, and ours to it. Suppliers that sign nothing give it back in the websocket's Authorization header."""
    api_url: str = "https://api.twilio.com"
    targets: Mapping[str, str] = field(default_factory=dict)
    advisers: str = ""
    adviser_seconds: int = 40
    calls: int = 100
    decide_seconds: float = 8.0
    """A call that no session has answered by then goes to the advisers: a supplier waits 15 seconds at most."""

    def __post_init__(self) -> None:
        local = self.public_url.startswith(("http://127.0.0.1", "http://localhost"))
        if not self.public_url.startswith("https://") and not local:
            raise StreamsConfigError(
                f"GUILDHALL_PHONE_STREAMS_PUBLIC_URL is {self.public_url!r}; it must be the https address that the supplier calls,"
                " such as https://phone.example.gov.uk"
            )
        if len(self.token) < 16:
            raise StreamsConfigError(
                "GUILDHALL_PHONE_STREAMS_TOKEN is missing or short: without it anybody could call us as the supplier; write the supplier's"
                " auth token, or 16 characters or more that the supplier sends as `Authorization: Bearer …`"
            )
        if self.advisers not in self.targets:
            raise StreamsConfigError(
                f"the advisers' line is {self.advisers!r}, which is none of the lines that may be dialled: name it as `failover` in"
                " phone.yaml, so that somebody answers when we do not"
            )


def read_dialled(text: str) -> dict[str, str]:
    """The targets of a setting: `number=what is dialled` with commas between, or a number alone. Raises StreamsConfigError."""
    targets: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        number, is_pair, dialled = (piece.strip() for piece in pair.partition("="))
        dialled = dialled if is_pair else number
        if not number or not (dialled.startswith("sip:") or dialled.lstrip("+").isdigit()):
            raise StreamsConfigError(
                f"GUILDHALL_PHONE_STREAMS_TARGETS: {pair!r} is no target; write a number, or a number and what is dialled for it,"
                " such as 01632960200=+441632960200 or 01632960200=sip:advisers@pbx.example.gov.uk"
            )
        targets[number] = dialled
    return targets
