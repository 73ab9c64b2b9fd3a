"""A conversation has one owner at a time, and everything that passes it on says so in the record or does nothing."""

import pytest
from sqlalchemy import select

from guildhall.storage.handoffs import HandoffStore, NotTheOwnerError
from guildhall.storage.messages import Message, MessageStore
from guildhall.storage.schema import events
from guildhall.storage.threads import EntryKind, ThreadReader
from guildhall.vocabulary.handoffs import HandoffStatus, Lane, PassedBack, Request, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, Owner
from tests.storage.memory import NOW, Memory
from tests.storage.memory import memory as memory

PRIYA, TOM = "staff-priya", "staff-tom"


def waiting(memory: Memory, lane: Lane = Lane.ORDINARY, queue: str = "front-desk") -> tuple[ConversationId, str]:
    conversation = memory.conversations.start(Channel.WEB, "", NOW)[0].id
    return conversation, memory.people.request(conversation, queue, "person_requested", "", False, NOW, Request(lane, "en", "", True))


def store(memory: Memory) -> HandoffStore:
    return HandoffStore(memory.database, memory.keys, memory.new_id)


def kinds(memory: Memory, conversation: str) -> list[str]:
    with memory.database.reading() as connection:
        return list(
            connection.execute(select(events.c.kind).where(events.c.conversation_id == conversation).order_by(events.c.seq)).scalars()
        )


def test_a_live_request_passes_the_conversation_to_its_queue(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    assert memory.conversations.owner_of(conversation) == Owner.QUEUE
    assert kinds(memory, conversation)[-2:] == ["HandoffRequested", "OwnerChanged"]
    assert store(memory).get(reference).live


def test_one_adviser_takes_it_and_another_comes_too_late(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    handoffs = store(memory)
    assert handoffs.accept(reference, PRIYA, NOW).status == HandoffStatus.ACCEPTED
    assert handoffs.accept(reference, PRIYA, NOW).adviser_id == PRIYA
    with pytest.raises(NotTheOwnerError):
        handoffs.accept(reference, TOM, NOW)
    assert memory.conversations.owner_of(conversation) == Owner.ADVISER
    assert kinds(memory, conversation).count("HandoffAccepted") == 1


def test_only_whoever_has_the_conversation_can_write_and_a_message_is_sent_once(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    messages = MessageStore(memory.database, memory.keys, memory.new_id)
    with pytest.raises(NotTheOwnerError):
        messages.send(conversation, PRIYA, "mess_1", Message("Hello"), NOW)
    store(memory).accept(reference, PRIYA, NOW)
    assert messages.send(conversation, PRIYA, "mess_1", Message("Hello"), NOW)
    assert not messages.send(conversation, PRIYA, "mess_1", Message("Hello"), NOW)
    with pytest.raises(NotTheOwnerError):
        messages.send(conversation, TOM, "mess_2", Message("Hello"), NOW)
    said = [entry for entry in ThreadReader(memory.database, memory.keys).read(conversation) if entry.kind == EntryKind.MESSAGE]
    assert [(entry.text, entry.by) for entry in said] == [("Hello", PRIYA)]


def test_a_private_note_is_not_in_what_the_resident_reads(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    store(memory).accept(reference, PRIYA, NOW)
    MessageStore(memory.database, memory.keys, memory.new_id).note(conversation, PRIYA, "mess_n", "Ask Tom about this", [TOM], NOW)
    threads = ThreadReader(memory.database, memory.keys)
    assert "Ask Tom" not in str(threads.read(conversation))
    assert "Ask Tom" in str(threads.read(conversation, private=True))


def test_passed_back_it_keeps_its_place_and_the_old_owner_cannot_write(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    handoffs = store(memory)
    handoffs.accept(reference, PRIYA, NOW)
    back = handoffs.pass_back(reference, PassedBack.WENT_QUIET, NOW, staff_id=PRIYA)
    assert (back.status, back.requested_at, back.returned, back.adviser_id) == (HandoffStatus.REQUESTED, NOW, 1, "")
    assert memory.conversations.owner_of(conversation) == Owner.QUEUE
    with pytest.raises(NotTheOwnerError):
        MessageStore(memory.database, memory.keys, memory.new_id).send(conversation, PRIYA, "mess_1", Message("Hello"), NOW)


def test_distress_while_waiting_raises_the_request_and_never_lowers_it(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    again = memory.people.request(conversation, "duty", "distress", "suicide_self_harm", True, NOW, Request(Lane.DANGER, "en", "", True))
    assert again == reference
    raised = store(memory).get(reference)
    assert (raised.lane, raised.queue) == (Lane.DANGER, "duty")
    memory.people.request(conversation, "front-desk", "person_requested", "", False, NOW, Request(Lane.ORDINARY, "en", "", True))
    assert store(memory).get(reference).lane == Lane.DANGER


def test_wrapped_up_and_reopened_it_begins_without_what_was_said(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    handoffs = store(memory)
    handoffs.accept(reference, PRIYA, NOW)
    closed = handoffs.close(reference, PRIYA, WrapUp.RESOLVED, right_team=True, at=NOW)
    assert (closed.status, closed.right_team) == (HandoffStatus.CLOSED, True)
    assert memory.conversations.owner_of(conversation) == Owner.CLOSED
    reopened = memory.conversations.reopen(conversation, NOW)
    assert reopened is not None and reopened.owner == Owner.ASSISTANT and reopened.turns == ()


def test_a_resident_may_go_on_without_a_person(memory: Memory) -> None:
    conversation, reference = waiting(memory)
    handoffs = store(memory)
    assert handoffs.withdraw(conversation, Owner.ASSISTANT, NOW) == 1
    assert handoffs.get(reference).status == HandoffStatus.WITHDRAWN
    assert memory.conversations.owner_of(conversation) == Owner.ASSISTANT
