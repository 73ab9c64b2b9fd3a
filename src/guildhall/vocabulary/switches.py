"""Kill switches: what can be turned off at once, and what is off now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SwitchKind(StrEnum):
    """What a switch turns off. Residents then get the human route."""

    CHANNEL = "channel"
    """A channel: `web`, `phone`."""
    SERVICE = "service"
    """Answers about one service, by key."""
    CAPABILITY = "capability"
    """A part of the turn: see `Capability`."""
    MODEL = "model"
    """A language model, by composer name; the embedded composer answers."""
    LANGUAGE = "language"
    """Automatic answers in one language, by code; a person with an interpreter is brought in."""


class Capability(StrEnum):
    """Parts of the turn that can be turned off. Listening for distress is not among them, and a person is never turned off."""

    ANSWERS = "answers"
    LOOKUPS = "lookups"


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing that is off: since when, by whose hand and why."""

    kind: SwitchKind
    target: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Switches:
    """Everything that is off at one moment."""

    off: tuple[Switch, ...] = ()
    _known: frozenset[tuple[SwitchKind, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset((switch.kind, switch.target) for switch in self.off))

    @classmethod
    def of(cls, off: Iterable[Switch]) -> "Switches":
        """The switches that are off."""
        return cls(tuple(off))

    def is_off(self, kind: SwitchKind, target: str) -> bool:
        """Whether this one is off."""
        return (kind, target) in self._known
