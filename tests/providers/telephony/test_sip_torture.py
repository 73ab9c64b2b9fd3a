"""Messages that test a parser's patience, in the kinds of RFC 4475: odd but right ones must make a call, wrong ones must be refused, none may harm."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.endpoint import SipEndpoint
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.messages import SipError, SipRequest, SipResponse, parse, response_to
from guildhall.providers.telephony.sip.sdp import offer
from guildhall.providers.telephony.sip.vias import received
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.test_sip_gateway import Answered, with_gateway

HEAD = "Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{name}\r\nMax-Forwards: 70\r\n"
PLAIN = "From: <sip:01632960123@127.0.0.1>;tag=t1\r\nTo: <sip:council@127.0.0.1>\r\nCall-ID: {name}\r\nCSeq: 1 INVITE\r\nContact: <sip:me@127.0.0.1:{port}>\r\n"

ODD_BUT_RIGHT = {
    "every character a token may have": HEAD.replace("z9hG4bK{name}", "z9hG4bK.-!%*_+`'~{name}") + PLAIN,
    "lower and upper case mixed": HEAD.replace("Via", "vIA").replace("Max-Forwards", "MAX-forwards") + PLAIN.replace("Call-ID", "cALL-iD"),
    "white space wherever it may be": HEAD.replace("Via: SIP/2.0/UDP ", "Via  :   SIP / 2.0\t/UDP\t") + PLAIN.replace("CSeq: 1 INVITE", "CSeq\t:\t 1  \t INVITE"),
    "folded everywhere": HEAD + PLAIN.replace("From: ", "From:\r\n\t").replace(";tag", "\r\n ;tag").replace("CSeq: 1 ", "CSeq: 1\r\n  "),
    "quoted names with escapes": HEAD + PLAIN.replace("From: <", r'From: "caller \"of\" <the> , \\ old; tag=x" <'),
    "no angle brackets": HEAD + PLAIN.replace("From: <sip:01632960123@127.0.0.1>", "From: sip:01632960123@127.0.0.1"),
    "a number beginning with noughts": HEAD + PLAIN.replace("CSeq: 1", "CSeq: 0001"),
    "headers nobody knows": HEAD + PLAIN + "X-Unknown-'~': ;;,,;,;\r\nNewFangled: newfangled value\r\n continued here\r\n",
    "many proxies on the way": HEAD + "".join(f"Via: SIP/2.0/TCP p{n}.example;branch=z9hG4bK{n}\r\n" for n in range(40)) + PLAIN,
    "a long value of everything": HEAD + PLAIN.replace("Call-ID: {name}", "Call-ID: {name}" + "long" * 200) + "Subject: " + "s" * 3000 + "\r\n",
    "an address in the form of IPv6": HEAD + PLAIN.replace("sip:01632960123@127.0.0.1", "sip:01632960123@[2001:db8::9:1]"),
    "escaped characters in an address": HEAD + PLAIN.replace("sip:01632960123@", "sip:01632%39%36%30123@"),
    "parameters in the address": HEAD + PLAIN.replace("01632960123@127.0.0.1", "+441632960123;isub=1;phone-context=x@127.0.0.1;user=phone"),
    "other languages in a name": HEAD + PLAIN.replace("From: <", 'From: "Żółć سلام" <'),
    "a display name without quotes": HEAD + PLAIN.replace("From: <", "From: Sam Resident <"),
    "an old Via without the cookie": HEAD.replace("branch=z9hG4bK{name}", "branch=1") + PLAIN,
    "a Date of the future and an unknown scheme in Contact lists": HEAD + PLAIN + "Date: Fri, 01 Jan 2100 16:00:00 EST\r\nAlert-Info: <http://x>\r\n",
}  # fmt: skip

WRONG = {
    "no Call-ID": (HEAD + PLAIN.replace("Call-ID: {name}\r\n", ""), None),
    "two From": (HEAD + PLAIN + "From: <sip:b@x>;tag=2\r\n", None),
    "a CSeq that does not fit": (HEAD + PLAIN.replace("1 INVITE", "36893488147419103232 INVITE"), None),
    "a CSeq of another method": (HEAD + PLAIN.replace("1 INVITE", "1 OPTIONS"), None),
    "a negative length": (HEAD + PLAIN + "Content-Length: -999\r\n", None),
    "a length beyond the datagram": (HEAD + PLAIN + "Content-Length: 9999\r\n", None),
    "a Via without a host": (HEAD.replace("127.0.0.1:{port}", "") + PLAIN, None),
    "a Via with an impossible port": (HEAD.replace("{port};", "99999;") + PLAIN, None),
    "an option that we must know": (HEAD + PLAIN + "Require: nothingSupportsThis, norThis\r\n", 420),
    "no more hops": (HEAD.replace("70", "0") + PLAIN, 483),
    "a body we cannot read": (HEAD + PLAIN + "Content-Type: application/x-strange\r\n", 415),
}  # fmt: skip


def message(fields: str, name: str, port: int, body: bytes, more: str = "") -> bytes:
    length = "" if "Content-Length" in fields else f"Content-Length: {len(body)}\r\n"
    kind = "" if "Content-Type" in fields else "Content-Type: application/sdp\r\n"
    head = fields.replace("{name}", name).replace("{port}", str(port))
    return f"INVITE sip:council@127.0.0.1 SIP/2.0\r\n{head}{kind}{length}{more}\r\n".encode() + body


@pytest.mark.parametrize("kind", ODD_BUT_RIGHT)
def test_odd_but_right_messages_make_a_call(kind: str) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        caller.send(message(ODD_BUT_RIGHT[kind], "torture", caller.sip.port, offer("127.0.0.1", caller.rtp.port, 1)))
        answered = await caller.final()
        assert answered.status == 200
        assert answered.from_tag == "t1" and answered.cseq == (1, "INVITE")
        vias = ODD_BUT_RIGHT[kind].lower().count("via:") + ODD_BUT_RIGHT[kind].lower().count("via  :")
        assert len(answered.headers.all("via")) == vias, "every proxy finds its way back"

    with_gateway(test)


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_messages_are_refused_or_dropped_and_the_next_call_is_answered(kind: str) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        fields, status = WRONG[kind]
        caller.send(message(fields, "wrong", caller.sip.port, offer("127.0.0.1", caller.rtp.port, 1)))
        if status:
            assert (await caller.final()).status == status
        caller.their_tag = ""
        assert (await caller.call()).status == 200
        assert len(session.legs) == 1, "only the right one was a call"
        assert gateway.endpoint.counted.unreadable == (0 if status else 1)

    with_gateway(test)


@pytest.mark.parametrize(
    "line",
    ["INVITE sip:council@127.0.0.1  SIP/2.0", " INVITE sip:a@b SIP/2.0", "INVITE sip:a@b", "INVITE sip:a@b SIP/3.0", "INVITE  SIP/2.0"],
)
def test_request_lines_that_are_none(line: str) -> None:
    data = message(HEAD + PLAIN, "line", 5060, b"").partition(b"\r\n")[2]
    with pytest.raises(SipError):
        parse(line.encode() + b"\r\n" + data)


def test_what_follows_the_body_is_not_part_of_it() -> None:
    data = message(HEAD + PLAIN, "long", 5060, b"v=0") + b"INVITE sip:evil@127.0.0.1 SIP/2.0\r\n"
    assert parse(data).body == b"v=0"


def test_a_response_that_nobody_waits_for_is_ignored() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        request = caller.request("INVITE")
        for status in (100, 200, 302, 486, 699):
            caller.send(response_to(request, status, "x"))
        assert (await caller.call()).status == 200

    with_gateway(test)


class _Wire:
    """A socket without a network."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendto(self, data: bytes, addr: tuple[str, int]) -> None:
        self.sent.append(data)

    def is_closing(self) -> bool:
        return False

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return ("127.0.0.1", 5060)


PIECES = st.sampled_from(
    b"INVITE |ACK |BYE |CANCEL |SIP/2.0| 200 OK|sip:a@b|\r\n|\r\n |Via: SIP/2.0/UDP h;branch=z9hG4bK1|From: <sip:a@b>;tag=1|To: <sip:c@d>"
    b'|To: <sip:c@d>;tag=9|Call-ID: 1|CSeq: 1 INVITE|CSeq: 2 BYE|Content-Length: 5|v=0\r\n|\0|\xff|"|<|>|;|,'.split(b"|")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=6), max_size=40).map(b"".join))
def test_whatever_comes_the_endpoint_goes_on(data: bytes) -> None:
    async def run() -> None:
        invited: list[SipRequest] = []
        endpoint, wire = SipEndpoint(Bounds(t1=0.001), lambda request, peer: invited.append(request)), _Wire()
        endpoint.connection_made(wire)
        endpoint.datagram_received(data, ("127.0.0.1", 5090))
        for sent in wire.sent:
            assert isinstance(parse(sent), SipResponse), "what we answer can be read"
        endpoint.transactions.close()

    asyncio.run(run())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ODD_BUT_RIGHT)), st.data())
def test_a_damaged_message_is_read_or_refused_and_what_is_read_can_be_answered(kind: str, data: st.DataObject) -> None:
    whole = bytearray(message(ODD_BUT_RIGHT[kind], "fuzz", 5090, b"v=0\r\n"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        request = parse(bytes(whole))
        if isinstance(request, SipRequest):
            request, _ = received(request, ("127.0.0.1", 5090))
            answered = parse(response_to(request, 200, "tag").encoded())
            assert (answered.call_id, answered.cseq) == (request.call_id, request.cseq)
    except SipError:
        return
