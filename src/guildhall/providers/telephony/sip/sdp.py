"""What sound a caller offers and what we answer (SDP, RFC 8866; offer and answer, RFC 3264): G.711 and telephone events, nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from guildhall.providers.telephony.codings import PAYLOAD_TYPES, Law

STATIC = {0: "PCMU", 8: "PCMA"}


class SdpError(ValueError):
    """The description cannot be read, or offers nothing that we speak."""


@dataclass(frozen=True, slots=True)
class Media:
    """One side's sound: where to send it, which coding it is and which payload type keys have; `sends` and `receives` follow hold.

    `streams` are all the streams that were offered, by their lines; the one at `place` is ours, and the answer refuses the others.
    """

    host: str
    port: int
    law: Law
    law_type: int
    keys_type: int | None
    sends: bool = True
    receives: bool = True
    streams: tuple[str, ...] = ()
    place: int = 0

    @property
    def held(self) -> bool:
        """Whether the other side listens to nothing."""
        return not self.receives


def read_offer(body: bytes) -> Media:
    """The first audio stream of an offer in a coding we speak. Raises SdpError."""
    session, media = _sections(body)
    streams = tuple(lines[0] for lines in media)
    for place, lines in enumerate(media):
        try:
            return replace(_media(session, lines), streams=streams, place=place)
        except SdpError:
            continue
    raise SdpError("no audio stream with PCMA or PCMU is offered")


def _sections(body: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        lines = [line.strip() for line in body.decode("utf-8").replace("\r\n", "\n").split("\n") if line.strip()]
    except UnicodeDecodeError:
        raise SdpError("not UTF-8") from None
    if not lines or lines[0] != "v=0" or any(len(line) < 2 or line[1] != "=" for line in lines):
        raise SdpError("not a session description")
    session: list[str] = []
    media: list[list[str]] = []
    for line in lines:
        if line.startswith("m="):
            media.append([])
        (media[-1] if media else session).append(line)
    return session, media


def _media(session: list[str], lines: list[str]) -> Media:
    found = re.fullmatch(r"m=audio (\d{1,5})(?:/\d+)? RTP/AVP ([\d ]+)", lines[0])
    if not found or not 0 < int(found[1]) < 65536:
        raise SdpError("not audio over RTP/AVP")
    types = [int(number) for number in found[2].split()]
    names = STATIC | {int(m[1]): m[2] for line in lines if (m := re.fullmatch(r"a=rtpmap:(\d{1,3}) ([A-Za-z0-9-]+)/8000(?:/1)?", line))}
    law_type = next((t for t in types if names.get(t, "").upper() in (Law.A, Law.MU)), None)
    if law_type is None:
        raise SdpError("neither PCMA nor PCMU")
    keys = next((t for t in types if names.get(t, "").lower() == "telephone-event"), None)
    direction = next((line[2:] for line in (*lines, *session) if line[2:] in ("sendrecv", "sendonly", "recvonly", "inactive")), "sendrecv")
    host = _host([*lines, *session])
    hold = host == "0.0.0.0"  # the old way to put on hold, RFC 2543
    return Media(
        host=host,
        port=int(found[1]),
        law=Law(names[law_type].upper()),
        law_type=law_type,
        keys_type=keys,
        sends=direction in ("sendrecv", "sendonly"),
        receives=direction in ("sendrecv", "recvonly") and not hold,
    )


def _host(lines: list[str]) -> str:
    found = next((m for line in lines if (m := re.fullmatch(r"c=IN IP[46] ([0-9a-fA-F.:]+)(?:/\d+)?", line))), None)
    if not found:
        raise SdpError("no address to send to")
    return found[1]


DIRECTIONS = {(True, True): "sendrecv", (True, False): "recvonly", (False, True): "sendonly", (False, False): "inactive"}
"""Ours, by whether the other side sends and receives."""


def answer(offered: Media, host: str, port: int, session: int, version: int = 0) -> bytes:
    """Our answer to an offer, with the same payload types; what they hold, we hold; other streams than the one we took are refused."""
    ours = _stream(port, offered.law, offered.law_type, offered.keys_type, DIRECTIONS[offered.sends, offered.receives])
    streams = offered.streams or ("",)
    lines = (ours if place == offered.place else (_refused(stream),) for place, stream in enumerate(streams))
    return _description(host, session, version, (line for stream in lines for line in stream))


def offer(host: str, port: int, session: int, law: Law = Law.A, version: int = 0) -> bytes:
    """Our own offer, for a call that we place: one coding, so that nothing has to be converted when two calls are joined."""
    return _description(host, session, version, _stream(port, law, PAYLOAD_TYPES[law], 101, "sendrecv"))


def renewed(body: bytes, ours: bytes) -> bytes:
    """Another's description, to be sent on as the next of those we sent before: the session stays ours, its version goes up by one."""
    before = re.search(rb"^o=(\S+ \d+) (\d+)", ours, re.MULTILINE)
    if not before:
        return body
    origin = b"o=%s %d IN" % (before[1], int(before[2]) + 1)
    return re.sub(rb"^o=\S+ \S+ \S+ IN", lambda _: origin, body, count=1, flags=re.MULTILINE)


def _refused(stream: str) -> str:
    kind, _, rest = stream.partition(" ")
    return f"{kind} 0 {rest.partition(' ')[2]}"


def _stream(port: int, law: Law, law_type: int, keys_type: int | None, direction: str) -> tuple[str, ...]:
    types = f"{law_type} {keys_type}" if keys_type is not None else f"{law_type}"
    keys = (f"a=rtpmap:{keys_type} telephone-event/8000", f"a=fmtp:{keys_type} 0-15") if keys_type is not None else ()
    return (f"m=audio {port} RTP/AVP {types}", f"a=rtpmap:{law_type} {law.value}/8000", *keys, "a=ptime:20", f"a={direction}")


def _description(host: str, session: int, version: int, streams: Iterable[str]) -> bytes:
    family = "IP6" if ":" in host else "IP4"
    origin = f"o=guildhall {session} {session + version} IN {family} {host}"
    return "\r\n".join(("v=0", origin, "s=-", f"c=IN {family} {host}", "t=0 0", *streams, "")).encode()
