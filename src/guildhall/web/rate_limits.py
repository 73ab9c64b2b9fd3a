"""Token buckets in memory, per conversation and per address. They slow a flood down and ban nobody."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

KEPT_BUCKETS = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


@dataclass
class Buckets:
    """One bucket a key; the least recently used are forgotten, which only ever lets more through."""

    rate: Rate
    stopwatch: Callable[[], float]
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str) -> int:
        """Take one token. 0 when there was one, else the whole seconds until the next."""
        now = self.stopwatch()
        with self._lock:
            level, at = self._levels.pop(key, (self.rate.burst, now))
            level = min(self.rate.burst, level + (now - at) * self.rate.per_second)
            short = level < 1
            self._levels[key] = (level if short else level - 1, now)
            while len(self._levels) > KEPT_BUCKETS:
                self._levels.popitem(last=False)
        return max(1, ceil((1 - level) / self.rate.per_second)) if short else 0


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of a deployment. Addresses are shared (libraries, shelters, mobile networks), so theirs is generous."""

    conversation: Rate = Rate(12, 0.5)
    address: Rate = Rate(120, 4)
    starts: Rate = Rate(60, 1)
    signs: Rate = Rate(20, 1)


@dataclass(frozen=True)
class Limits:
    """The buckets in force."""

    conversation: Buckets
    address: Buckets
    starts: Buckets
    signs: Buckets
    """Of a conversation: that somebody is writing, or has read."""

    @classmethod
    def of(cls, rates: Rates, stopwatch: Callable[[], float]) -> "Limits":
        """Fresh buckets."""
        return cls(*(Buckets(rate, stopwatch) for rate in (rates.conversation, rates.address, rates.starts, rates.signs)))

    def wait(self, conversation_id: str, address: str) -> int:
        """Seconds to wait before another message; 0 for none."""
        return self.address.take(address) or (self.conversation.take(conversation_id) if conversation_id else 0)
