"""Somebody's words stand in every place the desk has; once they are erased they are in no table, no file and no copy, and the log is whole."""

import base64
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from guildhall.bootstrap.backups import Backups, What
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.word_stores import tables_of
from guildhall.learning.gathering import Gathering
from guildhall.learning.titles import Titler
from guildhall.storage.database import metadata
from guildhall.storage.desk_schema import translations, unsent
from guildhall.storage.gaps import GapStore
from guildhall.storage.learning_schema import content_gaps
from guildhall.storage.reconciling import compare_log
from guildhall.storage.unhelped import UnhelpedReader
from tests.bootstrap.deployment import Deployment, bytes_everywhere
from tests.bootstrap.planting import NOT_HELPED, PLACES, WORD, mark, plant
from tests.learning.house import FakeEncoder, PlainSpace
from tests.storage.where import SERVER

on_sqlite = pytest.mark.skipif(bool(SERVER), reason="PostgreSQL has its own means of copying")


def everything_stored(deployment: Deployment) -> str:
    """Every cell of every table, with bytes as text where they are text."""
    with deployment.database.reading() as connection:
        rows = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return repr(rows)


def log_is_whole(deployment: Deployment) -> bool:
    with deployment.database.reading() as connection:
        return list(compare_log(connection, deployment.keys)) == []


def test_every_place_is_sealed_before_and_empty_after(deployment: Deployment) -> None:
    planted = plant(deployment)
    outbox = str(deployment.folder / "outbox")
    open_before = [path for path in bytes_everywhere(deployment.folder, "ptak") if not path.startswith(outbox)]
    if not SERVER:  # the title of a gap is of three people, and stands open
        assert {Path(path).name.split("-wal")[0] for path in open_before} <= {"guildhall.sqlite3"}
    assert not any(mark(place) in everything_stored(deployment) for place in PLACES)
    assert len(list(Path(outbox).glob("*.json"))) == 1

    certificate = deployment.erase(planted.conversation)

    assert certificate.clean, certificate.as_text
    for rows in tables_of(deployment.database):
        if "rights" not in rows.name:
            assert certificate.content["purged"][rows.name] >= 1, rows.name
    assert certificate.content["purged"]["Messages in the local outbox"] == 1
    assert WORD not in everything_stored(deployment)
    assert bytes_everywhere(deployment.folder, WORD) == []
    assert log_is_whole(deployment)
    assert deployment.words(planted.others[0]) == [f"{WORD} otherone"]
    planted.after.close()


@on_sqlite
def test_not_one_sealed_byte_of_any_table_is_left(deployment: Deployment) -> None:
    planted = plant(deployment)
    sealed: list[bytes] = []
    with deployment.database.reading() as connection:
        for rows in tables_of(deployment.database):
            if "conversation_id" in rows.table.c and "sealed" in rows.table.c:
                mine = rows.table.c.conversation_id == planted.conversation
                sealed += [bytes(cell) for cell in connection.execute(select(rows.table.c.sealed).where(mine)).scalars() if cell]
    assert len(sealed) > len(PLACES)
    deployment.erase(planted.conversation)
    left = [path.read_bytes() for path in deployment.folder.rglob("*") if path.is_file()]
    assert not any(one in content for one in sealed for content in left)
    planted.after.close()


@on_sqlite
def test_a_copy_that_is_put_back_brings_none_of_it_back(deployment: Deployment) -> None:
    planted = plant(deployment)
    planted.after.close()
    backups = Backups(deployment.rights)
    main, _ = backups.make(What.MAIN, "Pat")
    keys, _ = backups.make(What.KEYS, "Pat")
    deployment.erase(planted.conversation)
    backups.restore(What.MAIN, main, "Pat Officer", "disk lost", False)
    backups.restore(What.KEYS, keys, "Pat Officer", "disk lost", False)
    again = Deployment(deployment.folder)
    assert again.words(planted.conversation) == []
    for rows in tables_of(again.database):
        assert planted.conversation not in rows.holding([planted.conversation]), rows.name
    live = deployment.folder / "guildhall.sqlite3"
    with sqlite3.connect(live) as opened:
        assert WORD not in "".join(opened.iterdump())
    opened.close()
    assert log_is_whole(again)


LATE: dict[str, Callable[[str, Any], Any]] = {
    "a translation": lambda conversation, now: insert(translations).values(
        event_id="late", language="en", conversation_id=conversation, sealed=b"late", status="shown", at=now
    ),
    "a message not sent": lambda conversation, now: insert(unsent).values(
        conversation_id=conversation, staff_id="staff_pat", sealed=b"late", at=now
    ),
}


@pytest.mark.parametrize("what", LATE)
def test_what_a_process_writes_late_is_swept_whatever_table_it_is_in(deployment: Deployment, what: str) -> None:
    conversation = deployment.say("gone")
    deployment.erase(conversation)
    with deployment.database.writing() as connection:  # as a process that had the key a moment ago would
        connection.execute(LATE[what](conversation, deployment.clock()))
    assert deployment.rights.retention.run().swept == 1
    assert deployment.rights.retention.run().swept == 0


def test_a_message_left_in_the_local_outbox_is_swept_too(deployment: Deployment) -> None:
    conversation = deployment.say("gone")
    deployment.erase(conversation)
    outbox = deployment.folder / "outbox"
    outbox.mkdir()
    (outbox / f"{conversation}.late.json").write_text("{}")
    assert deployment.rights.retention.run().swept == 1
    assert list(outbox.iterdir()) == []


def test_a_title_made_while_somebody_is_erased_is_not_kept(deployment: Deployment) -> None:
    conversations = [deployment.say(f"{WORD} {number}", **NOT_HELPED) for number in ("one", "two", "three")]
    store = GapStore(deployment.database, deployment.keys, "testshire", new_id)
    reader = UnhelpedReader(deployment.database, deployment.keys, "testshire")

    class ErasedMeanwhile(Titler):
        """Somebody is erased, questions and all, after their words were read and before the title is written."""

        def words(self, texts: Any) -> tuple[str, ...]:
            made = super().words(texts)
            if not deployment.keys.erased_among(conversations):
                assert WORD in made
                deployment.erase(conversations[0])
            return made

    gathering = Gathering(
        reader, store, FakeEncoder(), PlainSpace(), ErasedMeanwhile([]), lambda text: text, dict, deployment.clock, new_id
    )
    gathering.look()
    with deployment.database.reading() as connection:
        assert connection.execute(select(content_gaps.c.words)).scalars().all() in ([b""], [])
    assert base64.b64encode(WORD.encode()).decode() not in everything_stored(deployment)
    assert WORD not in everything_stored(deployment)
