"""Telephone numbers as trunks write them: in `sip:` and `tel:` addresses, with and without the country."""

import re
from typing import Final

from guildhall.providers.telephony.sip.messages import SipError, address, parse_uri

WITHHELD: Final = frozenset({"anonymous", "unknown", "restricted", "unavailable"})
COUNTRY: Final = re.compile(r"(?:\+|00)44\(?0?\)?")
PUNCTUATION: Final = re.compile(r"[\s().-]")


def number_in(value: str) -> str:
    """The number in a From, a To or an address; empty when it is withheld or there is none."""
    uri = address(value)
    if uri.lower().startswith("tel:"):
        return uri[4:].partition(";")[0]
    try:
        user = parse_uri(uri).user
    except SipError:
        return ""
    return "" if user.lower() in WITHHELD else user


def national(number: str) -> str:
    """A British number as it is dialled here, so that `+44 1632 960100` and `01632 960100` are one; others stay as they are."""
    return COUNTRY.sub("0", PUNCTUATION.sub("", number), count=1)
