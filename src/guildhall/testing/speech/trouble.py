"""What can be wrong with a speech service, and what one of our doubles has seen."""

from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """How a double behaves."""

    NONE = "none"
    STALLS = "stalls"
    """Takes the request and never answers."""
    STALLS_MIDWAY = "stalls_midway"
    """Begins to answer, and stops."""
    DROPS = "drops"
    """Closes the connection without an answer."""
    DROPS_MIDWAY = "drops_midway"
    """Begins to answer, and closes the connection."""
    GARBLES = "garbles"
    """Answers with something else than it should."""
    TOO_MANY = "too_many"
    """429."""
    FAILS = "fails"
    """500."""
    NO_ENTRY = "no_entry"
    """401: the key is not known."""
    ELSEWHERE = "elsewhere"
    """307, to a server that nobody registered."""
    WRONG_TYPE = "wrong_type"
    """The content type of a page."""
    NOTHING = "nothing"
    """A proper answer with nothing in it."""
    FLOODS = "floods"
    """An answer without end."""
    REPORTS_ERROR = "reports_error"
    """The protocol's own message that it failed (websockets only)."""


STATUS = {Trouble.TOO_MANY: 429, Trouble.FAILS: 500, Trouble.NO_ENTRY: 401, Trouble.ELSEWHERE: 307}


@dataclass
class Seen:
    """One request or connection, as the double saw it."""

    path: str
    headers: dict[str, str]
    body: bytes = b""
    sound: bytearray = field(default_factory=bytearray)
    messages: list[str] = field(default_factory=list)
    """The kinds of the messages that came, in order; sound only once in a row."""
    faults: list[str] = field(default_factory=list)
    """Where the client broke the protocol."""
    closed: bool = False

    def came(self, kind: str) -> None:
        """A message of this kind came."""
        if not self.messages or self.messages[-1] != kind:
            self.messages.append(kind)
