"""What was said in calls: kept as long as other words, for less, or not beyond the call, as the council decides; whatever is still needed stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import insert, update

from guildhall.bootstrap.rights import Memory, Rights, wire_rights
from guildhall.councils.loading import read_retention
from guildhall.councils.yaml_files import YamlReader
from guildhall.records.retention import Covers, RetentionFile
from guildhall.storage.after_schema import safeguarding_records
from guildhall.storage.calls_schema import calls
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import HoldKind
from tests.bootstrap.deployment import CANARY, TERMS, Deployment

TIME = datetime(2026, 11, 27, tzinfo=UTC)
BASELINE = read_retention(YamlReader(), Path("councils/_baseline"), Path("councils/none"))


def schedules(**days: int) -> RetentionFile:
    """The baseline's, some of them for so many days."""
    changed = {
        name: schedule.model_copy(update={"days": days.get(schedule.covers.value, schedule.days)})
        for name, schedule in BASELINE.schedules.items()
    }
    return RetentionFile(schedules=changed)


def rights_of(deployment: Deployment, keeps: bool, **days: int) -> Rights:
    memory = Memory(deployment.database, deployment.keys, deployment.record, deployment.conversations, deployment.people, deployment.clock)
    terms = replace(TERMS, retention=schedules(**days), keeps_transcripts=keeps)
    return wire_rights(terms, memory, deployment.folder, deployment.settings.folders, lambda: None)


def rang(deployment: Deployment, over: bool = True) -> str:
    """A call in which something was said."""
    conversation = deployment.say(CANARY)
    now = deployment.clock()
    with deployment.database.writing() as connection:
        row = {
            "conversation_id": conversation,
            "known_as": conversation,
            "sealed": b"",
            "hearing": "grammar",
            "began_at": now,
            "ended_at": now if over else None,
        }
        connection.execute(insert(calls).values(**row))
    return conversation


def test_a_council_that_keeps_no_transcripts_has_the_words_of_a_call_erased_when_it_is_over(deployment: Deployment) -> None:
    over, goes_on, written = rang(deployment), rang(deployment, over=False), deployment.say(CANARY)
    deployment.clock.move(minutes=1)
    ran = rights_of(deployment, keeps=False).retention.run()
    assert deployment.words(over) == [] and deployment.keys.erased_among([over]) == {over}
    assert deployment.words(goes_on) == [CANARY], "a call that goes on needs its words"
    assert deployment.words(written) == [CANARY], "what was written is another matter"
    (certificate,) = ran.certificates
    assert certificate.clean and certificate.content["rule"] == "call-transcripts: no transcripts of calls are kept"


def waits_for_a_person(deployment: Deployment, conversation: str) -> None:
    deployment.callback(conversation)


def is_held(deployment: Deployment, conversation: str) -> None:
    deployment.rights.holds.place(HoldKind.LEGAL_CLAIM, [conversation], "legal claim", "Pat")


def is_about_somebody_at_risk(deployment: Deployment, conversation: str) -> None:
    row = {
        "id": "risk_1",
        "handoff_id": "hand_1",
        "reference": "ABCD-2345",
        "conversation_id": conversation,
        "category": "suicide",
        "queue": "q",
        "raised_at": deployment.clock(),
    }
    with deployment.database.writing() as connection:
        connection.execute(insert(safeguarding_records).values(**row))


@pytest.mark.parametrize("why", [waits_for_a_person, is_held, is_about_somebody_at_risk])
def test_words_that_are_still_needed_stay(deployment: Deployment, why: Callable[[Deployment, str], None]) -> None:
    conversation = rang(deployment)
    why(deployment, conversation)
    deployment.clock.move(minutes=1)
    rights_of(deployment, keeps=False).retention.run()
    assert deployment.words(conversation) == [CANARY]


def test_they_go_when_the_person_has_seen_to_them(deployment: Deployment) -> None:
    conversation = rang(deployment)
    waits_for_a_person(deployment, conversation)
    with deployment.database.writing() as connection:
        connection.execute(update(handoffs).values(status="closed"))
    deployment.clock.move(minutes=1)
    rights_of(deployment, keeps=False).retention.run()
    assert deployment.words(conversation) == []


def test_a_call_whose_end_nobody_heard_is_over_after_a_day(deployment: Deployment) -> None:
    conversation = rang(deployment, over=False)
    deployment.clock.move(hours=25)
    rights_of(deployment, keeps=False).retention.run()
    assert deployment.words(conversation) == []


def test_transcripts_that_are_kept_go_in_their_own_time_and_are_erased_once(deployment: Deployment) -> None:
    call, written = rang(deployment), deployment.say(CANARY)
    rights = rights_of(deployment, keeps=True, call_transcripts=30, recordings=30)
    deployment.clock.move(days=29)
    rights.retention.run(clock_is_right="Pat")
    assert deployment.words(call) == deployment.words(written) == [CANARY]
    deployment.clock.move(days=2)
    rights.retention.run(clock_is_right="Pat")
    assert (deployment.words(call), deployment.words(written)) == ([], [CANARY])
    rights_of(deployment, keeps=True).retention.run(clock_is_right="Pat")
    deployment.clock.move(days=60)
    rights_of(deployment, keeps=True).retention.run(clock_is_right="Pat")
    assert deployment.words(written) == []
    decided = [event["conversation"] for event in deployment.events(EventKind.WORDS_ERASED) if event["stage"] == "decided"]
    assert decided == [call, written], "each once"


def test_a_call_of_which_both_schedules_are_over_is_erased_once(deployment: Deployment) -> None:
    call = rang(deployment)
    deployment.clock.move(days=91)
    assert [(due.name, due.over) for due in rights_of(deployment, keeps=True).retention.due() if call in due.over] == [
        ("transcripts", (call,))
    ]


def test_a_recording_cannot_outlive_the_transcript_whose_key_opens_it() -> None:
    with pytest.raises(ValidationError, match="recordings cannot be kept for 30 days when transcripts of calls go after 7"):
        schedules(call_transcripts=7)
    assert schedules(call_transcripts=30).of(Covers.CALL_TRANSCRIPTS)[1].cutoff(TIME) == TIME - timedelta(days=30)


def test_transcripts_of_calls_go_with_other_words_where_those_are_kept_for_less(deployment: Deployment) -> None:
    call, rights = rang(deployment), rights_of(deployment, keeps=True, words=40)
    deployment.clock.move(days=41)
    rights.retention.run(clock_is_right="Pat")
    assert deployment.words(call) == []
