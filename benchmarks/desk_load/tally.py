"""What was measured, and the table of it."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

HEAD = f"{'':<44}{'n':>7}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}  ms"


def share(values: Sequence[float], part: float) -> float:
    """A percentile, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


@dataclass
class Tally:
    """Seconds by what was done. Nothing counts before `begin`."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    counting: bool = False
    sent: dict[str, tuple[float, int]] = field(default_factory=dict)
    """When a message was sent and by which server, until it is heard."""

    def note(self, name: str, seconds: float) -> None:
        """Something took so long."""
        if self.counting:
            self.took[name].append(seconds)

    def fail(self, name: str) -> None:
        """Something went wrong; also before the measured time."""
        self.errors[name] += 1

    def send(self, key: str, server: int) -> None:
        """A message is on its way."""
        self.sent[key] = (time.perf_counter(), server)

    def hear(self, key: str, server: int, name: str) -> None:
        """The other side's stream has it."""
        if known := self.sent.pop(key, None):
            self.note(f"{name}, {'the same process' if known[1] == server else 'another process'}", time.perf_counter() - known[0])

    def row(self, title: str, names: Iterable[str]) -> tuple[str, float]:
        """A line of the table, and its p95."""
        values = [value * 1000 for name in names for value in self.took.get(name, ())]
        figures = "".join(f"{share(values, part):>9.0f}" for part in (0.5, 0.95, 0.99, 1.0))
        return f"{title:<44}{len(values):>7}{figures}", share(values, 0.95)
