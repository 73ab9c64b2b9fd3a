"""Sound to and from services: other rates to the phone's 8 kHz and back, and wav files read as they arrive."""

import math
import struct
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.telephony.g711 import Law, encode

CROSSINGS: Final = 16
"""Zero crossings of the filter on each side: what is above half the lower rate comes through 60 dB quieter."""
RATES: Final = range(4000, 192_001)
HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
ENDLESS: Final = 0x7FFF0000
"""Servers that stream do not know the length yet and write the largest number, or none."""
MOST_HEADER_BYTES: Final = 65_536


def wav(sound: bytes, rate: int = RATE) -> bytes:
    """A wav file of linear 16-bit sound, one channel."""
    return wav_header(len(sound), rate) + sound


def wav_header(length: int, rate: int = RATE) -> bytes:
    """The header of such a file."""
    return HEADER.pack(b"RIFF", min(36 + length, 0xFFFFFFFF), b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", length)


class Resampler:
    """Linear 16-bit sound from one rate to another, piece by piece: a windowed sinc, the same for every piece length."""

    def __init__(self, rate: int, to: int = RATE) -> None:
        if rate not in RATES or to not in RATES:
            raise SpeechError(f"sound at {rate} Hz cannot be used: between 4000 and 192000 Hz is right")
        common = math.gcd(rate, to)
        self._up, self._down = to // common, rate // common
        self._taps = _taps(self._up, self._down) if rate != to else None
        self._half = 0 if self._taps is None else self._taps.shape[1] // 2
        self._kept: NDArray[np.float32] = np.zeros(max(0, self._half - 1), np.float32)
        self._next = 0
        self._odd = b""

    def feed(self, sound: bytes) -> bytes:
        """What can be said of the sound so far."""
        sound = self._odd + sound
        whole = len(sound) // 2 * 2
        self._odd = sound[whole:]
        if self._taps is None:
            return sound[:whole]
        fresh = np.frombuffer(sound[:whole], np.int16).astype(np.float32)
        return self._out(np.concatenate([self._kept, fresh]))

    def end(self) -> bytes:
        """The rest of it."""
        return b"" if self._taps is None else self._out(np.concatenate([self._kept, np.zeros(self._half, np.float32)]))

    def _out(self, samples: NDArray[np.float32]) -> bytes:
        assert self._taps is not None
        width = 2 * self._half
        # output number n stands at n * down / up of the input, counted from the first sample that is kept
        count = max(0, (((len(samples) - width + 1) * self._up - 1 - self._next) // self._down) + 1)
        if count <= 0 or len(samples) < width:
            self._kept = samples
            return b""
        at = self._next + np.arange(count, dtype=np.int64) * self._down
        start, phase = at // self._up, at % self._up
        windows = np.lib.stride_tricks.sliding_window_view(samples, width)[start]
        mixed = np.einsum("ij,ij->i", windows, self._taps[phase])
        then = self._next + count * self._down
        drop = min(then // self._up, len(samples))
        self._next = then - drop * self._up
        self._kept = samples[drop:]
        return bytes(np.clip(np.rint(mixed), -32768, 32767).astype(np.int16).tobytes())


@cache
def _taps(up: int, down: int) -> NDArray[np.float32]:
    """For each of the `up` places between two samples, what each sample around it weighs."""
    cut = min(1.0, up / down)
    half = math.ceil(CROSSINGS / cut)
    places = np.arange(up)[:, None] / up
    distance = np.arange(-half + 1, half + 1)[None, :] - places
    window = np.clip(0.5 + 0.5 * np.cos(np.pi * distance / half), 0, None)
    taps = cut * np.sinc(cut * distance) * window
    weighed: NDArray[np.float32] = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return weighed


def resampled(sound: bytes, rate: int, to: int) -> bytes:
    """All of a sound at another rate."""
    resampler = Resampler(rate, to)
    return resampler.feed(sound) + resampler.end()


def coded_as(sound: bytes, coding: str) -> bytes:
    """Linear sound in one of the phone's codings."""
    if coding == "linear16":
        return sound
    return encode(np.frombuffer(sound, np.int16), Law.A if coding == "alaw" else Law.MU)


class Incoming:
    """Speech as a service sends it, raw or as a wav file, to linear 16-bit at 8 kHz. `rate` is of raw sound; a wav file says its own."""

    def __init__(self, rate: int) -> None:
        self._raw_rate = rate
        self._start = b""
        self._left: int | None = None
        self._resampler: Resampler | None = None

    def feed(self, piece: bytes) -> bytes:
        """The sound that a piece brings. Raises SpeechError."""
        if self._resampler is None:
            self._start += piece
            if len(self._start) < 4:
                return b""
            if self._start[:4] != b"RIFF":
                self._resampler, piece = Resampler(self._raw_rate), self._start
            else:
                body = self._header()
                if body is None:
                    return b""
                piece = body
            self._start = b""
        assert self._resampler is not None
        if self._left is not None:
            piece = piece[: self._left]
            self._left -= len(piece)
        return self._resampler.feed(piece)

    def end(self) -> bytes:
        """The rest. Raises SpeechError when no sound came."""
        if self._resampler is None:
            raise SpeechError("the service sent no sound")
        return self._resampler.end()

    def _header(self) -> bytes | None:
        """What follows the header, or None while it is not complete."""
        at: int = 12
        resampler: Resampler | None = None
        while len(self._start) >= at + 8:
            kind, length = self._start[at : at + 4], int.from_bytes(self._start[at + 4 : at + 8], "little")
            if kind == b"data":
                if resampler is None:
                    break
                self._resampler = resampler
                self._left = length if 0 < length < ENDLESS else None
                return self._start[at + 8 :]
            if kind == b"fmt " and len(self._start) >= at + 24:
                resampler = _format(self._start[at + 8 : at + 24])
            elif length > MOST_HEADER_BYTES:
                break
            at += 8 + length + length % 2
        else:
            if at < MOST_HEADER_BYTES and len(self._start) < MOST_HEADER_BYTES:
                return None
        raise SpeechError("the service sent a wav file whose header cannot be read")


def _format(described: bytes) -> Resampler:
    coding, channels, rate, _, _, bits = struct.unpack("<HHIIHH", described)
    if coding not in (1, 0xFFFE) or channels != 1 or bits != 16:
        raise SpeechError(f"the service sent {channels} channels of {bits} bits, coding {coding}: one channel of 16-bit PCM is right")
    return Resampler(rate)
