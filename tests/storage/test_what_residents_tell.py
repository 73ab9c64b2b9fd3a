"""Needs, satisfaction and follow-ups: told with consent, sealed, once where once is meant, and taken back when the resident likes."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.needs import NeedsStore
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.vocabulary.aftercare import FollowUpKind, Need, Score
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import Request, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, Owner
from tests.storage.memory import NOW, Memory


@dataclass
class Told:
    needs: NeedsStore
    satisfaction: SatisfactionStore
    follow_ups: FollowUpStore
    handoffs: HandoffStore


@pytest.fixture
def told(memory: Memory) -> Told:
    given = (memory.database, memory.keys, memory.new_id)
    return Told(NeedsStore(*given), SatisfactionStore(*given), FollowUpStore(*given), HandoffStore(*given))


@pytest.fixture
def conversation(memory: Memory) -> ConversationId:
    return memory.conversations.start(Channel.WEB, "", NOW)[0].id


def taken(memory: Memory, told: Told, conversation: ConversationId) -> str:
    """A request that an adviser has."""
    reference = memory.people.request(conversation, "front", "person_requested", "", False, NOW, Request(live=True))
    told.handoffs.accept(reference, "staff-1", NOW)
    return reference


def test_needs_are_kept_in_their_own_order_with_the_residents_words_and_the_last_count(told: Told, conversation: ConversationId) -> None:
    assert told.needs.of(conversation) is None
    told.needs.give(conversation, [Need.SLOWER], "", NOW)
    told.needs.give(conversation, [Need.EASY_WORDS, Need.INTERPRETER], " I lip-read ", NOW)
    found = told.needs.of(conversation)
    assert found is not None
    assert (found.needs, found.other) == ((Need.INTERPRETER, Need.EASY_WORDS, Need.OTHER), "I lip-read")
    assert "lip-read" not in repr(found)


def test_needs_that_were_taken_back_are_not_known_any_more(told: Told, conversation: ConversationId) -> None:
    assert not told.needs.withdraw(conversation, NOW)
    told.needs.give(conversation, [Need.TEXT_RELAY], "", NOW)
    assert told.needs.withdraw(conversation, NOW)
    assert told.needs.of(conversation) is None


def test_needs_that_say_nothing_or_too_much_are_refused(told: Told, conversation: ConversationId) -> None:
    for other in ("  ", "x" * 501):
        with pytest.raises(RefusedError):
            told.needs.give(conversation, [], other, NOW)


def test_nothing_can_be_judged_before_a_conversation_has_ended(memory: Memory, told: Told, conversation: ConversationId) -> None:
    assert not told.satisfaction.give(conversation, Score.SATISFIED, "", NOW)
    taken(memory, told, conversation)
    assert told.satisfaction.open_for(conversation) is None
    assert not told.satisfaction.give(conversation, Score.SATISFIED, "", NOW)


def test_an_ending_is_judged_once_and_names_the_adviser_who_had_it(memory: Memory, told: Told, conversation: ConversationId) -> None:
    reference = taken(memory, told, conversation)
    told.handoffs.close(reference, "staff-1", WrapUp.RESOLVED, True, NOW)
    assert told.satisfaction.give(conversation, Score.VERY_DISSATISFIED, " Nobody listened. ", NOW)
    assert not told.satisfaction.give(conversation, Score.VERY_SATISFIED, "", NOW)
    (answer,) = told.satisfaction.of(conversation)
    assert (answer.score.points, answer.reference, answer.queue, answer.adviser) == (1, reference, "front", "staff-1")
    assert answer.comment == "Nobody listened."


def test_every_ending_can_be_judged_again_and_one_that_was_left_cannot(memory: Memory, told: Told, conversation: ConversationId) -> None:
    told.handoffs.close(taken(memory, told, conversation), "staff-1", WrapUp.RESOLVED, True, NOW)
    told.satisfaction.give(conversation, Score.SATISFIED, "", NOW)
    memory.conversations.reopen(conversation, NOW)
    assert not told.satisfaction.give(conversation, Score.NEITHER, "", NOW)
    taken(memory, told, conversation)
    told.handoffs.withdraw(conversation, Owner.CLOSED, NOW)
    assert told.satisfaction.give(conversation, Score.NEITHER, "", NOW)
    assert [(answer.score, answer.adviser) for answer in told.satisfaction.since(NOW)] == [
        (Score.SATISFIED, "staff-1"),
        (Score.NEITHER, "staff-1"),
    ]


def test_an_ending_without_an_adviser_names_none(told: Told, memory: Memory, conversation: ConversationId) -> None:
    memory.people.request(conversation, "front", "person_requested", "", False, NOW, Request(live=True))
    told.handoffs.withdraw(conversation, Owner.CLOSED, NOW)
    assert told.satisfaction.give(conversation, Score.NEITHER, "", NOW)
    assert told.satisfaction.of(conversation)[0].adviser == ""


def test_a_follow_up_is_asked_for_changed_and_taken_back(told: Told, conversation: ConversationId) -> None:
    told.follow_ups.ask(conversation, FollowUpKind.TEXT, "07700 900001", "pl", NOW)
    told.follow_ups.ask(conversation, FollowUpKind.EMAIL, "sam@example.com", "pl", NOW)
    asked = told.follow_ups.asked(conversation)
    assert asked is not None
    assert (asked.kind, asked.contact, asked.language) == (FollowUpKind.EMAIL, "sam@example.com", "pl")
    assert "sam" not in repr(asked)
    assert told.follow_ups.withdraw(conversation, NOW)
    assert told.follow_ups.asked(conversation) is None


def test_what_was_told_stands_sealed_and_is_gone_when_the_key_is(
    told: Told, memory: Memory, conversation: ConversationId, tmp_path: Path
) -> None:
    told.needs.give(conversation, [Need.OTHER], "deafblind interpreter", NOW)
    told.follow_ups.ask(conversation, FollowUpKind.EMAIL, "sam@example.com", "", NOW)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"deafblind" not in stored
    assert b"sam@example.com" not in stored
    memory.keys.destroy([conversation], "ERA-1", NOW)
    assert told.needs.of(conversation) is None
    assert told.follow_ups.asked(conversation) is None
