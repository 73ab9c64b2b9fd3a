"""Sound of any rate, made into what a telephone carries: 8 kHz, 300 to 3,400 Hz, at an even loudness. Piece by piece, as it comes."""

from fractions import Fraction
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, upfirdn

from guildhall.channels.phone.ports import RATE

LOWEST_HZ, HIGHEST_HZ = 300.0, 3400.0
TRANSITION_HZ: Final = 300.0
LEVEL_DBFS: Final = -20.0
"""How loud speech is sent: what lines and hearing aids expect of a recorded announcement."""
FRAME_SECONDS: Final = 0.02
PAUSE_DB: Final = 25.0
"""Frames that are so much quieter than the loudest are pauses, and do not count for the loudness of speech."""
NOTHING_DBFS: Final = -75.0
KNEE: Final = 0.6
"""Samples above this part of full scale are pressed together instead of cut off."""

Samples = NDArray[np.float64]


class PhoneBand:
    """One stream of sound on its way to a telephone. `gain` is how much louder it becomes."""

    def __init__(self, rate: int, gain: float = 1.0) -> None:
        ratio = Fraction(RATE, rate)
        self._up, self._down = ratio.numerator, ratio.denominator
        self._taps = _band(rate, self._up)
        # whole blocks of `down` samples in are whole blocks of `up` samples out, so that pieces join without a seam
        self._past = -(-len(self._taps) // (self._up * self._down)) * self._down
        self._delay = (len(self._taps) - 1) // 2 // self._down
        self._late = self._delay
        self._history: Samples = np.zeros(self._past)
        self._left: Samples = np.zeros(0)
        self._gain = gain

    def feed(self, sound: bytes) -> bytes:
        """More of the stream (16-bit), and what can be sent of it."""
        self._left = np.concatenate([self._left, np.frombuffer(sound, np.int16).astype(np.float64)])
        whole = len(self._left) // self._down * self._down
        now, self._left = self._left[:whole], self._left[whole:]
        return self._send(now) if whole else b""

    def finish(self) -> bytes:
        """The rest of it."""
        tail = -(-(self._delay * self._down // self._up + len(self._left)) // self._down) * self._down
        return self._send(np.concatenate([self._left, np.zeros(tail - len(self._left))]))

    def _send(self, now: Samples) -> bytes:
        block = np.concatenate([self._history, now])
        self._history = block[-self._past :]
        begins = self._past // self._down * self._up
        sent = upfirdn(self._taps, block, self._up, self._down)[begins : begins + len(now) // self._down * self._up]
        early, self._late = min(self._late, len(sent)), max(0, self._late - len(sent))
        return linear(pressed(sent[early:] * self._gain))


def to_phone(sound: bytes, rate: int, level_dbfs: float | None = LEVEL_DBFS) -> bytes:
    """A whole recording, at the loudness of an announcement."""
    band = PhoneBand(rate)
    samples = np.frombuffer(band.feed(sound) + band.finish(), np.int16).astype(np.float64)
    loud = speech_dbfs(samples)
    if level_dbfs is None or loud == float("-inf"):
        return linear(samples)
    return linear(pressed(samples * 10 ** ((level_dbfs - loud) / 20)))


def speech_dbfs(samples: Samples, rate: int = RATE) -> float:
    """How loud the speech in a piece of sound is, its pauses left out; -inf when there is none."""
    size = int(rate * FRAME_SECONDS)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.mean(frames**2, axis=1) / 32768.0**2
    loudest = max(power, default=0.0)
    if loudest < 10 ** (NOTHING_DBFS / 10):
        return float("-inf")
    return float(10 * np.log10(np.mean(power[power >= loudest * 10 ** (-PAUSE_DB / 10)])))


def pressed(samples: Samples) -> Samples:
    """Peaks bent so that they stay in range without the crackle of cut ones."""
    part = samples / 32768.0
    over = np.abs(part) > KNEE
    bent = np.sign(part) * (KNEE + (1 - KNEE) * np.tanh((np.abs(part) - KNEE) / (1 - KNEE)))
    return np.asarray(np.where(over, bent, part) * 32767.0, np.float64)


def linear(samples: Samples) -> bytes:
    """16-bit sound of samples."""
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16).tobytes()


@cache
def _band(rate: int, up: int) -> Samples:
    """A linear-phase filter at the rate between the two: what it lets through neither aliases nor rumbles."""
    between = rate * up
    length = int(3.3 * between / TRANSITION_HZ) | 1
    top = min(HIGHEST_HZ, 0.45 * rate)
    return np.asarray(firwin(length, [LOWEST_HZ, top], pass_zero=False, fs=between) * up, np.float64)
