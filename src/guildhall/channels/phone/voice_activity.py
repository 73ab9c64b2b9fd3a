"""Whether the caller is speaking: a detector of speech behind a gate of loudness that learns the room's noise and the echo of our own voice.

Detectors of speech take the echo of our own wording for speech however quiet it is, so loudness has to decide what is an echo. The gate
stands above the noise, and while we speak above the echo too; how much of our voice comes back is learnt from what we say first, which the
caller cannot interrupt, and goes on being learnt. A caller who has begun is followed by their own loudness, so that a television behind them
does not keep their question from ending.
"""

import math
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Final

import numpy as np

IsSpeech = Callable[[bytes], bool]

QUIETEST_DB: Final = -70.0
ABOVE_NOISE_DB: Final = 9.0
ABOVE_STEADY_NOISE_DB: Final = 4.0
SPREADS: Final = 2.6
LOUD_GATE_DB: Final = -35.0
"""Where the gate would stand higher than a quiet caller, it stands only as far above the noise as that noise varies: a fan hums evenly, a
crowd does not."""
HIGHEST_NOISE_GATE_DB: Final = -16.0
LOWEST_GATE_DB: Final = -52.0
NOISE_AT_FIRST_DB: Final = -55.0
NOISE_FRAMES: Final = 200
"""The noise is what is heard in the gaps of the last four seconds."""
NOISE_SHARES: Final = (0.1, 0.2, 0.3)
EVERY_FRAMES: Final = 10
ABOVE_ECHO_DB: Final = 6.0
ECHO_AT_FIRST_DB: Final = -18.0
"""How much quieter our voice comes back while nothing is known: louder than most lines have it, so that no echo interrupts."""
ECHO_AT_MOST_DB: Final = -6.0
ECHO_DELAY_FRAMES: Final = 20
"""Our voice may take 400 ms to come back."""
ECHO_SPELLS: Final = 40
ENOUGH_SPELLS: Final = 3
PLAYED_AT_LEAST_DB: Final = -45.0
ABOVE_FALSE_DB: Final = 3.0
FALSE_SHARE: Final = 0.8
CALMER_DB: Final = 0.004
"""What has cut us off for nothing must be louder to do it again, for a while: a decibel less every five seconds."""
BELOW_CALLER_DB: Final = 18.0
CALLER_FADES_DB: Final = 0.1
"""A caller's own loudness is forgotten by five decibels a second."""


def level_db(sound: bytes) -> float:
    """Loudness in decibels of full scale (dBFS)."""
    samples = np.frombuffer(sound, np.int16).astype(np.float32)
    if not samples.size:
        return QUIETEST_DB
    power = float(np.dot(samples, samples)) / samples.size
    return max(QUIETEST_DB, 10 * math.log10(power / 32768.0**2)) if power > 0 else QUIETEST_DB


class VoiceActivity:
    """One caller's voice, frame by frame."""

    def __init__(self, is_speech: IsSpeech) -> None:
        self._is_speech = is_speech
        self._room = _Room()
        self._echo = _Echo()
        self._caller = QUIETEST_DB
        self._voice: deque[float] = deque(maxlen=NOISE_FRAMES)
        self._false = QUIETEST_DB
        self._speaking = False

    @property
    def gate_db(self) -> float:
        """How loud a frame must be now."""
        false = self._false if self._speaking else QUIETEST_DB
        return max(self._room.gate_db, self._echo.gate_db, self._caller - BELOW_CALLER_DB, false)

    def hear(self, sound: bytes, said: bytes | None, learning: bool = False) -> bool:
        """Whether this frame is the caller's voice. `said` is what we sent in the same 20 ms; `learning`: the caller cannot interrupt now."""
        level = level_db(sound)
        self._speaking = said is not None
        self._echo.played(level_db(said) if said else QUIETEST_DB)
        voiced = level > self.gate_db and self._is_speech(sound)
        if voiced:
            self._voice.append(level)
        self._false = max(QUIETEST_DB, self._false - CALMER_DB)
        self._caller = max(level if voiced else QUIETEST_DB, self._caller - CALLER_FADES_DB)
        self._echo.returned(level, voiced and not learning)
        if not self._echo.sounding or (level > self._echo.gate_db and not voiced):  # else it may be our own voice
            self._room.heard(level)
        return voiced

    def was_false(self) -> None:
        """What was taken for the caller's voice just now was none: while we speak it must be louder than that from now on."""
        if self._voice:
            self._false = sorted(self._voice)[int(len(self._voice) * FALSE_SHARE)] + ABOVE_FALSE_DB

    def was_heard(self) -> None:
        """What was taken for the caller's voice was: nothing is to be learnt of it."""
        self._voice.clear()


class _Room:
    """The noise where the caller is."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=NOISE_FRAMES)
        self._noise, self._spread = NOISE_AT_FIRST_DB, 0.0
        self._count = 0

    @property
    def gate_db(self) -> float:
        gate = self._noise + ABOVE_NOISE_DB
        if gate > LOUD_GATE_DB:
            gate = max(LOUD_GATE_DB, self._noise + min(ABOVE_NOISE_DB, ABOVE_STEADY_NOISE_DB + SPREADS * self._spread))
        return max(LOWEST_GATE_DB, min(gate, HIGHEST_NOISE_GATE_DB))

    def heard(self, level: float) -> None:
        self._levels.append(level)
        self._count += 1
        if self._count % EVERY_FRAMES == 0 and self._count >= 5 * EVERY_FRAMES:
            levels = sorted(self._levels)
            low, self._noise, high = (levels[int(len(levels) * share)] for share in NOISE_SHARES)
            self._spread = high - low


class _Echo:
    """How loud our own voice comes back, by spells of a fifth of a second: what is loudest in each, and of those the middle one."""

    def __init__(self) -> None:
        self._played: deque[float] = deque([QUIETEST_DB], maxlen=ECHO_DELAY_FRAMES)
        self._loudest_played = QUIETEST_DB
        self._spells: deque[float] = deque(maxlen=ECHO_SPELLS)
        self._spell: list[float] = []
        self._echo = ECHO_AT_FIRST_DB

    @property
    def sounding(self) -> bool:
        """Whether our voice may come back now."""
        return self._loudest_played > PLAYED_AT_LEAST_DB

    @property
    def gate_db(self) -> float:
        return self._loudest_played + self._echo + ABOVE_ECHO_DB if self.sounding else QUIETEST_DB

    def played(self, level: float) -> None:
        self._played.append(level)
        self._loudest_played = max(self._played)

    def returned(self, level: float, caller: bool) -> None:
        """What came back; what is certainly the caller teaches nothing."""
        if not self.sounding:
            return
        if caller:
            self._spell = []
            return
        self._spell.append(level - self._loudest_played)
        if len(self._spell) < EVERY_FRAMES:
            return
        self._spells.append(max(self._spell))
        self._spell = []
        if len(self._spells) >= ENOUGH_SPELLS:
            middle = next(islice(sorted(self._spells), len(self._spells) // 2, None))
            self._echo = max(QUIETEST_DB, min(ECHO_AT_MOST_DB, middle))
