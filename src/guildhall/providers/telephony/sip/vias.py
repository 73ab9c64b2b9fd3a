"""Where a response goes (RFC 3261, section 18.2.2, and RFC 3581): back whence the request came, and the sender is told what that looked like."""

import re
from dataclasses import replace
from typing import Final

from guildhall.providers.telephony.sip.messages import Headers, SipError, SipRequest, parse_uri
from guildhall.providers.telephony.sip.transactions import Peer

BLANK: Final = re.compile(r"\s+")
SENT_BY: Final = re.compile(r"SIP\s*/\s*2\.0\s*/\s*[A-Za-z]+\s+([^;]+)", re.IGNORECASE)


def received(request: SipRequest, source: Peer) -> tuple[SipRequest, Peer]:
    """The request with `received` and `rport` in its topmost Via, and where its responses go. Raises SipError."""
    via = request.headers.get("via")
    sent_by = SENT_BY.match(via)
    try:
        here = parse_uri(f"sip:{re.sub(BLANK, '', sent_by[1]) if sent_by else ''}")
    except SipError:
        raise SipError("the topmost Via names no host") from None
    parts = [part for part in via.split(";") if part.strip().lower().partition("=")[0] not in ("rport", "received")]
    asks_port = any(part.strip().lower() == "rport" for part in via.split(";")[1:])
    told = [f"rport={source[1]}"] if asks_port else []
    if told or here.host != source[0]:
        told.append(f"received={source[0]}")
    changed = ";".join([*parts, *told])
    fields, done = [], False
    for name, value in request.headers.fields:
        first = name == "via" and not done
        fields.append((name, changed if first else value))
        done = done or first
    return replace(request, headers=Headers(tuple(fields))), (source[0], source[1] if asks_port else here.port)
