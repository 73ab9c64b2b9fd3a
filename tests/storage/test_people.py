"""Requests for a person keep their reference, and a callback can be booked, booked again and cancelled."""

from datetime import timedelta

import pytest

from guildhall.storage.people import CallbackDetails
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory

DETAILS = CallbackDetails("Sam", "07700 900123", safe_to_leave_message=False, needs="interpreter")
SLOT = (NOW + timedelta(hours=1), NOW + timedelta(hours=2))


def asked(memory: Memory, queue: str = "front-desk", urgent: bool = False) -> tuple[ConversationId, str]:
    conversation, _ = memory.conversations.start(Channel.WEB, "en", NOW)
    return conversation.id, memory.people.request(conversation.id, queue, "person_requested", "", urgent, NOW)


def test_asking_twice_gives_the_same_reference(memory: Memory) -> None:
    conversation, reference = asked(memory)
    assert memory.people.request(conversation, "front-desk", "person_requested", "", False, NOW) == reference
    assert memory.people.request(conversation, "duty", "distress", "danger_to_life", True, NOW) != reference


def test_a_booked_callback_is_listed_with_its_details(memory: Memory) -> None:
    conversation, reference = asked(memory)
    memory.people.book(conversation, reference, DETAILS, SLOT, NOW)
    (row,) = memory.people.waiting()
    assert (row.reference, row.status, row.details, row.slot_starts_at) == (reference, "booked", DETAILS, SLOT[0])


def test_booking_again_replaces_the_first_callback(memory: Memory) -> None:
    conversation, reference = asked(memory)
    memory.people.book(conversation, reference, DETAILS, SLOT, NOW)
    memory.people.book(conversation, reference, CallbackDetails("Sam", "01632 960001", True), None, NOW)
    (row,) = memory.people.waiting()
    assert row.details is not None
    assert (row.details.phone, row.slot_starts_at) == ("01632 960001", None)


def test_a_cancelled_callback_leaves_the_request_open(memory: Memory) -> None:
    conversation, reference = asked(memory)
    memory.people.book(conversation, reference, DETAILS, SLOT, NOW)
    memory.people.cancel(conversation, reference, NOW)
    (row,) = memory.people.waiting()
    assert (row.status, row.details) == ("requested", None)


def test_another_conversations_reference_is_not_found(memory: Memory) -> None:
    _, reference = asked(memory)
    other, _ = asked(memory)
    with pytest.raises(NotFoundError):
        memory.people.book(other, reference, DETAILS, SLOT, NOW)


def test_urgent_requests_come_first(memory: Memory) -> None:
    asked(memory)
    asked(memory, "duty", urgent=True)
    assert [row.queue for row in memory.people.waiting()] == ["duty", "front-desk"]
