"""How `guildhall knowledge` shows progress, tables and what changed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from guildhall.knowledge.ingest import Progress, Report
from guildhall.vocabulary.passages import Found

_SHOWN = 10
_WORTH_SAYING = 64


def show_found(name: str | int, question: str, found: tuple[Found, ...], as_json: bool) -> None:
    """One question with what was found for it."""
    if as_json:
        results = [{"id": f.passage.id, "score": round(f.score, 4), "title": f.passage.title, "url": f.passage.url} for f in found]
        click.echo(json.dumps({"id": name, "results": results}, ensure_ascii=False))
        return
    click.echo(f"\n{name}  {question}")
    rows = [
        (str(f.rank), f"{f.score:.2f}", " › ".join(filter(None, (f.passage.title, f.passage.section))), f.passage.url or f.passage.id)
        for f in found
    ]
    show_table(("", "Score", "Passage", "Address"), rows)


def show_report(source: str, report: Report, notes: tuple[str, ...], as_json: bool) -> None:
    """What changed, in words or as JSON."""
    if as_json:
        pages = {"added": len(report.added), "changed": len(report.changed), "unchanged": report.unchanged, "removed": len(report.removed)}
        problems = [{"where": p.where, "what": p.what} for p in report.problems]
        facts = {"source": source, "pages": pages, "passages": dict(report.passages), "embedded": report.embedded, "problems": problems}
        click.echo(json.dumps({**facts, "kept_unseen": report.held_back, "notes": notes, "version": report.version}, ensure_ascii=False))
        return
    for verb, names in (("Added", report.added), ("Changed", report.changed), ("Removed", report.removed)):
        for name in names[:_SHOWN]:
            click.echo(f"  {verb}: {name}")
        if len(names) > _SHOWN:
            click.echo(f"  {verb}: and {len(names) - _SHOWN} more")
    for note in notes:
        click.echo(f"  Note: {note}")
    for problem in report.problems:
        click.echo(f"  Problem: {problem}", err=True)
    if report.held_back:
        click.echo(f"  Kept: {report.held_back} pages that were not seen, because some could not be read")
    counts = report.passages
    click.echo(
        f"{source}: {len(report.added)} pages added, {len(report.changed)} changed, {report.unchanged} unchanged,"
        f" {len(report.removed)} removed; "
        f"passages {counts.get('added', 0)} added, {counts.get('changed', 0)} changed, {counts.get('unchanged', 0)} unchanged, "
        f"{counts.get('removed', 0)} removed; {report.embedded} embedded."
    )


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar on a terminal; elsewhere a plain line every tenth part. On the error stream, so that output stays clean."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines(title)
        return
    with Bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain_lines(title: str) -> Progress:
    said = -1

    def tell(done: int, total: int) -> None:
        nonlocal said
        tenth = 10 * done // max(total, 1)
        if tenth > said and total > _WORTH_SAYING:
            said = tenth
            click.echo(f"{title}: {done} of {total}", err=True)

    return tell


def show_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A plain table that fits the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=None if Console().is_terminal else 160).print(table)
