"""Desks to draft papers from: the demonstration council's, as it is or with some files changed, without a model and without a database."""

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from guildhall.assurance.config import PaperKind
from guildhall.assurance.drafting import draft
from guildhall.assurance.facts import Known
from guildhall.assurance.keeping import KeptPaper, as_json, kept
from guildhall.assurance.papers import Paper
from guildhall.bootstrap.assurance import Desk, open_desk
from guildhall.settings import Settings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
CACHE: dict[str, Path] = {}
"""One cache of parsed YAML for all tests: reading with line numbers is slow."""
Change = Callable[[str], str]


def settings_for(folder: Path, councils: Path | None = None) -> Settings:
    """A deployment in a folder of the test's own, with no database in it yet."""
    (folder / "cache").mkdir(parents=True, exist_ok=True)
    if "yaml" in CACHE and not (folder / "cache" / "yaml").exists():
        (folder / "cache" / "yaml").symlink_to(CACHE["yaml"])
    return Settings(
        data_dir=folder, councils_dir=councils or ROOT / "councils", council="avonmere", today="", master_key="", database_url=""
    )


def desk_of(folder: Path, councils: Path | None = None, more: Mapping[str, Known] | None = None, now: datetime = NOW) -> Desk:
    return open_desk(settings_for(folder, councils), more=more, now=now)


def changed_councils(folder: Path, changes: Mapping[str, Change | bytes | None]) -> Path:
    """The councils' folder with some files changed (by a function), replaced (by bytes) or taken away (None); the rest are links."""
    councils = folder / "councils"
    shutil.copytree(ROOT / "councils", councils, copy_function=lambda a, b: Path(b).symlink_to(a))
    for beside in ("evals", "tests", "docs", "requirements.lock", "LICENSE"):
        (folder / beside).symlink_to(ROOT / beside)
    for name, change in changes.items():
        path = councils / name
        old = path.read_bytes()
        path.unlink()
        if change is not None:
            path.write_bytes(change if isinstance(change, bytes) else change(old.decode()).encode())
    return councils


def keep(paper: Paper) -> KeptPaper:
    """As it would be read back from its file."""
    return kept(json.dumps(as_json(paper)), "paper.json")


def drafted(kind: PaperKind, desk: Desk) -> Paper:
    return draft(kind, desk.live)
