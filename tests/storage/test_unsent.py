"""What is typed and not sent, who is mentioned, what is unread, and who comes next in the queues of an adviser. On both databases."""

from datetime import timedelta

from sqlalchemy import insert

from guildhall.storage.desk_schema import read_marks
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.messages import Draft, MessageStore
from guildhall.storage.threads import ThreadReader
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import HandoffStatus, Lane, Request, WrapUp
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.storage.memory import memory as memory

PRIYA, TOM = "staff-priya", "staff-tom"


def waiting(memory: Memory, lane: Lane = Lane.ORDINARY, queue: str = "front-desk", minutes: int = 0) -> tuple[ConversationId, str]:
    at = NOW + timedelta(minutes=minutes)
    conversation = memory.conversations.start(Channel.WEB, "", at)[0].id
    return conversation, memory.people.request(conversation, queue, "person_requested", "", False, at, Request(lane, "en", "", True))


def messages_of(memory: Memory) -> MessageStore:
    return MessageStore(memory.database, memory.keys, memory.new_id)


def handoffs_of(memory: Memory) -> HandoffStore:
    return HandoffStore(memory.database, memory.keys, memory.new_id)


def test_a_draft_is_kept_with_what_it_was_to_be_and_for_each_alone(memory: Memory) -> None:
    conversation, _ = waiting(memory)
    messages = messages_of(memory)
    messages.keep_unsent(conversation, PRIYA, "Between us", NOW, note=True, cited=["p1"])
    assert messages.draft(conversation, PRIYA) == Draft("Between us", True, ("p1",))
    assert messages.draft(conversation, TOM) == Draft()
    messages.keep_unsent(conversation, PRIYA, "", NOW)
    assert messages.draft(conversation, PRIYA) == Draft()


def test_the_words_of_a_draft_are_sealed_and_gone_with_the_key(memory: Memory) -> None:
    conversation, _ = waiting(memory)
    messages = messages_of(memory)
    messages.keep_unsent(conversation, PRIYA, "Between us", NOW)
    memory.keys.destroy([conversation], "erasure-1", NOW)
    assert messages.draft(conversation, PRIYA) == Draft()


def test_mentions_are_listed_newest_first_until_they_are_read(memory: Memory) -> None:
    (one, _), (two, _) = waiting(memory), waiting(memory)
    messages = messages_of(memory)
    messages.note(one, PRIYA, "mess_1", "@Tom?", [TOM], NOW)
    messages.note(two, PRIYA, "mess_2", "@Tom!", [TOM, TOM], NOW + timedelta(minutes=1))
    assert [(mention.conversation_id, mention.read) for mention in messages.mentions(TOM)] == [(two, False), (one, False)]
    assert messages.is_mentioned(one, TOM) and not messages.is_mentioned(one, PRIYA)
    assert messages.mentioned_in(two) == {TOM}
    messages.read_mentions(one, TOM, NOW)
    assert [mention.read for mention in messages.mentions(TOM)] == [False, True]


def test_only_what_the_resident_wrote_since_one_looked_is_unread(memory: Memory) -> None:
    conversation, _ = waiting(memory)
    threads = ThreadReader(memory.database, memory.keys)
    for number in (1, 2, 3):
        said = Event(EventId(f"said-{number}"), EventKind.UTTERANCE_RECEIVED, NOW, conversation, None, {}, {"utterance": "Hello"})
        memory.record.append([said])
    assert threads.unread(PRIYA, [conversation]) == {conversation: 3}
    with memory.database.writing() as connection:
        place = threads.last(conversation) - 1
        connection.execute(insert(read_marks).values(conversation_id=conversation, side=PRIYA, seq=place, at=NOW))
    assert threads.unread(PRIYA, [conversation]) == {conversation: 1}
    assert threads.unread(TOM, [conversation]) == {conversation: 3}
    assert threads.unread(PRIYA, []) == {}


def test_what_is_offered_or_held_concerns_its_adviser_and_what_is_closed_nobody(memory: Memory) -> None:
    conversation, reference = waiting(memory, Lane.DANGER)
    handoffs = handoffs_of(memory)
    assert handoffs.advisers_of(conversation) == frozenset()
    assert handoffs.offer(reference, PRIYA, NOW).status == HandoffStatus.OFFERED
    assert handoffs.advisers_of(conversation) == {PRIYA}
    handoffs.accept(reference, PRIYA, NOW)
    assert handoffs.last_danger_closed_by(PRIYA, NOW) is None
    handoffs.close(reference, PRIYA, WrapUp.REFERRED, True, NOW)
    assert handoffs.advisers_of(conversation) == frozenset()
    last = handoffs.last_danger_closed_by(PRIYA, NOW)
    assert last is not None and last.reference == reference
    assert handoffs.last_danger_closed_by(PRIYA, NOW + timedelta(minutes=1)) is None
    assert handoffs.last_danger_closed_by(TOM, NOW) is None
