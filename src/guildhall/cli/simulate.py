"""`guildhall simulate`: realistic traffic of fictional residents through the real turn, into a database of its own."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

if TYPE_CHECKING:
    from guildhall.simulation.running import Simulation
    from guildhall.simulation.tally import Tally
    from guildhall.vocabulary.ladder import Rung

KEPT_EVERY = 25
"""Contacts after which it is written down how far the run has come."""
FAST = "WITHOUT MODELS (--fast): fakes understand, search and answer. Only the load and the desk are real; no figure of answers means anything."


@click.command()
@click.option("--contacts", type=click.IntRange(1, 5_000_000), default=2000, show_default=True, help="How many contacts come.")
@click.option("--days", type=click.IntRange(1, 1000), default=30, show_default=True, help="Over how many days.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same contacts.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day; otherwise the last day is yesterday.")
@click.option("--distress", type=click.FloatRange(0, 0.5), default=0.015, show_default=True, help="Share of contacts in distress.")
@click.option(
    "--advisers", type=click.IntRange(0, 18), default=0, help="How many advisers work; as many as the traffic needs when left out."
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder of the simulation; `simulated` in the data folder.")
@click.option("--database", default="", help="SQLAlchemy address of another database; it must hold no real contact.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes; those beyond the first read ahead.")
@click.option("--fast", is_flag=True, help="Leave the models out, for load tests of everything else.")
@council_option
@explains_errors
def simulate(
    contacts: int, days: int, seed: int, first: datetime | None, distress: float, advisers: int, into: Path | None, database: str,
    jobs: int, fast: bool, council: str,
) -> None:  # fmt: skip
    """Let fictional residents ask, wait, ring and come again, and simulated advisers help them, through the real turn and desk."""
    from guildhall.bootstrap.simulating import open_run, refuse_real_contacts, share_models, simulated_settings
    from guildhall.simulation.keeping import Plan, going_on, in_words
    from guildhall.storage.database import Database

    settings = Settings()
    simulated = simulated_settings(settings, into, database)
    begins = first.date() if first else _today(settings) - timedelta(days=days)
    plan = Plan(council or settings.council, contacts, days, seed, begins, distress, advisers, fast)
    standing = going_on(simulated.data_dir, plan)
    opened = Database(simulated.database)
    known = refuse_real_contacts(opened)
    opened.close()
    share_models(settings, simulated)
    console = Console(stderr=True)
    if fast:
        console.print(FAST, style="bold red")
    console.print(f"Simulating {in_words(standing.plan)}, into {simulated.data_dir}.", highlight=False)
    with _quietly(), _showing(console, contacts) as told, _stopping(console) as goes_on:
        run = open_run(simulated, standing.plan, standing, known, lambda simulation: _told(simulation, told, lambda: run.keep()), jobs)
        began, before = time.perf_counter(), run.simulation.begun
        try:
            done = run.go(goes_on)
            taken, rungs = time.perf_counter() - began, run.rungs()
        finally:
            run.close()
    click.echo(summary(run.simulation.tally, rungs, run.simulation.begun - before, taken, fast))
    click.echo(where_to_look(simulated, done))


def _told(simulation: "Simulation", show: Callable[[int], None], keep: Callable[[], None]) -> None:
    show(simulation.begun)
    if simulation.begun % KEPT_EVERY == 0:
        keep()


def summary(tally: "Tally", rungs: "Mapping[Rung, int]", contacts: int, seconds: float, fast: bool) -> str:
    """The run as a page of text."""
    from guildhall.vocabulary.ladder import RUNG_LABELS
    from guildhall.vocabulary.languages import english_name

    rate = f"{contacts / seconds:.1f} contacts and {tally.turns / seconds:.1f} turns a second" if seconds else ""
    rows = [f"{contacts:,} contacts and {tally.turns:,} turns in {seconds:,.0f} s: {rate}." + (f"\n{FAST}" if fast else "")]
    rows += ["", "How all contacts of the record ended"]
    rows += [_row(RUNG_LABELS[rung][0], count, sum(rungs.values())) for rung, count in rungs.items()]
    rows += ["", "Channel", *(_row(name, count, tally.contacts) for name, count in tally.channels.most_common())]
    rows += ["", "Language", *(_row(english_name(name), count, tally.contacts) for name, count in tally.languages.most_common())]
    rows += ["", f"{tally.asked:,} asked for or were brought a person, {tally.booked:,} booked a callback, {tally.again:,} came again."]
    rows.append(f"{tally.distress:,} were in distress; {tally.distress_met:,} of them were brought a person.")
    if tally.waits:
        waits = sorted(tally.waits)
        middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.9)]
        rows.append(f"Who reached a person at once waited {middle:.0f} s (median), {late:.0f} s (nine in ten), {waits[-1]:.0f} s at most.")
    return "\n".join(rows)


def where_to_look(simulated: Settings, done: bool) -> str:
    """What to run next."""
    environment = f"GUILDHALL_DATA_DIR={simulated.data_dir} GUILDHALL_DATABASE_URL={simulated.database_url}"
    environment += " GUILDHALL_KEYS_DATABASE_URL="
    look = f"\nLook at it:  {environment} GUILDHALL_NOTIFICATIONS_KIND=local guildhall serve"
    return look if done else f"\nStopped; nothing is half written. The same command goes on from there.{look}"


def _row(name: str, count: int, of: int) -> str:
    return f"  {name:<28}{count:>9,}  {count / of:>6.1%}" if of else f"  {name:<28}{count:>9,}"


def _today(settings: Settings) -> date:
    return date.fromisoformat(settings.today) if settings.today else datetime.now(UTC).date()


@contextmanager
def _showing(console: Console, contacts: int) -> Iterator[Callable[[int], None]]:
    """A bar with the rate and the time that is left."""
    columns = (TextColumn("Contacts"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task, began, first = progress.add_task("", total=contacts, rate=""), time.perf_counter(), -1

        def show(begun: int) -> None:
            nonlocal first, began
            if first < 0:
                first, began = begun - 1, time.perf_counter()
            passed = time.perf_counter() - began
            rate = f"{(begun - first) / passed:.1f} a second" if passed > 1 else ""
            progress.update(task, completed=begun, rate=rate)

        yield show


@contextmanager
def _stopping(console: Console) -> Iterator[Callable[[], bool]]:
    """Ctrl+C lets whoever has begun come to an end; a second one stops at once."""
    asked = threading.Event()

    def stop(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        console.print("Stopping: whoever has begun comes to an end first. Press Ctrl+C again to stop at once.")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: not asked.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _quietly() -> Iterator[None]:
    """What fails during a simulated outage is in the record; the screen is for progress."""
    import logging

    import structlog

    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)
