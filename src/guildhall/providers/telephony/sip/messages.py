"""SIP messages (RFC 3261, section 7): read strictly enough that nothing strange gets further, written the same way every time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

LONGEST: Final = 65_507
COMPACT: Final = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type",
    "s": "subject", "k": "supported", "e": "content-encoding", "o": "event", "r": "refer-to", "b": "referred-by",
}  # fmt: skip
LISTS: Final = ("via", "contact", "route", "record-route", "allow", "supported", "require", "accept")
"""Headers whose values may stand in one line with commas between."""
TOKEN: Final = re.compile(r"[A-Za-z0-9!%*_+`'~.-]+")
REASONS: Final = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented", 503: "Service Unavailable",
    505: "Version Not Supported", 600: "Busy Everywhere", 603: "Decline",
}  # fmt: skip


class SipError(ValueError):
    """The message cannot be read; `status` is what RFC 3261 answers to that."""

    def __init__(self, message: str, status: int = 400) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in their order; names in lower case and in full, one value an entry."""

    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The first value, or nothing."""
        return next((value for key, value in self.fields if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value."""
        return tuple(value for key, value in self.fields if key == name)


@dataclass(frozen=True, slots=True)
class SipMessage:
    """What requests and responses share."""

    headers: Headers
    body: bytes = field(default=b"", repr=False)

    @property
    def call_id(self) -> str:
        """The call."""
        return self.headers.get("call-id")

    @property
    def cseq(self) -> tuple[int, str]:
        """The number and method of the request that this is or answers."""
        number, method = self.headers.get("cseq").split(None, 1)
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        """The transaction, by the topmost Via."""
        return parameter(self.headers.get("via"), "branch")

    @property
    def transaction(self) -> str:
        """The transaction, also of senders older than RFC 3261 whose branches are not unique."""
        if self.branch.startswith("z9hG4bK") and len(self.branch) > 7:
            return self.branch
        return "|".join((self.headers.get("via"), self.call_id, str(self.cseq[0]), self.from_tag))

    @property
    def from_tag(self) -> str:
        """The caller's half of the dialog."""
        return parameter(self.headers.get("from"), "tag")

    @property
    def to_tag(self) -> str:
        """The other half of the dialog; empty before there is one."""
        return parameter(self.headers.get("to"), "tag")


@dataclass(frozen=True, slots=True)
class SipRequest(SipMessage):
    """A request."""

    method: str = ""
    uri: str = ""

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        return _encoded(f"{self.method} {self.uri} SIP/2.0", self.headers, self.body)


@dataclass(frozen=True, slots=True)
class SipResponse(SipMessage):
    """A response."""

    status: int = 0
    reason: str = ""

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        return _encoded(f"SIP/2.0 {self.status} {self.reason or REASONS.get(self.status, '')}", self.headers, self.body)


def response_to(request: SipRequest, status: int, to_tag: str = "", more: Iterable[tuple[str, str]] = (), body: bytes = b"") -> SipResponse:
    """The response to a request, with what RFC 3261 section 8.2.6 copies."""
    kept = []
    for name, value in request.headers.fields:
        if name in ("via", "from", "call-id", "cseq") or (name == "record-route" and status < 300):
            kept.append((name, value))
        elif name == "to":
            kept.append((name, f"{value};tag={to_tag}" if to_tag and not parameter(value, "tag") else value))
    return SipResponse(Headers((*kept, *more)), body, status, REASONS.get(status, ""))


def parse(data: bytes) -> SipRequest | SipResponse:
    """A message from a datagram. Raises SipError, with the status to answer where it is a request that can be answered."""
    if len(data) > LONGEST:
        raise SipError("longer than a datagram")
    head, _, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        raise SipError("the header is not UTF-8") from None
    start, *lines = text.split("\r\n")
    headers = Headers(tuple(_fields(lines)))
    body = _body(headers, body)
    message = _status(start, headers, body) if start.startswith("SIP/") else _request(start, headers, body)
    _check(message)
    return message


def _request(start: str, headers: Headers, body: bytes) -> SipRequest:
    parts = start.split(" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]) or not parts[1]:
        raise SipError("the request line is not METHOD URI SIP/2.0")
    if parts[2].upper() != "SIP/2.0":
        raise SipError("not SIP/2.0", 505)
    return SipRequest(headers, body, parts[0], parts[1])


def _status(start: str, headers: Headers, body: bytes) -> SipResponse:
    version, _, rest = start.partition(" ")
    status, _, reason = rest.partition(" ")
    if version.upper() != "SIP/2.0" or not re.fullmatch(r"[1-6]\d\d", status):
        raise SipError("the status line is not SIP/2.0 STATUS REASON")
    return SipResponse(headers, body, int(status), reason)


def _fields(lines: list[str]) -> Iterable[tuple[str, str]]:
    unfolded: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and unfolded:
            unfolded[-1] += " " + line.strip()
        elif line:
            unfolded.append(line)
    for line in unfolded:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not TOKEN.fullmatch(name):
            raise SipError("a header line is not NAME: VALUE")
        name, value = COMPACT.get(name, name), value.strip()
        if "\r" in value or "\n" in value or "\0" in value:
            raise SipError("a header holds control characters")
        for one in split_list(value) if name in LISTS else [value]:
            yield name, one


def split_list(value: str) -> list[str]:
    """The values of a list, cut at commas that stand outside quotes and angle brackets."""
    parts, depth, quoted, current, escaped = [], 0, False, "", False
    for character in value:
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "<>":
            depth += 1 if character == "<" else -1
        elif character == "," and not quoted and depth <= 0:
            parts.append(current.strip())
            current = ""
            continue
        current += character
    return [part for part in (*parts, current.strip()) if part]


def _body(headers: Headers, body: bytes) -> bytes:
    length = headers.get("content-length")
    if not length:
        return body
    if not length.isascii() or not length.isdigit() or len(length) > 6:
        raise SipError("Content-Length is no number")
    if int(length) > len(body):
        raise SipError("the body is shorter than Content-Length says")
    return body[: int(length)]


def _check(message: SipRequest | SipResponse) -> None:
    for name in ("via", "from", "to", "call-id", "cseq"):
        if not message.headers.get(name):
            raise SipError(f"{name} is missing")
    for name in ("from", "to", "call-id", "cseq"):
        if len(message.headers.all(name)) > 1:
            raise SipError(f"{name} stands there twice")
    number, method = (*message.headers.get("cseq").split(None, 1), "")[:2]
    if not number.isascii() or not number.isdigit() or int(number) >= 2**31 or not TOKEN.fullmatch(method.strip()):
        raise SipError("CSeq is not NUMBER METHOD")
    if isinstance(message, SipRequest) and method.strip() != message.method:
        raise SipError("CSeq names another method than the request")


def _encoded(start: str, headers: Headers, body: bytes) -> bytes:
    lines = [start, *(f"{_named(name)}: {value}" for name, value in headers.fields if name != "content-length")]
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode() + body


def _named(name: str) -> str:
    special = {"call-id": "Call-ID", "cseq": "CSeq"}
    return special.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def parameter(value: str, name: str) -> str:
    """A parameter of a header value, such as the tag of a From; those within angle brackets belong to the address."""
    outside = re.sub(r'"(?:\\.|[^"\\])*"', "", value)
    outside = outside.rpartition(">")[2] if "<" in outside else outside
    for part in outside.split(";")[0 if "<" in value else 1 :]:
        key, _, given = part.partition("=")
        if key.strip().lower() == name:
            return given.strip().strip('"')
    return ""


def address(value: str) -> str:
    """The URI of a From, To, Contact, Route or Refer-To value."""
    without_name = re.sub(r'"(?:\\.|[^"\\])*"', "", value)
    bracketed = re.search(r"<([^>]*)>", without_name)
    return bracketed[1].strip() if bracketed else without_name.split(";")[0].strip()


@dataclass(frozen=True, slots=True)
class SipUri:
    """A `sip:` address: who, at which host and port."""

    user: str
    host: str
    port: int = 5060

    def __str__(self) -> str:
        user = quote(self.user, safe="!$&'()*+,-./=?_~#") + "@" if self.user else ""
        return f"sip:{user}{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def parse_uri(text: str) -> SipUri:
    """A `sip:` URI. Raises SipError; `sips:` and `tel:` are not for us."""
    found = re.fullmatch(r"sip:(?:([^@\s<>]*)@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?(?:[;?].*)?", text.strip())
    if not found or (found[3] and not 0 < int(found[3]) < 65536):
        raise SipError("not an address like sip:name@host:port", 416)
    user = re.split("[;:]", found[1] or "")[0]  # parameters of a number, and what was once a password, are no part of it
    return SipUri(unquote(user), found[2].strip("[]"), int(found[3] or 5060))
