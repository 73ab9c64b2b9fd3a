"""The registry of every place that can hold what people said.

Whatever new place keeps words, or what could give them away, gets a line here: otherwise erasure does not reach it, and
`tests/bootstrap/test_erasure.py` finds its bytes.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import make_url

from guildhall.records.ports import HoldsWords
from guildhall.storage.after_schema import comments_read, contacts_known, notifications, safeguarding_records, safeguarding_steps
from guildhall.storage.calls_schema import calls
from guildhall.storage.database import Database
from guildhall.storage.desk_schema import translations, unsent
from guildhall.storage.keys import KeyRing
from guildhall.storage.learning_schema import content_gaps, gap_questions, phrases
from guildhall.storage.recordings import RecordingsFolder
from guildhall.storage.rights_schema import rights_requests, rights_steps
from guildhall.storage.schema import callbacks, payloads
from guildhall.storage.word_stores import EveryTable, ExportsFolder, FilesUnder, MemoryOfThisProcess, OutboxFolder, Rows

OUTBOX = "outbox"
"""The local outbox's folder in the data folder."""
PUBLIC = ("passages", "sources", "vectors")
"""Tables of public pages, in which a resident's words may stand because the council published the same."""


def tables_of(database: Database) -> tuple[Rows, ...]:
    """The tables. The same list makes a restored copy fit to be opened."""
    return (
        Rows("Words of turns, sealed", database, payloads),
        Rows("Details for callbacks, sealed", database, callbacks),
        Rows("Who rang, sealed", database, calls, blanked="sealed"),
        Rows("What advisers typed and did not send, sealed", database, unsent),
        Rows("Machine translations, sealed", database, translations),
        Rows("Titles of content gaps", database, content_gaps, column="id", blanked="words", through=(gap_questions, "gap_id")),
        Rows("What unanswered questions mean, sealed", database, gap_questions, blanked="sealed"),
        Rows("Phrases from what residents said, sealed", database, phrases, blanked="sealed"),
        Rows("Messages on their way, sealed", database, notifications),
        Rows("Words of safeguarding records, sealed", database, safeguarding_records, blanked="sealed"),
        Rows("Notes on safeguarding records, sealed", database, safeguarding_steps, blanked="sealed"),
        Rows("Who agreed to be recognised, by a keyed digest", database, contacts_known),
        Rows("What was done about comments, sealed", database, comments_read, blanked="sealed"),
        Rows("Words of rights requests, sealed", database, rights_requests, column="id", blanked="sealed"),
        Rows("Notes on rights requests, sealed", database, rights_steps, column="request_id", blanked="sealed"),
    )


def stores_of(database: Database, keys: KeyRing, data_dir: Path, exports: Path, recordings: Path) -> Sequence[HoldsWords]:
    """Everything: what is purged first, then what only proves it."""
    tables = tables_of(database)
    files = [data_dir.resolve(), *(path for one in (database, keys.database) for path in _files_of(one, data_dir))]
    return (
        *tables,
        ExportsFolder(exports),
        OutboxFolder(data_dir / OUTBOX),
        RecordingsFolder(recordings),
        MemoryOfThisProcess(),
        EveryTable(database, but=(*PUBLIC, *(rows.table.name for rows in tables))),
        FilesUnder(tuple(files)),
    )


def _files_of(database: Database, data_dir: Path) -> list[Path]:
    """The files of an SQLite database that lies outside the data folder."""
    name = make_url(database.url).database if database.is_sqlite else None
    if not name or Path(name).resolve().is_relative_to(data_dir.resolve()):
        return []
    return [Path(f"{name}{ending}") for ending in ("", "-wal")]
