"""The two codings of telephone sound (ITU-T G.711) by their names, apart from their arithmetic, so that signalling needs none of it."""

from enum import StrEnum


class Law(StrEnum):
    """The two codings, by their names in SDP (RFC 3551)."""

    A = "PCMA"
    MU = "PCMU"


PAYLOAD_TYPES = {Law.A: 8, Law.MU: 0}
SILENCE = {Law.A: 0xD5, Law.MU: 0xFF}
