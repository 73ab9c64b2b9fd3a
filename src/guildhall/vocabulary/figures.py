"""What the record counts over a period: numbers only, never who."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one council's conversations and turns between two moments. Small counts are still in them: suppress before showing."""

    since: datetime
    until: datetime
    conversations: int = 0
    turns: int = 0
    by_channel: Mapping[str, int] = field(default_factory=dict)
    by_language: Mapping[str, int] = field(default_factory=dict)
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    by_person: Mapping[str, int] = field(default_factory=dict)
    by_composer: Mapping[str, int] = field(default_factory=dict)
    handoffs: int = 0
    urgent_handoffs: int = 0
    callbacks: int = 0
    latency_ms: tuple[float, float] | None = None
    """Half of the turns took at most the first, 95 in 100 at most the second; None with too few turns."""
    versions: tuple[str, ...] = ()
    """Detectors and models of the latest turn."""
