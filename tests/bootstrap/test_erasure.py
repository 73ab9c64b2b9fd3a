"""Erased words are gone from everywhere they could be, for good, whoever else runs and whatever crashes on the way."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from guildhall.records.sealing import Sealer
from guildhall.storage.schema import payloads
from guildhall.testing.house import FakeClock
from guildhall.understanding.understander import Faculties, Understander
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.forgetting import remembered
from guildhall.vocabulary.rights import EVERYTHING, HoldKind, Looker, RightsKind
from tests.bootstrap.deployment import CANARY, Deployment, bytes_everywhere
from tests.storage.where import SERVER

on_sqlite = pytest.mark.skipif(bool(SERVER), reason="looks into SQLite's files")


def test_the_canary_is_gone_from_every_store_and_every_file(deployment: Deployment) -> None:
    understander = Understander(Faculties(None, None, (), None, None, None))  # type: ignore[arg-type]
    understander.redact(CANARY)
    conversation = deployment.say(CANARY)
    kept = deployment.say("somebody else's words")
    reference = deployment.callback(conversation, name=CANARY)
    export = deployment.folder / "exports" / "R-1"
    export.mkdir(parents=True)
    (export / "conversations.txt").write_text(f"{conversation}\n")
    (export / "copy.txt").write_text(CANARY)
    assert remembered(CANARY) == 1
    assert bytes_everywhere(deployment.folder, CANARY) == [str(export / "copy.txt")]  # sealed everywhere else

    certificate = deployment.erase(reference)

    assert certificate.clean, certificate.as_text
    assert certificate.content["searched"]["strings"] >= 2
    assert all(store.search([CANARY.encode()]) == () for store in deployment.rights.erasing.stores)
    assert bytes_everywhere(deployment.folder, CANARY) == []
    assert remembered(CANARY) == 0
    assert deployment.words(conversation) == []
    assert deployment.words(kept) == ["somebody else's words"]
    assert deployment.people.waiting() == ()


@on_sqlite
def test_not_even_the_sealed_bytes_or_the_key_are_left_in_a_file(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    with deployment.database.reading() as connection:
        sealed: bytes = connection.execute(select(payloads.c.sealed)).scalars().all()[0]
    key_file = deployment.folder / "keys" / "keys.sqlite3"
    with sqlite3.connect(key_file) as keys:
        wrapped = keys.execute("select wrapped from wrapped_keys").fetchone()[0]
    keys.close()

    def everywhere(needle: bytes) -> list[Path]:
        return [p for p in deployment.folder.rglob("*") if p.is_file() and needle in p.read_bytes()]

    assert sealed and everywhere(sealed) and everywhere(wrapped)
    deployment.erase(conversation)
    assert everywhere(sealed) == []
    assert everywhere(wrapped) == []


def test_the_certificate_says_what_by_whom_under_which_rule_and_what_is_kept(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    certificate = deployment.erase(conversation)
    text, data = certificate.as_text, json.loads(certificate.as_json)
    assert "Decided by Pat Officer" in text and "a test's rule" in text and "Kept, and why" in text
    assert data["purged"]["Words of turns, sealed"] == 2 and data["keys_destroyed"] == 1
    decided, done = deployment.events(EventKind.WORDS_ERASED)
    assert (decided["conversation"], decided["stage"], decided["by"]) == (conversation, "decided", "Pat Officer")
    assert (done["stage"], done["certificate"]) == ("done", certificate.digest)
    assert deployment.rights.journal.certificates(conversation) == (data,)


def test_the_facts_of_the_record_stay(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    before = deployment.events(EventKind.TURN_COMPLETED)
    deployment.erase(conversation)
    assert deployment.events(EventKind.TURN_COMPLETED) == before


def test_nobody_can_go_on_with_an_erased_conversation(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.erase(conversation)
    assert not deployment.conversations.holds_secret(conversation, "secret")
    with pytest.raises(Exception, match="record could not be written"):
        deployment.say("more", conversation)


def test_a_hold_refuses_the_erasure_and_lifting_it_lets_it_through(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    (hold,) = deployment.rights.holds.place(HoldKind.CORONER, [conversation], "inquest opened", "Ade Holder")
    with pytest.raises(RefusedError, match="coroner, placed by Ade Holder"):
        deployment.erase(conversation)
    assert deployment.words(conversation) == [CANARY]
    deployment.rights.holds.lift(hold.id, "inquest closed", "Ade Holder")
    assert deployment.erase(conversation).clean


def test_a_hold_on_everything_keeps_everything(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.rights.holds.place(HoldKind.INQUIRY, [EVERYTHING], "told to keep all", "Ade Holder")
    with pytest.raises(RefusedError, match="inquiry"):
        deployment.erase(conversation)


def test_a_hold_placed_between_the_decision_and_the_act_wins(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    erasing = deployment.rights.erasing
    erasure = erasing.decide([conversation], "a rule", "a reason", "Pat Officer")
    deployment.rights.holds.place(HoldKind.LEGAL_CLAIM, [conversation], "claim received", "Ade Holder")
    with pytest.raises(RefusedError, match="legal claim"):
        erasing.carry_out(erasure)
    assert deployment.words(conversation) == [CANARY]


def test_erasing_twice_is_erasing_once(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    assert deployment.erase(conversation).content["keys_destroyed"] == 1
    again = deployment.erase(conversation)
    assert (again.content["keys_destroyed"], again.clean) == (0, True)


def test_a_refusal_is_kept_with_its_reason_and_erases_nothing(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.rights.erasing.refuse([conversation], "needed for a claim", "Pat Officer")
    (event,) = deployment.events(EventKind.RIGHTS_REQUEST_STEPPED)
    assert (event["step"], event["by"], event["conversation"]) == ("erasure_refused", "Pat Officer", conversation)
    assert "claim" not in str(event)  # an officer's words may name somebody: they stay out of the record
    assert deployment.rights.erasing.resume() == ()
    assert deployment.words(conversation) == [CANARY]
    with pytest.raises(RefusedError, match="name of who decides"):
        deployment.rights.erasing.refuse([conversation], "", "Pat Officer")


def test_a_complaint_about_no_conversation_is_erased_by_its_reference(deployment: Deployment) -> None:
    from guildhall.records.requests import Asked

    complaint = deployment.rights.requests.register(RightsKind.COMPLAINT, Asked(CANARY))
    assert deployment.rights.journal.find(complaint.reference) == (complaint.id,)
    access = deployment.rights.requests.register(RightsKind.ACCESS, Asked("please"))
    with pytest.raises(NotFoundError, match="no conversation is linked"):
        deployment.rights.journal.find(access.reference)


def test_a_reference_nobody_knows_is_told_with_what_would_be_right(deployment: Deployment) -> None:
    with pytest.raises(NotFoundError, match="nothing here is called ABCD-EFGH; give the reference"):
        deployment.rights.journal.find("ABCD-EFGH")


@pytest.mark.parametrize(("by", "reason"), [("", "a reason"), ("Pat", " ")])
def test_nobody_erases_without_a_name_and_a_reason(deployment: Deployment, by: str, reason: str) -> None:
    conversation = deployment.say(CANARY)
    with pytest.raises(RefusedError, match="name of who decides and a reason"):
        deployment.rights.erasing.decide([conversation], "a rule", reason, by)


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("place", range(8))
def test_an_erasure_cut_short_anywhere_is_finished_by_the_next_process(tmp_path: Path, place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Deployment(tmp_path / "var")
    conversation = first.say(CANARY)
    first.callback(conversation, CANARY)
    erasing = first.rights.erasing
    erasure = erasing.decide([conversation], "a rule", "a reason", "Pat Officer")
    steps: list[int] = []

    def dies(_done: int, _all: int) -> None:
        steps.append(1)
        if len(steps) > place:
            raise Crash

    with pytest.raises(Crash):
        erasing.carry_out(erasure, dies)
    second = Deployment(tmp_path / "var")
    certificates = second.rights.erasing.resume()
    assert [c.content["erasure"] for c in certificates] == [erasure.id]
    assert certificates[0].clean
    assert second.words(conversation) == []
    assert second.rights.erasing.resume() == ()
    assert bytes_everywhere(tmp_path, CANARY) == []


def test_another_process_forgets_within_a_second(tmp_path: Path) -> None:
    one, other = Deployment(tmp_path / "var"), Deployment(tmp_path / "var")
    conversation = one.say(CANARY)
    forgotten: list[str] = []
    other.keys.when_forgotten(forgotten.extend)
    assert other.words(conversation) == [CANARY]
    other.seconds += 2
    assert other.words(conversation) == [CANARY]
    one.erase(conversation)
    other.seconds += 1
    with pytest.raises(NotFoundError, match="its words were erased"):
        other.keys.get(conversation)
    assert forgotten == [conversation]


@on_sqlite
def test_a_process_of_its_own_forgets_its_key_and_its_caches(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "var")
    conversation = deployment.say(CANARY)
    command = [sys.executable, "-m", "tests.bootstrap.listener", str(tmp_path / "var"), conversation]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "knows 1\n"
        deployment.erase(conversation)
        out, _ = process.communicate(timeout=30)
    assert out == "forgot 0\n"


def test_words_written_in_the_moment_of_erasure_are_swept_by_the_next_run(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    deployment.erase(conversation)
    with deployment.database.writing() as connection:  # as a process that had the key a moment ago would
        connection.execute(insert(payloads).values(event_id="late", conversation_id=conversation, sealed=b"late words"))
    assert deployment.rights.retention.run().swept == 1


def test_one_erased_conversation_of_a_person_leaves_the_others(deployment: Deployment) -> None:
    first, second = deployment.say(CANARY), deployment.say("other words")
    subject = deployment.keys.link([first, second])
    assert deployment.rights.journal.find(subject) == tuple(sorted([first, second]))
    deployment.erase(first)
    assert deployment.words(second) == ["other words"]
    assert deployment.erase(subject).clean
    assert deployment.words(second) == []


def test_the_words_of_a_complaint_are_erased_with_it(deployment: Deployment) -> None:
    from guildhall.records.requests import Asked

    asked = deployment.rights.requests.register(RightsKind.COMPLAINT, Asked(CANARY, "Sam", "sam@example.org"))
    deployment.rights.erasing.carry_out(deployment.rights.erasing.decide([asked.id], "a rule", "a reason", "Pat Officer"))
    assert deployment.rights.views.request_words(Looker("Pat", "test"), asked, deployment.rights.requests) == Asked("")
    assert deployment.rights.requests.get(asked.reference).id == asked.id


def test_what_an_officer_should_weigh_is_said(deployment: Deployment) -> None:
    risk = {"category": "domestic_abuse", "grade": "confirm", "strength": 1, "detector": "d@1", "span": None}
    conversation = deployment.say(CANARY, signals=[risk])
    reference = deployment.callback(conversation)
    said = " ".join(concern.what for concern in deployment.rights.erasing.propose([conversation]).concerns)
    assert "at risk (domestic_abuse)" in said and reference in said


def test_damaged_words_and_a_lost_master_key_stand_in_no_erasures_way(deployment: Deployment) -> None:
    damaged, unreadable = deployment.say(CANARY), deployment.say(CANARY)
    with deployment.database.writing() as connection:
        connection.execute(update(payloads).where(payloads.c.conversation_id == damaged).values(sealed=b"x" * 40))
    assert deployment.erase(damaged).clean
    deployment.keys.sealer = Sealer(b"x" * 32)
    deployment.keys._kept.clear()
    certificate = deployment.erase(unreadable)
    assert (certificate.clean, certificate.content["keys_destroyed"]) == (True, 1)


def test_a_master_key_that_is_gone_is_said_and_shows_nothing(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "var")
    conversation = deployment.say(CANARY)
    deployment.keys.sealer = Sealer(b"x" * 32)
    deployment.keys._kept.clear()
    with pytest.raises(Exception, match="check GUILDHALL_MASTER_KEY"):
        deployment.words(conversation)


def test_other_peoples_rows_are_untouched_by_an_erasure(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "var", FakeClock())
    conversation = deployment.say(CANARY)
    rows: list[dict[str, Any]] = [{"event_id": f"e{n}", "conversation_id": f"c{n}", "sealed": bytes(400)} for n in range(2000)]
    with deployment.database.writing() as connection:
        connection.execute(insert(payloads), rows)
    assert deployment.erase(conversation).clean
