"""The tone a caller hears while another phone rings, as British networks play it: 400 and 450 Hz, on and off twice, then two seconds off."""

from functools import cache

import numpy as np

from guildhall.channels.phone.ports import RATE


@cache
def ringing() -> bytes:
    """Three seconds of it, linear at 8 kHz."""
    at = np.arange(round(0.4 * RATE)) / RATE
    on = 2500 * (np.sin(2 * np.pi * 400 * at) + np.sin(2 * np.pi * 450 * at))
    silence = [np.zeros(round(seconds * RATE)) for seconds in (0.2, 2.0)]
    return bytes(np.concatenate([on, silence[0], on, silence[1]]).astype(np.int16).tobytes())
