"""Translations are kept sealed, once for each message and language, with an event; they cannot be read after erasure."""

import json

import pytest
from sqlalchemy import select

from guildhall.storage.desk_schema import translations
from guildhall.storage.schema import events
from guildhall.storage.translations import TranslationStore
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.translations import Translation, TranslationProblem, TranslationStatus
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory

GOOD = Translation(TranslationStatus.SHOWN, "en", "I have nowhere to sleep", "pl", "openai-compatible:m")
BAD = Translation(TranslationStatus.UNSAFE, "en", "", "pl", "openai-compatible:m", TranslationProblem.VALUES_CHANGED)


def said(memory: Memory) -> tuple[str, str]:
    """A conversation with one utterance: their ids."""
    conversation, _ = memory.conversations.start(Channel.WEB, "pl", NOW)
    turn = TurnId("turn-1")
    words = {"utterance": "nie mam gdzie spać"}
    heard = Event(
        EventId("event-said"), EventKind.UTTERANCE_RECEIVED, NOW, ConversationId(conversation.id), turn, {"channel": "web"}, words
    )
    ended = Event(EventId("event-done"), EventKind.TURN_COMPLETED, NOW, ConversationId(conversation.id), turn, {"language": "pl"}, words)
    memory.record.append([heard, ended])
    return conversation.id, heard.id


def store_of(memory: Memory) -> TranslationStore:
    return TranslationStore(memory.database, memory.keys, memory.new_id)


def test_a_translation_is_found_again_and_its_words_are_sealed(memory: Memory) -> None:
    store, (conversation, event) = store_of(memory), said(memory)
    store.keep(conversation, event, GOOD, NOW)
    assert store.find([event, "event-other"], "en") == {event: GOOD}
    assert store.find([event], "cs") == {}
    with memory.database.reading() as connection:
        sealed = connection.execute(select(translations.c.sealed)).scalar_one()
    assert b"nowhere" not in bytes(sealed)


def test_that_nothing_safe_came_is_kept_too_and_a_second_try_replaces_it(memory: Memory) -> None:
    store, (conversation, event) = store_of(memory), said(memory)
    store.keep(conversation, event, BAD, NOW)
    assert store.find([event], "en") == {event: BAD}
    store.keep(conversation, event, GOOD, NOW)
    assert store.find([event], "en") == {event: GOOD}


def test_the_record_says_what_was_given_to_which_machine_without_words(memory: Memory) -> None:
    store, (conversation, event) = store_of(memory), said(memory)
    store.keep(conversation, event, BAD, NOW)
    query = select(events.c.facts).where(events.c.kind == EventKind.WORDS_TRANSLATED.value)
    with memory.database.reading() as connection:
        facts = json.loads(connection.execute(query).scalar_one())
    assert facts == {
        "of": event, "from": "pl", "to": "en", "by": "openai-compatible:m", "status": "unsafe", "problem": "values_changed",
    }  # fmt: skip


def test_an_utterance_is_traced_to_its_conversation_and_its_finished_turn(memory: Memory) -> None:
    store, (conversation, event) = store_of(memory), said(memory)
    origin = store.origins([event, "event-nowhere"])[event]
    assert (origin.conversation_id, origin.finished) == (conversation, True)
    assert store.finished_turns(conversation) == ({"language": "pl"},)
    assert list(store.origins([event, "event-nowhere"])) == [event]


def test_what_was_erased_is_neither_read_nor_written(memory: Memory) -> None:
    store, (conversation, event) = store_of(memory), said(memory)
    store.keep(conversation, event, GOOD, NOW)
    memory.keys.destroy([conversation], "erasure-1", NOW)
    assert store.find([event], "en") == {}
    with pytest.raises(NotFoundError):
        store.keep(conversation, event, GOOD, NOW)
