"""`guildhall value measures|compute|publish|recompute|published`: figures from the record, said in public, and made again."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from guildhall.cli.deciding import who_acts
from guildhall.cli.looking import named_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

if TYPE_CHECKING:
    from guildhall.bootstrap.figure_desk import FigureDesk
    from guildhall.value.measures.result import Result
    from guildhall.value.publishing import PublishedFigure

DAYS: Final = 28
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
day_type = click.DateTime(["%Y-%m-%d"])


def period_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--since`, `--until` and `--where`."""
    where = click.option(
        "--where", multiple=True, help="Count only these contacts, such as `channel=web`. You can use this option several times."
    )
    until = click.option("--until", type=day_type, help="The last day. Without it, yesterday.")
    since = click.option("--since", type=day_type, help=f"The first day. Without it, {DAYS} days up to the last day are counted.")
    return since(until(where(command)))


@contextmanager
def opened(council: str) -> Iterator["FigureDesk"]:
    """A council's measures, with no model opened."""
    from guildhall.bootstrap.figure_desk import open_figure_desk_alone

    desk, close = open_figure_desk_alone(Settings(), council)
    try:
        yield desk
    finally:
        close()


@click.command()
@council_option
@json_option
@explains_errors
def measures(council: str, as_json: bool) -> None:
    """List the measures, each with its definition."""
    with opened(council) as desk:
        for measure in desk.book.measures.values():
            if as_json:
                click.echo(json.dumps({"key": measure.key, "label": measure.label, "unit": measure.unit.value, "formula": measure.formula,
                    "window_days": measure.window_days, "about": measure.about, "source": measure.source, "beside": measure.beside}, ensure_ascii=False))  # fmt: skip
                continue
            window = f"; window {measure.window}" if measure.window else ""
            click.echo(f"{measure.key}: {measure.label} ({measure.unit.value}{window})\n  {measure.about}\n  {measure.formula}")
        if not as_json:
            today = desk.clock().date()
            old = [cost for cost in desk.book.costs.values() if cost.is_old(today, desk.book.costs_old_after_months)]
            for cost in old:
                click.echo(f"Old: the unit cost `{cost.key}` is of {cost.as_of}. {cost.source}", err=True)


@click.command()
@click.argument("key", metavar="MEASURE")
@period_options
@click.option("--by", default="", help="Show a figure for each day, week, month, weekday, hour, service, channel, language, ward or queue.")
@council_option
@json_option
@explains_errors
def compute(key: str, since: datetime | None, until: datetime | None, where: tuple[str, ...], by: str, council: str, as_json: bool) -> None:
    """Work out a measure from the record, with its 95% interval and what was left out."""
    with opened(council) as desk:
        first, last = _period(desk, since, until)
        desk.refresh()
        result = desk.compute(key, first, last, by, _where(where))
    click.echo(json.dumps(_plain(result), ensure_ascii=False) if as_json else _told(result))


@click.command()
@click.argument("key", metavar="MEASURE")
@click.option(
    "--text",
    required=True,
    help="The sentence to publish. Write {value} where the figure belongs. You can also use {interval}, {n}, {since} and {until}.",
)
@period_options
@named_option
@council_option
@explains_errors
def publish(key: str, text: str, since: datetime | None, until: datetime | None, where: tuple[str, ...], who: str, council: str) -> None:
    """Publish a figure in a sentence. Its definition is saved with it, so that anybody can work it out again."""
    from guildhall.bootstrap.figure_desk import MAY_PUBLISH

    by = who_acts(who, MAY_PUBLISH, "publish a figure")
    with opened(council) as desk:
        first, last = _period(desk, since, until)
        figure = desk.publish(key, text, first, last, _where(where), by.name)
    click.echo(_figure_told(figure))


@click.command()
@click.argument("figure", default="", metavar="[FIGURE]")
@named_option
@council_option
@json_option
@explains_errors
def recompute(figure: str, who: str, council: str, as_json: bool) -> None:
    """Make published figures again from the record, and the months of kept evaluations. One that no longer matches is superseded.

    With FIGURE, only that figure is made again.
    """
    from guildhall.bootstrap.figure_desk import MAY_PUBLISH

    by = who_acts(who, MAY_PUBLISH, "make published figures again")
    with opened(council) as desk:
        made = desk.recompute(by.name, figure)
    kept = () if figure else _kept_again(council, by.id)
    if as_json:
        rows: list[dict[str, Any]] = [
            {"figure": one.figure.id, "matches": one.matches, "value": one.value, "n": one.n, "why": one.why} for one in made.checked
        ]
        click.echo(json.dumps(rows + [{"evaluation": name, "matches": not why, "why": why} for name, why in kept]))
        return
    for one in made.checked:
        click.echo(f"{one.figure.id}: {'the same' if one.matches else 'superseded. ' + one.why}")
    click.echo(f"{len(made.checked)} made again, {len(made.superseded)} superseded.")
    for name, why in kept:
        click.echo(f"evaluation:{name}: {'the same' if not why else 'superseded. ' + why}.")


def _kept_again(council: str, by: str) -> list[tuple[str, str]]:
    """The evaluations over the record that were checked, and what differs in each."""
    from guildhall.bootstrap.baselines import open_baselines_alone

    baselines, database = open_baselines_alone(Settings(), council)
    try:
        return [(kept.id, why) for kept, why in baselines.check_kept(by)]
    finally:
        database.close()


@click.command()
@click.option("--rows", "figure", default="", metavar="FIGURE", help="Write the rows behind this figure. Each contact has a made-up name.")
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .csv or .parquet file for the rows. Without it, they are printed as CSV.",
)
@council_option
@json_option
@explains_errors
def published(figure: str, into: Path | None, council: str, as_json: bool) -> None:
    """List published figures, or show the rows behind one of them."""
    from guildhall.storage.analysis.evidence import MOST, as_csv, as_parquet

    with opened(council) as desk:
        if figure:
            found = desk.rows(figure, MOST)
            if into is None:
                click.echo("".join(as_csv(found)), nl=False)
            elif into.suffix == ".parquet":
                into.write_bytes(as_parquet(found))
            else:
                into.write_text("".join(as_csv(found)), "utf-8")
            cut = f"; the file holds the first {len(found.rows):,}" if found.count > len(found.rows) else ""
            click.echo(f"{found.count:,} rows{cut}.", err=True)
            return
        for one in desk.store.all():
            click.echo(json.dumps(_figure_plain(one), ensure_ascii=False) if as_json else _figure_told(one))


def _period(desk: "FigureDesk", since: datetime | None, until: datetime | None) -> tuple[date, date]:
    last = until.date() if until else desk.clock().date() - timedelta(days=1)
    return since.date() if since else last - timedelta(days=DAYS - 1), last


def _where(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"`{pair}` has no `=`; write it as channel=web", param_hint="--where")
        found[name.strip()] = value.strip()
    return found


def _plain(result: "Result") -> dict[str, Any]:
    rows = [
        {name: getattr(row, name) for name in ("group", "value", "low", "high", "n", "hits", "suppressed", "note")} for row in result.rows
    ]
    return {
        "measure": result.measure.key, "label": result.measure.label, "unit": result.measure.unit.value, "formula": result.measure.formula,
        "since": result.since.isoformat(), "until": result.until.isoformat(), "by": result.by, "where": dict(result.where), "rows": rows,
        "excluded": [{"view": one.view, "why": one.why, "n": one.n} for one in result.excluded], "method": result.method,
        "simulated": result.simulated, "query_hash": result.query_hash, "as_at": result.as_at.isoformat(),
        "beside": [_plain(one) for one in result.beside],
    }  # fmt: skip


def _told(result: "Result") -> str:
    from guildhall.value.measures.words import in_words, interval_in_words

    unit, measure = result.measure.unit, result.measure
    lines = [f"{measure.label}, {result.since} to {result.until}{', by ' + result.by if result.by else ''}"]
    for row in result.rows:
        ends = interval_in_words(row, unit)
        said = (
            row.note
            if row.suppressed
            else f"{in_words(row.value, unit)}{f' (95% interval {ends})' if ends else ''}, n {row.n:,}. {row.note}"
        )
        lines.append(f"  {(row.group or 'not known') + ': ' if result.by else ''}{said.rstrip()}")
    if not result.rows:
        lines.append("  Nothing to split.")
    lines += [f"  {one.n:,} {one.view} left out: {one.why}" for one in result.excluded]
    if result.simulated:
        lines.append("  These contacts were made by the simulator.")
    lines += [measure.about, f"Formula: {measure.formula}{'; window ' + measure.window if measure.window else ''}.", result.method]
    lines += [measure.caution] if measure.caution else []
    if not result.by:
        lines += [f"Beside it: {one.measure.label} {in_words(one.whole.value, one.measure.unit)}." for one in result.beside]
    return "\n".join([*lines, f"As at {result.as_at:%Y-%m-%d %H:%M}, query {result.query_hash[:16]}."])


def _figure_plain(figure: "PublishedFigure") -> dict[str, Any]:
    names = (
        "id",
        "measure",
        "words",
        "caution",
        "value",
        "low",
        "high",
        "n",
        "query_hash",
        "definition_hash",
        "approver",
        "simulated",
        "superseded_why",
    )
    plain = {name: getattr(figure, name) for name in names}
    times = {name: (at.isoformat() if (at := getattr(figure, name)) else "") for name in ("since", "until", "as_at", "published_at", "checked_at", "superseded_at")}  # fmt: skip
    return plain | times | {"where": dict(figure.where), "stands": figure.stands}


def _figure_told(figure: "PublishedFigure") -> str:
    stands = "stands" if figure.stands else f"superseded: {figure.superseded_why}"
    beside = "".join(f"\n  Beside it: {one.label} {one.words}." for one in figure.beside)
    made_up = "\n  From simulated contacts." if figure.simulated else ""
    caution = f"\n  {figure.caution}" if figure.caution else ""
    return f"{figure.id}  {figure.words}{caution}{beside}{made_up}\n  {figure.approver}, {figure.published_at:%Y-%m-%d %H:%M}; {stands}"
