"""The record's page: how long, how old, by whom witnessed; and a check in place that notices what was altered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from guildhall.bootstrap.checking_record import check_record
from guildhall.bootstrap.console import open_console
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.record_log import log_signer
from guildhall.records.checkpoints import WITNESS, Signer
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, residents_ask
from tests.web.front_door import open_front_door

WITNESS_KEY = Signer("audit.example/witness", bytes(range(32))).key(WITNESS).text


def sign(guildhall: Guildhall) -> None:
    open_console(guildhall).checkpoints.sign(log_signer(guildhall.settings))


@pytest.fixture
def witnessed(tmp_path: Path) -> Iterator[Guildhall]:
    settings = {"witnesses": f"https://witness.audit.example {WITNESS_KEY}"}
    guildhall = open_front_door(tmp_path, settings=settings)
    yield guildhall
    guildhall.close()


def test_a_record_that_nobody_signed_yet(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    staff.open("/console/record")
    assert [item.text()[:32] for item in staff.all(".empty")] == [
        "No checkpoint has been signed ye",
        "No outside witness is set up. Un",
        "It has not been compared yet.",
    ]
    assert {"The record has not been signed yet", "No outside witness signs the record"} <= set(staff.notices())
    staff.open("/console/record/check")
    assert "Holds" in staff.text() and "Nothing has been signed yet" in staff.text()


def test_a_signed_record_is_checked_in_place_by_the_auditors_own_program(guildhall: Guildhall) -> None:
    residents_ask(guildhall)
    staff = Staff(guildhall, Role.AUDITOR)
    sign(guildhall)
    staff.open("/console/record")
    root = open_console(guildhall).checkpoints.latest().root.hex()  # type: ignore[union-attr]
    assert root in staff.text() and "under a minute ago" in staff.text(".figures")
    staff.open(next(link.attributes["href"] for link in staff.all("main a") if link.text() == "Check the record now") or "")
    assert "Holds" in staff.text(".govuk-tag")
    assert "each in its place and as it was signed" in staff.text()
    staff.open("/console/pack")
    assert root in staff.text()


def test_what_was_altered_is_found(guildhall: Guildhall) -> None:
    residents_ask(guildhall)
    staff = Staff(guildhall, Role.AUDITOR)
    sign(guildhall)
    with guildhall.database.writing() as connection:
        connection.execute(text("update events set facts = '{}' where log_seq = 1"))
    staff.open("/console/record/check")
    assert "Does not hold" in staff.text(".govuk-tag")
    assert "The facts of event" in staff.text("main .govuk-list")
    with guildhall.database.writing() as connection:
        connection.execute(text("update log_records set record = cast(replace(record, '2026', '2025') as blob) where seq = 3"))
    assert "was changed" in staff.open("/console/record/check").text("main .govuk-list li:last-child")
    with guildhall.database.writing() as connection:
        connection.execute(text("update log_records set record = cast('nonsense' as blob) where seq = 3"))
    assert "record 3 of the log was overwritten" in staff.open("/console/record/check").text("main .govuk-list").replace(
        "Record 3", "record 3"
    )


def test_of_a_long_record_the_newest_part_is_read(guildhall: Guildhall) -> None:
    residents_ask(guildhall)
    sign(guildhall)
    console = open_console(guildhall)
    checked = check_record(guildhall.database, console.checkpoints, console.log_key, [], whole_at_most=5)
    assert (checked.size - checked.first, checked.faults, checked.said) == (5, (), ())
    with guildhall.database.writing() as connection:
        connection.execute(text("update log_checkpoints set root = zeroblob(32)"))
    assert check_record(guildhall.database, console.checkpoints, console.log_key, [], whole_at_most=5).faults


def test_a_witness_that_is_silent_is_said_so(witnessed: Guildhall) -> None:
    staff = Staff(witnessed, Role.AUDITOR)
    console = open_console(witnessed)
    sign(witnessed)
    staff.open("/console/record")
    assert "Waiting" in staff.text("[aria-label=Witnesses] tbody")
    console.checkpoints.failed(WITNESS_KEY, "it did not answer")
    staff.open("/console/record")
    assert "it did not answer. Tried 1 time." in staff.text("[aria-label=Witnesses] tbody")
    assert "The witness audit.example/witness does not sign the record: it did not answer" in staff.notices()
    newest = console.checkpoints.latest()
    assert newest is not None
    console.checkpoints.cosigned(newest.size, WITNESS_KEY, "— line\n")
    assert not any("witness" in notice for notice in staff.notices())


def test_what_a_comparison_found_is_shown(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.DATA_PROTECTION_OFFICER)
    facts = {"records": 1200, "requests": 40, "findings": {"event_missing": 2, "number_gap": 1}}
    guildhall.record.append([Event(EventId("even_r"), EventKind.RECORD_RECONCILED, guildhall.house.clock(), facts=facts)])
    staff.open("/console/record")
    assert "1,200 records and 40 requests" in staff.text()
    assert "The log holds an event that is gone from the record. 2" in staff.text("[aria-label='What does not fit'] tbody")
    assert "The record was compared, and 3 things do not fit" in staff.notices()
