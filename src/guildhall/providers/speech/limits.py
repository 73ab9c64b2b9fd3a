"""How long a speech service may take and how much may pile up: a caller waits, so every step is bounded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one utterance or one sentence. All are seconds; those of sound are seconds of sound."""

    connect_seconds: float = 2.0
    """Until the service takes the connection."""
    finish_seconds: float = 4.0
    """From the end of what the caller said to its text."""
    first_seconds: float = 3.0
    """From asking for speech to its first sound."""
    stall_seconds: float = 2.0
    """Between two pieces of speech."""
    keep_alive_seconds: float = 4.0
    """A service that must not be left in silence hears from us after so long."""
    most_heard_seconds: float = 70.0
    """More than a caller may say without a pause; nothing beyond it is kept."""
    utterance_seconds: float = 120.0
    """A connection for one utterance is closed after so long, even if whoever opened it has forgotten it."""
    most_spoken_seconds: float = 180.0
    """No sentence is so long: a service that sends more is wrong."""


MOST_ANSWER_BYTES = 262_144
"""No text of one utterance is so long: an answer beyond it is not read to its end."""
