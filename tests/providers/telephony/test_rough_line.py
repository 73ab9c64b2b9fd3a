"""Loss, jitter and packets in the wrong order (T14): nothing breaks and keys are exact. Whether words are still understood: `tests/phone`."""

import socket
from typing import Any

import numpy as np
import pytest

from guildhall.channels.phone.ports import KeyPressed
from guildhall.providers.telephony.g711 import Law, encode
from guildhall.providers.telephony.rtp import Packet, key_packets
from guildhall.providers.telephony.sip.rtp_ports import RtpPorts
from guildhall.providers.telephony.sip.sdp import offer, read_offer
from guildhall.providers.telephony.sip.sound import Sound
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.relay import Relay, Roughness
from tests.providers.telephony.test_sip_gateway import TONE, Answered, with_gateway

TICK = 0.02
LOSSES = (0.01, 0.03, 0.05, 0.10)


class Line:
    """One call's sound without a clock: what a caller sends arrives as the line lets it, tick by tick, over real sockets."""

    def __init__(self, roughness: Roughness) -> None:
        self.keys: list[KeyPressed] = []
        self.roughness = roughness
        self.ports = RtpPorts("127.0.0.1")
        self.sound = Sound(self.ports, self.keys.append, lambda _: None)
        self.caller = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.caller.bind(("127.0.0.1", 0))
        self.sound.agree(read_offer(offer("127.0.0.1", self.caller.getsockname()[1], 1)))
        self.lost = 0

    def carry(self, packets: list[bytes]) -> "np.ndarray[Any, Any]":
        heard = []
        for arriving in self.roughness.arrivals(packets, TICK):
            for packet in arriving:
                self.caller.sendto(packet, ("127.0.0.1", self.sound.port))
            frame, lost = self.sound.hear()
            self.lost += lost
            heard.append(np.frombuffer(frame, np.int16))
        return np.concatenate(heard)

    def close(self) -> None:
        self.sound.close()
        self.caller.close()
        assert self.ports.open == 0


def spoken(samples: "np.ndarray[Any, Any]") -> list[bytes]:
    whole = np.pad(samples, (0, -len(samples) % 160))
    return [Packet(8, n, 160 * n, 7, encode(whole[160 * n : 160 * n + 160], Law.A)).encoded() for n in range(len(whole) // 160)]


@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_lost_is_little_more_than_what_the_line_loses(loss: float) -> None:
    line = Line(Roughness(loss, 0.06, 0.02))
    line.carry(spoken(np.resize(TONE, 160 * 3000)))
    assert line.lost / 3000 < loss + 0.03, "jitter of 60 ms costs next to nothing"
    line.close()


@pytest.mark.parametrize("loss", LOSSES)
def test_keys_are_exact_on_a_line_that_loses_and_doubles(loss: float) -> None:
    pressed = "1234567890*#" * 3
    line = Line(Roughness(loss, 0.06, 0.1, seed=5))
    packets: list[bytes] = []
    for place, key in enumerate(pressed):
        packets += [packet.encoded() for packet in key_packets(key, len(packets), 4000 * place, 7, 101, frames=8)]
        packets += [Packet(8, len(packets) + n, 4000 * place + 1600 + 160 * n, 7, bytes([0xD5]) * 160).encoded() for n in range(12)]
    line.carry(packets)
    assert "".join(key.key for key in line.keys) == pressed
    line.close()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_whole_call_over_a_bad_relay(loss: float) -> None:
    async def test(gateway: Any, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        relay = await Relay.open(Roughness(loss, 0.06, 0.05, seed=3), ("127.0.0.1", caller.rtp.port))
        assert (await caller.call(offer("127.0.0.1", relay.port, 1))).status == 200
        assert caller.media is not None
        relay.us = (caller.media.host, caller.media.port)
        caller.media = read_offer(offer("127.0.0.1", relay.port, 1))
        for number in range(60):
            caller.say(TONE[160 * (number % 5) : 160 * (number % 5) + 160])
            await caller.listen(1)
        caller.press("7")
        await caller.listen(15)
        assert (await caller.hang_up()).status == 200
        await session.over.wait()
        assert [event.key for event in session.events if isinstance(event, KeyPressed)] == ["7"]
        assert np.abs(np.frombuffer(bytes(session.sound), np.int16)).max() > 7000
        assert gateway.line.ports.open == 0
        relay.transport.close()

    with_gateway(test)


@pytest.mark.parametrize("samples", [80, 160, 240, 320, 480])
def test_packets_of_any_length_are_heard_whole(samples: int) -> None:
    line = Line(Roughness())
    sound = np.resize(TONE, 160 * 300)
    packets = [
        Packet(8, n, n * samples, 7, encode(sound[n * samples : (n + 1) * samples], Law.A)).encoded() for n in range(len(sound) // samples)
    ]
    heard, sent = [], 0
    for tick in range(320):
        while packets and sent <= tick * 160:
            line.caller.sendto(packets.pop(0), ("127.0.0.1", line.sound.port))
            sent += samples
        frame, lost = line.sound.hear()
        heard.append((np.frombuffer(frame, np.int16), lost))
    whole = [frame for frame, lost in heard if not lost]
    assert len(whole) >= 298, "telephones that send 10, 30, 40 or 60 ms at once are understood too"
    crossings = np.diff(np.signbit(np.concatenate(whole[10:290])))
    assert abs(crossings.mean() * 4000 - 400) < 12, "without breaks"
    line.close()


def test_a_hole_in_a_word_is_filled_with_what_came_before_and_then_fades() -> None:
    line = Line(Roughness())
    packets = spoken(np.resize(TONE, 160 * 40))
    heard = line.carry([packet for number, packet in enumerate(packets) if not 20 <= number < 22])
    levels = [int(np.abs(heard[160 * n : 160 * n + 160]).max()) for n in range(len(heard) // 160)]
    loud = [number for number, level in enumerate(levels) if level > 7000]
    between = levels[loud[0] : loud[-1] + 1]
    assert min(between) > 2500, "no hole is heard"
    assert sum(level < 7000 for level in between) == 2, "and what fills it is quieter each time"
    line.close()
