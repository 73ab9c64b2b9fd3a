"""RTP packets, and keys in them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.providers.telephony.rtp import Key, KeyReader, Packet, RtpError, key_packets, parse


@given(st.integers(0, 127), st.integers(0, 65535), st.integers(0, 2**32 - 1), st.binary(max_size=400), st.booleans())
def test_a_packet_is_read_as_it_was_written(kind: int, sequence: int, timestamp: int, payload: bytes, marker: bool) -> None:
    packet = Packet(kind, sequence, timestamp, 7, payload, marker)
    assert parse(packet.encoded()) == packet


@given(st.binary(max_size=200))
def test_any_bytes_are_a_packet_or_refused(data: bytes) -> None:
    with contextlib.suppress(RtpError):
        parse(data)


def test_extension_contributors_and_padding_are_taken_off() -> None:
    plain = Packet(8, 1, 160, 9, b"sound").encoded()
    data = bytes([0x80 | 0x20 | 0x10 | 0x01]) + plain[1:12] + b"\0\0\0\1" + b"\xbe\xde\0\1abcd" + b"sound" + b"\0\0\3"
    assert parse(data).payload == b"sound"


@pytest.mark.parametrize("lost", [set(), {5, 6}, {0}, {5, 6, 7}, {2, 3, 4}])
def test_each_key_is_told_once_whatever_is_lost_or_doubled(lost: set[int]) -> None:
    reader, told = KeyReader(), []
    for place, key in enumerate("18*#"):
        for number, packet in enumerate(key_packets(key, 10 * place, 1600 * place, 1, 101)):
            if number not in lost:
                told += reader.read(packet) + reader.read(packet)
    told += reader.waiting()
    assert [pressed.key for pressed in told] == list("18*#")
    assert all(isinstance(pressed, Key) and 0 < pressed.duration_seconds <= 0.1 for pressed in told)
