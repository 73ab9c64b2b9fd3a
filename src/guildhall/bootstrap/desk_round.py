"""What a desk's every second holds besides giving conversations out: drafts that nobody checked, alerts, follow-ups and messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from guildhall.bootstrap.after import After, open_after
from guildhall.bootstrap.desk import DeskAlone, open_desk_alone
from guildhall.bootstrap.rights import open_memory
from guildhall.bootstrap.supervised import Supervised, open_supervised
from guildhall.settings import Settings


def beside(after: After, supervised: Supervised) -> Mapping[str, Callable[[datetime], object]]:
    """The work of each second, by what it does in words."""
    return {"pass on drafts that nobody checked": supervised.tick, "tell whoever must be told": after.tick}


@dataclass(frozen=True)
class Worker:
    """A desk without a web server."""

    alone: DeskAlone
    beside: Mapping[str, Callable[[datetime], object]]


def open_worker(settings: Settings, council: str = "") -> Worker:
    """Everything a worker keeps moving. Raises ConfigurationError."""
    alone = open_desk_alone(settings, council)
    profile = alone.desk.profile
    memory = open_memory(settings, profile.slug)
    supervised = open_supervised(memory.database, memory.keys, profile, memory.people, alone.desk, alone.clock)
    return Worker(alone, beside(open_after(settings, profile, memory), supervised))
