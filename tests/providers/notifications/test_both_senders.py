"""The conformance suite of senders: what the outbox rests on, for every one of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guildhall.aftercare.ports import Notifies
from guildhall.providers.notifications.govuk_notify import GovUkNotify, Templates, read_key
from guildhall.providers.notifications.local_outbox import LocalOutbox
from guildhall.vocabulary.notifications import MessageChannel, Outgoing
from tests.providers.notifications.double import EMAIL_TEMPLATE, KEY, SMS_TEMPLATE, notify_double

TEMPLATES = Templates({MessageChannel.SMS: SMS_TEMPLATE, MessageChannel.EMAIL: EMAIL_TEMPLATE})


def text(reference: str = "conv_1.even_1", to: str = "07700 900123") -> Outgoing:
    return Outgoing(reference, MessageChannel.SMS, to, "follow_up.text", "Dzień dobry. Your reference is AAAA-BBBB.")


def email(reference: str = "conv_1.even_2") -> Outgoing:
    return Outgoing(
        reference, MessageChannel.EMAIL, "sam@example.org", "follow_up.text", "Hello", "Your enquiry", {"reference": "AAAA-BBBB"}
    )


@dataclass
class Sender:
    """One sender, and how many times each message arrived."""

    notifies: Notifies
    arrived: Callable[[str], int]


@pytest.fixture(params=["local outbox", "govuk-notify"])
def sender(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sender]:
    if request.param == "local outbox":
        local = LocalOutbox(tmp_path / "outbox")
        yield Sender(local, lambda reference: len(list((tmp_path / "outbox").glob(f"{reference}.json"))))
        return
    with notify_double() as served:
        made = GovUkNotify(read_key(KEY), TEMPLATES, served.url, 5.0)
        yield Sender(made, lambda reference: served.deliveries[reference])
        made.close()


def test_it_says_its_name(sender: Sender, request: pytest.FixtureRequest) -> None:
    assert sender.notifies.name in request.node.name


@pytest.mark.parametrize("message", [text(), email()], ids=["sms", "email"])
def test_what_it_took_arrived_once_and_can_be_found(sender: Sender, message: Outgoing) -> None:
    delivery = sender.notifies.send(message)
    assert delivery.id
    assert sender.arrived(message.reference) == 1
    found = sender.notifies.find(message.reference, message.channel)
    assert found is not None and found.id == delivery.id


def test_what_it_never_took_is_not_found(sender: Sender) -> None:
    sender.notifies.send(text("conv_1.even_1"))
    assert sender.notifies.find("conv_1.even_11", MessageChannel.SMS) is None
    assert sender.notifies.find("conv_1.even_", MessageChannel.SMS) is None


def test_words_of_every_script_arrive_whole(sender: Sender) -> None:
    words = "آپ کا حوالہ AAAA-BBBB ہے۔ 😀\nPříště: zavolejte."
    message = Outgoing("conv_1.even_9", MessageChannel.SMS, "07700 900123", "follow_up.text", words)
    sender.notifies.send(message)
    assert sender.notifies.find("conv_1.even_9", MessageChannel.SMS)


def test_closing_twice_is_closing_once(sender: Sender) -> None:
    sender.notifies.close()
    sender.notifies.close()
