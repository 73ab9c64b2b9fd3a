"""Redact: mask personal data before anything could leave the house. Council references stay usable."""

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState


def redact(turn: TurnState, house: House) -> TurnState:
    """Masked words for a composer that sends them elsewhere; personal data are never a reason to refuse."""
    return turn.but(redacted=house.understanding.redact(turn.text))
