"""A conversation is bound to its secret and remembered across processes."""

from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, Owner
from tests.storage.memory import NOW, Memory


def test_only_the_secret_opens_a_conversation(memory: Memory) -> None:
    conversation, secret = memory.conversations.start(Channel.WEB, "pl", NOW)
    assert memory.conversations.holds_secret(conversation.id, secret)
    assert not memory.conversations.holds_secret(conversation.id, "guess")
    assert not memory.conversations.holds_secret("conversation-0", secret)


def test_a_new_conversation_is_the_assistants_and_has_no_turns(memory: Memory) -> None:
    conversation, _ = memory.conversations.start(Channel.WEB, "pl", NOW)
    loaded = memory.conversations.load(conversation.id)
    assert loaded == conversation
    assert loaded is not None
    assert (loaded.owner, loaded.language, loaded.turns) == (Owner.ASSISTANT, "pl", ())


def test_a_conversation_that_never_was_is_none(memory: Memory) -> None:
    assert memory.conversations.load(ConversationId("nobody")) is None
    assert memory.conversations.transcript("nobody") == ()
