"""SIP messages: the forms that RFC 3261 allows are read, and whatever else comes is refused with its status."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.providers.telephony.sip.messages import (
    SipError,
    SipRequest,
    SipResponse,
    address,
    parameter,
    parse,
    parse_uri,
    response_to,
    split_list,
)
from guildhall.providers.telephony.sip.numbers import national, number_in

INVITE = (
    b"INVITE sip:council@127.0.0.1 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK-1\r\n"
    b'From: "Sam, at home" <sip:01632960001@127.0.0.1>;tag=a1\r\n'
    b"To: <sip:council@127.0.0.1>\r\nCall-ID: 1@127.0.0.1\r\nCSeq: 1 INVITE\r\nContent-Length: 3\r\n\r\nv=0"
)


def test_a_request_is_read_and_answered() -> None:
    request = parse(INVITE)
    assert isinstance(request, SipRequest)
    assert (request.method, request.cseq, request.branch, request.from_tag, request.body) == (
        "INVITE",
        (1, "INVITE"),
        "z9hG4bK-1",
        "a1",
        b"v=0",
    )
    answered = parse(response_to(request, 180, "b2").encoded())
    assert isinstance(answered, SipResponse)
    assert (answered.status, answered.to_tag, answered.branch) == (180, "b2", "z9hG4bK-1")


def test_compact_names_folded_lines_and_lists_are_read() -> None:
    request = parse(
        b"\r\nOPTIONS sip:x@h SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z1, SIP/2.0/UDP b;branch=z2\r\n"
        b"f: <sip:a@b>\r\n ;tag=9\r\nt: sip:c@d;tag=8\r\ni: q\r\ncseq:  7   OPTIONS\r\n\r\n"
    )
    assert request.headers.all("via") == ("SIP/2.0/UDP a;branch=z1", "SIP/2.0/UDP b;branch=z2")
    assert (request.from_tag, request.to_tag, request.cseq) == ("9", "8", (7, "OPTIONS"))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ((b"INVITE sip", b"IN VITE sip"), 400),
        ((b"SIP/2.0\r\nVia", b"SIP/7.0\r\nVia"), 505),
        ((b"CSeq: 1 INVITE", b"CSeq: 1 BYE"), 400),
        ((b"CSeq: 1 INVITE", b"CSeq: 99999999999 INVITE"), 400),
        ((b"Content-Length: 3", b"Content-Length: 30"), 400),
        ((b"Content-Length: 3", b"Content-Length: -3"), 400),
        ((b"Call-ID: 1@127.0.0.1\r\n", b""), 400),
        ((b"Call-ID:", b"Call-ID: 2\r\nCall-ID:"), 400),
        ((b"To: ", b"To "), 400),
        ((b"council@127", b"\xff\xfe@127"), 400),
    ],
)
def test_what_is_wrong_has_its_status(change: tuple[bytes, bytes], status: int) -> None:
    with pytest.raises(SipError) as refused:
        parse(INVITE.replace(*change, 1))
    assert refused.value.status == status


@given(st.binary(max_size=600))
def test_any_datagram_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(SipError):
        parse(data)


@given(st.integers(0, len(INVITE) - 1), st.binary(min_size=1, max_size=4), st.booleans())
def test_any_damage_to_a_good_message_is_read_or_refused(place: int, put: bytes, insert: bool) -> None:
    damaged = INVITE[:place] + put + INVITE[place if insert else place + len(put) :]
    try:
        message = parse(damaged)
        assert message.cseq and message.call_id
        message.encoded()
    except SipError:
        pass


def test_parameters_and_addresses_are_told_apart() -> None:
    value = '"a;tag=no <x>" <sip:a@b;tag=inner>;tag=outer'
    assert (parameter(value, "tag"), address(value)) == ("outer", "sip:a@b;tag=inner")
    assert parameter("sip:c@d;tag=8", "tag") == "8"
    assert split_list('"a, b" <sip:x,y@z>, <sip:2@z>') == ['"a, b" <sip:x,y@z>', "<sip:2@z>"]


def test_addresses_of_others_are_refused() -> None:
    assert str(parse_uri("sip:01632960001@10.0.0.1:5070;user=phone")) == "sip:01632960001@10.0.0.1:5070"
    for other in ("tel:999", "sips:a@b", "sip:a b@c", "sip:a@b:99999", "http://x", ""):
        with pytest.raises(SipError):
            parse_uri(other)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("<sip:+441632960100;phone-context=x@trunk;user=phone>", "+441632960100"),
        ("<sip:01632%20960100@h>;tag=1", "01632 960100"),
        ("<tel:+441632960100;isub=1>;tag=2", "+441632960100"),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', ""),
        ("<sip:h>", ""),
        ("<sips:1@h>", ""),
    ],
)
def test_numbers_are_read_as_trunks_write_them(value: str, number: str) -> None:
    assert number_in(value) == number


def test_a_number_is_one_with_and_without_the_country() -> None:
    assert {national(number) for number in ("+44 1632 960100", "00441632960100", "01632 960100", "+44 (0)1632-960100")} == {"01632960100"}
    assert national("+48 22 5551234") == "+48225551234"
    assert parse_uri(str(parse_uri("sip:a%20b@[2001:db8::1]:5070"))) == parse_uri("sip:a%20b@[2001:db8::1]:5070")
