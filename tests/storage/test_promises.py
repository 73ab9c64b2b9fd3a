"""Breaches and waits that were given up are written once, and what passes back comes back as it was."""

from datetime import timedelta

import pytest

from guildhall.handoffs.assigning import Offer
from guildhall.handoffs.figures import Broken
from guildhall.storage.advisers import AdviserStore, NoRoomError
from guildhall.storage.handoffs import HandoffStore, NotTheOwnerError
from guildhall.storage.lines import LineReader
from guildhall.storage.messages import Message, MessageStore
from guildhall.storage.people import CallbackDetails
from guildhall.storage.promises import PromiseStore
from guildhall.storage.queue_figures import QueueFiguresReader
from guildhall.storage.staff import StaffStore
from guildhall.storage.threads import EntryKind, ThreadReader
from guildhall.vocabulary.handoffs import AdviserStatus, GivenUp, HandoffStatus, Lane, PassedBack, Promise, Request
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.staff import StaffId
from guildhall.vocabulary.turns import Channel, Owner, PartKind, ReplyPart
from tests.storage.memory import NOW, Memory

TOLD = (ReplyPart(PartKind.PERSON, "Nobody could join you.", "en", wording="notice.nobody_came"),)
MINUTE = timedelta(minutes=1)


class Desk:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.handoffs = HandoffStore(memory.database, memory.keys, memory.new_id)
        self.promises = PromiseStore(memory.database, memory.keys, memory.new_id)
        self.advisers = AdviserStore(memory.database, memory.new_id)
        self.messages = MessageStore(memory.database, memory.keys, memory.new_id)
        self.lines = LineReader(memory.database)

    def adviser(self, name: str, capacity: int = 1) -> str:
        StaffStore(self.memory.database).add(StaffId(name), name.title(), "", NOW)
        self.advisers.set(name, ["front-desk"], ["en"], False, capacity, "Dana", NOW)
        self.advisers.set_status(name, AdviserStatus.AVAILABLE, NOW)
        return name

    def asks(self, lane: Lane = Lane.ORDINARY, source: str = "", live: bool = True, conversation: str = "") -> str:
        made = conversation or self.memory.conversations.start(Channel.WEB, "", NOW, source)[0].id
        queue = "duty" if conversation else "front-desk"
        return self.memory.people.request(ConversationId(made), queue, "person_requested", "", False, NOW, Request(lane, "en", "", live))


@pytest.fixture
def desk(memory: Memory) -> Desk:
    return Desk(memory)


def test_an_adviser_is_given_no_more_than_they_have_room_for(desk: Desk) -> None:
    first, second = desk.asks(), desk.asks()
    desk.adviser("priya")
    desk.handoffs.offer(first, "priya", NOW, Offer(first, "priya", tally=1))
    with pytest.raises(NoRoomError):
        desk.handoffs.offer(second, "priya", NOW, Offer(second, "priya"))
    priya = desk.advisers.get("priya")
    assert priya is not None and (priya.given_at, priya.since_share) == (NOW, 1)
    assert desk.handoffs.get(second).status == HandoffStatus.REQUESTED
    assert desk.handoffs.offer(second, "priya", NOW).status == HandoffStatus.OFFERED, "who picks for themselves may take more"


def test_the_desk_gives_nothing_to_who_said_that_they_take_nothing_new(desk: Desk) -> None:
    reference = desk.asks()
    desk.adviser("priya")
    assert desk.advisers.stand_down("priya", PassedBack.NOT_TAKEN, NOW)
    assert not desk.advisers.stand_down("priya", PassedBack.NOT_TAKEN, NOW)
    with pytest.raises(NoRoomError):
        desk.handoffs.offer(reference, "priya", NOW, Offer(reference, "priya"))


def test_who_was_told_that_nobody_comes_is_not_given_out_by_a_late_look(desk: Desk) -> None:
    reference = desk.asks()
    desk.adviser("priya")
    desk.promises.give_up(reference, GivenUp.NOBODY_CAME, NOW, TOLD)
    with pytest.raises(NotTheOwnerError):
        desk.handoffs.offer(reference, "priya", NOW, Offer(reference, "priya"))


def test_a_late_join_is_written_once_for_each_wait(desk: Desk) -> None:
    reference = desk.asks()
    desk.adviser("priya")
    assert desk.promises.join_breached(reference, NOW + MINUTE, "duty", TOLD)
    assert not desk.promises.join_breached(reference, NOW + MINUTE, "duty", TOLD)
    desk.handoffs.accept(reference, "priya", NOW + MINUTE)
    assert not desk.promises.join_breached(reference, NOW + 2 * MINUTE, "duty", TOLD)
    desk.handoffs.pass_back(reference, PassedBack.GONE, NOW + 3 * MINUTE)
    assert desk.promises.join_breached(reference, NOW + 5 * MINUTE, "duty", TOLD)
    broken = QueueFiguresReader(desk.memory.database).broken_since(NOW)
    assert broken == (Broken("front-desk", Promise.JOIN),) * 2


def test_a_resident_waits_for_a_reply_from_their_first_unanswered_words(desk: Desk) -> None:
    reference = desk.asks()
    conversation = desk.handoffs.get(reference).conversation_id
    desk.adviser("priya")
    desk.handoffs.accept(reference, "priya", NOW)
    assert desk.handoffs.get(reference).owed_since == NOW
    desk.messages.send(conversation, "priya", "mess_1", Message("Hello"), NOW + MINUTE)
    assert desk.handoffs.get(reference).owed_since is None
    for n in (2, 3, 4):
        desk.handoffs.resident_wrote(conversation, NOW + n * MINUTE)
    owed = desk.handoffs.get(reference).owed_since
    assert owed == NOW + 2 * MINUTE
    assert desk.promises.reply_breached(reference, owed, NOW + 9 * MINUTE)
    assert not desk.promises.reply_breached(reference, owed, NOW + 9 * MINUTE)
    desk.messages.send(conversation, "priya", "mess_2", Message("Sorry"), NOW + 10 * MINUTE)
    with pytest.raises(NotTheOwnerError):
        desk.handoffs.pass_back(reference, PassedBack.WENT_QUIET, NOW + 10 * MINUTE, staff_id="priya", owed_since=owed)


def test_given_up_the_assistant_has_the_conversation_and_the_words_are_sealed_in_the_thread(desk: Desk) -> None:
    reference = desk.asks()
    conversation = ConversationId(desk.handoffs.get(reference).conversation_id)
    assert desk.promises.give_up(reference, GivenUp.NOBODY_CAME, NOW, TOLD)
    assert not desk.promises.give_up(reference, GivenUp.NOBODY_CAME, NOW, TOLD)
    assert desk.memory.conversations.owner_of(conversation) == Owner.ASSISTANT
    (notice,) = [e for e in ThreadReader(desk.memory.database, desk.memory.keys).read(conversation) if e.kind == EntryKind.NOTICE]
    assert notice.parts == TOLD and notice.facts["wording"] == ["notice.nobody_came"]
    assert "Nobody could join" not in str(notice.facts)


def test_who_was_taken_meanwhile_is_not_given_up(desk: Desk) -> None:
    reference = desk.asks()
    desk.adviser("priya")
    desk.handoffs.accept(reference, "priya", NOW)
    assert not desk.promises.give_up(reference, GivenUp.NOBODY_CAME, NOW, TOLD)
    assert not desk.promises.nobody_there(reference, NOW, is_open=True)


def test_somebody_in_danger_alone_is_said_once(desk: Desk) -> None:
    reference = desk.asks(Lane.DANGER, live=False)
    assert desk.promises.nobody_there(reference, NOW, is_open=False)
    assert not desk.promises.nobody_there(reference, NOW + MINUTE, is_open=False)


def test_everything_an_adviser_had_of_a_conversation_goes_back_and_a_booked_callback_to_its_time(desk: Desk) -> None:
    booked = desk.asks(live=False)
    conversation = desk.handoffs.get(booked).conversation_id
    desk.memory.people.book(conversation, booked, CallbackDetails("Sam", "07700 900123", True), None, NOW)
    live = desk.asks(conversation=conversation)
    desk.adviser("priya")
    desk.handoffs.accept(live, "priya", NOW)
    assert desk.lines.load() == {"priya": 1}, "two requests of one resident are one conversation"
    desk.handoffs.pass_back(live, PassedBack.GONE, NOW, staff_id="priya")
    assert (desk.handoffs.get(live).status, desk.handoffs.get(live).live) == (HandoffStatus.REQUESTED, True)
    assert (desk.handoffs.get(booked).status, desk.handoffs.get(booked).live) == (HandoffStatus.BOOKED, False)
    assert desk.handoffs.held_by("priya") == ()


def test_a_missed_callback_is_written_once_and_no_longer_promised(desk: Desk) -> None:
    reference = desk.asks(live=False)
    conversation = desk.handoffs.get(reference).conversation_id
    desk.memory.people.book(conversation, reference, CallbackDetails("Sam", "07700 900123", True), (NOW, NOW + MINUTE), NOW)
    (promised,) = desk.promises.callbacks_promised()
    assert (promised.reference, promised.slot_ends_at) == (reference, NOW + MINUTE)
    assert desk.promises.callback_missed(reference, NOW + MINUTE)
    assert not desk.promises.callback_missed(reference, NOW + MINUTE)
    assert desk.promises.callbacks_promised() == ()


def test_the_line_is_read_with_sources_joins_and_who_passed_what(desk: Desk) -> None:
    danger = desk.asks(Lane.DANGER, source="0123456789ab")
    other = desk.asks()
    desk.adviser("priya")
    desk.handoffs.offer(other, "priya", NOW + MINUTE)
    desk.handoffs.pass_back(other, PassedBack.DECLINED, NOW + MINUTE, staff_id="priya")
    desk.handoffs.accept(other, "priya", NOW + 2 * MINUTE)
    desk.messages.send(desk.handoffs.get(other).conversation_id, "priya", "mess_1", Message("Hello"), NOW + 3 * MINUTE)
    assert [came.source for came in desk.lines.danger_since(NOW)] == ["0123456789ab"]
    assert {handoff.reference: handoff.source for handoff in desk.lines.open()} == {danger: "0123456789ab", other: ""}
    assert desk.lines.passed_since(NOW) == {other: {"priya": NOW + MINUTE}}
    (join,) = desk.lines.joins_since(NOW)["front-desk"]
    assert join.joined_at - join.asked_at == 2 * MINUTE
    (answered,) = QueueFiguresReader(desk.memory.database).answered_since(NOW)
    assert answered.first_reply_at - answered.asked_at == 3 * MINUTE
