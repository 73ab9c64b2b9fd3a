"""A wrap-up says whether it was the right team, can be taken back for a minute, and is counted and given out without a word."""

from datetime import timedelta

import pytest

from guildhall.handoffs.misdirection import overall
from guildhall.storage.endings import COLUMNS, EndingStore
from guildhall.storage.handoffs import NotTheOwnerError
from guildhall.storage.labels import LabelStore
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import HandoffStatus, WrapUp
from guildhall.vocabulary.turns import Owner
from tests.storage.memory import NOW, Memory
from tests.storage.memory import memory as memory
from tests.storage.test_transfers import PRIYA, SUE, TOM, handoffs, held, kinds

MINUTE = timedelta(seconds=60)


def endings(memory: Memory) -> EndingStore:
    return EndingStore(memory.database, memory.keys, memory.new_id)


def labels(memory: Memory) -> LabelStore:
    return LabelStore(memory.database, memory.keys, memory.new_id, ("complaint", "praise"))


def test_a_wrap_up_is_taken_back_within_a_minute_by_whoever_made_it(memory: Memory) -> None:
    conversation, reference = held(memory)
    handoffs(memory).close(reference, PRIYA, WrapUp.NOT_OURS, right_team=False, at=NOW, right_queue="repairs", look=True)
    with pytest.raises(NotTheOwnerError):
        endings(memory).undo(reference, TOM, NOW)
    again = endings(memory).undo(reference, PRIYA, NOW + MINUTE)
    assert (again.status, again.adviser_id, again.wrap_up, again.right_team) == (HandoffStatus.ACCEPTED, PRIYA, "", None)
    assert memory.conversations.owner_of(conversation) == Owner.ADVISER
    assert endings(memory).to_look_at() == ()
    assert endings(memory).endings(NOW) == ()


def test_after_a_minute_or_once_the_resident_wrote_again_it_stands(memory: Memory) -> None:
    conversation, reference = held(memory)
    handoffs(memory).close(reference, PRIYA, WrapUp.RESOLVED, right_team=True, at=NOW)
    assert not endings(memory).may_undo(reference, PRIYA, NOW + MINUTE + timedelta(seconds=1))
    with pytest.raises(NotTheOwnerError):
        endings(memory).undo(reference, PRIYA, NOW + MINUTE + timedelta(seconds=1))
    memory.conversations.reopen(conversation, NOW)
    with pytest.raises(NotTheOwnerError):
        endings(memory).undo(reference, PRIYA, NOW)


def test_misdirection_counts_what_advisers_said(memory: Memory) -> None:
    for right, queue in ((True, ""), (False, "repairs"), (False, "")):
        _, reference = held(memory)
        handoffs(memory).close(reference, PRIYA, WrapUp.RESOLVED, right_team=right, at=NOW, right_queue=queue)
    held(memory)  # not wrapped up: it says nothing yet
    told = overall(endings(memory).endings(NOW))
    assert (told.wrong.hits, told.wrong.of, told.went_to) == (2, 3, (("repairs", 1),))
    assert endings(memory).endings(NOW + timedelta(seconds=1)) == ()


def test_the_export_has_one_row_a_handoff_and_no_words(memory: Memory) -> None:
    conversation, reference = held(memory)
    labels(memory).change(conversation, PRIYA, NOW, add=["praise", "complaint"])
    handoffs(memory).close(reference, PRIYA, WrapUp.RESOLVED, right_team=False, at=NOW + MINUTE * 3, right_queue="repairs")
    held(memory)
    rows = list(endings(memory).handled(NOW, NOW + MINUTE))
    assert (len(rows), rows[0][0]) == (2, conversation)
    row = rows[0][1]
    assert tuple(row) == COLUMNS
    assert (row["reference"], row["right_team"], row["right_queue"], row["labels"]) == (reference, "no", "repairs", "complaint; praise")
    assert (row["seconds_to_adviser"], row["minutes_to_close"], row["first_reply_at"]) == ("0", "3", "")
    assert list(endings(memory).handled(NOW - MINUTE, NOW)) == []


def test_a_supervisor_is_asked_to_look_and_says_once_that_they_did(memory: Memory) -> None:
    conversation, reference = held(memory)
    handoffs(memory).close(reference, PRIYA, WrapUp.ABUSIVE, right_team=True, at=NOW, look=True)
    assert [(look.reference, look.asked_by) for look in endings(memory).to_look_at()] == [(reference, PRIYA)]
    assert endings(memory).looked(reference, SUE, NOW)
    assert not endings(memory).looked(reference, SUE, NOW)
    assert endings(memory).to_look_at() == ()
    assert kinds(memory, conversation).count("SupervisorLooked") == 1


def test_labels_are_the_councils_and_a_change_is_one_event(memory: Memory) -> None:
    conversation, _ = held(memory)
    store = labels(memory)
    assert store.change(conversation, PRIYA, NOW, add=["praise"]) == {"praise"}
    assert store.change(conversation, PRIYA, NOW, add=["praise"]) == {"praise"}
    assert store.change(conversation, PRIYA, NOW, add=["complaint"], remove=["praise"]) == {"complaint"}
    assert store.of_each([conversation, "other"]) == {conversation: {"complaint"}}
    assert kinds(memory, conversation).count("ConversationLabelled") == 2
    with pytest.raises(RefusedError, match="the labels are complaint, praise"):
        store.change(conversation, PRIYA, NOW, add=["Mrs Smith"])


def test_a_service_is_linked_once_and_can_be_taken_off(memory: Memory) -> None:
    conversation, reference = held(memory)
    store = labels(memory)
    store.link(reference, "bulky-waste", PRIYA, NOW)
    store.link(reference, "bulky-waste", PRIYA, NOW)
    assert handoffs(memory).get(reference).service == "bulky-waste"
    store.link(reference, "", PRIYA, NOW)
    assert handoffs(memory).get(reference).service == ""
    assert kinds(memory, conversation).count("ConversationLabelled") == 2
