"""Who may talk to the house as its phone: whoever has the secret; unless one was set on purpose, from this machine alone."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address

from starlette.requests import Request

from guildhall.bootstrap.phone_secret import phone_secret
from guildhall.settings import Settings
from guildhall.web.api.problems import ProblemError
from guildhall.web.front_door import address_of

LONGEST = 1024


def from_gateway(settings: Settings) -> Callable[[Request], None]:
    """A dependency that lets a gateway in. Whatever is wrong looks alike."""
    secret, chosen = phone_secret(settings), bool(settings.phone_secret.get_secret_value())

    def check(request: Request) -> None:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        near = chosen or _is_loopback(address_of(request))
        right = hmac.compare_digest(given[:LONGEST].encode(), secret.encode())
        if not (near and right and kind.lower() == "bearer"):
            raise ProblemError(
                401,
                "This is for the council's own phone gateway",
                "Send the secret of GUILDHALL_PHONE_SECRET, or of phone/secret.key in the data folder from this machine: Authorization: Bearer …",
                {"WWW-Authenticate": "Bearer"},
            )

    return check


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
