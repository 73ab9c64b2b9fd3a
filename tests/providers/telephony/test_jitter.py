"""The order of frames, whatever the line does to it."""

import random

from hypothesis import given
from hypothesis import strategies as st

from guildhall.providers.telephony.jitter import DEEPEST, JitterBuffer
from guildhall.providers.telephony.rtp import Packet


def packet(number: int, source: int = 1) -> Packet:
    return Packet(8, number & 0xFFFF, 0, source, (number & 0xFFFF).to_bytes(2, "big"))


def number_of(frame: bytes | None) -> int | None:
    return None if frame is None else int.from_bytes(frame, "big")


def test_frames_come_out_in_order_over_the_wrap_and_a_lost_one_is_none() -> None:
    numbers = [(65530 + n) & 0xFFFF for n in range(20)]
    shuffled = numbers[:]
    random.Random(3).shuffle(shuffled[2:6])
    buffer, heard = JitterBuffer(depth=4), []
    for n in [numbers[0], numbers[2], numbers[1], numbers[3], *numbers[4:7], *numbers[8:]]:
        buffer.put(Packet(8, n, 0, 1, n.to_bytes(2, "big")))
    for _ in numbers:
        heard.append(buffer.get())
    assert heard == [None if place == 7 else n.to_bytes(2, "big") for place, n in enumerate(numbers)]
    assert buffer.lost == 1
    buffer.put(Packet(8, numbers[3], 0, 1, b"late"))
    assert buffer.late == 1


def test_a_backlog_is_worked_off_instead_of_delaying_the_caller_for_ever() -> None:
    buffer = JitterBuffer()
    for number in range(20):
        buffer.put(packet(number))
    for number in range(20, 1020):
        buffer.put(packet(number))
        buffer.get()
    assert len(buffer._held) <= 5
    assert buffer.lost == 0 and buffer.dropped >= 15


def test_a_fast_clock_loses_a_frame_now_and_then_and_never_grows_a_delay() -> None:
    buffer = JitterBuffer()
    number = 0
    for tick in range(5000):
        buffer.put(packet(number))
        number += 1
        if tick % 100 == 0:  # one in a hundred too fast
            buffer.put(packet(number))
            number += 1
        buffer.get()
    assert len(buffer._held) <= 6


def test_another_source_or_a_count_that_begins_anew_is_heard_at_once() -> None:
    buffer = JitterBuffer()
    heard: list[int | None] = []
    for number in [*range(40000, 40020), *range(100, 120)]:
        buffer.put(packet(number))
        heard.append(number_of(buffer.get()))
    for number in range(30000, 30020):
        buffer.put(packet(number, source=2))
        heard.append(number_of(buffer.get()))
    assert 110 in heard and 30010 in heard, "nobody is silent because their telephone counts differently"


def test_it_waits_longer_on_a_line_that_delays_and_not_on_one_that_does_not() -> None:
    shaken, rng = JitterBuffer(), random.Random(7)
    arrivals = sorted((number + rng.uniform(0, 6 if number > 300 else 0.5), number) for number in range(2000))
    heard, at, deepest = [], 0, 0
    for tick in range(2000):
        while at < len(arrivals) and arrivals[at][0] <= tick:
            shaken.put(packet(arrivals[at][1]))
            at += 1
        heard.append(shaken.get())
        deepest = max(deepest, shaken._depth)
    later = heard[800:]
    assert sum(frame is None for frame in later) / len(later) < 0.02, "once it knows the line, next to nothing is missing"
    assert 3 < deepest <= DEEPEST


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 2), st.booleans()), max_size=200))
def test_any_packets_give_a_frame_or_none_and_little_is_held(coming: list[tuple[int, int, bool]]) -> None:
    buffer = JitterBuffer()
    for number, source, ticks in coming:
        buffer.put(packet(number, source))
        if ticks:
            buffer.get()
    assert len(buffer._held) <= 25
