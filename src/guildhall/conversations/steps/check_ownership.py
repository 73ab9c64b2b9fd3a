"""Check ownership: exactly one party owns a conversation, and only the owner speaks in it."""

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.turns import Owner

PEOPLE = (Owner.ADVISER, Owner.CLOSED)


def check_ownership(turn: TurnState, house: House) -> TurnState:
    """At the start: a conversation that was closed is the assistant's again, and what was said before is no context any more.

    Distress is looked for whoever owns it, so that the turn is left to its owner only after that (`leave_to_owner`).
    """
    if turn.conversation.owner != Owner.CLOSED:
        return turn
    reopened = house.conversations.reopen(turn.conversation.id, turn.utterance.received_at)
    return turn.but(conversation=reopened) if reopened else turn


def check_ownership_again(turn: TurnState, house: House) -> TurnState:
    """At the end: when somebody took the conversation meanwhile, the turn is theirs. Who is waiting because of this very turn is not that."""
    owner = house.conversations.owner_of(turn.conversation.id) or turn.conversation.owner
    if owner == Owner.ASSISTANT or turn.person == Person.BROUGHT:
        return turn
    return turn.end(Outcome.HANDED_OVER, Reason.NOT_THE_OWNER)


def was_taken(turn: TurnState, house: House) -> bool:
    """Whether a person took the conversation since the turn began. Asked before each part of the reply."""
    owner = house.conversations.owner_of(turn.conversation.id)
    return owner in PEOPLE and owner != turn.conversation.owner
