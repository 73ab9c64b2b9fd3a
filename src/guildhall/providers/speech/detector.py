"""Is this frame a voice? Pocketsphinx's detector (WebRTC's) where it is installed, and one of ours by the shape of the sound where it is not.

Loudness is not decided here: the gate in front of a detector does that, because it knows the room and the echo.
"""

from collections.abc import Callable
from importlib import import_module, util
from typing import Any, Final

import numpy as np

from guildhall.channels.phone.ports import FRAME_SECONDS, RATE
from guildhall.channels.phone.voice_activity import IsSpeech

LIKELY: Final = 2
"""Of the four settings of the detector the second strictest: what was measured best on telephone sound."""
VOICE_BAND: Final = (90.0, 1000.0)
"""Where a voice's first harmonics lie; hiss and clicks are spread over the whole band, hum is below it."""
IN_BAND_AT_LEAST: Final = 0.55
TONAL_AT_LEAST: Final = 6.0
"""How far the strongest line of a voice stands above the middle of the spectrum, as a ratio."""


def detectors() -> Callable[[], IsSpeech]:
    """What makes a new detector for each call."""
    return _learnt if util.find_spec("pocketsphinx") else lambda: sounds_like_a_voice


def _learnt() -> IsSpeech:
    vad: Any = import_module("pocketsphinx").Vad(mode=LIKELY, sample_rate=RATE, frame_length=FRAME_SECONDS)
    is_speech: IsSpeech = vad.is_speech
    return is_speech


def sounds_like_a_voice(sound: bytes) -> bool:
    """Whether most of the sound is where a voice is, with lines in it: a hiss has none."""
    samples = np.frombuffer(sound, np.int16).astype(np.float32)
    if not samples.size:
        return False
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    pitches = np.fft.rfftfreq(samples.size, 1 / RATE)
    whole = float(power[1:].sum())
    if whole <= 0:
        return False
    band = (pitches >= VOICE_BAND[0]) & (pitches <= VOICE_BAND[1])
    inside = power[band]
    return float(inside.sum()) / whole >= IN_BAND_AT_LEAST and float(inside.max()) >= TONAL_AT_LEAST * float(np.median(power[1:]) + 1e-9)
