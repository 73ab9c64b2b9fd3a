"""Test callers and what surrounds them: flite's voices, noise, babble and echo, as linear sound at 8 kHz through a telephone's band.

What flite says is kept in the machine's temporary folder, by words and voice, so that a second run says nothing anew.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, resample_poly, sosfilt

from guildhall.channels.phone.ports import RATE

Sound = npt.NDArray[np.float64]
VOICES = ("slt", "rms", "awb")
FLITE = shutil.which("flite")
needs_flite = pytest.mark.skipif(FLITE is None, reason="flite, the voice of test callers, is not installed")
_KEPT = Path(tempfile.gettempdir()) / f"guildhall-test-callers-{os.getuid()}"
_BAND = butter(4, (300, 3400), "bandpass", fs=RATE, output="sos")


@cache
def says(text: str, voice: str = "slt") -> Sound:
    """What a caller says, between -1 and 1, through a telephone's band."""
    assert FLITE is not None
    _KEPT.mkdir(mode=0o700, exist_ok=True)
    path = _KEPT / f"{voice}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.wav"
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}")
        subprocess.run([FLITE, "-voice", voice, "-t", text, "-o", str(unfinished)], check=True, capture_output=True)
        unfinished.rename(path)
    with wave.open(str(path)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
        spoken = resample_poly(raw, RATE, file.getframerate())
    return np.asarray(sosfilt(_BAND, spoken))


def level(sound: Sound, db: float) -> Sound:
    """The same, so loud (dBFS of those parts that are not silent)."""
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    power = np.mean(frames**2, axis=1)
    spoken = power[power > power.max() / 1000]
    return np.asarray(sound * (10 ** (db / 20) / np.sqrt(spoken.mean())))


def trimmed(sound: Sound) -> Sound:
    """The same, from where it is first loud."""
    return sound[int(np.argmax(np.abs(sound) > np.abs(sound).max() / 4)) :]


def pink(seconds: float, db: float, seed: int = 1) -> Sound:
    """Noise as of a room, a fan, a road."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    return level(np.asarray(sosfilt(_BAND, np.fft.irfft(spectrum, count))), db)


def babble(seconds: float, db: float, people: int = 8) -> Sound:
    """Several people talking at once, none to us."""
    total = np.zeros(int(seconds * RATE))
    for number in range(people):
        total += np.roll(talk(seconds, VOICES[number % 3], number), number * 3777)
    return level(total, db)


def talk(seconds: float, voice: str = "rms", begin: int = 0) -> Sound:
    """Somebody who talks on and on, as a television does."""
    spoken = [says(SENTENCES[(begin + number) % len(SENTENCES)], voice) for number in range(len(SENTENCES))]
    long = np.concatenate(spoken)
    return np.asarray(np.resize(long, int(seconds * RATE)))


def silence(seconds: float) -> Sound:
    """Nothing."""
    return np.zeros(int(seconds * RATE))


def linear(sound: Sound) -> bytes:
    """As a call leg carries it."""
    return np.clip(sound * 32768, -32768, 32767).astype(np.int16).tobytes()


SENTENCES = (
    "The council emptied the brown bin this morning, and the blue one will be emptied next Tuesday.",
    "You can pay your council tax by direct debit, at a post office, or over the telephone.",
    "A hole in the road near the station was reported last week and has been mended since.",
    "The library on the High Street opens at half past nine and closes at six.",
    "To apply for a parking permit you need your registration number and proof of where you live.",
    "Housing repairs that cannot wait are done within twenty four hours.",
    "The planning committee meets in the town hall on the second Thursday of every month.",
    "Elections are held in May, and you can register until twelve working days before.",
)
