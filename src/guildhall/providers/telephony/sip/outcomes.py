"""What a status means for a transfer, and the headers by which a reference travels with it."""

import re
from collections.abc import Mapping
from typing import Final

from guildhall.channels.phone.ports import TransferOutcome

OPAQUE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
BUSY: Final = frozenset({486, 600})
NO_ANSWER: Final = frozenset({408, 480, 487, 504})


def outcome_of(status: int) -> TransferOutcome:
    """What became of a call, by its final status; closed lines say 480 or 404, and refuse like everybody else."""
    if status < 300:
        return TransferOutcome.CONNECTED
    if status in BUSY:
        return TransferOutcome.BUSY
    if status in NO_ANSWER:
        return TransferOutcome.NO_ANSWER
    return TransferOutcome.FAILED if 500 <= status < 600 else TransferOutcome.REFUSED


def reference_headers(context: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """`X-Case-Ref` and the like, and the same as User-to-User information (RFC 7433). What is no opaque reference stays here."""
    opaque = {name: value for name, value in context.items() if OPAQUE.fullmatch(value) and OPAQUE.fullmatch(name)}
    fields = [(f"x-{name.lower().removeprefix('x-')}", value) for name, value in opaque.items()]
    if opaque:
        first = next(iter(opaque.values()))
        fields.append(("user-to-user", f"{first.encode().hex()};encoding=hex"))
    return tuple(fields)
