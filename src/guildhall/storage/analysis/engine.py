"""The engine that computes over the export: DuckDB in this process, in memory, reading Parquet files of one folder and nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from guildhall.storage.analysis.export import held
from guildhall.storage.analysis.manifest import read_manifest
from guildhall.storage.analysis.parquet import listed_paths, quoted_path
from guildhall.vocabulary.exported import LAYOUT

VIEWS: Final = ("turns", "waits", "contacts", "audits")
"""In the order in which they are made: each may use those before it."""
THREADS: Final = 2
MEMORY: Final = "2GB"
CLOSED: Final[dict[str, Any]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
"""No extension is fetched. Besides, no file is read but those of the folder, and none of this can be changed later."""


class AnalysisEngine:
    """The views `contacts`, `turns`, `waits` and `audits` of an export as it stood when this was opened; or those that were built into a file before.

    `as_at` is the time for which the figures are computed: windows that are not over by then are not known. Close it after use.
    """

    def __init__(self, folder: Path, as_at: datetime, threads: int = THREADS, memory: str = MEMORY, built: Path | None = None) -> None:
        self.folder = folder
        self.as_at = as_at.astimezone(UTC)
        self._connection = duckdb.connect(":memory:", config=CLOSED | {"threads": threads, "memory_limit": memory})
        if built is None:
            _close_up(self._connection, folder)
            _build(self._connection, folder, self.as_at)
        else:
            self._connection.execute(f"ATTACH {quoted_path(built)} AS built (READ_ONLY)")
            _close_up(self._connection, folder)
            for view in VIEWS:
                self._connection.execute(f"CREATE VIEW {view} AS SELECT * FROM built.main.{view}")

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question. `values` stand for its question marks; text from outside must never be part of `sql`."""
        return self._connection.cursor().execute(sql, list(values)).fetchall()

    def named(self, sql: str, values: Sequence[object] = ()) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The same, with the names of the columns."""
        done = self._connection.cursor().execute(sql, list(values))
        return tuple(str(column[0]) for column in done.description or ()), done.fetchall()

    def arrays(self, sql: str, values: Sequence[object] = ()) -> list[NDArray[Any]]:
        """The columns of a question, each as an array: for lists of values too long to go through one by one."""
        return [np.asarray(column) for column in self._connection.cursor().execute(sql, list(values)).fetchnumpy().values()]

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()


def build_into(folder: Path, as_at: datetime, file: Path, threads: int = THREADS, memory: str = MEMORY) -> None:
    """Build the views of an export into a file of their own, inside its folder, for an engine to open at once. Whoever stops in between leaves half a file."""
    with duckdb.connect(":memory:", config=CLOSED | {"threads": threads, "memory_limit": memory}) as connection:
        connection.execute(f"ATTACH {quoted_path(file)} AS built")
        connection.execute("SET search_path = 'built,memory'")
        _close_up(connection, folder)
        _build(connection, folder, as_at.astimezone(UTC))
        connection.execute("CHECKPOINT built")


def _close_up(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute("SET allowed_directories = [" + quoted_path(folder) + "]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _build(connection: duckdb.DuckDBPyConnection, folder: Path, as_at: datetime) -> None:
    connection.execute("CREATE TABLE as_at AS SELECT CAST(? AS TIMESTAMP) AS moment", [as_at.replace(tzinfo=None)])
    with held(folder, shared=True):  # from here on nothing is read from the files, and they may be replaced
        _open_files(connection, folder)
        for view in VIEWS:
            connection.execute(sql_of(view))


def _open_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    listed = read_manifest(folder)
    for table, columns in LAYOUT.items():
        files = [file for file in listed.files if file.table == table]
        if files:
            names = ", ".join(f'"{name}"' for name in columns)
            read = f"SELECT {names} FROM read_parquet({listed_paths(folder, files)})"
            connection.execute(f"CREATE VIEW memory.main.raw_{table} AS {read}")
        else:
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"CREATE TABLE memory.main.raw_{table} ({typed})")


def sql_of(view: str) -> str:
    """The text that makes a view."""
    return files("guildhall.storage.analysis").joinpath("sql", f"{view}.sql").read_text(encoding="utf-8")
