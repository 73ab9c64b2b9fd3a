"""What residents are told outside a turn is filled in, in their language, and true."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guildhall.conversations import notices
from guildhall.vocabulary.handoffs import GivenUp, Handoff, HandoffStatus, Lane
from guildhall.vocabulary.languages import Language
from tests.conversations.talk import profile

OPEN = datetime(2026, 11, 25, 10, tzinfo=UTC)
SHUT = datetime(2026, 11, 25, 22, tzinfo=UTC)
WAITING = Handoff(
    "h", "R364-RN73", "c", "domestic-abuse", "distress", "domestic_abuse", Lane.DANGER, HandoffStatus.REQUESTED, OPEN, "en", live=True
)
TOLD = [why for why in GivenUp if why != GivenUp.HUNG_UP]  # who has put the phone down hears nothing more


def said(handoff: Handoff, why: GivenUp, now: datetime) -> str:
    return " ".join(part.text for part in notices.given_up(profile(), handoff, why, now))


def test_when_nobody_comes_the_resident_hears_why_what_is_kept_and_every_way_to_a_person() -> None:
    assert said(WAITING, GivenUp.NOBODY_CAME, OPEN) == (
        "I am sorry. Nobody from the domestic abuse team could join you in time. Your request R364-RN73 is kept. "
        "If you or somebody else is in danger now, phone 999. "
        "You can phone 01632 960320 now, or choose a time for a callback below. You can also go on asking me here."
    )
    assert said(WAITING, GivenUp.CLOSED, SHUT) == (
        "I am sorry. The domestic abuse team has closed before anybody could join you. Your request R364-RN73 is kept. "
        "If you or somebody else is in danger now, phone 999. If it cannot wait, the duty team answers now on 01632 960999. "
        "The team opens at 9am tomorrow, Thursday 26 November. Choose a time for a callback below. You can also go on asking me here."
    )


def test_who_is_not_in_danger_is_not_alarmed() -> None:
    assert "999" not in said(replace(WAITING, lane=Lane.CARE), GivenUp.NOBODY_HERE, OPEN)


def test_a_queue_without_a_duty_line_promises_none() -> None:
    told = said(replace(WAITING, queue="front-desk", lane=Lane.ORDINARY), GivenUp.CLOSED, SHUT)
    assert "duty" not in told and "8:30am tomorrow" in told


def test_a_queue_that_a_council_has_taken_away_still_leads_to_a_person() -> None:
    assert "customer services" in said(replace(WAITING, queue="gone"), GivenUp.CLOSED, OPEN)


@pytest.mark.parametrize("language", list(Language))
def test_every_notice_is_filled_in_and_in_the_residents_language(language: Language) -> None:
    mine = replace(WAITING, language=language.value)
    parts = [
        *(part for why in TOLD for now in (OPEN, SHUT) for part in notices.given_up(profile(), mine, why, now)),
        *notices.adviser_left(profile(), mine),
        *notices.still_waiting(profile(), mine, 3),
    ]
    assert {part.language for part in parts} == {language.value}
    assert not any("{" in part.text for part in parts)
    told = {part.wording: part.text for part in parts}
    assert "999" in told["notice.danger"] and "01632 960999" in told["notice.duty"] and "01632 960320" in told["notice.then_open"]
    assert all("R364-RN73" in told[f"notice.{why.value}"] for why in TOLD)
    assert "3" in told["notice.still_waiting"]
