"""The keys of the desk: one table for the script, the overlay and the documentation."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does. A `letter` works alone and can be turned off; it clicks or focuses the element with that `data-key`."""

    key: str
    does: str
    letter: bool = True


KEYS: Final = (
    Key("j", "Next conversation"),
    Key("k", "Previous conversation"),
    Key("t", "Look at the next in the queue"),
    Key("a", "Accept what is offered"),
    Key("d", "Decline what is offered"),
    Key("r", "Write to the resident"),
    Key("n", "Write a private note"),
    Key("/", "Search the council's pages"),
    Key("l", "Labels and service"),
    Key("p", "Pass it on"),
    Key("z", "Put it aside"),
    Key("e", "Wrap up"),
    Key("u", "Undo the wrap-up, for a minute"),
    Key("o", "Open by reference, as when your phone rings"),
    Key("i", "Back to the list"),
    Key("f", "The floor, for whoever runs the desk"),
    Key("s", "My status"),
    Key("x", "Skip the break"),
    Key("?", "Show or hide these keys"),
    Key("Ctrl + Enter", "Send what is written", letter=False),
    Key("Esc", "Leave the field, close what is open", letter=False),
)
