"""Words that cannot be kept: no conversation can be opened for them, but distress and danger are heard all the same."""

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.conversations.steps.decide import decide_on_input
from guildhall.conversations.steps.detect import detect
from guildhall.conversations.steps.receive import receive
from guildhall.conversations.steps.recognise_language import recognise_language
from guildhall.conversations.steps.safeguard import said_first
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.turns import Channel, Conversation, Owner, ReplyPart, Utterance

NOBODY = Conversation(ConversationId(""), Channel.WEB, Owner.ASSISTANT)
STEPS = (receive, recognise_language, detect, decide_on_input)


def hear_unkept(text: str, language: str, house: House, channel: Channel = Channel.WEB) -> tuple[TurnState, tuple[ReplyPart, ...]]:
    """What was found in the words, and what the rules want said first. Needs no database and leaves no trace of the words."""
    turn = TurnState(TurnId(""), NOBODY, Utterance(text, channel, house.clock(), language))
    for step in STEPS:
        turn = step(turn, house)
    return turn, said_first(turn, house)
