"""The export takes in what is new, holds no words, follows what is unlinked, and is whole or not there."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from guildhall.storage.after_schema import contacts_known
from guildhall.storage.analysis import export as exporting
from guildhall.storage.analysis import manifest
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.keeping import views_as_at
from guildhall.storage.analysis.manifest import damaged, read_manifest
from guildhall.storage.schema import conversations, events
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.exported import MANIFEST
from guildhall.vocabulary.ids import EventId
from tests.storage.analysis.histories import BEGIN, Made, answered, closed, exporter, name_of, placed, record, requested, told
from tests.storage.memory import Memory

LATER = BEGIN + timedelta(days=30)
OVER = {"until": "2026-10-31", "contacts": 4000}
PERSON = (requested(), told(EventKind.HANDOFF_ACCEPTED, reference="R1"), told(EventKind.MESSAGE_SENT, by="A"), closed())


def rungs(folder: Path) -> list[Any]:
    engine = AnalysisEngine(folder, LATER)
    found = sorted(row[0] for row in placed(engine).values())
    engine.close()
    return found


def test_each_event_is_taken_once_however_often_it_is_asked_for(memory: Memory, tmp_path: Path) -> None:
    store = exporter(memory, tmp_path / "e", lot=2)
    record(memory, [Made((answered(),)), Made(PERSON)])
    first = store.refresh()
    assert (first.events, store.refresh().events) == (7, 0)
    record(memory, [Made((answered(),))])
    assert store.refresh().events == 2
    assert rungs(tmp_path / "e") == ["transferred_right", "unverified", "unverified"]
    assert damaged(tmp_path / "e", read_manifest(tmp_path / "e")) == ()


def test_small_files_are_joined_and_nothing_is_lost(memory: Memory, tmp_path: Path) -> None:
    store = exporter(memory, tmp_path / "e")
    for _ in range(exporting.MANY_FILES + 1):
        record(memory, [Made((answered(),))])
        store.refresh()
    assert len(read_manifest(tmp_path / "e").files) < 8
    assert rungs(tmp_path / "e") == ["unverified"] * (exporting.MANY_FILES + 1)


def test_an_export_that_was_cut_short_is_taken_up_where_its_list_ends(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = exporter(memory, tmp_path / "e", lot=3)
    record(memory, [Made((answered(),)) for _ in range(4)])
    write, written = manifest.write_manifest, []

    def dies_at_the_second(*given: Any) -> None:
        written.append(1)
        if len(written) == 2:
            raise OSError("no power")
        write(*given)

    monkeypatch.setattr(exporting, "write_manifest", dies_at_the_second)
    with pytest.raises(OSError, match="no power"):
        store.refresh()
    assert len(rungs(tmp_path / "e")) == 2
    store.refresh()
    assert rungs(tmp_path / "e") == ["unverified"] * 4
    on_disk = {path.name for path in (tmp_path / "e").glob("*.parquet*")}
    assert on_disk == {file.name for file in read_manifest(tmp_path / "e").files}


def test_another_key_or_a_record_that_was_put_back_begins_anew(memory: Memory, tmp_path: Path) -> None:
    record(memory, [Made((answered(),)), Made((answered(),))])
    exporter(memory, tmp_path / "e").refresh()
    assert exporter(memory, tmp_path / "e", key="k2").refresh().events == 4
    with memory.database.engine.begin() as connection:  # as after a copy was put back that had less in it
        connection.execute(delete(events).where(events.c.seq > 2))
    assert exporter(memory, tmp_path / "e", key="k2").refresh().events == 2
    assert len(rungs(tmp_path / "e")) == 1


def test_what_the_record_unlinks_is_in_the_export_under_a_name_that_nothing_leads_to(memory: Memory, tmp_path: Path) -> None:
    store = exporter(memory, tmp_path / "e", lot=4)
    histories = record(memory, [Made((*PERSON, answered()), resident="ann"), Made((answered(),), resident="ann")])
    store.refresh()
    gone = str(histories[0][0].conversation_id)
    assert "<ann>" in everything(tmp_path / "e")
    with memory.database.writing() as connection:
        connection.execute(update(conversations).where(conversations.c.id == gone).values(secret_digest=""))
        connection.execute(delete(contacts_known).where(contacts_known.c.conversation_id == gone))
    views_as_at(tmp_path / "e", LATER, timedelta(hours=1))
    memory.record.append([Event(EventId("erased"), EventKind.WORDS_ERASED, LATER, None, None, {"stage": "done"})])
    store.refresh()
    assert not (tmp_path / "e" / "kept").exists(), "what was built before holds the old names"
    told_now = everything(tmp_path / "e")
    assert name_of(gone) not in told_now
    assert name_of("R1-0") not in told_now
    assert name_of(str(histories[1][0].conversation_id)) in told_now
    assert rungs(tmp_path / "e") == ["transferred_right", "verified"]
    engine = AnalysisEngine(tmp_path / "e", LATER)
    assert engine.query("SELECT ending FROM waits") == [("reached",)]
    assert engine.query("SELECT count(*) FROM contacts WHERE recognised") == [(1,)]
    engine.close()


def everything(folder: Path) -> str:
    """Every value of every file, as text."""
    engine = AnalysisEngine(folder, LATER)
    found = [engine.query(f"SELECT * FROM raw_{table}") for table in ("starts", "turns", "steps", "known")]
    engine.close()
    return repr(found)


def test_no_word_and_no_id_of_the_record_is_in_the_export(memory: Memory, tmp_path: Path) -> None:
    histories = record(memory, [Made((answered(), *PERSON))])
    words = {"utterance": "kanarek zolty", "parts": []}
    facts = answered()[1] | {"received_at": BEGIN.isoformat()}
    said = Event(EventId("said"), EventKind.TURN_COMPLETED, BEGIN, histories[0][0].conversation_id, None, facts, words)
    memory.record.append([said])
    exporter(memory, tmp_path / "e").refresh()
    files = b"".join(path.read_bytes() for path in (tmp_path / "e").iterdir())
    assert b"kanarek" not in files
    assert "kanarek" not in everything(tmp_path / "e")


def test_a_request_that_failed_before_a_conversation_is_a_contact_and_one_within_it_is_not(memory: Memory, tmp_path: Path) -> None:
    record(memory, [Made()])
    failed: list[dict[str, Any]] = [
        {"path": "/", "begun": False, "error": "OSError"},
        {"path": "/", "begun": True, "error": "OSError"},
        {"path": "/console/value", "begun": False, "error": "OSError"},
        {"path": "/", "error": "OSError"},
    ]
    for number, facts in enumerate(failed):
        memory.record.append([Event(EventId(f"f{number}"), EventKind.REQUEST_FAILED, BEGIN, facts=facts)])
    exporter(memory, tmp_path / "e").refresh()
    assert rungs(tmp_path / "e") == ["abandoned_before", "blocked"]


def test_another_councils_conversations_are_left_out(memory: Memory, tmp_path: Path) -> None:
    histories = record(memory, [Made((answered(),)), Made((answered(),))])
    with memory.database.writing() as connection:
        theirs = conversations.c.id == str(histories[0][0].conversation_id)
        connection.execute(update(conversations).where(theirs).values(council="elsewhere"))
    exporter(memory, tmp_path / "e").refresh()
    assert len(rungs(tmp_path / "e")) == 1


def test_a_list_that_cannot_be_read_says_what_would_be_right(memory: Memory, tmp_path: Path) -> None:
    store = exporter(memory, tmp_path / "e")
    record(memory, [Made((answered(),))])
    store.refresh()
    path = tmp_path / "e" / MANIFEST
    for text in ("{", json.dumps({"files": [], "version": 99}), "[]"):
        path.write_text(text)
        with pytest.raises(ConfigurationError, match="--rebuild"):
            store.refresh()
    assert store.refresh(rebuild=True).events == 2


def test_the_arm_of_a_trial_is_exported_and_is_gone_once_the_resident_takes_it_back(memory: Memory, tmp_path: Path) -> None:
    joined = (EventKind.TRIAL_JOINED, {"trial": "t", "arm": "t:new", "new": True, "share": 0.5, "digest": "d", **OVER})
    histories = record(memory, [Made((joined, answered())), Made((joined, answered())), Made((answered(),))])
    store = exporter(memory, tmp_path / "e")
    store.refresh()
    assert arms(tmp_path / "e") == ["", "t:new", "t:new"]
    leaver = histories[0][0].conversation_id
    memory.record.append([Event(EventId("left"), EventKind.TRIAL_LEFT, LATER, leaver, None, {"trial": "t"})])
    store.refresh()
    assert arms(tmp_path / "e") == ["", "", "t:new"]
    assert damaged(tmp_path / "e", read_manifest(tmp_path / "e")) == ()
    assert exporter(memory, tmp_path / "e").refresh(rebuild=True).rows == 8
    assert arms(tmp_path / "e") == ["", "", "t:new"]


def test_what_the_record_unlinks_keeps_its_arm(memory: Memory, tmp_path: Path) -> None:
    joined = (EventKind.TRIAL_JOINED, {"trial": "t", "arm": "t:usual", "new": False, "share": 0.5, "digest": "d", **OVER})
    histories = record(memory, [Made((joined, answered()))])
    store = exporter(memory, tmp_path / "e")
    store.refresh()
    with memory.database.writing() as connection:
        here = conversations.c.id == str(histories[0][0].conversation_id)
        connection.execute(update(conversations).where(here).values(secret_digest=""))
    memory.record.append([Event(EventId("erased"), EventKind.WORDS_ERASED, LATER, None, None, {"stage": "done"})])
    store.refresh()
    assert arms(tmp_path / "e") == ["t:usual"]


@pytest.mark.parametrize(("until", "contacts", "shown"), [("2026-12-31", 4000, False), ("2026-12-31", 2, True), ("2026-10-31", 4000, True)])
def test_no_arm_is_seen_before_its_trial_is_over(memory: Memory, tmp_path: Path, until: str, contacts: int, shown: bool) -> None:
    facts = {"trial": "t", "arm": "t:new", "new": True, "share": 0.5, "digest": "d", "until": until, "contacts": contacts}
    histories = record(memory, [Made(((EventKind.TRIAL_JOINED, facts), answered())) for _ in range(2)])
    leaver = histories[0][0].conversation_id
    memory.record.append([Event(EventId("left"), EventKind.TRIAL_LEFT, BEGIN, leaver, None, {"trial": "t"})])
    store = exporter(memory, tmp_path / "e")
    store.refresh()
    assert arms(tmp_path / "e") == (["", "t:new"] if shown else ["", ""])
    memory.record.append([Event(EventId("stop"), EventKind.TRIAL_STOPPED, BEGIN, facts={"trial": "t", "council": "testshire"})])
    store.refresh()
    assert arms(tmp_path / "e") == ["", "t:new"]


def arms(folder: Path) -> list[str]:
    engine = AnalysisEngine(folder, LATER)
    found = sorted(str(row[0]) for row in engine.query("SELECT arm FROM contacts"))
    engine.close()
    return found
