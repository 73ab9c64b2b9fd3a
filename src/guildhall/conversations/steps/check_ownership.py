"""Check ownership: exactly one party owns a conversation, and only the owner speaks in it."""

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.turns import Owner


def check_ownership(turn: TurnState, house: House) -> TurnState:
    """End the turn quietly when somebody else owns the conversation. Asked at the start, and again before the reply ends."""
    owner = turn.conversation.owner
    if turn.ended or turn.said or turn.outcome:
        owner = house.conversations.owner_of(turn.conversation.id) or owner
    if owner == Owner.ASSISTANT:
        return turn
    return turn.end(Outcome.HANDED_OVER, Reason.NOT_THE_OWNER)
