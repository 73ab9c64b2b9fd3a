"""Other rates to the phone's and back, and wav files as they arrive."""

import numpy as np
import pytest

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.speech.sound import Incoming, Resampler, resampled, wav
from guildhall.testing.speech.http_server import tone, wav_of


def loudness(sound: bytes, pitch: float, rate: int = RATE) -> float:
    """How much of a pitch is in a sound: its amplitude."""
    samples = np.frombuffer(sound, np.int16).astype(float)
    at = np.arange(len(samples))
    return float(2 * abs(np.mean(samples * np.exp(-2j * np.pi * pitch * at / rate))))


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 24000, 44100, 48000])
def test_a_tone_keeps_its_pitch_length_and_loudness(rate: int) -> None:
    sound = resampled(tone(1.0, rate, 1000.0), rate, RATE)
    assert abs(len(sound) / 2 - RATE) <= 2
    assert loudness(sound[1600:-1600], 1000.0) == pytest.approx(6000, rel=0.02)


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 48000])
def test_what_the_phone_cannot_carry_does_not_come_back_as_another_pitch(rate: int) -> None:
    sound = resampled(tone(1.0, rate, 5500.0), rate, RATE)
    assert np.abs(np.frombuffer(sound[1600:-1600], np.int16)).max() < 30


@pytest.mark.parametrize("to", [16000, 24000])
def test_the_phone_s_sound_can_be_made_wider(to: int) -> None:
    sound = resampled(tone(1.0, RATE, 1000.0), RATE, to)
    assert abs(len(sound) / 2 - to) <= 4
    assert loudness(sound[3200:-3200], 1000.0, to) == pytest.approx(6000, rel=0.02)
    assert loudness(sound[3200:-3200], 7000.0, to) < 30


@pytest.mark.parametrize("rate", [22050, 24000])
def test_pieces_of_any_length_make_the_same_sound(rate: int) -> None:
    sound = tone(0.5, rate)
    resampler, pieces, at = Resampler(rate), b"", 0
    for n in range(10_000):
        step = 1 + (n * 7919) % 977
        pieces += resampler.feed(sound[at : at + step])
        at += step
        if at >= len(sound):
            break
    assert pieces + resampler.end() == resampled(sound, rate, RATE)


@pytest.mark.parametrize("endless", [False, True])
def test_a_wav_file_says_its_own_rate(endless: bool) -> None:
    incoming = Incoming(24_000)
    file = wav_of(tone(1.0, 16_000, 500.0), 16_000, endless=endless)
    sound = b"".join(incoming.feed(file[at : at + 37]) for at in range(0, len(file), 37)) + incoming.end()
    assert abs(len(sound) / 2 - RATE) <= 2
    assert loudness(sound[1600:-1600], 500.0) == pytest.approx(6000, rel=0.02)


def test_other_chunks_of_a_wav_file_are_passed_over() -> None:
    file = wav_of(tone(0.1, RATE), RATE)
    noted = file[:12] + b"LIST" + (10).to_bytes(4, "little") + bytes(10) + file[12:] + b"LIST" + bytes(40)
    incoming = Incoming(24_000)
    assert incoming.feed(noted) + incoming.end() == tone(0.1, RATE)


def test_our_own_wav_file_can_be_read() -> None:
    incoming = Incoming(24_000)
    assert incoming.feed(wav(tone(0.1, RATE))) == tone(0.1, RATE)


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        (wav_of(tone(0.1, RATE), RATE, channels=2), "one channel of 16-bit PCM is right"),
        (b"RIFF....WAVEdata" + bytes(64), "header cannot be read"),
        (b"RIFF" + bytes(200_000), "header cannot be read"),
        (wav_of(b"", 3), "between 4000 and 192000 Hz is right"),
    ],
)
def test_what_is_no_sound_of_ours_is_refused(sent: bytes, what: str) -> None:
    with pytest.raises(SpeechError, match=what):
        Incoming(24_000).feed(sent)


def test_nothing_is_no_sound() -> None:
    with pytest.raises(SpeechError, match="no sound"):
        Incoming(24_000).end()
