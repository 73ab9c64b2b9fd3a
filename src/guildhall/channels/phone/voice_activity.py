"""Whether the caller is speaking: a detector of speech behind a gate of loudness that learns the room's noise and the echo of our own voice.

Detectors of speech take the echo of our own wording for speech however quiet it is, so loudness has to decide what is an echo. The gate stands above the noise, and while we speak above the echo too; how much of our voice comes
back is learnt from what we say first, which the caller cannot interrupt.
"""

import math
from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

IsSpeech = Callable[[bytes], bool]

ABOVE_NOISE_DB: Final = 9.0
ABOVE_ECHO_DB: Final = 6.0
QUIETEST_DB: Final = -70.0
LOUDEST_NOISE_DB: Final = -25.0
"""No room is so loud that the caller must shout for ever."""
NOISE_RISES_DB: Final = 0.05
NOISE_FALLS_DB: Final = 1.0
ECHO_AT_FIRST_DB: Final = -18.0
"""How much quieter our voice comes back while nothing is known: louder than most lines have it, so that no echo interrupts."""
ECHO_DELAY_FRAMES: Final = 15
"""Our voice may take 300 ms to come back."""
LEARNT_FRAMES: Final = 400
LEARNT_ENOUGH: Final = 25
PLAYED_AT_LEAST_DB: Final = -45.0


def level_db(sound: bytes) -> float:
    """Loudness in decibels of full scale (dBFS)."""
    samples = np.frombuffer(sound, np.int16).astype(np.float32)
    if not samples.size:
        return QUIETEST_DB
    power = float(np.mean(samples * samples))
    return max(QUIETEST_DB, 10 * math.log10(power / 32768.0**2)) if power > 0 else QUIETEST_DB


class VoiceActivity:
    """One caller's voice, frame by frame."""

    def __init__(self, is_speech: IsSpeech) -> None:
        self._is_speech = is_speech
        self._noise = -55.0
        self._played: deque[float] = deque(maxlen=ECHO_DELAY_FRAMES)
        self._returned: deque[float] = deque(maxlen=LEARNT_FRAMES)
        self._echo = ECHO_AT_FIRST_DB

    @property
    def gate_db(self) -> float:
        """How loud a frame must be now."""
        played = max(self._played, default=QUIETEST_DB)
        echo = played + self._echo + ABOVE_ECHO_DB if played > PLAYED_AT_LEAST_DB else QUIETEST_DB
        return max(min(self._noise, LOUDEST_NOISE_DB) + ABOVE_NOISE_DB, echo)

    def hear(self, sound: bytes, said: bytes | None, learning: bool = False) -> bool:
        """Whether this frame is the caller's voice. `said` is what we sent in the same 20 ms; `learning`: the caller cannot interrupt now."""
        level = level_db(sound)
        self._played.append(level_db(said) if said else QUIETEST_DB)
        if learning:
            self._learn(level)
        voiced = level > self.gate_db and self._is_speech(sound)
        if not voiced and max(self._played) <= PLAYED_AT_LEAST_DB:
            self._noise += max(-NOISE_FALLS_DB, min(NOISE_RISES_DB, level - self._noise))
        return voiced

    def was_false(self) -> None:
        """What was taken for the caller's voice just now was none."""

    def _learn(self, level: float) -> None:
        played = max(self._played)
        if played <= PLAYED_AT_LEAST_DB:
            return
        self._returned.append(level - played)
        if len(self._returned) >= LEARNT_ENOUGH:
            # most of it is echo: a caller who talks over the notice is louder, and must not teach us that echo is loud
            self._echo = max(-60.0, min(0.0, float(np.percentile(list(self._returned), 80))))
