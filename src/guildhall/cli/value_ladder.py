"""`guildhall value export` and `ladder`: what contacts came to, computed from an export of the record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from guildhall.cli.knowledge_display import progress_bar, show_table
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.storage.analysis.ladder import GROUPS, LadderRow, LadderRows
from guildhall.value.ladder import MEASURES
from guildhall.vocabulary.ladder import RUNG_LABELS, Rung

if TYPE_CHECKING:
    from guildhall.bootstrap.value import Value

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
DAYS = 28
HEADINGS = {
    Rung.VERIFIED: "Verified",
    Rung.UNVERIFIED: "Unverified",
    Rung.SIGNPOSTED: "Signposted",
    Rung.TRANSFERRED_RIGHT: "Passed on",
    Rung.TRANSFERRED_WRONG: "Wrong team",
    Rung.ABANDONED_BEFORE: "Left before",
    Rung.ABANDONED_AFTER: "Left after",
    Rung.BLOCKED: "Blocked",
}


@click.command()
@council_option
@click.option("--rebuild", is_flag=True, help="Begin anew instead of taking in what is new.")
@click.option("--check", is_flag=True, help="Only compare the files with the digests of when they were written.")
@json_option
@explains_errors
def export(council: str, rebuild: bool, check: bool, as_json: bool) -> None:
    """Bring the export that measures are computed from up to date with the record."""
    with opened(council) as found:
        if check:
            wrong = found.check()
            click.echo(json.dumps({"damaged": list(wrong)}) if as_json else "\n".join(wrong) or "Every file is as it was written.")
            if wrong:
                raise click.ClickException(f"{len(wrong)} files of the export are damaged. Run `guildhall value export --rebuild`.")
            return
        with progress_bar("Exporting the record") as progress:
            done = found.refresh(progress, rebuild)
    if as_json:
        click.echo(json.dumps({"rows": done.rows, "events": done.events, "seconds": round(done.seconds, 3), "until": done.until}))
        return
    click.echo(f"{done.events:,} events read, {done.rows:,} rows written, in {done.seconds:.1f} seconds.")


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=f"First day; {DAYS} days ago when left out.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, which is included; today when left out.")
@click.option(
    "--by", default="", type=click.Choice(["", *GROUPS]), show_choices=False, help="A column of the contacts, such as day or service."
)
@council_option
@json_option
@explains_errors
def ladder(since: datetime | None, until: datetime | None, by: str, council: str, as_json: bool) -> None:
    """Show how contacts ended: every contact on one rung, and the three measures with their definitions."""
    with opened(council) as found:
        with progress_bar("Exporting the record") as progress:
            found.refresh(progress)
        last = until.date() if until else found.views.clock().date()
        first = since.date() if since else last - timedelta(days=DAYS - 1)
        rows = found.ladder(first, last, by)
    click.echo(json.dumps(as_plain(rows), ensure_ascii=False, indent=2) if as_json else "", nl=as_json)
    if not as_json:
        show(rows)


def show(rows: LadderRows) -> None:
    """The ladder as a table, and what its measures mean."""
    click.echo(f"{rows.contacts:,} contact{'' if rows.contacts == 1 else 's'} from {rows.since:%d %B %Y} to {rows.until:%d %B %Y}")
    if not rows.contacts:
        return
    heads = (
        rows.by.capitalize() or "All",
        "Contacts",
        *HEADINGS.values(),
        *(label for label, _, _ in MEASURES.values()),
        "Came again in 7 days",
    )
    show_table(heads, [_cells(row) for row in rows.rows])
    for label, definition, window in MEASURES.values():
        click.echo(f"{label} (window: {window}). {definition}")


def _cells(row: LadderRow) -> tuple[str, ...]:
    again = f"{row.again_7d} of {row.again_known} known"
    three = (f"{count / row.contacts:.1%}" for count in (row.deflected, row.contained, row.resolved))
    return (row.group or "-", str(row.contacts), *(str(row.counts[rung]) for rung in HEADINGS), *three, again)


def as_plain(rows: LadderRows) -> dict[str, object]:
    """The ladder as JSON data, with the definitions."""
    return {
        "since": rows.since.isoformat(),
        "until": rows.until.isoformat(),
        "by": rows.by,
        "contacts": rows.contacts,
        "rows": [
            {
                "group": row.group,
                "contacts": row.contacts,
                "rungs": {rung.value: row.counts[rung] for rung in Rung},
                "deflected": row.deflected,
                "contained": row.contained,
                "resolved": row.resolved,
                "again": {"known": row.again_known, "within_24_hours": row.again_24h, "within_7_days": row.again_7d},
            }
            for row in rows.rows
        ],
        "rungs": {rung.value: about for rung, (_, about) in RUNG_LABELS.items()},
        "measures": {key: {"definition": about, "window": window} for key, (_, about, window) in MEASURES.items()},
    }


@contextmanager
def opened(council: str) -> Iterator["Value"]:
    """The value of a council, without the models that a turn needs."""
    from guildhall.bootstrap.value import open_value_alone

    found = open_value_alone(Settings(), council)
    try:
        yield found
    finally:
        found.close()
