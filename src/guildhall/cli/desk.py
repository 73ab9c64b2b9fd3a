"""`guildhall desk`: how the queues stand, and a worker that keeps them moving without a web server."""

import json
import signal
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.handoffs import PROMISE_LABELS, Promise

if TYPE_CHECKING:
    from guildhall.handoffs.figures import QueueFigures


@click.group()
def desk() -> None:
    """See how the advisers' desk stands, and keep it moving."""


@desk.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def status(council: str, as_json: bool) -> None:
    """Show every queue: who waits, who is there, which promises were broken today. No names and no words."""
    from guildhall.bootstrap.desk import open_desk_alone

    alone = open_desk_alone(Settings(), council)
    rows = [_plain(one) for one in alone.desk.figures(alone.clock())]
    alone.close()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{'':24}{'':8}{'waiting':>9}{'danger':>8}{'longest':>9}{'talking':>9}{'present':>9}{'room':>6}{'broken':>8}{'human voice':>20}"
    )
    for row in rows:
        voice = f"{_length(row['to_human_p50'])} / {_length(row['to_human_p95'])}" if row["to_human_p50"] is not None else "-"
        click.echo(
            f"{row['queue'] or 'all queues':24}{'open' if row['open'] else 'shut':8}{row['waiting']:>9}{row['in_danger']:>8}"
            f"{_length(row['longest']):>9}{row['talking']:>9}{row['present']:>9}{row['room']:>6}{sum(row['breaches'].values()):>8}{voice:>20}"
        )
    if broken := rows[0]["breaches"]:
        told = ", ".join(f"{PROMISE_LABELS[Promise(promise)][0].lower()} {count}" for promise, count in broken.items())
        click.echo(f"Promises broken today: {told}.")
    if (half := rows[0]["to_human_in_danger_p50"]) is not None:
        most = _length(rows[0]["to_human_in_danger_p95"])
        click.echo(f"People in danger heard a human voice today: half within {_length(half)}, 19 in 20 within {most}.")
    click.echo("Human voice: from asking to an adviser's first words today, half within the first time and 19 in 20 within the second.")


def _plain(one: "QueueFigures") -> dict[str, Any]:
    return {
        "queue": one.queue, "open": one.is_open, "waiting": one.waiting, "in_danger": one.in_danger, "longest": _seconds(one.longest),
        "others": one.others, "booked": one.booked, "talking": one.talking, "put_aside": one.put_aside, "present": one.present,
        "here": one.here, "room": one.room, "breaches": {promise.value: count for promise, count in sorted(one.breaches.items())},
        "to_human_p50": _seconds(one.to_human.p50), "to_human_p95": _seconds(one.to_human.p95),
        "to_human_in_danger_p50": _seconds(one.to_human_in_danger.p50), "to_human_in_danger_p95": _seconds(one.to_human_in_danger.p95),
    }  # fmt: skip


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _length(seconds: int | None) -> str:
    if seconds is None:
        return "-"
    minutes = seconds // 60
    return f"{minutes // 60}:{minutes % 60:02}:{seconds % 60:02}" if minutes >= 60 else f"{minutes}:{seconds % 60:02}"


@desk.command()
@council_option
@explains_errors
def worker(council: str) -> None:
    """Keep the desk moving until stopped, without a web server. Every `guildhall serve` does so too; any number may run."""
    from guildhall.bootstrap.desk_round import open_worker
    from guildhall.bootstrap.desk_ticker import DeskTicker

    opened = open_worker(Settings(), council)
    alone = opened.alone
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    ticker = DeskTicker(alone.desk, alone.clock, click.echo, beside=opened.beside)
    ticker.start()
    click.echo(f"The desk of {alone.desk.profile.council.name} is kept moving. Press Ctrl+C to stop.")
    stopped.wait()
    ticker.stop()
    alone.close()
