"""G.711 (ITU-T G.711): A-law and mu-law, one byte a sample at 8 kHz, to and from linear 16-bit sound. Whole frames at once, by tables."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.telephony.codings import PAYLOAD_TYPES, SILENCE, Law

__all__ = ["PAYLOAD_TYPES", "SILENCE", "Law", "Linear", "decode", "encode", "to_a_law"]

Linear = NDArray[np.int16]


def decode(sound: bytes, law: Law) -> Linear:
    """Linear samples of coded sound."""
    return _decoding(law)[np.frombuffer(sound, np.uint8)]


def encode(samples: Linear, law: Law) -> bytes:
    """Coded sound of linear samples."""
    return _encoding(law)[samples.view(np.uint16)].tobytes()


def to_a_law(sound: bytes) -> bytes:
    """A-law of linear 16-bit sound."""
    return encode(np.frombuffer(sound, np.int16), Law.A)


@cache
def _decoding(law: Law) -> Linear:
    step = _a_law if law == Law.A else _mu_law
    return np.array([step(byte) for byte in range(256)], np.int16)


@cache
def _encoding(law: Law) -> NDArray[np.uint8]:
    """For each 16-bit sample the byte whose sound is nearest; ties go to the quieter one."""
    sounds = _decoding(law).astype(np.int32)
    order = np.argsort(sounds, kind="stable")
    ascending = sounds[order]
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    above = np.searchsorted(ascending, samples).clip(1, 255)
    low, high = ascending[above - 1], ascending[above]
    nearer_high = (high - samples < samples - low) | ((high - samples == samples - low) & (np.abs(high) < np.abs(low)))
    return order[np.where(nearer_high, above, above - 1)].astype(np.uint8)


def _a_law(byte: int) -> int:
    byte ^= 0x55
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    size = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return size if byte & 0x80 else -size


def _mu_law(byte: int) -> int:
    byte = ~byte & 0xFF
    size = ((((byte & 0x0F) << 3) + 0x84) << ((byte & 0x70) >> 4)) - 0x84
    return -size if byte & 0x80 else size
