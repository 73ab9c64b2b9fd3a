"""What another process has to know of a call to carry its signalling on: small, in JSON, told anew each time it changes."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self


class Stage(StrEnum):
    """How far a call has come."""

    INVITED = "invited"
    """It was offered, by the caller to us or by us to another, and not answered yet; `invite` is the INVITE."""
    ANSWERED = "answered"
    """It was answered, and the ACK has not come; `answer` is what is sent again until it does."""
    TALKING = "talking"
    OVER = "over"


class DialogStateError(ValueError):
    """The value is no state of a call."""


@dataclass(frozen=True, slots=True)
class DialogState:
    """One call's signalling. `placed`: by us, to a person. `partner` is the call that it is joined with, if so.

    `local` and `remote` are From and To values with their tags; `ours` and `theirs` the descriptions of sound (SDP). It holds the caller's
    number: hand it to the process that watches over us and to nothing else.
    """

    id: str
    stage: Stage
    call_id: str
    local: str
    remote: str
    target: str
    routes: tuple[str, ...]
    here: tuple[str, int]
    peer: tuple[str, int]
    cseq: int
    remote_cseq: int
    placed: bool = False
    partner: str = ""
    ours: str = ""
    theirs: str = ""
    invite: str = ""
    answer: str = ""

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The state from its JSON. Raises DialogStateError."""
        try:
            value: dict[str, Any] = json.loads(text)
            value["stage"], value["routes"] = Stage(value["stage"]), tuple(value["routes"])
            value["here"], value["peer"] = _peer(value["here"]), _peer(value["peer"])
            return cls(**{field.name: value[field.name] for field in fields(cls)})
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DialogStateError(f"not the state of a call: {type(error).__name__}") from None


Report = Callable[[DialogState], None]


def unreported(state: DialogState) -> None:
    """Nobody watches over us."""


def _peer(value: list[Any]) -> tuple[str, int]:
    return str(value[0]), int(value[1])
