"""Desks to draft papers from: the demonstration council's, as it is or with some files changed, without a model and without a database."""

import json
import tempfile
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
CACHE = tempfile.TemporaryDirectory(prefix="guildhall-yaml-")
"""One cache of parsed YAML for all tests of a process: reading with line numbers is slow. It goes when the process does."""
YAML = Path(CACHE.name)
Change = Callable[[str], str]


def settings_for(folder: Path, councils: Path | None = None) -> Settings:
    """A deployment in a folder of the test's own, with no database in it yet."""
    share_cache(folder)
    return Settings(
        data_dir=folder, councils_dir=councils or ROOT / "councils", council="avonmere", today="", master_key="", database_url=""
    )


def share_cache(folder: Path) -> None:
    """Let a data folder use the cache that every test uses."""
    (folder / "cache").mkdir(parents=True, exist_ok=True)
    if not (folder / "cache" / "yaml").exists():
        (folder / "cache" / "yaml").symlink_to(YAML)


def desk_of(folder: Path, councils: Path | None = None, more: Mapping[str, Known] | None = None, now: datetime = NOW) -> Desk:
    return open_desk(settings_for(folder, councils), more=more, now=now)


def changed_councils(folder: Path, changes: Mapping[str, Change | bytes | None]) -> Path:
    """The councils' folder with some files changed (by a function), replaced (by bytes) or taken away (None); the rest are links."""
    councils = folder / "councils"
    _linked(ROOT / "councils", councils, {Path(name).parts for name in changes} | {("_baseline", ""), ("avonmere", "")})
    for beside in ("evals", "tests", "docs", "requirements.lock", "LICENSE"):
        (folder / beside).symlink_to(ROOT / beside)
    for name, change in changes.items():
        path = councils / name
        old = path.read_bytes()
        path.unlink()
        if change is not None:
            path.write_bytes(change if isinstance(change, bytes) else change(old.decode()).encode())
    return councils


def _linked(of: Path, here: Path, open_paths: set[tuple[str, ...]]) -> None:
    """A folder of links, with real folders along the open paths."""
    here.mkdir(parents=True)
    for child in of.iterdir():
        inner = {path[1:] for path in open_paths if path[0] == child.name and len(path) > 1}
        if inner and child.is_dir():
            _linked(child, here / child.name, inner)
        else:
            (here / child.name).symlink_to(child)


def keep(paper: Paper) -> KeptPaper:
    """As it would be read back from its file."""
    return kept(json.dumps(as_json(paper)), "paper.json")


def drafted(kind: PaperKind, desk: Desk) -> Paper:
    return draft(kind, desk.live)
