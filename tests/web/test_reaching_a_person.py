from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildhall.handoffs.phone_numbers import uk_phone
from guildhall.testing.house import FakeClock
from guildhall.testing.understanding import FakeUnderstanding
from tests.web.browser import Browser
from tests.web.front_door import demo_profile, open_front_door

DETAILS = {"name": "Sam", "phone": "01632 960001", "safe": "no", "slot": "soonest"}


def test_talk_to_a_person_is_on_every_state_of_the_page(browser: Browser) -> None:
    for step in (browser.open(), browser.ask(""), browser.ask("How much is bulky waste?"), browser.open("/nowhere")):
        assert "Talk to a person" in step.text("body")


def test_the_button_brings_a_person_with_a_reference_and_a_callback_form(browser: Browser) -> None:
    browser.ask("", path="/person")
    (row,) = browser.guildhall.people.waiting()
    assert row.reference in browser.text("#latest")
    assert browser.hidden("#callback form")["reference"] == row.reference


def test_the_button_brings_a_person_even_when_nothing_is_understood(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path, understanding=FakeUnderstanding(signals={})))
    browser.ask("qwertz", path="/person")
    assert len(browser.guildhall.people.waiting()) == 1
    assert browser.all("#callback form")


def test_words_beside_the_button_go_to_the_person(browser: Browser) -> None:
    browser.ask("It is about my mother", path="/person")
    assert browser.text("#latest .turn__words").startswith("It is about my mother")


def test_a_callback_is_booked_for_a_slot_and_confirmed_with_its_reference(browser: Browser) -> None:
    browser.ask("", path="/person")
    slot = browser.all("#callback-slot optgroup option")[2].attributes["value"] or ""
    browser.send("#callback form", **{**DETAILS, "slot": slot})
    (row,) = browser.guildhall.people.waiting()
    assert row.details is not None
    assert (row.details.name, row.details.phone, row.details.safe_to_leave_message) == ("Sam", "01632 960001", False)
    assert row.slot_starts_at == datetime.fromisoformat(slot)
    assert row.reference in browser.text(".booked__code")
    assert "Wednesday 25 November" in browser.text(".booked")


def test_what_is_missing_is_listed_and_what_was_typed_is_kept(browser: Browser) -> None:
    browser.ask("", path="/person")
    browser.send("#callback form", name="", phone="12", slot="yesterday", needs="Relay UK")
    assert browser.status == 400
    targets = [link.attributes["href"] for link in browser.all(".govuk-error-summary a")]
    assert targets == ["#callback-name", "#callback-phone", "#callback-safe", "#callback-slot"]
    assert all(browser.page.css_first(target) for target in targets if target)
    assert browser.one("#callback-phone").attributes["value"] == "12"
    assert browser.one("#callback-needs").text() == "Relay UK"
    assert browser.guildhall.people.waiting()[0].details is None


def test_a_slot_that_has_passed_is_not_booked(tmp_path: Path) -> None:
    clock = FakeClock()
    browser = Browser(open_front_door(tmp_path, clock))
    browser.ask("", path="/person")
    slot = browser.all("#callback-slot optgroup option")[0].attributes["value"] or ""
    clock.move(hours=5)
    browser.send("#callback form", **{**DETAILS, "slot": slot})
    assert "no longer free" in browser.text(".govuk-error-summary")


def test_a_callback_is_cancelled_and_can_be_booked_again(browser: Browser) -> None:
    browser.ask("", path="/person").send("#callback form", **DETAILS)
    browser.send(".booked__actions form")
    assert "has been cancelled" in browser.text("#callback")
    browser.send("#callback form", **DETAILS)
    assert browser.all(".booked")


def test_a_booked_callback_can_be_moved(browser: Browser) -> None:
    browser.ask("", path="/person").send("#callback form", **DETAILS)
    browser.open(browser.one(".booked__actions a").attributes["href"] or "")
    assert browser.one("#callback-name").attributes["value"] == "Sam"
    slot = browser.all("#callback-slot optgroup option")[1].attributes["value"] or ""
    browser.send("#callback form", **{**DETAILS, "slot": slot})
    (row,) = browser.guildhall.people.waiting()
    assert row.slot_starts_at is not None


def test_nobody_cancels_or_books_the_request_of_another_conversation(browser: Browser) -> None:
    browser.ask("", path="/person")
    (row,) = browser.guildhall.people.waiting()
    other = Browser(browser.guildhall)
    other.ask("", path="/person")
    other.send("#callback form", **{**DETAILS, "reference": row.reference})
    assert other.status == 404
    assert all(waiting.details is None for waiting in browser.guildhall.people.waiting())


def test_at_night_the_slots_are_those_of_opening_hours(tmp_path: Path) -> None:
    night = FakeClock(datetime(2026, 11, 27, 23, 30, tzinfo=UTC))
    browser = Browser(open_front_door(tmp_path, night))
    browser.ask("", path="/person")
    assert browser.all("#callback-slot optgroup")[0].attributes["label"] == "Saturday 28 November"


def test_a_queue_without_hours_still_takes_a_callback_as_soon_as_possible(tmp_path: Path) -> None:
    profile = demo_profile()
    shut = replace(profile, calendar=replace(profile.calendar, hours={}))
    browser = Browser(open_front_door(tmp_path, profile=shut))
    browser.ask("", path="/person").send("#callback form", **DETAILS)
    assert "As soon as somebody is free" in browser.text(".booked")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("01632 960001", "01632 960001"),
        ("07700900123", "07700 900123"),
        ("+44 7700 900123", "07700 900123"),
        ("٠٧٧٠٠٩٠٠١٢٣", "07700 900123"),
        ("0808 157 0123", "0808 157 0123"),
        ("12345", ""),
        ("+33 1 42 68 53 00", ""),
        ("0909 879 0000", ""),
        ("999", ""),
        ("", ""),
        ("my phone", ""),
        ("0" * 500, ""),
    ],
)
def test_which_numbers_can_be_phoned(given: str, kept: str) -> None:
    assert uk_phone(given) == kept
