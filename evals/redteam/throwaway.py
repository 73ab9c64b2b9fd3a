"""A council to attack: its own folder, database and keys in a temporary place, made from the prepared one and thrown away afterwards."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import SecretStr
from sqlalchemy import inspect, select

from guildhall.bootstrap.house import Guildhall, open_guildhall
from guildhall.bootstrap.knowledge import say_to_terminal
from guildhall.bootstrap.prepare import prepare
from guildhall.settings import Settings
from guildhall.storage.database import Database, metadata
from guildhall.storage.migrating import upgrade

MODEL_KEY: Final = "sk-canary-7f3a9c21"
CONTENT: Final = ("sources", "passages", "vectors", "knowledge_versions")
"""The only tables that are copied: what the council published, never what residents said."""


@contextmanager
def throwaway(slug: str) -> Iterator[Guildhall]:
    """The whole house over a copy. Nothing it does reaches the real council."""
    real = Settings()
    prepare(real, slug, say_to_terminal)
    with TemporaryDirectory(prefix="redteam-") as name:
        place = Path(name)
        settings = Settings(
            council=slug,
            councils_dir=place / "councils",
            data_dir=place / "var",
            database_url="",
            master_key=SecretStr(""),
            model_key=SecretStr(MODEL_KEY),
            today="2026-11-25",
        )
        shutil.copytree(real.councils_dir, settings.councils_dir)
        settings.data_dir.mkdir()
        (settings.data_dir / "models").symlink_to((real.data_dir / "models").resolve())
        shutil.copytree(real.data_dir / "cache", settings.data_dir / "cache")
        _copy_content(real, settings)
        guildhall = open_guildhall(settings, slug)
        try:
            yield guildhall
        finally:
            guildhall.close()


def _copy_content(real: Settings, settings: Settings) -> None:
    source, target = Database(real.database), Database(settings.database)
    upgrade(target)
    with source.reading() as reading, target.writing() as writing:
        known = set(inspect(reading).get_table_names())
        for table in metadata.sorted_tables:
            if table.name in CONTENT and table.name in known:
                rows = [dict(row._mapping) for row in reading.execute(select(table))]
                if rows:
                    writing.execute(table.insert(), rows)
    source.close()
    target.close()


def folder_digest(folder: Path, but: str = "") -> str:
    """SHA-256 over names and contents, leaving out names that match `but`."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not (but and path.match(but)):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
