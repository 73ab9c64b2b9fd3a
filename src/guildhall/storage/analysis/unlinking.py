"""Follows the record when it cuts the link from a conversation to a resident: the rows stay, under a name that nothing leads to.

A contact's pseudonym, its references and its turns are made with a key from the ids of the record. Once the record has unlinked or erased a
conversation, they are replaced here by random ones that are kept nowhere, so that neither an id in a browser nor a reference leads to them.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from guildhall.storage.analysis.manifest import ExportedFile
from guildhall.storage.analysis.parquet import quoted_path, write_query
from guildhall.vocabulary.exported import GROWING, LAYOUT

NAMES: Final = ("turn", "reference")
LETTERS: Final = 24
"""Of a pseudonym, in hexadecimal digits."""


def unlink(
    writer: duckdb.DuckDBPyConnection, folder: Path, files: Sequence[ExportedFile], contacts: Sequence[str]
) -> tuple[ExportedFile, ...]:
    """The files, with those written anew that had rows of these contacts. The same contact gets the same new name in all of them."""
    fresh = [secrets.token_hex(LETTERS // 2) for _ in contacts]
    salts = [secrets.token_hex(16) for _ in contacts]
    writer.register("gone_arrays", {"old": np.array(contacts, object), "fresh": np.array(fresh, object), "salt": np.array(salts, object)})
    writer.execute("CREATE OR REPLACE TEMP TABLE gone AS SELECT old, fresh, salt FROM gone_arrays")
    writer.unregister("gone_arrays")
    return tuple(_cut(writer, folder, file) if file.table in GROWING and "contact" in LAYOUT[file.table] else file for file in files)


def taken_out(
    writer: duckdb.DuckDBPyConnection, folder: Path, files: Sequence[ExportedFile], table: str, contacts: Sequence[str]
) -> tuple[ExportedFile, ...]:
    """The files, with those of a table written anew in which these contacts had an arm, now without it."""
    writer.register("out_array", {"old": np.array(contacts, object)})
    writer.execute("CREATE OR REPLACE TEMP TABLE out AS SELECT old FROM out_array")
    writer.unregister("out_array")
    return tuple(_without(writer, folder, file) if file.table == table else file for file in files)


def _without(writer: duckdb.DuckDBPyConnection, folder: Path, file: ExportedFile) -> ExportedFile:
    source = f"read_parquet({quoted_path(folder / file.name)})"
    if not writer.execute(f"SELECT count(*) FROM {source} WHERE arm <> '' AND contact IN (SELECT old FROM out)").fetchall()[0][0]:
        return file
    query = f"SELECT * REPLACE (CASE WHEN contact IN (SELECT old FROM out) THEN '' ELSE arm END AS arm) FROM {source} ORDER BY seq"
    return write_query(writer, folder, file.table, query, f"{file.table}-{secrets.token_hex(10)}.parquet", (file.first, file.last))


def _cut(writer: duckdb.DuckDBPyConnection, folder: Path, file: ExportedFile) -> ExportedFile:
    source = f"read_parquet({quoted_path(folder / file.name)})"
    if not writer.execute(f"SELECT count(*) FROM {source} WHERE contact IN (SELECT old FROM gone)").fetchall()[0][0]:
        return file
    columns = ", ".join(f'{_renamed(column)} AS "{column}"' for column in LAYOUT[file.table])
    query = f"SELECT {columns} FROM {source} AS row LEFT JOIN gone ON gone.old = row.contact ORDER BY seq"
    return write_query(writer, folder, file.table, query, f"{file.table}-{secrets.token_hex(10)}.parquet", (file.first, file.last))


def _renamed(column: str) -> str:
    if column == "contact":
        return 'coalesce(gone.fresh, row."contact")'
    if column in NAMES:
        named = f"gone.old IS NOT NULL AND row.\"{column}\" <> ''"
        return f'CASE WHEN {named} THEN substr(sha256(concat(gone.salt, row."{column}")), 1, {LETTERS}) ELSE row."{column}" END'
    return f'row."{column}"'
