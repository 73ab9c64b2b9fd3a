"""Makes everything ready that the first resident would otherwise wait for: schema, models, the council's index and its router."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from guildhall.bootstrap.house import open_guildhall
from guildhall.bootstrap.identifiers import Clock
from guildhall.bootstrap.knowledge import note_changed, open_embedder, open_multilingual, open_store, read_source
from guildhall.knowledge.ingest import ingest
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade

Echo = Callable[[str], None]


def prepare(settings: Settings, council: str = "", echo: Echo = print) -> None:
    """Upgrade the database, load the council's own content when it has changed, and make models and router once."""
    slug = council or settings.council
    database = Database(settings.database)
    if upgrade(database):
        echo("The database is ready.")
    add_own_content(settings, database, slug, echo)
    database.close()
    open_multilingual(settings).prepare()
    if not _is_prepared(settings, slug):
        open_guildhall(settings, slug).close()
        _mark(settings, slug).write_text("ready\n", "utf-8")


def add_own_content(settings: Settings, database: Database, slug: str, echo: Echo) -> None:
    """Bring the library in line with `councils/<slug>/content`, if anything there has changed since it was last read."""
    content = settings.councils_dir / slug / "content"
    if not content.is_dir():
        return
    digest = digest_of(content)
    mark = settings.data_dir / "cache" / f"content-{slug}.sha256"
    store = open_store(database, slug)
    embedder = open_embedder(settings)
    if mark.exists() and mark.read_text("utf-8") == f"{digest} {embedder.identity}" and store.sources():
        return
    echo(f"Reading the content of {slug}…")
    reading = read_source(str(content), frozenset(), lambda _done, _all: None)
    told = Told(echo)
    report = ingest(reading, store, embedder, told)
    note_changed(database, slug, report, Clock(settings.today)())
    echo(
        f"Content: {len(report.added)} pages added, {len(report.changed)} changed, {len(report.removed)} removed, {report.unchanged} unchanged."
    )
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{digest} {embedder.identity}", "utf-8")


class Told:
    """Says how far embedding has come, at every tenth."""

    def __init__(self, echo: Echo) -> None:
        self._echo = echo
        self._last = -1

    def __call__(self, done: int, total: int) -> None:
        """Say it when another tenth is done."""
        tenth = 10 * done // total if total else 10
        if tenth != self._last:
            self._last = tenth
            self._echo(f"Embedding passages: {done} of {total}")


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _mark(settings: Settings, slug: str) -> Path:
    return settings.data_dir / "cache" / f"prepared-{slug}"


def _is_prepared(settings: Settings, slug: str) -> bool:
    """Whether a first opening has been done here; what it made is checked again, by digest, at every opening."""
    return _mark(settings, slug).exists()
