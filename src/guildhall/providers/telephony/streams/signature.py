"""Whether a request is the supplier's: HMAC-SHA1 over the address and the sorted fields of the form, in base64."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

HEADER = "x-twilio-signature"


def signature_of(token: str, address: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """The signature of a request to an address with the fields of its form."""
    text = address + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(given: str, token: str, addresses: Iterable[str], fields: Iterable[tuple[str, str]] = ()) -> bool:
    """Whether a signature is right for one of the ways in which our own address may be written. Takes as long whatever is wrong."""
    fields = list(fields)
    right = [hmac.compare_digest(given.encode(), signature_of(token, address, fields).encode()) for address in addresses]
    return any(right)
