"""Recognise language: which of the ten the resident writes or speaks."""

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState


def recognise_language(turn: TurnState, house: House) -> TurnState:
    """Guess from the words, leaning on the conversation so far and on what the resident chose on the page."""
    history = [past.utterance for past in turn.conversation.turns[-3:]]
    hint = turn.conversation.language or turn.utterance.language_hint
    return turn.but(language=house.understanding.language(turn.text, hint, history))
