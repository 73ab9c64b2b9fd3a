"""G.711 as the standard has it."""

import numpy as np
import pytest

from guildhall.providers.telephony.g711 import SILENCE, Law, decode, encode


@pytest.mark.parametrize("law", list(Law))
def test_every_byte_comes_back_as_itself_or_as_the_same_sound(law: Law) -> None:
    every = bytes(range(256))
    sounds = decode(every, law)
    assert np.array_equal(decode(encode(sounds, law), law), sounds)


def test_known_values_of_the_standard() -> None:
    assert list(decode(bytes([0xD5, 0x55, 0xAA, 0x2A]), Law.A)) == [8, -8, 32256, -32256]
    assert list(decode(bytes([0xFF, 0x7F, 0x80, 0x00]), Law.MU)) == [0, 0, 32124, -32124]


@pytest.mark.parametrize("law", list(Law))
def test_a_tone_survives_and_silence_is_quiet(law: Law) -> None:
    tone = (8000 * np.sin(np.arange(800) * 2 * np.pi * 440 / 8000)).astype(np.int16)
    heard = decode(encode(tone, law), law).astype(int)
    noise = np.mean((heard - tone) ** 2)
    assert 10 * np.log10(np.mean(tone.astype(float) ** 2) / noise) > 35
    assert abs(int(decode(bytes([SILENCE[law]]), law)[0])) <= 8
