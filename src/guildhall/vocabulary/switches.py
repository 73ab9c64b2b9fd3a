"""Kill switches: what can be turned off at once, how it was turned, and what is off now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

LEAST_REASON = 10


class SwitchKind(StrEnum):
    """What a switch turns off. Residents then get the human route."""

    CHANNEL = "channel"
    """Automatic answers on a channel: `web`, `phone`."""
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


SWITCH_LABELS: Final[dict[SwitchKind, tuple[str, str]]] = {
    SwitchKind.CHANNEL: ("Channel", "Automatic answers on one channel; a person takes over there."),
    SwitchKind.SERVICE: ("Service", "Automatic answers about one service; its team takes over."),
    SwitchKind.CAPABILITY: ("Capability", "Automatic answers everywhere, or look-ups by postcode and street."),
    SwitchKind.MODEL: ("Model", "One language model; the council's own sentences are quoted instead."),
    SwitchKind.LANGUAGE: ("Language", "Automatic answers in one language; a person with an interpreter takes over."),
}


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing that is off: since when, by whose hand and why. A drill's switch lapses by itself if nobody turns it."""

    kind: SwitchKind
    target: str
    reason: str
    by: str
    at: datetime
    lapses_at: datetime | None = None

    @property
    def name(self) -> str:
        """Kind and target, as the record has them."""
        return f"{self.kind.value}:{self.target}"


@dataclass(frozen=True, slots=True)
class SwitchTurn:
    """One turn of a switch, as the history keeps it for ever. `number` is its place in the history."""

    number: int
    off: bool
    switch: Switch


@dataclass(frozen=True, slots=True)
class Switches:
    """Everything that is off at one moment."""

    off: tuple[Switch, ...] = ()
    _known: dict[tuple[SwitchKind, str], Switch] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", {(switch.kind, switch.target): switch for switch in self.off})

    @classmethod
    def of(cls, off: Iterable[Switch]) -> Self:
        """The switches that are off."""
        return cls(tuple(off))

    def find(self, kind: SwitchKind, target: str) -> Switch | None:
        """The switch that is off, or None when it is on."""
        return self._known.get((kind, target))

    def is_off(self, kind: SwitchKind, target: str) -> bool:
        """Whether this one is off."""
        return (kind, target) in self._known

    def silencing(self, channel: str, language: str) -> Switch | None:
        """The switch that keeps every automatic answer from this channel and language, if one does."""
        return (
            self.find(SwitchKind.CHANNEL, channel)
            or self.find(SwitchKind.CAPABILITY, Capability.ANSWERS)
            or self.find(SwitchKind.LANGUAGE, language)
        )
