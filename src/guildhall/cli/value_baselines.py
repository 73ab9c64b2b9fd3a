"""`guildhall value baseline`: read what a measure was before a change from the council's own spreadsheets, look at it, and freeze it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.deciding import names_of_staff, who_acts
from guildhall.cli.gaps import bar
from guildhall.cli.looking import named_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.roles import VALUE_ROLES

if TYPE_CHECKING:
    from guildhall.bootstrap.baselines import Baselines
    from guildhall.value.baselines.frozen import Baseline
    from guildhall.value.baselines.mapping import Mapping

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
LISTED = 20


@contextmanager
def opened(council: str) -> Iterator["Baselines"]:
    """A council's baselines, with no model opened."""
    from guildhall.bootstrap.baselines import open_baselines_alone

    found, database = open_baselines_alone(Settings(), council)
    try:
        yield found
    finally:
        database.close()


@click.group()
def baseline() -> None:
    """Keep baselines: what a measure was before a change, fixed so that nobody can alter it later."""


@baseline.command("map")
@file_argument
@click.option(
    "--kind",
    type=click.Choice(["calls", "months"]),
    help="What each row is: one call, or the figures of one month. Without it, this is guessed from the headings.",
)
@click.option("--sheet", default="", help="The sheet of a workbook. Without it, the first sheet that is not hidden is read.")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The file to write. Without it, the result is printed.")
@click.option("--force", is_flag=True, help="Replace the file if there is one already.")
@council_option
@explains_errors
def map_(file: Path, kind: str | None, sheet: str, into: Path | None, force: bool, council: str) -> None:
    """Guess what each column of FILE holds, and write that as a YAML file that you can correct."""
    from guildhall.value.baselines.mapping import Kind
    from guildhall.value.baselines.mapping_file import written

    if into and into.exists() and not force:
        raise click.ClickException(f"{into} is there already; give another name, or --force to write over it")
    with opened(council) as baselines, file.open("rb") as stream:
        reading = baselines.read(stream, file.name, Kind(kind) if kind else None, sheet)
        text = written(reading.mapping.model_copy(update={"sheet": sheet}))
        left = [name for name in reading.headings.names if name and name not in reading.mapping.columns.values()]
    if into:
        into.write_text(text, "utf-8")
        click.echo(f"{into}: look at it, correct it, and give it to the import with --mapping.")
    else:
        click.echo(text, nl=False)
    if left:
        click.echo(f"Not read: {', '.join(left)}.", err=True)


@baseline.command("import")
@file_argument
@click.option("--name", required=True, help="What the baseline is called.")
@click.option("--source", required=True, help="Where the file comes from, such as the telephony system's monthly export.")
@click.option("--owner", required=True, help="The role or team that is responsible for the figures. Do not name a person.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The YAML file that says what each column holds, as `map` writes it. Without it, this is guessed.",
)
@click.option(
    "--kind",
    type=click.Choice(["calls", "months"]),
    help="What each row is: one call, or the figures of one month. Without it, this is guessed from the headings.",
)
@click.option("--sheet", default="", help="The sheet of a workbook.")
@click.option("--measure", default="", help="What the monthly figures measure, such as `abandonment`.")
@click.option("--unit", default="", help="The unit of the monthly figures: count, share, seconds or pence.")
@click.option(
    "--refused", type=click.Path(dir_okay=False, path_type=Path), help="Write each row that is refused, and why, to this CSV file."
)
@click.option("--supersedes", default="", metavar="BASELINE", help="The baseline that this one replaces. Both are kept.")
@click.option("--reason", default="", help="Why it replaces the other one.")
@click.option("--yes", is_flag=True, help="Freeze it without asking you first.")
@named_option
@council_option
@json_option
@explains_errors
def import_(file: Path, name: str, source: str, owner: str, mapping: Path | None, kind: str | None, sheet: str, measure: str, unit: str, refused: Path | None, supersedes: str, reason: str, yes: bool, who: str, council: str, as_json: bool) -> None:  # fmt: skip
    """Read FILE, a CSV file or a workbook, show which rows can be used and which are refused, and freeze the baseline when you say yes."""
    from guildhall.value.baselines.exporting import refused_csv
    from guildhall.value.baselines.frozen import About
    from guildhall.value.baselines.mapping import Kind

    by, about = who_acts(who, VALUE_ROLES, "freeze a baseline"), About(name, source, owner)
    given = {key: text for key, text in (("measure", measure), ("unit", unit)) if text}
    with opened(council) as baselines, file.open("rb") as stream:
        columns = _columns(mapping)
        with bar(f"Reading {file.name}", as_json) as progress:
            reading = baselines.read(stream, file.name, Kind(kind) if kind else None, sheet, columns, progress, **given)
            draft = baselines.draft(reading, about, by.id)
        if refused:
            refused.write_text(refused_csv(draft.contents.report.refused), "utf-8")
        if not as_json:
            _show_draft(draft)
        if not yes and not click.confirm("Freeze this? It can be superseded later, never edited", err=True):
            baselines.store.discard(draft.id)
            raise click.ClickException("nothing was imported")
        frozen = baselines.freeze(draft.id, by.id, supersedes, reason)
        click.echo(json.dumps(_row(frozen)) if as_json else f"Frozen as {frozen.id}, SHA-256 {frozen.contents.sha256}.")


@baseline.command("list")
@council_option
@json_option
@explains_errors
def list_(council: str, as_json: bool) -> None:
    """List the baselines, the newest first."""
    with opened(council) as baselines:
        found = baselines.store.all()
    for each in found:
        row = _row(each)
        state = "" if each.in_force else f"; superseded by {each.superseded_by}"
        click.echo(
            json.dumps(row, ensure_ascii=False)
            if as_json
            else f"{each.id}  {each.about.name}\n  {row['from']} to {row['until']}, {each.contents.rows:,} rows from {each.about.source}; {each.about.owner}{state}"
        )
    if not as_json:
        click.echo(f"{len(found)} {'baseline' if len(found) == 1 else 'baselines'}.")


@baseline.command()
@click.argument("baseline_id", metavar="BASELINE")
@click.option("--csv", "as_csv", is_flag=True, help="Print all months as CSV.")
@council_option
@json_option
@explains_errors
def show(baseline_id: str, as_csv: bool, council: str, as_json: bool) -> None:
    """Show one baseline: its months, which rows were refused, and who froze it."""
    from guildhall.value.baselines.exporting import months_csv
    from guildhall.value.baselines.frozen import gaps_said, months_said
    from guildhall.value.baselines.report import in_words

    with opened(council) as baselines:
        found = baselines.store.get(baseline_id)
    if as_csv:
        click.echo(months_csv(found.contents.series).lstrip("\ufeff"), nl=False)
        return
    if as_json:
        click.echo(
            json.dumps(
                _row(found) | {"report": found.contents.report.as_data(), "series": [each.as_data() for each in found.contents.series]}
            )
        )
        return
    row = _row(found)
    click.echo(f"{found.about.name}: {row['from']} to {row['until']}, from {found.about.source}; {found.about.owner} answers for it.")
    click.echo(f"Frozen by {names_of_staff().get(found.by, found.by)} on {found.frozen_at:%d/%m/%Y}, SHA-256 {found.contents.sha256}.")
    for said in (*in_words(found.contents.report), *gaps_said(found.contents.series)):
        click.echo(f"  {said}")
    for each in (each for each in found.contents.series if not each.queue):
        click.echo(f"{each.label} ({each.measure}, {each.unit}): {months_said(each)}".rstrip(": "))
        click.echo("  " + "  ".join(f"{point.month:%Y-%m} {point.value:g}" for point in each.points))


@baseline.command()
@click.argument("baseline_id", metavar="BASELINE")
@council_option
@explains_errors
def verify(baseline_id: str, council: str) -> None:
    """Check that a baseline is still as it was frozen, by working out its SHA-256 again. The exit code is 1 if it differs."""
    with opened(council) as baselines:
        found = baselines.store.verify(baseline_id)
    click.echo(found.said)
    if not found.matches:
        raise SystemExit(1)


def _columns(mapping: Path | None) -> "Mapping | None":
    from guildhall.value.baselines.mapping_file import read_mapping

    if mapping is None:
        return None
    try:
        return read_mapping(mapping.read_text("utf-8"), mapping)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{mapping}: a mapping is UTF-8 text") from error


def _show_draft(draft: Any) -> None:
    from guildhall.value.baselines.report import in_words

    report = draft.contents.report
    for said in in_words(report):
        click.echo(said)
    for one in report.refused[:LISTED]:
        click.echo(f"  row {one.row}{f', {one.column}' if one.column else ''}: {one.said}")
    if report.left_out > LISTED:
        click.echo(f"  and {report.left_out - LISTED:,} more; --refused FILE writes them all")
    click.echo("Read as:\n" + "".join(f"  {line}\n" for line in draft.contents.mapping.splitlines()), nl=False)


def _row(found: "Baseline") -> dict[str, Any]:
    contents = found.contents
    return {
        "id": found.id, "name": found.about.name, "source": found.about.source, "owner": found.about.owner, "kind": contents.kind.value,
        "from": contents.first.isoformat(), "until": contents.last.isoformat(), "rows": contents.rows, "refused": contents.report.left_out,
        "sha256": contents.sha256, "by": found.by, "frozen_at": found.frozen_at.isoformat(), "superseded_by": found.superseded_by,
        "measures": list(dict.fromkeys(each.measure for each in contents.series)),
    }  # fmt: skip
