"""Sound for a telephone: the right rate, the right band, the right loudness, and no seams between pieces."""

import numpy as np
import pytest

from guildhall.channels.phone.ports import RATE
from guildhall.providers.speech.phone_band import LEVEL_DBFS, PhoneBand, linear, pressed, speech_dbfs, to_phone


def tone(hertz: float, rate: int, seconds: float = 1.0, loud: float = 8000) -> bytes:
    return linear(loud * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate))


def samples(sound: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(sound, np.int16).astype(np.float64)


def through(sound: bytes, rate: int, piece: int = 0) -> bytes:
    band = PhoneBand(rate)
    if not piece:
        return band.feed(sound) + band.finish()
    return b"".join(band.feed(sound[at : at + piece]) for at in range(0, len(sound), piece)) + band.finish()


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100, 48000])
def test_sound_keeps_its_length_at_any_rate(rate: int) -> None:
    sent = through(tone(1000, rate, 1.0), rate)
    assert len(sent) / 2 / RATE == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_what_a_telephone_carries_comes_through_as_loud_as_it_was(rate: int) -> None:
    for hertz in (500, 1000, 2500, 3100):
        middle = samples(through(tone(hertz, rate), rate))[2000:6000]
        assert np.sqrt(np.mean(middle**2)) == pytest.approx(8000 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("hertz", [50, 120, 4200, 5000, 7000, 10000])
def test_rumble_and_what_would_alias_is_gone(hertz: int) -> None:
    middle = samples(through(tone(hertz, 22050), 22050))[2000:6000]
    assert np.sqrt(np.mean(middle**2)) < 8000 / np.sqrt(2) * 0.02


@pytest.mark.parametrize("piece", [2, 640, 8820, 9999 * 2])
def test_pieces_join_without_a_seam(piece: int) -> None:
    sound = tone(700, 22050, 0.4)
    assert through(sound, 22050, piece) == through(sound, 22050)


def test_a_recording_is_brought_to_the_loudness_of_an_announcement() -> None:
    for loud in (200, 2000, 30000):
        pulse = tone(800, 16000, 0.5, loud) + bytes(16000) + tone(1200, 16000, 0.5, loud)
        assert speech_dbfs(samples(to_phone(pulse, 16000))) == pytest.approx(LEVEL_DBFS, abs=1.0)


def test_silence_stays_silence() -> None:
    assert set(to_phone(bytes(32000), 16000)) == {0}


def test_peaks_are_bent_and_never_wrap_round() -> None:
    bent = pressed(np.array([0.0, 10000.0, 30000.0, 200000.0, -200000.0]))
    assert bent[1] == pytest.approx(10000, rel=0.001)
    assert bent[2] < 30000
    assert abs(bent[3]) <= 32768 and bent[3] == -bent[4]
