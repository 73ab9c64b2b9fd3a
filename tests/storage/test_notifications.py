"""A message is stored with what it tells of, sent once, and never when that might not be safe."""

from datetime import timedelta

import pytest

from guildhall.aftercare.outbox import LEASE, Outbox
from guildhall.aftercare.ports import NotSentError, UnsureIfSentError
from guildhall.storage.after_schema import notifications
from guildhall.vocabulary.aftercare import FollowUpKind
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.notifications import MessageStatus
from tests.storage.after import AfterMemory
from tests.storage.memory import Memory


@pytest.fixture
def after(memory: Memory) -> AfterMemory:
    return AfterMemory(memory)


def wrapped_up(after: AfterMemory, how: WrapUp = WrapUp.RESOLVED) -> ConversationId:
    conversation = after.start()
    reference = after.ask(conversation)
    after.consent(conversation)
    after.wrap_up(reference, how)
    return conversation


# follow-ups


def test_a_resident_who_agreed_gets_the_reference_and_the_next_step_in_their_language(after: AfterMemory) -> None:
    conversation = wrapped_up(after)
    assert after.follow_ups.tick(after.now) == 1
    assert after.outbox.tick(after.now).sent == 1
    (message,) = after.notifies.arrived
    assert (message.to, message.channel) == ("07700 900123", "sms")
    assert message.text == "pl follow_up.text REF-0001 [pl follow_up.step.resolved]"
    assert after.kinds(conversation)[-2:] == [EventKind.NOTIFICATION_QUEUED, EventKind.NOTIFICATION_SENT]


def test_nothing_is_put_in_or_sent_twice(after: AfterMemory) -> None:
    wrapped_up(after)
    for _ in range(3):
        after.follow_ups.tick(after.now)
        after.outbox.tick(after.now)
    assert list(after.notifies.times.values()) == [1]


def test_without_consent_nothing_is_written(after: AfterMemory) -> None:
    conversation = after.start()
    after.wrap_up(after.ask(conversation))
    assert after.follow_ups.tick(after.now) == 0
    assert after.messages.listed() == ()


def test_consent_given_after_the_wrap_up_counts(after: AfterMemory) -> None:
    conversation = after.start()
    after.wrap_up(after.ask(conversation))
    after.consent(conversation, "sam@example.org", FollowUpKind.EMAIL)
    after.follow_ups.tick(after.now)
    after.outbox.tick(after.now)
    (message,) = after.notifies.arrived
    assert (message.to, message.channel, message.subject) == ("sam@example.org", "email", "pl follow_up.subject REF-0001 ")


def test_consent_that_was_taken_back_stops_a_message_that_waits(after: AfterMemory) -> None:
    conversation = wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.asked.withdraw(conversation, after.now)
    after.outbox.tick(after.now)
    (message,) = after.messages.listed()
    assert (message.status, message.why, after.notifies.arrived) == (MessageStatus.WITHHELD, "no_consent", [])


def test_what_the_adviser_wrote_down_as_agreed_stands_in_it(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.ask(conversation)
    after.consent(conversation)
    after.handoffs.accept(reference, "pat", after.now)
    with pytest.raises(RefusedError, match="do not have this conversation"):
        after.follow_ups.agreed(conversation, "kim", "We come on Tuesday.", after.now)
    after.follow_ups.agreed(conversation, "pat", "We come on Tuesday.", after.now)
    after.handoffs.close(reference, "pat", WrapUp.REFERRED, True, after.now)
    after.follow_ups.tick(after.now)
    after.outbox.tick(after.now)
    assert after.notifies.arrived[0].text.endswith("[pl follow_up.step.referred] We come on Tuesday.")
    again = after.memory.people.request(conversation, "revenues", "person_requested", "", False, after.move(minutes=5))
    after.wrap_up(again)
    after.follow_ups.tick(after.now)
    after.outbox.tick(after.now)
    assert "Tuesday" not in after.notifies.arrived[1].text


def test_nobody_who_was_abusive_is_written_to(after: AfterMemory) -> None:
    wrapped_up(after, WrapUp.ABUSIVE)
    assert after.follow_ups.tick(after.now) == 0


def test_a_booked_callback_is_confirmed_with_its_time_and_only_the_last_booking_is(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.ask(conversation)
    after.consent(conversation)
    after.book(conversation, reference)
    after.move(minutes=5)
    after.book(conversation, reference)
    assert after.follow_ups.tick(after.now) == 1
    after.outbox.tick(after.now)
    assert "[pl follow_up.step.callback 13:05]" in after.notifies.arrived[0].text


def test_a_cancelled_callback_is_not_confirmed(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.ask(conversation)
    after.consent(conversation)
    after.book(conversation, reference)
    after.memory.people.cancel(conversation, reference, after.now)
    assert after.follow_ups.tick(after.now) == 0


# never when it might not be safe


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"sensitive": True}, "sensitive"),
        ({"kept_from": ["transcript_email"]}, "sensitive"),
        ({"signals": [{"category": "domestic_abuse", "grade": "screen"}]}, "at_risk"),
        ({"signals": [{"category": "child_user", "grade": "confirm"}]}, "at_risk"),
    ],
)
def test_a_sensitive_conversation_gets_no_message(after: AfterMemory, facts: dict[str, object], why: str) -> None:
    conversation = wrapped_up(after)
    after.turn(conversation, **facts)
    after.follow_ups.tick(after.now)
    after.outbox.tick(after.now)
    (message,) = after.messages.listed()
    assert (message.status, message.why, after.notifies.arrived) == (MessageStatus.WITHHELD, why, [])
    assert after.kinds(conversation)[-1] == EventKind.NOTIFICATION_WITHHELD


def test_it_is_looked_at_again_in_the_moment_of_sending(after: AfterMemory) -> None:
    conversation = wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.turn(conversation, signals=[{"category": "domestic_abuse", "grade": "confirm"}])
    after.outbox.tick(after.now)
    assert after.messages.listed()[0].status == MessageStatus.WITHHELD
    assert after.notifies.arrived == []


def test_a_message_that_is_not_safe_to_leave_is_not_sent(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.ask(conversation)
    after.consent(conversation)
    after.book(conversation, reference, safe=False)
    after.follow_ups.tick(after.now)
    assert [message.why for message in after.messages.listed()] == ["no_message"]


def test_after_a_protected_team_nothing_is_sent(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.ask(conversation, "domestic-abuse")
    after.consent(conversation)
    after.wrap_up(reference)
    after.follow_ups.tick(after.now)
    assert [message.why for message in after.messages.listed()] == ["protected_team"]


def test_an_escalation_without_a_turn_is_enough_to_withhold(after: AfterMemory) -> None:
    conversation = after.start()
    reference = after.escalate(conversation)
    after.consent(conversation)
    after.wrap_up(reference)
    after.follow_ups.tick(after.now)
    assert [message.why for message in after.messages.listed()] == ["at_risk"]


def test_erased_words_take_the_message_with_them(after: AfterMemory) -> None:
    conversation = wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.memory.keys.destroy([conversation], "erasure-1", after.now)
    after.outbox.tick(after.now)
    assert after.messages.listed()[0].status == MessageStatus.WITHHELD
    assert after.notifies.arrived == []


# in trouble


def test_a_message_that_was_surely_not_taken_is_tried_again_later(after: AfterMemory) -> None:
    wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.notifies.fails = [NotSentError("too often", retry=True, wait_seconds=60)]
    assert after.outbox.tick(after.now).put_off == 1
    assert after.outbox.tick(after.move(seconds=59)).sent == 0
    assert after.outbox.tick(after.move(seconds=1)).sent == 1
    assert after.notifies.looked_for == [], "nobody was in doubt"


@pytest.mark.parametrize("taken", [True, False])
def test_a_message_in_doubt_is_looked_for_first(after: AfterMemory, taken: bool) -> None:
    wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.notifies.fails, after.notifies.takes_it = [UnsureIfSentError("it broke off")], taken
    after.outbox.tick(after.now)
    assert after.messages.listed()[0].uncertain
    assert after.outbox.tick(after.move(seconds=30)).sent == 0, "the provider gets time to know of it"
    assert after.outbox.tick(after.now + LEASE).sent == 1
    assert len(after.notifies.looked_for) == 1
    assert list(after.notifies.times.values()) == [1]


def test_a_refused_message_is_given_up_until_a_person_tries_it_again(after: AfterMemory) -> None:
    conversation = wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.notifies.fails = [NotSentError("the service refused the message (400, ValidationError)", retry=False)]
    assert after.outbox.tick(after.now).failed == 1
    (message,) = after.messages.listed()
    assert (message.status, message.why) == (MessageStatus.FAILED, "the service refused the message (400, ValidationError)")
    assert after.kinds(conversation)[-1] == EventKind.NOTIFICATION_FAILED
    assert after.outbox.tick(after.move(days=1)).sent == 0
    after.messages.retry(message.reference, after.now)
    assert after.outbox.tick(after.now).sent == 1
    with pytest.raises(RefusedError, match="is sent; only a message that failed"):
        after.messages.retry(message.reference, after.now)
    with pytest.raises(NotFoundError):
        after.messages.retry("nothing", after.now)


def test_it_is_not_tried_for_ever(after: AfterMemory) -> None:
    wrapped_up(after)
    after.follow_ups.tick(after.now)
    after.notifies.fails = [NotSentError("down", retry=True) for _ in range(100)]
    for _ in range(30):
        after.outbox.tick(after.move(hours=1))
    (message,) = after.messages.listed()
    assert (message.status, message.attempts) == (MessageStatus.FAILED, 24)


def test_two_workers_never_have_the_same_message(after: AfterMemory) -> None:
    wrapped_up(after)
    after.follow_ups.tick(after.now)
    first = after.messages.claim(after.now, "worker-1", LEASE)
    assert first is not None and not first.uncertain
    assert after.messages.claim(after.now, "worker-2", LEASE) is None
    later = after.move(seconds=LEASE.total_seconds())
    second = after.messages.claim(later, "worker-2", LEASE)
    assert second is not None and second.uncertain, "the first may have sent it before it died"
    after.messages.again(first, "worker-1", later, uncertain=False, why="late")
    after.messages.failed(first, "worker-1", later, "late")
    assert after.messages.listed()[0].uncertain, "who lost the claim changes nothing"


def test_a_worker_that_was_held_up_does_not_send_any_more(after: AfterMemory) -> None:
    wrapped_up(after)
    after.follow_ups.tick(after.now)
    seconds = iter([0.0, 0.0, 0.0, 31.0, *[31.0] * 10])
    held_up = Outbox(after.messages, after.notifies, "worker-1", stopwatch=lambda: next(seconds))
    assert held_up.tick(after.now).sent == 0
    assert after.notifies.arrived == []
    assert after.outbox.tick(after.now + LEASE).sent == 1
    assert len(after.notifies.looked_for) == 1


def test_contact_and_text_are_sealed_and_go_once_they_were_sent(after: AfterMemory) -> None:
    from sqlalchemy import select

    wrapped_up(after)
    after.follow_ups.tick(after.now)
    with after.memory.database.reading() as connection:
        row = connection.execute(select(notifications)).one()
    assert row.sealed and b"900123" not in row.sealed and "900123" not in row.facts
    after.outbox.tick(after.now)
    with after.memory.database.reading() as connection:
        assert connection.execute(select(notifications.c.sealed)).scalar() == b""


def test_an_old_wrap_up_is_not_dug_out(after: AfterMemory) -> None:
    wrapped_up(after)
    assert after.follow_ups.tick(after.now + timedelta(days=3)) == 0
