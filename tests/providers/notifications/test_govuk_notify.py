"""What the adapter makes of everything a real service can do to it, over real HTTP."""

import socket
import time
from collections.abc import Iterator

import pytest

from guildhall.aftercare.ports import NotSentError, UnsureIfSentError
from guildhall.providers.notifications.govuk_notify import GovUkNotify, Templates, read_key
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.notifications import MessageChannel
from tests.providers.notifications.double import EMAIL_TEMPLATE, KEY, SECRET, SERVICE, SMS_TEMPLATE, NotifyDouble, notify_double
from tests.providers.notifications.test_both_senders import TEMPLATES, email, text


@pytest.fixture
def served() -> Iterator[NotifyDouble]:
    with notify_double() as found:
        yield found


@pytest.fixture
def notify(served: NotifyDouble) -> Iterator[GovUkNotify]:
    made = GovUkNotify(read_key(KEY), TEMPLATES, served.url, 0.3)
    yield made
    made.close()


def test_a_message_goes_with_its_template_its_values_and_our_reference(served: NotifyDouble, notify: GovUkNotify) -> None:
    notify.send(email())
    body = served.taken[0]["body"]
    assert body == {
        "email_address": "sam@example.org",
        "template_id": EMAIL_TEMPLATE,
        "personalisation": {"reference": "AAAA-BBBB", "text": "Hello", "subject": "Your enquiry"},
        "reference": "conv_1.even_2",
    }


def test_a_wording_may_have_a_template_of_its_own(served: NotifyDouble) -> None:
    named = Templates({MessageChannel.SMS: "another"}, {("follow_up.text", MessageChannel.SMS): SMS_TEMPLATE})
    made = GovUkNotify(read_key(KEY), named, served.url, 1.0)
    made.send(text())
    with pytest.raises(NotSentError, match="no template is set for email"):
        made.send(email())
    made.close()
    assert len(served.taken) == 1


@pytest.mark.parametrize("mood", ["stall", "500", "drop_before", "drop_after", "junk_after", "drip"])
def test_whatever_may_have_been_taken_is_unsure(served: NotifyDouble, notify: GovUkNotify, mood: str) -> None:
    served.moods = [mood]
    with pytest.raises(UnsureIfSentError):
        notify.send(text())
    taken = mood in ("drop_after", "junk_after", "drip")
    assert bool(notify.find(text().reference, MessageChannel.SMS)) == taken


@pytest.mark.parametrize(("mood", "wait"), [("429", 60), ("day", 3600)])
def test_asked_too_often_it_waits_as_long_as_the_limit_needs(served: NotifyDouble, notify: GovUkNotify, mood: str, wait: int) -> None:
    served.moods = [mood]
    with pytest.raises(NotSentError, match="too often") as caught:
        notify.send(text())
    assert (caught.value.retry, caught.value.wait_seconds) == (True, wait)
    assert served.taken == []


def test_a_message_that_is_refused_is_not_tried_again(served: NotifyDouble, notify: GovUkNotify) -> None:
    with pytest.raises(NotSentError, match=r"400, ValidationError") as caught:
        notify.send(text(to="nobody"))
    assert not caught.value.retry
    assert "nobody" not in str(caught.value), "the service quotes whom we wrote to; we do not"


def test_a_refused_key_is_tried_again_once_somebody_puts_it_right(served: NotifyDouble) -> None:
    made = GovUkNotify(read_key(f"x-{SERVICE}-{SERVICE}"), TEMPLATES, served.url, 1.0)
    with pytest.raises(NotSentError, match="key or the clock") as caught:
        made.send(text())
    made.close()
    assert caught.value.retry


def test_a_clock_that_is_wrong_is_refused_by_the_service(served: NotifyDouble) -> None:
    made = GovUkNotify(read_key(KEY), TEMPLATES, served.url, 1.0, now=lambda: time.time() - 120)
    with pytest.raises(NotSentError, match="key or the clock"):
        made.send(text())
    made.close()


def test_a_service_that_cannot_be_reached_has_surely_not_taken_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        made = GovUkNotify(read_key(KEY), TEMPLATES, f"http://127.0.0.1:{taken.getsockname()[1]}", 1.0)
        with pytest.raises(NotSentError, match="cannot be reached") as caught:
            made.send(text())
        with pytest.raises(UnsureIfSentError):
            made.find("x", MessageChannel.SMS)
        made.close()
    assert caught.value.retry


@pytest.mark.parametrize("mood", ["stall", "500", "429", "drop_before", "junk"])
def test_not_being_told_is_not_being_told_no(served: NotifyDouble, notify: GovUkNotify, mood: str) -> None:
    notify.send(text())
    served.moods = [mood]
    with pytest.raises(UnsureIfSentError):
        notify.find(text().reference, MessageChannel.SMS)


def test_a_stalling_service_is_given_up_in_time(served: NotifyDouble, notify: GovUkNotify) -> None:
    for mood in ("stall", "drip"):
        served.moods = [mood]
        started = time.monotonic()
        with pytest.raises(UnsureIfSentError):
            notify.send(text())
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("key", ["", "abc", SECRET, f"{SERVICE}-short", f"name {SERVICE} {SECRET}"])
def test_a_key_that_is_none_is_told_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError, match="GUILDHALL_NOTIFICATIONS_KEY") as caught:
        read_key(key)
    assert not key or key not in str(caught.value)


def test_the_secret_is_in_no_representation() -> None:
    account = read_key(KEY)
    assert account.service == SERVICE
    assert SECRET not in repr(account)
