"""`guildhall papers`: draft the assurance papers from the running system, and hold earlier drafts against it."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from guildhall.assurance.config import PaperKind
from guildhall.assurance.drafting import draft as drafted
from guildhall.assurance.drift import DRIFT_LABELS, Difference, differences
from guildhall.assurance.facts import in_words, on_day
from guildhall.assurance.keeping import KeptPaper, as_json
from guildhall.assurance.papers import Paper
from guildhall.assurance.rendering import render_html, render_markdown
from guildhall.bootstrap.assurance import Desk, kept_papers, note_drafted, open_desk
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError

KIND = click.Choice([kind.value for kind in PaperKind])
json_option = click.option("--json", "as_json_out", is_flag=True, help="Print as JSON.")


@click.group()
def papers() -> None:
    """Assurance papers, drafted from the running system: each fact with its source."""


@papers.command()
@click.argument("kinds", nargs=-1, type=KIND, metavar="[KIND]...")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to; `papers` in the data folder when left out."
)
@council_option
@json_option
@explains_errors
def draft(kinds: Sequence[str], out: Path | None, council: str, as_json_out: bool) -> None:
    """Draft the papers of these kinds, or all of them, as HTML, Markdown and JSON."""
    settings = Settings()
    folder = out or settings.data_dir / "papers"
    desk = _desk(settings, council)
    wanted = [PaperKind(kind) for kind in dict.fromkeys(kinds)] or list(PaperKind)
    walk = wanted if as_json_out else track(wanted, "Drafting", console=Console(stderr=True), transient=True)
    made = [drafted(kind, desk.live) for kind in walk]
    folder.mkdir(parents=True, exist_ok=True)
    for paper in made:
        write(paper, folder)
    recorded = note_drafted(settings, made)
    if as_json_out:
        click.echo(json.dumps([as_json(paper) for paper in made], ensure_ascii=False, indent=2))
        return
    for paper in made:
        click.echo(f"{paper.title}: {paper.counts.sentence()}\n  {folder / stem(paper)}.html")
    if not recorded:
        click.echo("There is no database here, so the drafts were not recorded.", err=True)


def _desk(settings: Settings, council: str) -> Desk:
    """Everything live, with a sign of life while the files and the record are read."""
    with Console(stderr=True).status("Reading the council's files and the record"):
        return open_desk(settings, council)


def stem(paper: Paper) -> str:
    """The name of a paper's files."""
    return f"{paper.slug}-{paper.kind.value}"


def write(paper: Paper, folder: Path) -> None:
    """One paper in three forms. Each file is whole or not there."""
    text = json.dumps(as_json(paper), ensure_ascii=False, indent=2) + "\n"
    for ending, content in (("html", render_html(paper)), ("md", render_markdown(paper)), ("json", text)):
        part = folder / f".{stem(paper)}.{ending}.part"
        part.write_text(content, "utf-8")
        part.replace(folder / f"{stem(paper)}.{ending}")


@papers.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@council_option
@json_option
@explains_errors
def drift(folder: Path | None, council: str, as_json_out: bool) -> None:
    """List what differs now from the papers in FOLDER (`papers` in the data folder when left out); exit code 1 when anything does."""
    settings = Settings()
    folder = folder or settings.data_dir / "papers"
    slug = council or settings.council
    earlier = _kept_papers(folder, slug)
    desk = _desk(settings, council)
    found = [difference for paper in earlier for difference in differences(paper, drafted(paper.kind, desk.live))]
    if as_json_out:
        click.echo(json.dumps([_plain(item) for item in found], ensure_ascii=False, indent=2))
    else:
        _say(earlier, found)
    if any(item.counts for item in found):
        raise SystemExit(1)


def _kept_papers(folder: Path, slug: str) -> list[KeptPaper]:
    found = kept_papers(folder, slug)
    if not found:
        raise ConfigurationError(f"there is no drafted paper of {slug} here.", file=folder, fix="Run `guildhall papers draft` first.")
    return found


def _say(earlier: Sequence[KeptPaper], found: Sequence[Difference]) -> None:
    drifted = [item for item in found if item.counts]
    moved = len(found) - len(drifted)
    for paper in earlier:
        own = [item for item in drifted if item.paper == paper.title]
        click.echo(f"{paper.title}, drafted {on_day(paper.drafted_at)}: {_count(len(own), 'difference') if own else 'as the system is'}")
        for item in own:
            click.echo(f"  {item.key}: {item.kind.value}. {DRIFT_LABELS[item.kind]}")
            click.echo(f"    paper:  {_short(item.old)}\n    system: {_short(item.new)}\n    source: {item.source}")
    if moved:
        click.echo(f"{_count(moved, 'dated figure')} moved, which is no drift.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _short(value: object) -> str:
    text = "nothing" if value is None else in_words(value)
    return text if len(text) <= 200 else f"{text[:197]}..."


def _plain(item: Difference) -> dict[str, object]:
    return {
        "paper": item.paper,
        "kind": item.kind.value,
        "key": item.key,
        "old": item.old,
        "new": item.new,
        "source": item.source,
        "drift": item.counts,
    }


@papers.command(name="list")
@click.option("--questions", is_flag=True, help="List every question that only a person can answer, and whether it is answered.")
@council_option
@json_option
@explains_errors
def list_papers(questions: bool, council: str, as_json_out: bool) -> None:
    """Say what each paper is, which standard it follows, and how full it is now."""
    desk = _desk(Settings(), council)
    if questions:
        given = desk.shelf.council.answers
        rows = [
            {"key": key, "asks": q.asks, "who": q.who, "answer": given[key].status if key in given else "not yet answered"}
            for key, q in desk.shelf.questions.items()
        ]
        lines = [f"{row['key']}: {row['asks']} Who: {row['who']}. [{row['answer'].replace('_', ' ')}]" for row in rows]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json_out else "\n".join(lines))
        return
    made = [drafted(kind, desk.live) for kind in PaperKind]
    if as_json_out:
        keys = ("kind", "title", "public", "standard", "counts", "open_questions")
        click.echo(json.dumps([{key: as_json(paper)[key] for key in keys} for paper in made], ensure_ascii=False, indent=2))
        return
    for paper in made:
        click.echo(f"{paper.kind.value:<14}{paper.title}\n  {paper.standard.name} {paper.standard.version}. {paper.counts.sentence()}")
