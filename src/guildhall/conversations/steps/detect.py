"""Detect: look for distress and danger before anything else, in the resident's own words."""

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState


def detect(turn: TurnState, house: House) -> TurnState:
    """Collect evidence. Detectors never act; a failed one is named, and the rules say what that means."""
    recent = [past.utterance for past in turn.conversation.turns[-3:]]
    return turn.but(detection=house.understanding.detect(turn.text, turn.speaks, recent))
