"""What a guard is started with, handed over as JSON: it reads no council's files and no settings, so that little in it can fail."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class GuardConfig:
    """`gateway` is the command that answers calls, `bounds` what `Bounds` of the SIP endpoint hold, `failover` the people who answer when it cannot."""

    gateway: tuple[str, ...]
    failover: tuple[str, ...] = ()
    bounds: dict[str, Any] = field(default_factory=dict)
    ring_seconds: float = 20.0
    hang_seconds: float = 1.5
    patience_seconds: float = 1.5
    """How long a new caller waits for a gateway that is being started, before an adviser is rung."""
    drain_seconds: float = 30.0
    linger_seconds: float = 30.0
    back_off_seconds: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
    pid_file: str = ""
    """Where the guard in charge writes its process, for whoever has to stop it."""
    environment: dict[str, str] = field(default_factory=dict)
    """What the gateway finds in its environment besides our own."""

    def encoded(self) -> str:
        """As one argument of a command."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def decoded(cls, text: str) -> Self:
        """From an argument. Raises ValueError naming what is not known."""
        given = json.loads(text)
        if unknown := set(given) - {known.name for known in fields(cls)}:
            raise ValueError(f"a guard does not know {', '.join(sorted(unknown))}")
        for name in ("gateway", "failover", "back_off_seconds"):
            if name in given:
                given[name] = tuple(given[name])
        return cls(**given)
