"""Writes rows of the export as Parquet files: first under another name, whole and on the disk, and then under their own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from guildhall.storage.analysis.manifest import ExportedFile, digest_of
from guildhall.vocabulary.exported import LAYOUT

KINDS: Final[dict[str, tuple[type, str]]] = {
    "BIGINT": (np.int64, "{0}"),
    "INTEGER": (np.int64, "nullif({0}, -1)"),
    "VARCHAR": (object, "{0}"),
    "TIMESTAMP": (np.int64, "make_timestamp({0})"),
    "BOOLEAN": (np.int64, "CASE WHEN {0} >= 0 THEN {0} = 1 END"),
    "DOUBLE": (np.float64, "CASE WHEN NOT isnan({0}) THEN {0} END"),
}
"""Of each type: the array its values are put into, and how they are read out of it. -1, or not a number, stands for what is not known."""


def open_writer() -> duckdb.DuckDBPyConnection:
    """A connection to write with; it fetches nothing."""
    closed: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 2,
    }
    return duckdb.connect(":memory:", config=closed)


def write_rows(
    writer: duckdb.DuckDBPyConnection,
    folder: Path,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    name: str,
    span: tuple[int, int] = (0, 0),
) -> ExportedFile:
    """Write rows of a table. `span` are the events they were made from."""
    layout = LAYOUT[table]
    arrays: dict[str, np.ndarray[Any, Any]] = {
        column: np.array([row[column] for row in rows], KINDS[kind][0]) for column, kind in layout.items()
    }
    read = ", ".join(f'CAST({KINDS[kind][1].format(_quoted(column))} AS {kind}) AS "{column}"' for column, kind in layout.items())
    writer.register("rows_to_write", arrays)
    try:
        return write_query(writer, folder, table, f"SELECT {read} FROM rows_to_write", name, span)
    finally:
        writer.unregister("rows_to_write")


def write_query(
    writer: duckdb.DuckDBPyConnection, folder: Path, table: str, query: str, name: str, span: tuple[int, int] = (0, 0)
) -> ExportedFile:
    """Write what a query gives as a file of a table."""
    path, fresh = folder / name, folder / f"{name}.new"
    count = writer.execute(f"COPY ({query}) TO {quoted_path(fresh)} (FORMAT parquet, COMPRESSION zstd)").fetchall()[0][0]
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    return ExportedFile(name, table, int(count), digest_of(path), *span)


def quoted_path(path: Path) -> str:
    """A path as text of SQL."""
    return "'" + str(path.resolve()).replace("'", "''") + "'"


def listed_paths(folder: Path, files: Sequence[ExportedFile]) -> str:
    """Files as a list in SQL."""
    return "[" + ", ".join(quoted_path(folder / file.name) for file in files) + "]"


def _quoted(column: str) -> str:
    return f'"{column}"'
