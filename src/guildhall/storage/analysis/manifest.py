"""The list of an export's files. What it names is the export: a file that it does not name was not finished, or is gone for good."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.exported import LAYOUT, MANIFEST

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One Parquet file: of which table, its rows, and the digest of its bytes. `first` and `last` are the events it was made from."""

    name: str
    table: str
    rows: int
    sha256: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """An export as it stands. `seq` is the number of the last event it holds and `event` that event's id; `key` tells one key from another.

    `cut` is the number of the last erasure or run of the retention schedules that it has followed.
    """

    council: str = ""
    seq: int = 0
    event: str = ""
    events: int = 0
    key: str = ""
    cut: int = 0
    until: str = ""
    files: tuple[ExportedFile, ...] = ()
    version: int = VERSION

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(file.rows for file in self.files if file.table == table)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none. Raises ConfigurationError when it cannot be read."""
    path = folder / MANIFEST
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(ExportedFile(**file) for file in plain.pop("files"))
        manifest = Manifest(**plain, files=found)
    except FileNotFoundError:
        return Manifest()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigurationError("the list of the export's files cannot be read.", file=str(path), fix=REBUILD) from error
    if manifest.version != VERSION or any(file.table not in LAYOUT or "/" in file.name for file in found):
        raise ConfigurationError("the export was written by another version.", file=str(path), fix=REBUILD)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in force: whole, or not at all. Files that it does not name are removed afterwards."""
    fresh = folder / f"{MANIFEST}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / MANIFEST)
    kept = {file.name for file in manifest.files}
    for path in folder.glob("*.parquet*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def digest_of_export(folder: Path) -> str:
    """SHA-256 over the digests of an export's files; empty where there are none. While it is the same, so is every figure."""
    listed = sorted(f"{file.table} {file.sha256}" for file in read_manifest(folder).files)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest() if listed else ""


def damaged(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """The files that are missing or not what they were when they were written."""
    return tuple(file.name for file in manifest.files if digest_of(folder / file.name) != file.sha256)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes; empty when it is not there."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


REBUILD: Final = "Run `guildhall value export --rebuild`."
