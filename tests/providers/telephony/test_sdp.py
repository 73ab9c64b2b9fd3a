"""Offers of sound, and our answers."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.providers.telephony.g711 import Law
from guildhall.providers.telephony.sip.sdp import SdpError, answer, offer, read_offer

OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP {types}\r\n{more}"


def offered(types: str, more: str = "") -> bytes:
    return OFFER.format(types=types, more=more).encode()


def test_the_callers_first_coding_that_we_speak_is_taken() -> None:
    media = read_offer(offered("111 0 8 96", "a=rtpmap:111 opus/48000/2\r\na=rtpmap:96 telephone-event/8000\r\n"))
    assert (media.law, media.law_type, media.keys_type, media.host, media.port) == (Law.MU, 0, 96, "127.0.0.1", 7000)
    assert b"m=audio 9000 RTP/AVP 0 96\r\n" in answer(media, "127.0.0.1", 9000, 1)


def test_a_coding_under_another_number_is_known_by_its_name() -> None:
    assert read_offer(offered("97", "a=rtpmap:97 pcma/8000\r\n")).law == Law.A


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_hold_is_understood_and_answered(direction: str) -> None:
    media = read_offer(offered("8", f"a={direction}\r\n"))
    assert media.held
    assert {"sendonly": b"a=recvonly", "inactive": b"a=inactive"}[direction] in answer(media, "127.0.0.1", 9000, 1)


def test_the_old_way_to_hold_is_understood() -> None:
    assert read_offer(offered("8").replace(b"c=IN IP4 127.0.0.1", b"c=IN IP4 0.0.0.0")).held


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        offered("111", "a=rtpmap:111 opus/48000/2\r\n"),
        offered("8").replace(b"audio", b"video"),
        offered("8").replace(b"7000", b"0"),
    ],
)
def test_what_we_cannot_speak_is_refused(body: bytes) -> None:
    with pytest.raises(SdpError):
        read_offer(body)


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(SdpError):
        read_offer(b"v=0\r\n" + body)


def test_our_own_offer_can_be_read() -> None:
    media = read_offer(offer("127.0.0.1", 4000, 5))
    assert (media.law, media.keys_type, media.port) == (Law.A, 101, 4000)
