"""Schedules run by themselves, holds beat them, and a clock that jumped erases nothing."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.bootstrap.keeper import Keeper
from guildhall.records.requests import Asked, Step
from guildhall.storage.retention import Due, Ran
from guildhall.storage.schema import callbacks, conversations, handoffs
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import Answer, HoldKind, RightsKind, RightsStep
from guildhall.vocabulary.turns import Channel
from tests.bootstrap.deployment import CANARY, Deployment


def due(deployment: Deployment) -> dict[str, Due]:
    return {one.name: one for one in deployment.rights.retention.due()}


def run(deployment: Deployment) -> Ran:
    return deployment.rights.retention.run(clock_is_right="Kit Keeper")


def test_words_are_erased_ninety_days_after_the_last_of_them(deployment: Deployment) -> None:
    old = deployment.say(CANARY)
    deployment.clock.move(days=40)
    going_on = deployment.say("first", "")
    deployment.clock.move(days=50, seconds=1)
    deployment.say("second", going_on)
    assert due(deployment)["transcripts"].over == (old,)
    ran = run(deployment)
    assert [c.content["rule"] for c in ran.certificates] == ["transcripts: 90 days from last words"]
    assert ran.certificates[0].clean
    assert deployment.words(old) == []
    assert deployment.words(going_on) == ["first", "second"]
    assert deployment.events(EventKind.RETENTION_RUN)[-1]["schedules"]["transcripts"] == {"over": 1, "held": 0}
    assert run(deployment).certificates == ()


def test_a_dry_look_changes_nothing(deployment: Deployment) -> None:
    old = deployment.say(CANARY)
    deployment.clock.move(days=91)
    assert due(deployment)["transcripts"].over == (old,)
    assert deployment.words(old) == [CANARY]
    assert deployment.events(EventKind.RETENTION_RUN) == []


def test_a_hold_beats_the_schedule_until_it_is_lifted(deployment: Deployment) -> None:
    held, other = deployment.say(CANARY), deployment.say("other")
    reference = deployment.callback(held)
    (hold,) = deployment.rights.holds.place(HoldKind.SAFEGUARDING, [held], "section 42 enquiry", "Ade Holder")
    deployment.clock.move(days=200)
    found = due(deployment)
    assert (found["transcripts"].over, found["transcripts"].held) == ((other,), 1)
    assert (found["callback-details"].over, found["callback-details"].held) == ((), 1)
    run(deployment)
    assert deployment.words(held) == [CANARY]
    assert [row.details is not None for row in deployment.people.waiting() if row.reference == reference] == [True]
    deployment.rights.holds.lift(hold.id, "enquiry closed", "Ade Holder")
    run(deployment)
    assert deployment.words(held) == []


def test_contact_details_go_thirty_days_after_the_callback(deployment: Deployment) -> None:
    deployment.callback(deployment.say(CANARY))
    deployment.clock.move(days=31)
    run(deployment)
    with deployment.database.reading() as connection:
        assert connection.execute(select(callbacks)).all() == []
        assert len(connection.execute(select(handoffs)).all()) == 1


def test_after_half_a_year_neither_a_browser_nor_a_reference_leads_to_the_facts(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.callback(conversation)
    facts = deployment.events(EventKind.TURN_COMPLETED)
    deployment.clock.move(days=181)
    run(deployment)
    with deployment.database.reading() as connection:
        assert connection.execute(select(conversations.c.secret_digest)).scalars().all() == [""]
        assert connection.execute(select(handoffs)).all() == []
    assert deployment.events(EventKind.TURN_COMPLETED) == facts
    assert due(deployment)["decision-facts"].over == ()


def test_the_words_of_an_answered_request_go_three_years_later(deployment: Deployment) -> None:
    asked = deployment.rights.requests.register(RightsKind.COMPLAINT, Asked(CANARY))
    deployment.rights.requests.take(asked.reference, Step(RightsStep.ANSWERED, Answer.DONE, "Pat", deployment.clock()))
    deployment.clock.move(days=1096)
    assert due(deployment)["rights-requests"].over == (asked.id,)
    run(deployment)
    assert due(deployment)["rights-requests"].over == ()
    assert deployment.rights.requests.get(asked.reference).kind == RightsKind.COMPLAINT


def test_old_copies_are_deleted(deployment: Deployment) -> None:
    folders = deployment.settings.folders
    old = []
    for name in ("exports", "backups", "key_backups"):
        folders[name].mkdir(parents=True)
        path = folders[name] / "R-1"
        if name == "exports":
            path.mkdir()
            (path / "copy.txt").write_text(CANARY)
        else:
            path.write_text("a copy")
        long_ago = deployment.clock() - timedelta(days=36)
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
        old.append(path)
    run(deployment)
    assert [path for path in old if path.exists()] == []


@pytest.mark.parametrize("days", [-2, 400])
def test_a_clock_that_jumped_erases_nothing_until_somebody_says_that_it_is_right(deployment: Deployment, days: int) -> None:
    conversation = deployment.say(CANARY)
    deployment.clock.move(days=days)
    with pytest.raises(RefusedError, match="Nothing was erased"):
        deployment.rights.retention.run()
    assert deployment.words(conversation) == [CANARY]
    run(deployment)
    assert bool(deployment.words(conversation)) == (days < 0)


def test_events_written_by_the_wrong_clock_do_not_make_it_right(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.rights.retention.run()
    deployment.clock.move(days=400)
    deployment.say("somebody writes while the clock is wrong")
    with pytest.raises(RefusedError, match="Nothing was erased"):
        deployment.rights.retention.run()
    deployment.clock.move(days=-400)
    with pytest.raises(RefusedError, match="has an event of"):
        deployment.rights.retention.run()
    deployment.say("the clock is right again")
    deployment.rights.retention.run()
    assert deployment.words(conversation) == [CANARY]


def test_the_keeper_finishes_an_erasure_whatever_the_clock_says(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.rights.erasing.decide([conversation], "a rule", "a reason", "Pat Officer")
    deployment.clock.move(days=400)
    Keeper(deployment.rights, lambda _said: None).tick()
    assert deployment.words(conversation) == []
    assert len(list((deployment.folder / "certificates").glob("*.txt"))) == 1


def test_the_keeper_runs_once_a_day_and_says_why_it_did_not(deployment: Deployment) -> None:
    said: list[str] = []
    deployment.say("hello")
    keeper = Keeper(deployment.rights, said.append)
    keeper.tick()
    keeper.tick()
    assert len(deployment.events(EventKind.RETENTION_RUN)) == 1
    deployment.clock.move(days=1, seconds=1)
    keeper.tick()
    assert len(deployment.events(EventKind.RETENTION_RUN)) == 2
    deployment.clock.move(days=30)
    keeper.tick()
    assert len(said) == 1 and "30 days after retention last ran" in said[0]
    keeper.tick()
    assert len(said) == 1  # an hour's rest


def test_the_keeper_starts_and_stops(deployment: Deployment) -> None:
    keeper = Keeper(deployment.rights, tick_seconds=0.01)
    keeper.start()
    keeper.stop()


def test_what_comes_before_retention_is_done_first_and_in_a_thread_of_its_own(deployment: Deployment) -> None:
    go, done = threading.Event(), []
    deployment.say("hello")

    def before() -> None:
        assert go.wait(5)
        done.append(len(deployment.events(EventKind.RETENTION_RUN)))

    keeper = Keeper(deployment.rights, lambda _said: None, before=before)
    keeper.tick()
    keeper.tick()
    assert deployment.events(EventKind.RETENTION_RUN) == [], "retention waits for it, and the keeper goes on"
    go.set()
    keeper.stop()
    keeper.tick()
    assert done == [0] and len(deployment.events(EventKind.RETENTION_RUN)) == 1
    keeper.tick()
    assert done == [0], "once a day"


def test_what_comes_before_retention_may_fail_and_is_not_done_by_a_clock_that_jumped(deployment: Deployment) -> None:
    said: list[str] = []
    done: list[int] = []

    def before() -> None:
        done.append(1)
        raise OSError("no space left")

    deployment.say("hello")
    keeper = Keeper(deployment.rights, said.append, before=before)
    keeper.tick()
    keeper.stop()
    keeper.tick()
    assert said == ["Whether residents came again could not be put into the record: OSError"]
    assert len(deployment.events(EventKind.RETENTION_RUN)) == 1
    deployment.clock.move(days=30)
    keeper.tick()
    keeper.stop()
    assert done == [1] and "30 days after retention last ran" in said[1]


def test_many_conversations_at_once_have_one_certificate(deployment: Deployment) -> None:
    ids = {deployment.say(f"words number {number}") for number in range(30)}
    deployment.clock.move(days=91)
    (certificate,) = run(deployment).certificates
    assert set(certificate.content["conversations"]) == ids
    assert certificate.content["keys_destroyed"] == 30


def test_a_run_finishes_an_erasure_that_was_cut_short(deployment: Deployment, tmp_path: Path) -> None:
    conversation = deployment.say(CANARY)
    deployment.rights.erasing.decide([conversation], "a rule", "a reason", "Pat Officer")
    assert [c.content["decided_by"] for c in run(deployment).certificates] == ["Pat Officer"]
    assert deployment.words(conversation) == []


def test_where_a_conversation_came_from_is_forgotten_after_a_day_whatever_is_held(deployment: Deployment) -> None:
    old = deployment.conversations.start(Channel.WEB, "en", deployment.clock(), "0123456789ab")[0].id
    deployment.clock.move(hours=12)
    new = deployment.conversations.start(Channel.WEB, "en", deployment.clock(), "0123456789ab")[0].id
    deployment.clock.move(hours=13)
    run(deployment)
    with deployment.database.reading() as connection:
        kept = {row.id: row.source for row in connection.execute(select(conversations.c.id, conversations.c.source))}
    assert (kept[old], kept[new]) == ("", "0123456789ab")
