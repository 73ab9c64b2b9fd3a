"""`guildhall knowledge`: put a council's content in, list it, and measure search over it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guildhall.cli.knowledge_display import progress_bar, show_found, show_report, show_table
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError, GuildhallError

council_option = click.option("--council", "slug", default="", help="Council to use; the deployment's own when left out.")
_AT_ONCE = 64


class AskedLine(BaseModel):
    """One line of a file of questions. Other keys are left alone."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: str | int
    q: Annotated[str, Field(max_length=20_000)]
    hist: tuple[str, ...] = ()


@click.group()
def knowledge() -> None:
    """Put content in, list it, and search it."""


@knowledge.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@council_option
@click.option("--allow-host", "hosts", multiple=True, help="A host that may be read, beside the council's own website. May be repeated.")
@click.option("--allow-loopback", is_flag=True, help="Let a website on this machine be read, for rehearsals.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, one line a source.")
def add(sources: tuple[str, ...], slug: str, hosts: tuple[str, ...], allow_loopback: bool, as_json: bool) -> None:
    """Add a folder, a file, a JSON Lines file of passages, or a website by its sitemap. A source added again is brought up to date.

    A file that cannot be read is reported and does not lose the others; the exit code is 1 when a source gave nothing at all.
    """
    from guildhall.bootstrap.identifiers import Clock
    from guildhall.bootstrap.knowledge import council_hosts, ensure_council, note_changed, open_embedder, open_store, read_source
    from guildhall.knowledge.ingest import ingest

    with _explained():
        settings, slug = _opened(slug)
        if ensure_council(settings.councils_dir, slug, _website(sources, hosts)):
            click.echo(f"Made {settings.councils_dir / slug / 'council.yaml'}; edit it when you are ready.", err=True)
        allowed = {*hosts, *council_hosts(settings.councils_dir, slug)}
        database = _database(settings)
        store = open_store(database, slug)
        lost = False
        for source in sources:
            try:
                with progress_bar(f"Reading {source}") as progress:
                    reading = read_source(source, allowed, progress, allow_loopback=allow_loopback)
            except GuildhallError as error:
                click.echo(f"  Problem: {error}", err=True)
                lost = True
                continue
            with progress_bar("Embedding passages") as progress:
                report = ingest(reading, store, open_embedder(settings), progress)
            note_changed(database, slug, report, Clock(settings.today)())
            show_report(source, report, reading.notes, as_json)
            lost = lost or not reading.changes
    if lost:
        raise SystemExit(1)


@knowledge.command("list")
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a source.")
def list_(slug: str, as_json: bool) -> None:
    """List sources with passages, dates and reviews that are overdue."""
    from guildhall.bootstrap.knowledge import open_store

    with _explained():
        settings, slug = _opened(slug)
        kept = open_store(_database(settings), slug).sources()
    today = date.fromisoformat(settings.today) if settings.today else datetime.now(UTC).date()
    overdue = [s for s in kept if s.review_by and s.review_by < today.isoformat()]
    if as_json:
        for s in kept:
            about = s.source
            row = {
                "id": about.id,
                "title": about.title,
                "url": about.url,
                "passages": s.passages,
                "updated": about.updated,
                "owner": about.owner,
            }
            click.echo(
                json.dumps(
                    {**row, "tier": s.tier, "origin": s.origin, "review_by": s.review_by, "overdue": s in overdue}, ensure_ascii=False
                )
            )
        return
    rows = [
        (s.source.title, s.source.url, str(s.passages), s.source.updated, s.review_by + (" overdue" if s in overdue else "")) for s in kept
    ]
    show_table(("Title", "Address", "Passages", "Updated", "Review by"), rows)
    click.echo(f"{len(kept)} sources, {sum(s.passages for s in kept)} passages, {len(overdue)} reviews overdue.")


@knowledge.command()
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="QUESTIONS.jsonl")
@council_option
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many passages to rank for each question.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a question.")
def search(questions: Path, slug: str, top: int, as_json: bool) -> None:
    """Rank passages for every line of QUESTIONS.jsonl (`id`, `q`, optional `hist`, newest first)."""
    from guildhall.bootstrap.knowledge import council_lexicon, open_library, say_to_terminal
    from guildhall.bootstrap.prepare import add_own_content
    from guildhall.knowledge.standalone import standalone

    with _explained():
        settings, slug = _opened(slug)
        asked = list(_asked(questions))
        database = _database(settings)
        add_own_content(settings, database, slug, say_to_terminal)
        library = open_library(settings, database, slug, lexicon=council_lexicon(settings.councils_dir, slug))
        if not len(library.index()):
            raise ConfigurationError(
                f"the council `{slug}` has no content yet.", file=questions, fix="Add some: guildhall knowledge add SOURCE"
            )
        with progress_bar("Searching") as progress:
            for start in range(0, len(asked), _AT_ONCE):
                some = asked[start : start + _AT_ONCE]
                results = library.search_many([standalone(line.q, line.hist) for line in some], limit=top)
                for line, found in zip(some, results, strict=True):
                    show_found(line.id, line.q, found, as_json)
                progress(min(start + _AT_ONCE, len(asked)), len(asked))


def _asked(path: Path) -> Iterator[AskedLine]:
    for number, raw in enumerate(path.read_bytes().splitlines(), 1):
        if not raw.strip():
            continue
        try:
            yield AskedLine.model_validate_json(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ConfigurationError("the line is not UTF-8 text.", file=path, line=number, fix="Save the file as UTF-8.") from error
        except ValidationError as error:
            first: Any = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            fix = 'Each line is one object such as {"id": "1", "q": "When is my bin day?"}.'
            raise ConfigurationError(f"{first['msg']}.", file=path, line=number, key=key, fix=fix) from error


def _opened(slug: str) -> tuple[Settings, str]:
    settings = Settings()
    return settings, slug or settings.council


def _database(settings: Settings) -> Any:
    from guildhall.storage.database import Database
    from guildhall.storage.migrating import upgrade

    database = Database(settings.database)
    upgrade(database)
    return database


def _website(sources: tuple[str, ...], hosts: tuple[str, ...]) -> str:
    """The address of the first site that was allowed by name; a site nobody allowed must not become the council's own."""
    from urllib.parse import urlsplit

    sites = [urlsplit(source) for source in sources if source.startswith(("http://", "https://"))]
    return next((f"{site.scheme}://{site.netloc}" for site in sites if site.netloc in hosts), "")


@contextmanager
def _explained() -> Iterator[None]:
    """Our errors as one readable message each, and exit code 1."""
    try:
        yield
    except GuildhallError as error:
        raise click.ClickException(str(error)) from error
