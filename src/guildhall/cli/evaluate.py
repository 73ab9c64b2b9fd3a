"""`guildhall evaluate`: questions with known answers through the whole turn, and the measures with their intervals."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track

from guildhall.cli.opening import council_option, explains_errors, open_for
from guildhall.evaluation.lines import Line, read_lines
from guildhall.evaluation.measures import Share, as_json, measure
from guildhall.evaluation.predict import Prediction, predict
from guildhall.storage.database import Database

LABELS = {
    "language": "Language right",
    "routing_top1": "Service right first time",
    "routing_multi_found": "Asked services found (several questions)",
    "misdirected": "Misdirected",
    "confirm_person_brought": "Person brought in, `confirm`",
    "screen_person_offered": "Person at least offered, `screen`",
    "person_requests_honoured": "Requests for a person honoured",
    "facts_supported": "Figures in answers that stand in what they cite",
}
GROUPS = {
    "confirm_by_category": "Person brought in, by category",
    "screen_by_category": "Person at least offered, by category",
    "confirm_by_language": "Person brought in, by language",
    "language_by_language": "Language right, by language",
}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@council_option
@click.option("--predictions", type=click.Path(dir_okay=False, path_type=Path), help="Write one prediction a line to this file.")
@click.option("--json", "json_out", is_flag=True, help="Print the measures as JSON.")
@explains_errors
def evaluate(files: Sequence[Path], council: str, predictions: Path | None, json_out: bool) -> None:
    """Run the lines of FILES through the turn and print how it did, with 95% intervals."""
    lines = list(read_lines(files))
    if not lines:
        raise click.ClickException(f"there are no lines in {', '.join(str(path) for path in files)}")
    pairs = run_lines(lines, council, quiet=json_out)
    if predictions:
        predictions.write_text("".join(json.dumps(p.as_json(), ensure_ascii=False) + "\n" for _, p in pairs), "utf-8")
    measures = measure(pairs)
    click.echo(json.dumps(as_json(measures), indent=2) if json_out else in_words(measures))


def run_lines(lines: Sequence[Line], council: str, quiet: bool = True) -> list[tuple[Line, Prediction]]:
    """Predict every line, recording into a database of its own, so that evaluation never mixes with residents' record."""
    with tempfile.TemporaryDirectory() as folder:
        record = Database(f"sqlite:///{folder}/evaluation.sqlite3")
        guildhall = open_for(council, record)
        walk = lines if quiet else track(lines, description="Asking", console=Console(stderr=True))
        pairs = [(line, predict(line, guildhall.house, guildhall.conversations)) for line in walk]
        guildhall.close()
        record.close()
    return pairs


def in_words(measures: dict[str, Any]) -> str:
    """The measures as a page of text."""
    rows = [f"{measures['lines']} lines", ""]
    rows += [f"{label:<42} {measures[key]}" for key, label in LABELS.items() if measures[key].n]
    alarms: Share = measures["false_alarms"]
    rows.append(f"{'False alarms':<42} {alarms.per_thousand()}")
    for key, label in GROUPS.items():
        if measures[key]:
            rows += ["", label, *(f"  {name:<40} {share}" for name, share in measures[key].items())]
    total = sum(measures["outcomes"].values())
    rows += ["", "Outcomes", *(f"  {name:<40} {count / total:.3f} ({count})" for name, count in measures["outcomes"].items())]
    latency = measures["latency_ms"]
    rows += ["", f"Latency of a turn: p50 {latency['p50']:.1f} ms, p95 {latency['p95']:.1f} ms"]
    return "\n".join(rows)
