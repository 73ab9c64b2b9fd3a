"""`guildhall value summary`: the period in plain sentences for councillors, each figure with the name of its measure."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

if TYPE_CHECKING:
    from guildhall.bootstrap.value_pages import Snapshot
    from guildhall.value.telling import Told

DAYS = 28
WIDTH = 100


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=f"First day; {DAYS} days ago when left out.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, which is included; today when left out.")
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def summary(since: datetime | None, until: datetime | None, council: str, as_json: bool) -> None:
    """Say what became of contacts on one page, in plain English, with what is not known."""
    from guildhall.bootstrap.ledger import open_ledger
    from guildhall.bootstrap.value_taking import snapshot_alone
    from guildhall.value.telling import NEEDED, told

    with snapshot_alone(Settings(), council) as (name, snapshot):
        last = until.date() if until else snapshot.today
        first = since.date() if since else last - timedelta(days=DAYS - 1)
        results = {key: found for key in NEEDED if (found := snapshot.measure(key, first, last)) is not None}
        made = told(name, first, last, results, snapshot.before, open_ledger(Settings(), council).fallen_said())
        click.echo(json.dumps(as_plain(made, snapshot), ensure_ascii=False, indent=2) if as_json else as_text(made, snapshot))


def as_text(made: "Told", snapshot: "Snapshot") -> str:
    """The page as text, its figures numbered, and the measure of each number at the end."""
    keys: dict[str, int] = {}
    lines = [made.heading, ""]
    if snapshot.simulated:
        lines += [f"SIMULATED: every figure here is of {snapshot.extent.simulated:,} made-up contacts.", ""]
    for heading, sentences in made.paragraphs:
        said = []
        for sentence in sentences:
            parts = [f"{part.text} [{keys.setdefault(part.key, len(keys) + 1)}]" if part.key else part.text for part in sentence.parts]
            said.append("".join(parts))
        lines += [heading, click.wrap_text(" ".join(said), WIDTH, "  ", "  "), ""]
    if made.unknown:
        lines += ["What this page does not know", *(click.wrap_text(line, WIDTH, "  - ", "    ") for line in made.unknown), ""]
    lines += [f"[{number}] {snapshot.book.measures[key].label}: {key}" for key, number in keys.items()]
    return "\n".join(lines)


def as_plain(made: "Told", snapshot: "Snapshot") -> dict[str, object]:
    """The page as JSON data."""
    return {
        "heading": made.heading,
        "simulated": snapshot.simulated,
        "as_at": snapshot.as_at.isoformat(),
        "paragraphs": [
            {"heading": heading, "sentences": [[{"text": part.text, "measure": part.key} for part in one.parts] for one in sentences]}
            for heading, sentences in made.paragraphs
        ],
        "unknown": list(made.unknown),
    }
